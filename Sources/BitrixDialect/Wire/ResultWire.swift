import DriveCore
import HTTPEdge

/// A task's result as `tasks.task.result.*` shows it: numbers for ids.
enum ResultWire {
    /// - Parameter isListed: as in a list, which has the files; a result just made has null in their place.
    static func value(_ result: TaskResult, isListed: Bool, _ dates: WireDates) -> Value {
        [
            "id": .int(result.id.rawValue),
            "taskId": .int(result.task.rawValue),
            "commentId": .int(result.comment.rawValue),
            "createdBy": .int(result.createdBy.rawValue),
            "createdAt": dates.value(result.createdMs),
            "updatedAt": dates.value(result.updatedMs),
            "status": result.isClosed ? 1 : 0,
            "text": .string(result.text),
            "formattedText": .string(BBCode.html(result.text)),
            "files": isListed ? .array(result.files.map { .int($0.rawValue) }) : nil,
        ]
    }
}
