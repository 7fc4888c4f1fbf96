import SQLStore

// Who may do what with a task. Administrators everything; the creator and the person responsible see, change and attach;
// accomplices see and work on its checklists; auditors see; whoever sees it comments; the creator may delete. Nobody else
// knows that it exists.

extension Drive {
    /// A new task, with the chat its people talk in.
    ///
    /// - Throws: `.task`; `.denied(.task)` when somebody who is no administrator names another creator.
    package func addTask(_ fields: TaskFields, as caller: Caller) async throws -> TaskItem {
        let now = now()
        return try await database.write { tx in
            guard let title = fields.title, !title.isEmpty else { throw DriveError.task(.noTitle) }
            guard let responsible = fields.responsible else { throw DriveError.task(.noResponsible) }
            let creator = fields.creator ?? caller.person
            try tx.checkPeople(of: fields)
            if creator != caller.person, !caller.isAdministrator { throw DriveError.denied(.task(TaskItem.ID(0))) }
            if case .some(.some(let parent)) = fields.parent { try tx.checkParent(parent, of: nil, for: caller) }
            try TaskFields.checkPlan(start: fields.startPlanMs ?? nil, end: fields.endPlanMs ?? nil)
            let status = fields.status ?? .pending
            let isClosed = status == .completed
            let id = TaskItem.ID(
                try tx.int(
                    """
                    INSERT INTO task (guid, title, title_fold, description, status, priority, parent_id, group_id,
                        created_by, responsible_id, changed_by, closed_by, status_changed_by, created_ms, changed_ms,
                        status_changed_ms, closed_ms, deadline_ms, start_plan_ms, end_plan_ms, crm_links,
                        is_deleted)
                    VALUES (\(newUUID()), \(title), \(FileName.fold(title)), \(fields.description ?? ""),
                        \(status.rawValue), \((fields.priority ?? .normal).rawValue), \((fields.parent ?? nil).sqlValue),
                        \(fields.group ?? 0), \(creator), \(responsible), \(caller.person),
                        \((isClosed ? caller.person : nil).sqlValue), \(SQLValue.null), \(now), \(now), \(now),
                        \((isClosed ? now : nil).sqlValue), \((fields.deadlineMs ?? nil).sqlValue), \((fields.startPlanMs ?? nil).sqlValue),
                        \((fields.endPlanMs ?? nil).sqlValue), \((fields.crmLinks ?? []).joined(separator: " ")), 0)
                    RETURNING id
                    """))
            try tx.setPeople(fields.accomplices ?? [], of: id, as: .accomplice)
            try tx.setPeople(fields.auditors ?? [], of: id, as: .auditor)
            if let files = fields.files { try tx.setFiles(files, of: .task(id), for: caller, atMs: now) }
            return try tx.taskWithChat(id, atMs: now)
        }
    }

    /// - Throws: `.notFound(.task)` when there is none the caller may see.
    package func task(_ id: TaskItem.ID, as caller: Caller) async throws -> TaskItem {
        try await read(as: caller) { try $0.task(id, for: caller) }
    }

    /// The tasks a caller may see.
    /// - Parameter onlyRoots: without those below another one that the caller may see.
    package func tasks(
        _ listing: Listing<TaskField>, onlyRoots: Bool = false, as caller: Caller
    ) async throws -> Page<TaskItem> {
        try await read(as: caller) { tx in
            var conditions = [caller.seesTask()]
            if onlyRoots {
                conditions.append(
                    """
                    NOT EXISTS (
                        SELECT 1 FROM task above WHERE above.id = t.parent_id AND \(caller.seesTask("above")))
                    """)
            }
            var page = try tx.page(
                listing, columns: TaskItem.columns, from: TaskItem.tables, where: .all(conditions), id: "t.id",
                read: TaskItem.init(row:))
            page.rows = try tx.withPeople(page.rows)
            return page
        }
    }

