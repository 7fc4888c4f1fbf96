import SQLStore

/// A checklist of a task, or an item in one.
package struct ChecklistItem: Sendable, Hashable {
    package typealias ID = Identifier<ChecklistItem>

    /// Somebody who takes part in an item, and so in its task.
    package struct Member: Sendable, Hashable {
        package let person: Person.ID
        package let role: TaskRole

        package init(person: Person.ID, role: TaskRole) {
            self.person = person
            self.role = role
        }
    }

    package let id: ID
    package let task: TaskItem.ID
    /// Nil for a checklist, whose title is its name.
    package let parent: ID?
    package let createdBy: Person.ID
    package let title: String
    /// Among its siblings, smaller first.
    package let sortIndex: Int64
    package let isComplete: Bool
    package let isImportant: Bool
    /// Who last changed `isComplete`, and when; nil: nobody yet.
    package let toggledBy: Person.ID?
    package let toggledMs: Int64?
    /// By person.
    package internal(set) var members: [Member]
    /// Oldest first.
    package internal(set) var files: [Attachment]
}

/// What an item is made of or changed to; nil: as it is (for a new one: the usual value).
package struct ChecklistFields: Sendable, Hashable {
    package var title: String?
    package var sortIndex: Int64?
    package var isComplete: Bool?
    package var isImportant: Bool?
    /// `.some(nil)`, and an item the task has not: it becomes a checklist of its own. For a new item nil means the
    /// task's first checklist, which is made when there is none.
    package var parent: ChecklistItem.ID??
    /// All who are to take part in it.
    package var members: [ChecklistItem.Member]?
    /// All the files it is to have.
    package var files: [TaskFields.File]?

    package init() {}
}

package enum ChecklistField: String, ListingField {
    case id, parent, createdBy, title, sortIndex, isComplete, isImportant, toggledBy, toggled

    package var column: ListingColumn {
        switch self {
        case .id: ListingColumn("ci.id", .integer)
        case .parent: ListingColumn("ci.parent_id", .integer, isNullable: true)
        case .createdBy: ListingColumn("ci.created_by", .integer)
        case .title: ListingColumn("ci.title", .folded(twin: "ci.title_fold"))
        case .sortIndex: ListingColumn("ci.sort_index", .integer)
        case .isComplete: ListingColumn("ci.is_complete", .integer)
        case .isImportant: ListingColumn("ci.is_important", .integer)
        case .toggledBy: ListingColumn("ci.toggled_by", .integer, isNullable: true)
        case .toggled: ListingColumn("ci.toggled_ms", .integer, isNullable: true)
        }
    }
}

extension ChecklistItem {
    static let tables = "checklist_item ci"
    static let columns = """
        ci.id, ci.task_id, ci.parent_id, ci.created_by, ci.title, ci.sort_index, ci.is_complete, ci.is_important, \
        ci.toggled_by, ci.toggled_ms
        """

    /// The item, its members and files not yet read.
    init(row: Row) throws {
        id = ID(try row.int(0))
        task = TaskItem.ID(try row.int(1))
        parent = try row.intOrNull(2).map { ID($0) }
        createdBy = Person.ID(try row.int(3))
        title = try row.text(4)
        sortIndex = try row.int(5)
        isComplete = try row.bool(6)
        isImportant = try row.bool(7)
        toggledBy = try row.intOrNull(8).map { Person.ID($0) }
        toggledMs = try row.intOrNull(9)
        members = []
        files = []
    }
}
