import DriveCore
import HTTPEdge

extension CommentFields {
    /// `FIELDS` of `task.commentitem.add` and `update`.
    /// - Parameter noText: what the page says when there is no text.
    init(_ arguments: PositionalArguments, at index: Int, noText: Failure, dates: WireDates) throws {
        self.init()
        for member in try arguments.object(index, keys: Self.keys) {
            let (name, value) = (member.key, member.value)
            switch name {
            case "POST_MESSAGE": text = value.text
            case "AUTHOR_ID" where !value.isBlank:
                guard case .id(let id) = value.naming else { throw CommentFailure.noAuthor }
                author = Person.ID(id)
            case "POST_DATE" where !value.isBlank:
                guard let ms = value.text.flatMap(dates.milliseconds) else {
                    throw Failure.core("Incorrect date in the \"POST_DATE\" field<br>")
                }
                postedMs = ms
            case "UF_FORUM_MESSAGE_DOC": files = try value.files(or: CommentFailure.noFile)
            default: break
            }
        }
        if text?.isEmpty ?? true { throw noText }
    }

    private static let keys: Set<String> = ["POST_MESSAGE", "AUTHOR_ID", "POST_DATE", "UF_FORUM_MESSAGE_DOC"]
}

/// Errors of the pages of `task.commentitem.*` that name no argument.
enum CommentFailure {
    static let noText = Failure.core("Comment text is not specified")
    static let noTextInUpdate = Failure.core("Comment text not specified.<br>")
    static let noAccess = Failure.core("Insufficient permissions to add a comment.<br>")
    static let noFile = Failure.core("File not found")
    static let noAuthor = Failure.core("Author not found<br>")
}
