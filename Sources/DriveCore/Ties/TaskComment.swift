import SQLStore

/// A comment on a task.
package struct TaskComment: Sendable, Hashable {
    package typealias ID = Identifier<TaskComment>

    package let id: ID
    package let task: TaskItem.ID
    /// In whose name it stands, which need not be who wrote it.
    package let author: Person.ID
    package let authorName: String
    package let authorEmail: String
    /// BBCode, never empty.
    package let text: String
    /// The date it bears.
    package let postedMs: Int64
    /// Oldest first.
    package internal(set) var files: [Attachment]
}

/// What a comment is made of or changed to; nil: as it is (for a new one: the caller, now, no files).
package struct CommentFields: Sendable, Hashable {
    package var text: String?
    package var author: Person.ID?
    package var postedMs: Int64?
    /// All the files it is to have.
    package var files: [TaskFields.File]?

    package init() {}
}

package enum CommentField: String, ListingField {
    case id, author, authorName, authorEmail, posted

    package var column: ListingColumn {
        switch self {
        case .id: ListingColumn("tc.id", .integer)
        case .author: ListingColumn("tc.author_id", .integer)
        case .authorName:
            ListingColumn(
                "CASE WHEN p.name = '' AND p.last_name = '' THEN p.login ELSE trim(p.name || ' ' || p.last_name) END",
                .folded(
                    twin: "CASE WHEN p.name_fold = '' AND p.last_name_fold = '' THEN p.login"
                        + " ELSE trim(p.name_fold || ' ' || p.last_name_fold) END"))
        case .authorEmail: ListingColumn("p.email", .folded(twin: "p.email_fold"))
        case .posted: ListingColumn("tc.posted_ms", .integer)
        }
    }
}

extension TaskComment {
    static let tables = "task_comment tc JOIN person p ON p.id = tc.author_id"
    static let columns = "tc.id, tc.task_id, tc.author_id, p.name, p.last_name, p.login, p.email, tc.text, tc.posted_ms"

    /// The comment, its files not yet read.
    init(row: Row) throws {
        id = ID(try row.int(0))
        task = TaskItem.ID(try row.int(1))
        author = Person.ID(try row.int(2))
        authorName = Person.fullName(try row.text(3), try row.text(4), login: try row.text(5))
        authorEmail = try row.text(6)
        text = try row.text(7)
        postedMs = try row.int(8)
        files = []
    }
}
