import SQLStore
import TestSupport
import Testing

@testable import DriveCore

@Suite("Tasks and what is attached to them")
struct TasksTests {
    /// A task of Ann's for Ben, and a file of Ann's.
    private struct Scene {
        let people: TwoPeople
        let carl: Caller
        let task: TaskItem
        let file: Node

        init(_ drive: Drive) async throws {
            people = try await TwoPeople(drive)
            let carl = try await drive.addPerson(NewPerson(login: "carl"), as: .system)
            self.carl = Caller(person: carl.id, isAdministrator: false)
            task = try await drive.addTask(Self.fields(for: people.ben.person), as: people.ann)
            file = try await Self.file("a.txt", of: people.ann, drive)
        }

        static func fields(for person: Person.ID, title: String = "Review contract") -> TaskFields {
            var fields = TaskFields()
            fields.title = title
            fields.responsible = person
            return fields
        }

        static func file(_ name: String, of caller: Caller, _ drive: Drive) async throws -> Node {
            let root = try await drive.personalStorage(of: caller.person).root
            return try await drive.addFile(named: FileName(name), in: root, content: .text(name), as: caller)
        }
    }

    @Test("a new task is pending, of usual priority, and has its people's chat", arguments: Engine.allCases)
    func adding(engine: Engine) async throws {
        try await withDrive(engine) { drive, clock in
            let scene = try await Scene(drive)
            #expect(scene.task.status == .pending)
            #expect(scene.task.priority == .normal)
            #expect(scene.task.creator == scene.people.ann.person)
            #expect(scene.task.createdMs == clock.now)
            #expect(scene.task.closedMs == nil)
            #expect(try await drive.chat(boundTo: "TASKS_TASK", "\(scene.task.id)") == scene.task.chat)
            #expect(
                try await drive.members(of: scene.task.chat, as: scene.people.ben)
                    == [scene.people.ann.person, scene.people.ben.person])
            await #expect(throws: DriveError.chat(.fixedMembers)) {
                try await drive.addMembers(
                    [scene.carl.person], to: scene.task.chat, hidingHistory: true, as: scene.people.ann)
            }
        }
    }

    @Test("a task that cannot be is refused whole", arguments: Engine.allCases)
    func refusals(engine: Engine) async throws {
        try await withDrive(engine) { drive, _ in
            let people = try await TwoPeople(drive)
            let usual = Scene.fields(for: people.ben.person)
            func refused(_ problem: DriveError.TaskProblem, _ change: (inout TaskFields) -> Void) async {
                var fields = usual
                change(&fields)
                let given = fields
                await #expect(throws: DriveError.task(problem)) { try await drive.addTask(given, as: people.ann) }
            }
            await refused(.noTitle) { $0.title = "" }
            await refused(.noTitle) { $0.title = nil }
            await refused(.noResponsible) { $0.responsible = nil }
            await refused(.unknownResponsible) { $0.responsible = Person.ID(999) }
            await refused(.unknownPerson) { $0.accomplices = [people.ben.person, Person.ID(999)] }
            await refused(.unknownParent) { $0.parent = TaskItem.ID(999) }
            await refused(.endsBeforeStart) { ($0.startPlanMs, $0.endPlanMs) = (2000, 1000) }
            await refused(.tooLong) { ($0.startPlanMs, $0.endPlanMs) = (.some(.min), .some(.max)) }
            await refused(.unreadableFile) { $0.files = [.node(Node.ID(999))] }
            await refused(.unreadableFile) { $0.files = [.attachment(DriveCore.Attachment.ID(1))] }
            #expect(try await drive.tasks(Listing(), as: people.admin).total == 0)
            let chats = try await drive.database.read { try $0.int("SELECT count(*) FROM chat") }
            #expect(chats == 0)
        }
    }

    @Test("administrators and those who take part see a task, nobody else", arguments: Engine.allCases)
    func visibility(engine: Engine) async throws {
        try await withDrive(engine) { drive, _ in
            let scene = try await Scene(drive)
            let people = scene.people
            func sees(_ caller: Caller) async throws -> Bool {
                let listed = try await drive.tasks(Listing(), as: caller).rows.map(\.id)
                do {
                    _ = try await drive.task(scene.task.id, as: caller)
                    #expect(listed == [scene.task.id])
                    return true
                } catch DriveError.notFound(.task) {
                    #expect(listed == [])
                    return false
                }
            }
            #expect(try await sees(people.ann))
            #expect(try await sees(people.ben))
            #expect(try await sees(people.admin))
            #expect(try await !sees(scene.carl))
            var fields = TaskFields()
            fields.auditors = [scene.carl.person]
            _ = try await drive.updateTask(scene.task.id, with: fields, as: people.ann)
            #expect(try await sees(scene.carl))
            await #expect(throws: DriveError.denied(.task(scene.task.id))) {
                try await drive.updateTask(scene.task.id, with: fields, as: scene.carl)
            }
            fields.auditors = []
            _ = try await drive.updateTask(scene.task.id, with: fields, as: people.ann)
            #expect(try await !sees(scene.carl))
        }
    }

    @Test("completing closes a task, opening it again clears that", arguments: Engine.allCases)
    func status(engine: Engine) async throws {
        try await withDrive(engine) { drive, clock in
            let scene = try await Scene(drive)
            clock.advance(ms: 5000)
            var fields = TaskFields()
            fields.status = .completed
            let closed = try await drive.updateTask(scene.task.id, with: fields, as: scene.people.ben)
            #expect(closed.closedMs == clock.now)
            #expect(closed.closedBy == scene.people.ben.person)
            #expect(closed.statusChangedBy == scene.people.ben.person)
            fields.status = .inProgress
            let opened = try await drive.updateTask(scene.task.id, with: fields, as: scene.people.ann)
            #expect(opened.closedMs == nil)
            #expect(opened.closedBy == Person.ID(0))
        }
    }

    @Test("a task cannot lie below itself", arguments: Engine.allCases)
    func cycles(engine: Engine) async throws {
        try await withDrive(engine) { drive, _ in
            let scene = try await Scene(drive)
            let ann = scene.people.ann
            var fields = Scene.fields(for: scene.people.ben.person)
            fields.parent = scene.task.id
            let child = try await drive.addTask(fields, as: ann)
            fields.parent = child.id
            let grandchild = try await drive.addTask(fields, as: ann)
            var change = TaskFields()
            change.parent = scene.task.id
            await #expect(throws: DriveError.task(.parentIsItself)) {
                try await drive.updateTask(scene.task.id, with: change, as: ann)
            }
            change.parent = grandchild.id
            await #expect(throws: DriveError.task(.parentIsBelow)) {
                try await drive.updateTask(scene.task.id, with: change, as: ann)
            }
            try await drive.deleteTask(child.id, as: ann)
            #expect(try await drive.task(grandchild.id, as: ann).parent == scene.task.id)
        }
    }

    @Test("the creator and administrators delete a task; its files stay", arguments: Engine.allCases)
    func deleting(engine: Engine) async throws {
        try await withDrive(engine) { drive, _ in
            let scene = try await Scene(drive)
            let attachment = try await drive.attach(scene.file.id, to: scene.task.id, as: scene.people.ann)
            for caller in [scene.people.ben, scene.carl] {
                await #expect(throws: DriveError.denied(.task(scene.task.id))) {
                    try await drive.deleteTask(scene.task.id, as: caller)
                }
            }
            try await drive.deleteTask(scene.task.id, as: scene.people.ann)
            await #expect(throws: DriveError.notFound(.task(scene.task.id))) {
                try await drive.task(scene.task.id, as: scene.people.admin)
            }
            await #expect(throws: DriveError.denied(.task(scene.task.id))) {
                try await drive.deleteTask(scene.task.id, as: scene.people.ann)
            }
            await #expect(throws: DriveError.notFound(.attachment(attachment))) {
                try await drive.attachment(attachment, as: scene.people.ann)
            }
            #expect(try await drive.node(scene.file.id, as: scene.people.ann).name == "a.txt")
        }
    }

    @Test("a file attached twice has one attachment", arguments: Engine.allCases)
    func attachingTwice(engine: Engine) async throws {
        try await withDrive(engine) { drive, _ in
            let scene = try await Scene(drive)
            let ids = try await withThrowingTaskGroup(of: DriveCore.Attachment.ID.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        try await drive.attach(scene.file.id, to: scene.task.id, as: scene.people.ann)
                    }
                }
                return try await group.reduce(into: Set<DriveCore.Attachment.ID>()) { $0.insert($1) }
            }
            #expect(ids.count == 1)
            let listed = try await drive.attachments(ofTasks: [scene.task.id], as: scene.people.ben)
            #expect(listed == [scene.task.id: Array(ids)])
        }
    }

    @Test("attaching needs the right to change the task and to read the file", arguments: Engine.allCases)
    func attachingRights(engine: Engine) async throws {
        try await withDrive(engine) { drive, _ in
            let scene = try await Scene(drive)
            await #expect(throws: DriveError.denied(.task(scene.task.id))) {
                try await drive.attach(scene.file.id, to: scene.task.id, as: scene.carl)
            }
            await #expect(throws: DriveError.denied(.task(TaskItem.ID(999)))) {
                try await drive.attach(scene.file.id, to: TaskItem.ID(999), as: scene.people.ann)
            }
            await #expect(throws: DriveError.task(.unreadableFile)) {
                try await drive.attach(scene.file.id, to: scene.task.id, as: scene.people.ben)
            }
            let root = try await drive.personalStorage(of: scene.people.ann.person).root
            for id in [root, Node.ID(9999), Node.ID(.max), Node.ID(-1)] {
                await #expect(throws: DriveError.task(.unreadableFile)) {
                    try await drive.attach(id, to: scene.task.id, as: scene.people.ann)
                }
            }
            #expect(try await drive.attachments(ofTasks: [scene.task.id], as: scene.people.ann) == [:])
        }
    }

    @Test(
        "whoever sees the task reads what is attached to it, and nothing else of its drive", arguments: Engine.allCases)
    func readingThroughTheTask(engine: Engine) async throws {
        try await withDrive(engine) { drive, _ in
            let scene = try await Scene(drive)
            let id = try await drive.attach(scene.file.id, to: scene.task.id, as: scene.people.ann)
            let attachment = try await drive.attachment(id, as: scene.people.ben)
            #expect(attachment.node == scene.file.id)
            #expect(attachment.module == "tasks")
            #expect(attachment.entityID == scene.task.id.rawValue)
            #expect(attachment.name == "a.txt")
            #expect(attachment.sizeBytes == 5)
            let content = try await drive.content(ofAttachment: id, as: scene.people.ben)
            #expect(content.sizeBytes == 5)
            await #expect(throws: DriveError.denied(.node(scene.file.id))) {
                try await drive.node(scene.file.id, as: scene.people.ben)
            }
            await #expect(throws: DriveError.denied(.attachment(id))) { try await drive.attachment(id, as: scene.carl) }
            await #expect(throws: DriveError.denied(.attachment(id))) {
                try await drive.content(ofAttachment: id, as: scene.carl)
            }
        }
    }

    @Test("giving a task files replaces the ones it had", arguments: Engine.allCases)
    func replacing(engine: Engine) async throws {
        try await withDrive(engine) { drive, _ in
            let scene = try await Scene(drive)
            let ann = scene.people.ann
            let other = try await Scene.file("b.txt", of: ann, drive)
            let third = try await Scene.file("c.txt", of: ann, drive)
            let kept = try await drive.attach(scene.file.id, to: scene.task.id, as: ann)
            let dropped = try await drive.attach(other.id, to: scene.task.id, as: ann)
            func give(_ files: [TaskFields.File]) async throws -> [DriveCore.Attachment.ID] {
                var fields = TaskFields()
                fields.files = files
                _ = try await drive.updateTask(scene.task.id, with: fields, as: ann)
                return try await drive.attachments(ofTasks: [scene.task.id], as: ann)[scene.task.id] ?? []
            }
            let now = try await give([.attachment(kept), .node(third.id)])
            #expect(now.count == 2)
            #expect(now.first == kept)
            await #expect(throws: DriveError.task(.unreadableFile)) { try await give([.attachment(dropped)]) }
            #expect(try await drive.attachments(ofTasks: [scene.task.id], as: ann)[scene.task.id] == now)
            #expect(try await give([.node(scene.file.id)]) == [kept])
            #expect(try await give([]) == [])
            #expect(try await drive.node(other.id, as: ann).deletion == .alive)
        }
    }

    @Test("every field of a task can be compared, and ordered by where it says so", arguments: Engine.allCases)
    func listing(engine: Engine) async throws {
        try await withDrive(engine) { drive, _ in
            let scene = try await Scene(drive)
            var fields = Scene.fields(for: scene.people.ann.person, title: "Другая задача")
            fields.deadlineMs = 1000
            fields.auditors = [scene.people.ben.person]
            fields.parent = scene.task.id
            let other = try await drive.addTask(fields, as: scene.people.ann)
            for field in TaskField.allCases {
                var listing = Listing<TaskField>()
                if case .integer = field.column.kind {
                    listing.conditions = [.any([.greaterOrEqual(field, .integer(0)), .equals(field, nil)])]
                } else {
                    listing.conditions = [.noneOf(field, [.text("x"), .text("y")])]
                }
                if field.column.isSortable { listing.order = [.init(field, descending: true)] }
                let page = try await drive.tasks(listing, as: scene.people.ann)
                #expect(page.total == 2, "\(field)")
            }
            func found(_ condition: Condition<TaskField>) async throws -> [TaskItem.ID] {
                try await drive.tasks(Listing(conditions: [condition]), as: scene.people.admin).rows.map(\.id)
            }
            #expect(try await found(.like(.title, pattern: "%ЗАДАЧ%")) == [other.id])
            #expect(try await found(.less(.deadline, .integer(2000))) == [other.id])
            #expect(try await found(.equals(.deadline, nil)) == [scene.task.id])
            #expect(try await found(.equals(.auditor, .integer(scene.people.ben.person.rawValue))) == [other.id])
            #expect(try await found(.equals(.parent, .integer(scene.task.id.rawValue))) == [other.id])
        }
    }
}
