import DriveCore
import HTTPEdge

/// A comment as `task.commentitem.*` shows it. Without files `ATTACHED_OBJECTS` is an empty object, not a list.
enum CommentWire {
    static func value(_ comment: TaskComment, _ wire: WireContext) -> Value {
        [
            "POST_MESSAGE_HTML": nil,
            "ID": .string(comment.id.description),
            "AUTHOR_ID": .string(comment.author.description),
            "AUTHOR_NAME": .string(comment.authorName),
            "AUTHOR_EMAIL": .string(comment.authorEmail),
            "POST_DATE": wire.dates.value(comment.postedMs),
            "POST_MESSAGE": .string(comment.text),
            "ATTACHED_OBJECTS": .object(
                comment.files.map { .init($0.id.description, AttachedFileWire.value($0, wire)) }),
        ]
    }

    static let syntax = ListingSyntax<CommentField>([
        .init("ID", .id, .integer),
        .init("AUTHOR_ID", .author, .integer),
        .init("AUTHOR_NAME", .authorName, .text),
        .init("AUTHOR_EMAIL", .authorEmail, .text, filters: false),
        .init("POST_DATE", .posted, .date),
    ])
}