    /// Changes a task. Files and people given replace the ones it had.
    ///
    /// - Throws: `.denied(.task)` when there is none the caller may change; `.task`; nothing is changed then.
    package func updateTask(_ id: TaskItem.ID, with fields: TaskFields, as caller: Caller) async throws -> TaskItem {
        let now = now()
        return try await database.write { tx in
            let old = try tx.task(id, toChangeFor: caller)
            if let title = fields.title, title.isEmpty { throw DriveError.task(.noTitle) }
            try tx.checkPeople(of: fields)
            if let creator = fields.creator, creator != old.creator, !caller.isAdministrator {
                throw DriveError.denied(.task(id))
            }
            if case .some(.some(let parent)) = fields.parent, parent != old.parent {
                try tx.checkParent(parent, of: id, for: caller)
            }
            let start = fields.startPlanMs ?? old.startPlanMs
            let end = fields.endPlanMs ?? old.endPlanMs
            try TaskFields.checkPlan(start: start, end: end)
            let title = fields.title ?? old.title
            try tx.run(
                """
                UPDATE task SET title = \(title), title_fold = \(FileName.fold(title)),
                    description = \(fields.description ?? old.description),
                    priority = \((fields.priority ?? old.priority).rawValue), parent_id = \((fields.parent ?? old.parent).sqlValue),
                    group_id = \(fields.group ?? old.group), created_by = \(fields.creator ?? old.creator),
                    responsible_id = \(fields.responsible ?? old.responsible), changed_by = \(caller.person),
                    changed_ms = \(now), deadline_ms = \((fields.deadlineMs ?? old.deadlineMs).sqlValue), start_plan_ms = \(start.sqlValue),
                    end_plan_ms = \(end.sqlValue),
                    crm_links = \((fields.crmLinks ?? old.crmLinks).joined(separator: " "))
                WHERE id = \(id)
                """)
            if let status = fields.status, status != old.status {
                let isClosed = status == .completed
                try tx.run(
                    """
                    UPDATE task SET status = \(status.rawValue), status_changed_by = \(caller.person),
                        status_changed_ms = \(now), closed_by = \(isClosed ? caller.person : Person.ID(0)),
                        closed_ms = \((isClosed ? now : nil).sqlValue)
                    WHERE id = \(id)
                    """)
                if isClosed { try tx.closeResults(of: id, atMs: now) }
            }
            if let accomplices = fields.accomplices { try tx.setPeople(accomplices, of: id, as: .accomplice) }
            if let auditors = fields.auditors { try tx.setPeople(auditors, of: id, as: .auditor) }
            if let files = fields.files { try tx.setFiles(files, of: .task(id), for: caller, atMs: now) }
            return try tx.taskWithChat(id, atMs: now)
        }
    }

    /// Deletes a task with its comments, results and checklists: its creator may, and administrators. Files of all of them
    /// are detached and stay where they are; tasks below it move up one step.
    /// - Throws: `.denied(.task)`, also when there is none.
    package func deleteTask(_ id: TaskItem.ID, as caller: Caller) async throws {
        try await database.write { tx in
            guard let task = try tx.taskIfSeen(id, by: caller), task.creator == caller.person || caller.isAdministrator
            else { throw DriveError.denied(.task(id)) }
            try tx.setFiles([], of: .task(id), for: caller, atMs: 0)
            try tx.deleteComments(of: id)
            try tx.deleteChecklists(of: id)
            try tx.run("UPDATE task SET parent_id = \(task.parent.sqlValue) WHERE parent_id = \(id)")
            try tx.run("UPDATE task SET is_deleted = 1, parent_id = \(SQLValue.null) WHERE id = \(id)")
        }
    }
}

extension TaskItem {
    /// True for those who know that it exists.
    package func mayBeSeen(by caller: Caller) -> Bool { caller.isAdministrator || people.contains(caller.person) }

    /// True for those who may add, change and remove items of its checklists.
    package func mayBeTicked(by caller: Caller) -> Bool {
        mayBeChanged(by: caller) || accomplices.contains(caller.person)
    }

    /// True for those who may change it and attach files to it.
    package func mayBeChanged(by caller: Caller) -> Bool {
        caller.isAdministrator || creator == caller.person || responsible == caller.person
    }

    /// True for those who may delete it.
    package func mayBeDeleted(by caller: Caller) -> Bool { caller.isAdministrator || creator == caller.person }
}

extension TaskFields {
    /// Longest plan: what fits a 32-bit number of seconds.
    static let longestPlanMs: Int64 = 2_147_483_647_000

    fileprivate static func checkPlan(start: Int64?, end: Int64?) throws {
        guard let start, let end else { return }
        if end < start { throw DriveError.task(.endsBeforeStart) }
        let (length, overflow) = end.subtractingReportingOverflow(start)
        if overflow || length > longestPlanMs { throw DriveError.task(.tooLong) }
    }
}
