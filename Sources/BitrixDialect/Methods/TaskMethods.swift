import DriveCore
import HTTPEdge

/// `tasks.task.*`.
enum TaskMethods {
    static let all = [add, get, update, list, delete, attach, getFields, getAccess]

    static let add = Method(
        "tasks.task.add", scope: "task",
        gap: "`SE_PARAMETER` and fields beyond those kept (tags, time tracking, reminders) have no effect"
    ) { params, call in
        let fields = try params.taskFields(.add, dates: call.dates)
        do {
            let task = try await call.drive.addTask(fields, as: call.caller)
            return try await shown(task, call)
        } catch DriveError.task(let problem) {
            throw TaskWords.add.failure(problem)
        } catch DriveError.denied(.task) {
            throw Failure.core("Insufficient permissions.<br>")
        }
    }

    /// A task that is missing or closed to the caller is an empty list.
    static let get = Method("tasks.task.get", scope: "task") { params, call in
        let id = try params.taskID(.usual)
        let selection = try TaskSelection(params)
        do {
            let task = try await call.drive.task(id, as: call.caller)
            let wire = try await TaskWire([task], selection, call)
            return Answer(["task": wire.value(task, isListed: false)])
        } catch DriveError.notFound(.task) {
            return Answer([])
        }
    }

    static let update = Method("tasks.task.update", scope: "task", gap: "as `tasks.task.add`") { params, call in
        let id = try params.taskID(.usual)
        let fields = try params.taskFields(.usual, dates: call.dates)
        do {
            let task = try await call.drive.updateTask(id, with: fields, as: call.caller)
            return try await shown(task, call)
        } catch DriveError.task(let problem) {
            throw TaskWords.usual.failure(problem)
        } catch DriveError.denied(.task) {
            throw Failure.method("0", "Action on the task is not allowed (internal error)")
        }
    }

    static let list = Method("tasks.task.list", scope: "task", gap: "no task has tags, counters, a mark or a timer") {
        params, call in
        let selection = try TaskSelection(params)
        let syntax = TaskListing.syntax(atMs: call.startedMs)
        var listing = Listing<TaskField>()
        let filter = try params.members("filter")
        listing.conditions = try syntax.conditions(filter, dates: call.dates)
        do {
            listing.order = try syntax.order(params.members("order"))
        } catch is Failure {
            throw Failure.method("0", "Invalid sorting key (internal error)")
        }
        if listing.order.isEmpty { listing.order = [.init(.id, descending: true)] }
        (listing.offset, listing.wantsTotal) = try ListingSyntax<TaskField>.start(params["start"] ?? params["START"])
        let page = try await call.drive.tasks(
            listing, onlyRoots: TaskListing.asksForRoots(filter), as: call.caller)
        let wire = try await TaskWire(page.rows, selection, call)
        return Answer(
            ["tasks": .array(page.rows.map { wire.value($0, isListed: true) })], page, of: listing)
    }

    static let delete = Method("tasks.task.delete", scope: "task") { params, call in
        let id = try params.taskID(.delete)
        do {
            try await call.drive.deleteTask(id, as: call.caller)
        } catch DriveError.denied(.task) {
            throw Failure.method("1048582", "No access to delete the task")
        }
        return Answer(["task": true])
    }

    static let attach = Method("tasks.task.files.attach", scope: "task") { params, call in
        let task = try params.taskID(.attach)
        let file = Node.ID(try params.argument("fileId"))
        do {
            let id = try await call.drive.attach(file, to: task, as: call.caller)
            return Answer(["attachmentId": .int(id.rawValue)])
        } catch DriveError.denied(.task) {
            throw Failure.method("0", "Access denied (internal error)")
        } catch DriveError.task(let problem) {
            throw TaskWords.attach.failure(problem)
        }
    }

    static let getFields = Method(
        "tasks.task.getFields", scope: "task", gap: "lists the fields of its page; no custom fields can be added"
    ) { _, _ in
        Answer(["fields": TaskFieldsWire.value])
    }

    /// Somebody who does not exist may nothing. A task that is missing or closed to the caller is an empty list.
    static let getAccess = Method("tasks.task.getaccess", scope: "task") { params, call in
        let id = try params.taskID(.usual)
        let users = params["users"] ?? .null
        guard users == .null || users.members != nil else {
            throw Failure.mismatched("users", users, type: "array", remark: "")
        }
        let asked = users.ids(of: Person.self)
        let people = try await call.people(asked)
        do {
            let task = try await call.drive.task(id, as: call.caller)
            let members = (users.isEmptyContainer ? [call.caller.person] : asked).map { id in
                let caller = id == call.caller.person ? call.caller : people[id].flatMap(Caller.init(of:))
                return Value.Member(id.description, TaskActions(task, of: caller).upperCase)
            }
            return Answer(["allowedActions": .map(members)])
        } catch DriveError.notFound(.task) {
            return Answer(["allowedActions": []])
        }
    }

    /// What `add` and `update` answer: everything but the `UF_` fields.
    private static func shown(_ task: TaskItem, _ call: CallContext) async throws -> Answer {
        let wire = try await TaskWire([task], .usual, call)
        return Answer(["task": wire.value(task, isListed: false)])
    }
}

extension Caller {
    /// Whom a person would act as; nil for one who may not sign in.
    fileprivate init?(of person: Person) {
        guard person.isActive else { return nil }
        self.init(person: person.id, isAdministrator: person.isAdministrator, departments: person.departments)
    }
}
