import SQLStore

/// A comment pinned as a result of its task.
package struct TaskResult: Sendable, Hashable {
    package typealias ID = Identifier<TaskResult>

    package let id: ID
    package let task: TaskItem.ID
    package let comment: TaskComment.ID
    /// Who pinned it.
    package let createdBy: Person.ID
    /// The comment's date when it was pinned, as the vendor's examples have it.
    package let createdMs: Int64
    package let updatedMs: Int64
    /// True once the task was completed, and for good.
    package let isClosed: Bool
    /// The comment's text now.
    package let text: String
    /// The comment's attachments, oldest first.
    package internal(set) var files: [Attachment.ID]
}

/// Whether a task has results.
package struct ResultState: Sendable, Hashable {
    package let hasOpen: Bool
}

extension Drive {
    /// Results of a task, newest first.
    /// - Throws: `.notFound(.task)` when there is none the caller may see.
    package func results(of task: TaskItem.ID, as caller: Caller) async throws -> [TaskResult] {
        try await read(as: caller) { tx in
            _ = try tx.task(task, for: caller)
            let results = try tx.rows(
                """
                SELECT \(raw: TaskResult.columns) FROM \(raw: TaskResult.tables)
                WHERE r.task_id = \(task) ORDER BY r.id DESC
                """
            ).map(TaskResult.init(row:))
            let files = try tx.attachments(
                ofType: AttachmentHost.commentType, Set(results.map(\.comment.rawValue)).sorted())
            return results.map { result in
                var result = result
                result.files = (files[result.comment.rawValue] ?? []).map(\.id)
                return result
            }
        }
    }

    /// Pins a comment as a result: its author may, and administrators. In a completed task the result is closed at once.
    ///
    /// - Throws: `.notFound(.comment)`; `.denied(.comment)` for others, and who may not see the task;
    ///   `.task(.resultExists)` when the comment has an open result.
    package func pinResult(_ id: TaskComment.ID, as caller: Caller) async throws -> TaskResult {
        try await database.write { tx in
            let (comment, task) = try tx.comment(id, toPinFor: caller)
            let made = try tx.row(
                """
                INSERT INTO task_result (task_id, comment_id, created_by, created_ms, updated_ms, is_closed)
                VALUES (\(task.id), \(comment.id), \(caller.person), \(comment.postedMs), \(comment.postedMs),
                    \(task.status == .completed))
                ON CONFLICT DO NOTHING RETURNING id
                """)
            guard let made else { throw DriveError.task(.resultExists) }
            let result = TaskResult.ID(try made.int(0))
            let row = try tx.row(
                """
                SELECT \(raw: TaskResult.columns) FROM \(raw: TaskResult.tables) WHERE r.id = \(result)
                """)
            guard let row else { throw SQLError.failed(message: "a result is gone that was just made") }
            return try TaskResult(row: row)
        }
    }

    /// Unpins a comment, which stays: its author may, and administrators. One that is no result stays as it is.
    /// - Throws: `.notFound(.comment)`, `.denied(.comment)`.
    package func unpinResults(of id: TaskComment.ID, as caller: Caller) async throws {
        try await database.write { tx in
            _ = try tx.comment(id, toPinFor: caller)
            try tx.run("DELETE FROM task_result WHERE comment_id = \(id)")
        }
    }

    /// Which of `tasks` have results; the caller has been shown the tasks.
    package func resultStates(ofTasks tasks: [TaskItem.ID]) async throws -> [TaskItem.ID: ResultState] {
        try await database.read { tx in
            var states: [TaskItem.ID: ResultState] = [:]
            for some in tasks.batches(of: bindingsAtOnce) {
                let rows = try tx.rows(
                    "SELECT task_id, min(is_closed) FROM task_result WHERE task_id IN (\(list: some)) GROUP BY task_id")
                for row in rows { states[TaskItem.ID(try row.int(0))] = ResultState(hasOpen: try row.int(1) == 0) }
            }
            return states
        }
    }
}

extension Transaction {
    /// Closes what is open, as happens when a task is completed.
    func closeResults(of task: TaskItem.ID, atMs now: Int64) throws {
        try run(
            "UPDATE task_result SET is_closed = 1, updated_ms = \(now) WHERE task_id = \(task) AND is_closed = 0")
    }

    /// - Throws: `.notFound(.comment)`, `.denied(.comment)`.
    fileprivate func comment(
        _ id: TaskComment.ID, toPinFor caller: Caller
    ) throws -> (comment: TaskComment, task: TaskItem) {
        let comment = try comment(id)
        guard let task = try taskIfSeen(comment.task, by: caller),
            caller.isAdministrator || comment.author == caller.person
        else { throw DriveError.denied(.comment(id)) }
        return (comment, task)
    }
}

extension TaskResult {
    static let tables = "task_result r JOIN task_comment tc ON tc.id = r.comment_id"
    static let columns = "r.id, r.task_id, r.comment_id, r.created_by, r.created_ms, r.updated_ms, r.is_closed, tc.text"

    /// The result, its files not yet read.
    init(row: Row) throws {
        id = ID(try row.int(0))
        task = TaskItem.ID(try row.int(1))
        comment = TaskComment.ID(try row.int(2))
        createdBy = Person.ID(try row.int(3))
        createdMs = try row.int(4)
        updatedMs = try row.int(5)
        isClosed = try row.bool(6)
        text = try row.text(7)
        files = []
    }
}
