import DriveCore
import HTTPEdge

/// `task.checklistitem.*`: checklists of tasks, their arguments by order.
enum ChecklistMethods {
    static let all = [add, get, getList, update, delete, complete, renew, moveAfterItem, isActionAllowed]

    static let add = Method("task.checklistitem.add", scope: "task") { params, call in
        let words = words("add")
        let arguments = PositionalArguments(params, [.task, .fields], words)
        let task = try arguments.id(0, of: TaskItem.self)
        let fields = try ChecklistFields(arguments, at: 1)
        do {
            return Answer(.int(try await call.drive.addChecklistItem(fields, to: task, as: call.caller).rawValue))
        } catch DriveError.denied(.task) {
            throw words.failed("Adding item: action not allowed")
        } catch DriveError.task(let problem) {
            throw failure(problem, words)
        }
    }

    static let get = Method("task.checklistitem.get", scope: "task", gap: "members have no photo") { params, call in
        let words = words("get")
        let arguments = PositionalArguments(params, [.task, .item], words)
        let (task, id) = (try arguments.id(0, of: TaskItem.self), try arguments.id(1, of: ChecklistItem.self))
        do {
            let item = try await call.drive.checklistItem(id, of: task, as: call.caller)
            return Answer(try await ChecklistWire([item], call).value(item))
        } catch DriveError.notFound(.checklistItem) {
            throw words.notFound
        }
    }

    /// The newest first unless `ORDER` says otherwise.
    static let getList = Method("task.checklistitem.getlist", scope: "task") { params, call in
        let words = words("getlist")
        let arguments = PositionalArguments(params, [.task, .order], words)
        let task = try arguments.id(0, of: TaskItem.self)
        let syntax = ChecklistWire.syntax
        let order = try arguments.optionalObject(1) { key in syntax.entries.contains { $0.name == key } }
        let items: [ChecklistItem]
        do {
            let listing = Listing<ChecklistField>(
                order: order.isEmpty ? [.init(.id, descending: true)] : try syntax.order(order),
                limit: Method.wholeList, wantsTotal: false)
            items = try await call.drive.checklistItems(of: task, listing, as: call.caller)
        } catch is Failure {
            throw words.failed()
        } catch DriveError.notFound(.task) {
            throw words.failed()
        }
        let wire = try await ChecklistWire(items, call)
        return Answer(.array(items.map(wire.value)))
    }

    static let update = Method("task.checklistitem.update", scope: "task") { params, call in
        let words = words("update")
        let arguments = PositionalArguments(params, [.task, .item, .fields], words)
        let (task, id) = (try arguments.id(0, of: TaskItem.self), try arguments.id(1, of: ChecklistItem.self))
        let fields = try ChecklistFields(arguments, at: 2)
        do {
            try await call.drive.updateChecklistItem(id, of: task, with: fields, as: call.caller)
        } catch DriveError.denied(.task) {
            throw words.refused("No access to edit the task")
        } catch DriveError.notFound(.checklistItem) {
            throw words.failed("Incorrect value [] specified for field [ENTITY_ID] in item [, \(fields.title ?? "")]")
        } catch DriveError.task(let problem) {
            throw failure(problem, words)
        }
        return Answer(.null)
    }

    static let delete = Method("task.checklistitem.delete", scope: "task") { params, call in
        let words = words("delete")
        let arguments = PositionalArguments(params, [.task, .item], words)
        let (task, id) = (try arguments.id(0, of: TaskItem.self), try arguments.id(1, of: ChecklistItem.self))
        do {
            try await call.drive.deleteChecklistItem(id, of: task, as: call.caller)
        } catch DriveError.denied(.task), DriveError.notFound(.checklistItem) {
            throw words.failed("Deleting item: action not allowed")
        }
        return Answer(true)
    }

    static let complete = toggling("complete", isComplete: true)
    static let renew = toggling("renew", isComplete: false)

    static let moveAfterItem = Method("task.checklistitem.moveafteritem", scope: "task") { params, call in
        let words = words("moveafteritem")
        let arguments = PositionalArguments(params, [.task, .item, .init("afterItemId")], words)
        let task = try arguments.id(0, of: TaskItem.self)
        let (id, other) = (try arguments.id(1, of: ChecklistItem.self), try arguments.id(2, of: ChecklistItem.self))
        do {
            try await call.drive.moveChecklistItem(id, after: other, of: task, as: call.caller)
        } catch DriveError.denied(.task), DriveError.notFound(.checklistItem), DriveError.task {
            throw words.failed("Moving item: action not allowed")
        }
        return Answer(.null)
    }

    /// 1 adding, 2 changing, 3 removing, 4 ticking off, 5 moving. False for what is not there.
    static let isActionAllowed = Method("task.checklistitem.isactionallowed", scope: "task") { params, call in
        let words = LegacyWords(method: "ctaskchecklistitem::isactionallowed()", tail: "")
        let arguments = PositionalArguments(params, [.task, .item, .action], words)
        let (id, item) = (try arguments.id(0, of: TaskItem.self), try arguments.id(1, of: ChecklistItem.self))
        let action = try arguments.integer(2)
        do {
            _ = try await call.drive.checklistItem(item, of: id, as: call.caller)
            let task = try await call.drive.task(id, as: call.caller)
            return Answer(.bool(action == 4 || (1...5).contains(action) && task.mayBeTicked(by: call.caller)))
        } catch DriveError.notFound {
            return Answer(false)
        }
    }

    /// The item is found by its own id; the page says that the task's is not compared.
    private static func toggling(_ name: String, isComplete: Bool) -> Method {
        Method("task.checklistitem.\(name)", scope: "task") { params, call in
            let words = words(name)
            let arguments = PositionalArguments(params, [.task, .item], words)
            let (task, id) = (try arguments.integer(0), try arguments.id(1, of: ChecklistItem.self))
            guard task > 0, id.rawValue > 0 else { throw words.assertion }
            do {
                try await call.drive.setChecklistItem(id, isComplete: isComplete, as: call.caller)
                return Answer(true)
            } catch DriveError.notFound(.checklistItem) {
                return Answer(false)
            }
        }
    }

    private static func failure(_ problem: DriveError.TaskProblem, _ words: LegacyWords) -> Failure {
        switch problem {
        case .noTitle: words.failed("Item name not specified")
        case .parentIsItself, .parentIsBelow: words.failed("Incorrect value specified for field [PARENT_ID]")
        case .unknownPerson: words.failed("Incorrect value specified for field [MEMBERS]")
        default: TaskWords.usual.failure(problem)
        }
    }

    private static func words(_ method: String) -> LegacyWords {
        LegacyWords(method: "ctaskchecklistitem::\(method)()", tail: "<br>")
    }
}
