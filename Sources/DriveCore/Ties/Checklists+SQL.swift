import SQLStore

extension Transaction {
    /// - Throws: `.denied(.task)`, also when there is none.
    func task(_ id: TaskItem.ID, toTickFor caller: Caller) throws -> TaskItem {
        guard let task = try taskIfSeen(id, by: caller), task.mayBeTicked(by: caller) else {
            throw DriveError.denied(.task(id))
        }
        return task
    }

    /// The item, its members and files not yet read.
    /// - Throws: `.notFound(.checklistItem)`.
    func checklistItem(_ id: ChecklistItem.ID, of task: TaskItem.ID) throws -> ChecklistItem {
        let row = try row(
            """
            SELECT \(raw: ChecklistItem.columns) FROM \(raw: ChecklistItem.tables)
            WHERE ci.id = \(id) AND ci.task_id = \(task)
            """)
        guard let row else { throw DriveError.notFound(.checklistItem(id)) }
        return try ChecklistItem(row: row)
    }

    /// The items with their members and files.
    func complete(_ items: [ChecklistItem]) throws -> [ChecklistItem] {
        let files = try attachments(ofType: AttachmentHost.checklistType, items.map(\.id.rawValue))
        var members: [ChecklistItem.ID: [ChecklistItem.Member]] = [:]
        for some in items.map(\.id).batches(of: bindingsAtOnce) {
            let rows = try rows(
                """
                SELECT item_id, person_id, role FROM checklist_member WHERE item_id IN (\(list: some)) ORDER BY person_id
                """)
            for row in rows {
                guard let role = TaskRole(rawValue: try row.text(2)) else { continue }
                members[ChecklistItem.ID(try row.int(0)), default: []].append(
                    .init(person: Person.ID(try row.int(1)), role: role))
            }
        }
        return items.map { item in
            var item = item
            item.files = files[item.id.rawValue] ?? []
            item.members = members[item.id] ?? []
            return item
        }
    }

    /// The checklist that an item goes into which names none.
    func firstChecklist(of task: TaskItem.ID, by person: Person.ID) throws -> ChecklistItem.ID {
        let first = try row(
            """
            SELECT id FROM checklist_item WHERE task_id = \(task) AND parent_id IS NULL ORDER BY sort_index, id LIMIT 1
            """)
        if let first { return ChecklistItem.ID(try first.int(0)) }
        return try insertItem(Drive.firstChecklistName, in: nil, of: task, by: person)
    }

    /// `id` where the task has such an item, else none.
    func parent(_ id: ChecklistItem.ID?, in task: TaskItem.ID) throws -> ChecklistItem.ID? {
        guard let id, try exists("SELECT 1 FROM checklist_item WHERE id = \(id) AND task_id = \(task)") else {
            return nil
        }
        return id
    }

    /// A new item behind its siblings.
    func insertItem(
        _ title: String, in parent: ChecklistItem.ID?, of task: TaskItem.ID, by person: Person.ID
    ) throws -> ChecklistItem.ID {
        ChecklistItem.ID(
            try int(
                """
                INSERT INTO checklist_item
                    (task_id, parent_id, created_by, title, title_fold, sort_index, is_complete, is_important)
                VALUES (\(task), \(parent), \(person), \(title), \(FileName.fold(title)),
                    (SELECT COALESCE(max(sort_index), -1) FROM checklist_item
                        WHERE task_id = \(task) AND COALESCE(parent_id, 0) = \(parent?.rawValue ?? 0)
                            AND sort_index < \(Int64.max)) + 1, 0, 0)
                RETURNING id
                """))
    }

    /// - Throws: `.task(.parentIsItself)`, `.task(.parentIsBelow)`.
    func checkParent(_ parent: ChecklistItem.ID, of id: ChecklistItem.ID) throws {
        if parent == id { throw DriveError.task(.parentIsItself) }
        let isBelow = try exists(
            """
            WITH RECURSIVE up (parent_id) AS (
                SELECT parent_id FROM checklist_item WHERE id = \(parent)
                UNION SELECT ci.parent_id FROM checklist_item ci JOIN up ON ci.id = up.parent_id)
            SELECT 1 FROM up WHERE parent_id = \(id)
            """)
        if isBelow { throw DriveError.task(.parentIsBelow) }
    }

    /// - Throws: `.task`, as `Drive.updateChecklistItem`.
    func change(_ old: ChecklistItem, _ fields: ChecklistFields, for caller: Caller, atMs now: Int64) throws {
        let title = fields.title ?? old.title
        if title.isEmpty { throw DriveError.task(.noTitle) }
        var parent = old.parent
        if let given = fields.parent {
            parent = try self.parent(given, in: old.task)
            if let parent { try checkParent(parent, of: old.id) }
        }
        try run(
            """
            UPDATE checklist_item SET title = \(title), title_fold = \(FileName.fold(title)), parent_id = \(parent),
                sort_index = \(fields.sortIndex ?? old.sortIndex), is_important = \(fields.isImportant ?? old.isImportant)
            WHERE id = \(old.id)
            """)
        if let isComplete = fields.isComplete {
            try toggle(old.id, isComplete: isComplete, by: caller.person, atMs: now)
        }
        if let members = fields.members { try setMembers(members, of: old, atMs: now) }
        if let files = fields.files { try setFiles(files, of: .checklistItem(old.id), for: caller, atMs: now) }
    }

    func toggle(_ id: ChecklistItem.ID, isComplete: Bool, by person: Person.ID, atMs now: Int64) throws {
        try run(
            """
            UPDATE checklist_item SET is_complete = \(isComplete), toggled_by = \(person), toggled_ms = \(now)
            WHERE id = \(id) AND is_complete <> \(isComplete)
            """)
    }

    /// Makes `members` exactly who takes part in an item, and lets them into its task in the same roles.
    private func setMembers(_ members: [ChecklistItem.Member], of item: ChecklistItem, atMs now: Int64) throws {
        var fields = TaskFields()
        fields.accomplices = members.map(\.person)
        try checkPeople(of: fields)
        try run("DELETE FROM checklist_member WHERE item_id = \(item.id)")
        for member in members {
            try run(
                """
                INSERT INTO checklist_member (item_id, person_id, role)
                VALUES (\(item.id), \(member.person), \(member.role.rawValue))
                ON CONFLICT (item_id, person_id) DO UPDATE SET role = excluded.role
                """)
            try run(
                """
                INSERT INTO task_member (task_id, person_id, role)
                VALUES (\(item.task), \(member.person), \(member.role.rawValue))
                ON CONFLICT (task_id, person_id, role) DO NOTHING
                """)
        }
        if !members.isEmpty { _ = try taskWithChat(item.task, atMs: now) }
    }

    /// Removes the items that `ids` selects, with their attachments. All below them must be among them.
    func deleteItems(_ ids: SQL) throws {
        try run(
            "DELETE FROM attachment WHERE entity_type = \(AttachmentHost.checklistType) AND entity_id IN (\(ids))")
        try run("DELETE FROM checklist_item WHERE id IN (\(ids))")
    }

    /// Removes all checklists of a task, with their attachments.
    func deleteChecklists(of task: TaskItem.ID) throws {
        try deleteItems("SELECT id FROM checklist_item WHERE task_id = \(task)")
    }
}
