import SQLStore

/// What somebody besides the creator and the person responsible has to do with a task or a checklist item.
package enum TaskRole: String, Sendable { case accomplice, auditor }

extension TaskItem {
    static let tables = "task t LEFT JOIN chat c ON c.dialog_key = 'task' || t.id"
    static let columns = """
        t.id, t.guid, t.title, t.description, t.status, t.priority, t.parent_id, t.group_id, t.created_by, \
        t.responsible_id, t.changed_by, t.closed_by, t.status_changed_by, t.created_ms, t.changed_ms, \
        t.status_changed_ms, t.closed_ms, t.deadline_ms, t.start_plan_ms, t.end_plan_ms, t.crm_links, c.id, \
        (SELECT count(*) FROM task_comment tc WHERE tc.task_id = t.id)
        """

    /// The task, its accomplices and auditors not yet read.
    init(row: Row) throws {
        guard let status = Status(rawValue: try row.int(4)), let priority = Priority(rawValue: try row.int(5)) else {
            throw SQLError.failed(message: "task \(try row.int(0)) has an unknown status or priority")
        }
        id = ID(try row.int(0))
        guid = try row.text(1)
        title = try row.text(2)
        description = try row.text(3)
        self.status = status
        self.priority = priority
        parent = try row.intOrNull(6).map { ID($0) }
        group = try row.int(7)
        creator = Person.ID(try row.int(8))
        responsible = Person.ID(try row.int(9))
        changedBy = Person.ID(try row.int(10))
        closedBy = try row.intOrNull(11).map { Person.ID($0) }
        statusChangedBy = try row.intOrNull(12).map { Person.ID($0) }
        createdMs = try row.int(13)
        changedMs = try row.int(14)
        statusChangedMs = try row.int(15)
        closedMs = try row.intOrNull(16)
        deadlineMs = try row.intOrNull(17)
        startPlanMs = try row.intOrNull(18)
        endPlanMs = try row.intOrNull(19)
        crmLinks = try row.text(20).split(separator: " ").map(String.init)
        chat = Chat.ID(try row.intOrNull(21) ?? 0)
        commentCount = try row.int(22)
        accomplices = []
        auditors = []
    }
}

extension Caller {
    /// True of a living `task` the caller may see.
    /// - Parameter t: the table's alias, trusted text.
    func seesTask(_ t: String = "t") -> SQL {
        if isAdministrator { return "\(raw: t).is_deleted = 0" }
        return """
            \(raw: t).is_deleted = 0 AND (\(raw: t).created_by = \(person) OR \(raw: t).responsible_id = \(person)
                OR \(raw: t).id IN (SELECT tm.task_id FROM task_member tm WHERE tm.person_id = \(person)))
            """
    }
}

extension Transaction {
    func taskIfSeen(_ id: TaskItem.ID, by caller: Caller) throws -> TaskItem? {
        let row = try row(
            """
            SELECT \(raw: TaskItem.columns) FROM \(raw: TaskItem.tables) WHERE t.id = \(id) AND \(caller.seesTask())
            """)
        return try row.flatMap { try withPeople([TaskItem(row: $0)]).first }
    }

    /// - Throws: `.notFound(.task)`.
    func task(_ id: TaskItem.ID, for caller: Caller) throws -> TaskItem {
        guard let task = try taskIfSeen(id, by: caller) else { throw DriveError.notFound(.task(id)) }
        return task
    }

    /// - Throws: `.denied(.task)`, also when there is none.
    func task(_ id: TaskItem.ID, toChangeFor caller: Caller) throws -> TaskItem {
        guard let task = try taskIfSeen(id, by: caller), task.mayBeChanged(by: caller) else {
            throw DriveError.denied(.task(id))
        }
        return task
    }

    /// Notes that something about a task was changed.
    func noteChange(of id: TaskItem.ID, by caller: Caller, atMs now: Int64) throws {
        try run("UPDATE task SET changed_by = \(caller.person), changed_ms = \(now) WHERE id = \(id)")
    }

    /// The tasks with their accomplices and auditors.
    func withPeople(_ tasks: [TaskItem]) throws -> [TaskItem] {
        var people: [TaskItem.ID: [TaskRole: [Person.ID]]] = [:]
        for some in tasks.map(\.id).batches(of: bindingsAtOnce) {
            let rows = try rows(
                """
                SELECT task_id, role, person_id FROM task_member WHERE task_id IN (\(list: some)) ORDER BY person_id
                """)
            for row in rows {
                guard let role = TaskRole(rawValue: try row.text(1)) else { continue }
                people[TaskItem.ID(try row.int(0)), default: [:]][role, default: []].append(Person.ID(try row.int(2)))
            }
        }
        return tasks.map { task in
            var task = task
            task.accomplices = people[task.id]?[.accomplice] ?? []
            task.auditors = people[task.id]?[.auditor] ?? []
            return task
        }
    }

    /// The task as it is now, its chat made and its chat's people brought up to date.
    func taskWithChat(_ id: TaskItem.ID, atMs now: Int64) throws -> TaskItem {
        let task = try task(id, for: .system)
        let chat = try chat(
            key: "task\(id)", kind: .chat, title: task.title, owner: task.creator, entityType: Chat.taskEntityType,
            entityID: String(id.rawValue), atMs: now)
        try run("UPDATE chat SET title = \(task.title), owner_id = \(task.creator) WHERE id = \(chat.id)")
        try setMembers(task.people, of: chat.id, atMs: now)
        return try self.task(id, for: .system)
    }

    /// Makes `people` exactly those with that part in a task.
    func setPeople(_ people: [Person.ID], of id: TaskItem.ID, as role: TaskRole) throws {
        try run("DELETE FROM task_member WHERE task_id = \(id) AND role = \(role.rawValue)")
        for person in Set(people).sorted() {
            try run(
                "INSERT INTO task_member (task_id, person_id, role) VALUES (\(id), \(person), \(role.rawValue))")
        }
    }

    /// - Throws: `.task(.unknownResponsible)`, `.task(.unknownPerson)`.
    func checkPeople(of fields: TaskFields) throws {
        if let responsible = fields.responsible, try !isActive([responsible]) {
            throw DriveError.task(.unknownResponsible)
        }
        let others = [fields.creator].compactMap { $0 } + (fields.accomplices ?? []) + (fields.auditors ?? [])
        if try !isActive(others) { throw DriveError.task(.unknownPerson) }
    }

    private func isActive(_ people: [Person.ID]) throws -> Bool {
        for some in Set(people).sorted().batches(of: bindingsAtOnce) {
            let active = try int("SELECT count(*) FROM person WHERE id IN (\(list: some)) AND is_active = 1")
            if active != some.count { return false }
        }
        return true
    }

    /// - Throws: `.task` when `parent` cannot be the parent of `id` (nil: of a new task).
    func checkParent(_ parent: TaskItem.ID, of id: TaskItem.ID?, for caller: Caller) throws {
        if parent == id { throw DriveError.task(.parentIsItself) }
        guard try taskIfSeen(parent, by: caller) != nil else { throw DriveError.task(.unknownParent) }
        guard let id else { return }
        let isBelow = try exists(
            """
            WITH RECURSIVE up (parent_id) AS (
                SELECT parent_id FROM task WHERE id = \(parent)
                UNION SELECT t.parent_id FROM task t JOIN up ON t.id = up.parent_id)
            SELECT 1 FROM up WHERE parent_id = \(id)
            """)
        if isBelow { throw DriveError.task(.parentIsBelow) }
    }
}
