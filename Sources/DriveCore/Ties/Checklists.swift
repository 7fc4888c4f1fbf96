import SQLStore

extension Drive {
    /// What a checklist is called that an item brings into a task without one.
    package static let firstChecklistName = "Checklist 1"

    /// A new item. Its members take part in the task from now on.
    ///
    /// - Throws: `.denied(.task)` when there is none on whose checklists the caller may work; `.task(.noTitle)`,
    ///   `.task(.unknownPerson)`, `.task(.unreadableFile)`.
    package func addChecklistItem(
        _ fields: ChecklistFields, to task: TaskItem.ID, as caller: Caller
    ) async throws -> ChecklistItem.ID {
        let now = now()
        return try await database.write { tx in
            _ = try tx.task(task, toTickFor: caller)
            guard let title = fields.title, !title.isEmpty else { throw DriveError.task(.noTitle) }
            let parent: ChecklistItem.ID? =
                if let parent = fields.parent {
                    try tx.parent(parent, in: task)
                } else {
                    try tx.firstChecklist(of: task, by: caller.person)
                }
            let id = try tx.insertItem(title, in: parent, of: task, by: caller.person)
            var rest = fields
            rest.parent = nil
            rest.title = nil
            try tx.change(try tx.checklistItem(id, of: task), rest, for: caller, atMs: now)
            return id
        }
    }

    /// - Throws: `.notFound(.checklistItem)` when the task has none such, or the caller may not see the task.
    package func checklistItem(
        _ id: ChecklistItem.ID, of task: TaskItem.ID, as caller: Caller
    ) async throws -> ChecklistItem {
        try await read(as: caller) { tx in
            guard try tx.taskIfSeen(task, by: caller) != nil else { throw DriveError.notFound(.checklistItem(id)) }
            return try tx.complete([try tx.checklistItem(id, of: task)])[0]
        }
    }

    /// The items of a task, checklists included.
    /// - Throws: `.notFound(.task)`, `.invalidListing`.
    package func checklistItems(
        of task: TaskItem.ID, _ listing: Listing<ChecklistField>, as caller: Caller
    ) async throws -> [ChecklistItem] {
        try await read(as: caller) { tx in
            _ = try tx.task(task, for: caller)
            let page = try tx.page(
                listing, columns: ChecklistItem.columns, from: ChecklistItem.tables, where: "ci.task_id = \(task)",
                id: "ci.id", read: ChecklistItem.init(row:))
            return try tx.complete(page.rows)
        }
    }

    /// The items of several tasks, by id; the caller has been shown the tasks.
    package func checklistItems(ofTasks tasks: [TaskItem.ID]) async throws -> [TaskItem.ID: [ChecklistItem]] {
        try await database.read { tx in
            var items: [ChecklistItem] = []
            for some in tasks.batches(of: bindingsAtOnce) {
                items += try tx.rows(
                    """
                    SELECT \(raw: ChecklistItem.columns) FROM \(raw: ChecklistItem.tables)
                    WHERE ci.task_id IN (\(list: some)) ORDER BY ci.id
                    """
                ).map(ChecklistItem.init(row:))
            }
            return Dictionary(grouping: try tx.complete(items), by: \.task)
        }
    }

    /// Changes an item. Members and files given replace the ones it had.
    ///
    /// - Throws: `.denied(.task)` when there is none on whose checklists the caller may work; `.notFound(.checklistItem)`;
    ///   `.task(.noTitle)`, `.task(.parentIsItself)`, `.task(.parentIsBelow)`, `.task(.unknownPerson)`,
    ///   `.task(.unreadableFile)`. Nothing is changed then.
    package func updateChecklistItem(
        _ id: ChecklistItem.ID, of task: TaskItem.ID, with fields: ChecklistFields, as caller: Caller
    ) async throws {
        let now = now()
        try await database.write { tx in
            _ = try tx.task(task, toTickFor: caller)
            try tx.change(try tx.checklistItem(id, of: task), fields, for: caller, atMs: now)
        }
    }

    /// Deletes an item with all below it. Their files are detached and stay where they are.
    /// - Throws: `.denied(.task)`, `.notFound(.checklistItem)`.
    package func deleteChecklistItem(_ id: ChecklistItem.ID, of task: TaskItem.ID, as caller: Caller) async throws {
        try await database.write { tx in
            _ = try tx.task(task, toTickFor: caller)
            _ = try tx.checklistItem(id, of: task)
            try tx.deleteItems(
                """
                WITH RECURSIVE below (id) AS (
                    SELECT id FROM checklist_item WHERE id = \(id)
                    UNION SELECT ci.id FROM checklist_item ci JOIN below b ON ci.parent_id = b.id
                ) SELECT id FROM below
                """)
        }
    }

    /// Ticks an item off or opens it again; whoever sees its task may. One that is so already stays as it is.
    /// - Throws: `.notFound(.checklistItem)` when there is none in a task the caller may see.
    package func setChecklistItem(_ id: ChecklistItem.ID, isComplete: Bool, as caller: Caller) async throws {
        let now = now()
        try await database.write { tx in
            let seen = try tx.exists(
                """
                SELECT 1 FROM checklist_item ci JOIN task t ON t.id = ci.task_id
                WHERE ci.id = \(id) AND \(caller.seesTask())
                """)
            guard seen else { throw DriveError.notFound(.checklistItem(id)) }
            try tx.toggle(id, isComplete: isComplete, by: caller.person, atMs: now)
        }
    }

    /// Puts an item behind another of the same task, into the same checklist.
    /// - Throws: `.denied(.task)`, `.notFound(.checklistItem)`, `.task(.parentIsBelow)`, `.task(.parentIsItself)`.
    package func moveChecklistItem(
        _ id: ChecklistItem.ID, after other: ChecklistItem.ID, of task: TaskItem.ID, as caller: Caller
    ) async throws {
        try await database.write { tx in
            _ = try tx.task(task, toTickFor: caller)
            let (item, before) = (try tx.checklistItem(id, of: task), try tx.checklistItem(other, of: task))
            if item.id == before.id { throw DriveError.task(.parentIsItself) }
            if let parent = before.parent { try tx.checkParent(parent, of: item.id) }
            var order = try tx.rows(
                """
                SELECT id FROM checklist_item WHERE task_id = \(task) AND COALESCE(parent_id, 0) = \(before.parent?.rawValue ?? 0)
                    AND id <> \(id) ORDER BY sort_index, id
                """
            ).map { try $0.int(0) }
            order.insert(id.rawValue, at: (order.firstIndex(of: other.rawValue) ?? order.count - 1) + 1)
            try tx.run("UPDATE checklist_item SET parent_id = \(before.parent) WHERE id = \(id)")
            for (index, sibling) in order.enumerated() {
                try tx.run(
                    "UPDATE checklist_item SET sort_index = \(index) WHERE id = \(sibling) AND sort_index <> \(index)")
            }
        }
    }
}
