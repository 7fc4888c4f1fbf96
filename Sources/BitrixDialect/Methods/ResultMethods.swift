import DriveCore
import HTTPEdge

/// `tasks.task.result.*`: comments pinned as results of their tasks.
enum ResultMethods {
    private static let noAccess = Failure.method("0", "Access denied.")
    private static let noComment = Failure.method("0", "Comment not found.")

    static let all = [
        Method(
            "tasks.task.result.list", scope: "task",
            gap: "`formattedText` renders bold, italic, underlined and struck text and line ends"
        ) { params, call in
            let task = TaskItem.ID(try params.argument("taskId", remark: ""))
            do {
                let results = try await call.drive.results(of: task, as: call.caller)
                return Answer(.array(results.map { ResultWire.value($0, isListed: true, call.dates) }))
            } catch DriveError.notFound(.task) {
                throw noAccess
            }
        },

        Method("tasks.task.result.addFromComment", scope: "task") { params, call in
            let comment = TaskComment.ID(try params.argument("commentId", remark: ""))
            let result = try await pinning { try await call.drive.pinResult(comment, as: call.caller) }
            return Answer(ResultWire.value(result, isListed: false, call.dates))
        },

        Method("tasks.task.result.deleteFromComment", scope: "task") { params, call in
            let comment = TaskComment.ID(try params.argument("commentId", remark: ""))
            try await pinning { try await call.drive.unpinResults(of: comment, as: call.caller) }
            return Answer(.null)
        },
    ]

    private static func pinning<Result>(_ body: () async throws -> Result) async throws -> Result {
        do {
            return try await body()
        } catch DriveError.notFound(.comment) {
            throw noComment
        } catch DriveError.denied(.comment) {
            throw noAccess
        } catch DriveError.task(let problem) {
            throw TaskWords.usual.failure(problem)
        }
    }
}
