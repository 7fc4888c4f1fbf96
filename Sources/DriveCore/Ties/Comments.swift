import SQLStore

extension Drive {
    /// Says something about a task; whoever sees the task may, and in anybody's name (the vendor lets clients do so).
    ///
    /// - Throws: `.task(.noText)`; `.notFound(.task)` when there is none the caller may see; `.notFound(.person)` for an
    ///   author who is nobody here; `.task(.unreadableFile)` for a file that the caller or the author may not read.
    package func addComment(
        _ fields: CommentFields, to task: TaskItem.ID, as caller: Caller
    ) async throws -> TaskComment.ID {
        let now = now()
        return try await database.write { tx in
            guard let text = fields.text, !text.isEmpty else { throw DriveError.task(.noText) }
            _ = try tx.task(task, for: caller)
            let author = try tx.author(fields.author, for: caller)
            let id = TaskComment.ID(
                try tx.int(
                    """
                    INSERT INTO task_comment (task_id, author_id, text, posted_ms)
                    VALUES (\(task), \(author.person), \(text), \(fields.postedMs ?? now)) RETURNING id
                    """))
            if let files = fields.files {
                try tx.setFiles(files, of: .comment(id), for: caller, author: author, atMs: now)
            }
            return id
        }
    }

    /// - Throws: `.notFound(.comment)` when the task has none such, or the caller may not see the task.
    package func comment(_ id: TaskComment.ID, of task: TaskItem.ID, as caller: Caller) async throws -> TaskComment {
        try await read(as: caller) { tx in
            guard try tx.taskIfSeen(task, by: caller) != nil else { throw DriveError.notFound(.comment(id)) }
            var comment = try tx.comment(id)
            guard comment.task == task else { throw DriveError.notFound(.comment(id)) }
            comment.files = try tx.attachments(ofType: AttachmentHost.commentType, [id.rawValue])[id.rawValue] ?? []
            return comment
        }
    }

    /// Comments of a task.
    /// - Throws: `.notFound(.task)`, `.invalidListing`.
    package func comments(
        of task: TaskItem.ID, _ listing: Listing<CommentField>, as caller: Caller
    ) async throws -> [TaskComment] {
        try await read(as: caller) { tx in
            _ = try tx.task(task, for: caller)
            let page = try tx.page(
                listing, columns: TaskComment.columns, from: TaskComment.tables, where: "tc.task_id = \(task)",
                id: "tc.id", read: TaskComment.init(row:))
            let files = try tx.attachments(ofType: AttachmentHost.commentType, page.rows.map(\.id.rawValue))
            return page.rows.map { comment in
                var comment = comment
                comment.files = files[comment.id.rawValue] ?? []
                return comment
            }
        }
    }

    /// Changes a comment; administrators may. Files given replace the ones it had. Its results change with it.
    ///
    /// - Throws: `.denied(.comment)`, also when the task has none such; as `addComment`.
    package func updateComment(
        _ id: TaskComment.ID, of task: TaskItem.ID, with fields: CommentFields, as caller: Caller
    ) async throws {
        let now = now()
        try await database.write { tx in
            let old = try tx.comment(id, of: task, toChangeFor: caller)
            if let text = fields.text, text.isEmpty { throw DriveError.task(.noText) }
            let author = try tx.author(fields.author ?? old.author, for: caller)
            try tx.run(
                """
                UPDATE task_comment SET text = \(fields.text ?? old.text), author_id = \(author.person),
                    posted_ms = \(fields.postedMs ?? old.postedMs)
                WHERE id = \(id)
                """)
            try tx.run("UPDATE task_result SET updated_ms = \(now) WHERE comment_id = \(id)")
            if let files = fields.files {
                try tx.setFiles(files, of: .comment(id), for: caller, author: author, atMs: now)
            }
        }
    }

    /// Deletes a comment with its results; administrators may. Its files are detached and stay where they are.
    /// - Throws: `.denied(.comment)`, also when the task has none such.
    package func deleteComment(_ id: TaskComment.ID, of task: TaskItem.ID, as caller: Caller) async throws {
        try await database.write { tx in
            _ = try tx.comment(id, of: task, toChangeFor: caller)
            try tx.setFiles([], of: .comment(id), for: caller, atMs: 0)
            try tx.run("DELETE FROM task_result WHERE comment_id = \(id)")
            try tx.run("DELETE FROM task_comment WHERE id = \(id)")
        }
    }
}

extension Transaction {
    /// - Throws: `.notFound(.comment)`.
    func comment(_ id: TaskComment.ID) throws -> TaskComment {
        let row = try row("SELECT \(raw: TaskComment.columns) FROM \(raw: TaskComment.tables) WHERE tc.id = \(id)")
        guard let row else { throw DriveError.notFound(.comment(id)) }
        return try TaskComment(row: row)
    }

    /// Removes all comments of a task, with their results and attachments.
    func deleteComments(of task: TaskItem.ID) throws {
        try run(
            """
            DELETE FROM attachment WHERE entity_type = \(AttachmentHost.commentType)
                AND entity_id IN (SELECT id FROM task_comment WHERE task_id = \(task))
            """)
        try run("DELETE FROM task_result WHERE task_id = \(task)")
        try run("DELETE FROM task_comment WHERE task_id = \(task)")
    }

    /// - Throws: `.denied(.comment)`, also when there is none.
    fileprivate func comment(
        _ id: TaskComment.ID, of task: TaskItem.ID, toChangeFor caller: Caller
    ) throws -> TaskComment {
        guard caller.isAdministrator, try taskIfSeen(task, by: caller) != nil,
            try exists("SELECT 1 FROM task_comment WHERE id = \(id) AND task_id = \(task)")
        else { throw DriveError.denied(.comment(id)) }
        return try comment(id)
    }

    /// The author of a comment, with the rights that person has.
    fileprivate func author(_ id: Person.ID?, for caller: Caller) throws -> Caller {
        guard let id, id != caller.person else { return caller }
        let person = try person(id)
        guard person.isActive else { throw DriveError.notFound(.person(id)) }
        return Caller(person: id, isAdministrator: person.isAdministrator, departments: person.departments)
    }
}
