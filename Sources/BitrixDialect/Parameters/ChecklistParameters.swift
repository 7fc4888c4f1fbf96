import DriveCore
import HTTPEdge

extension ChecklistFields {
    /// `FIELDS` of `task.checklistitem.add` and `update`. `UF_CHECKLIST_FILES` is the items' own user field for files.
    init(_ arguments: PositionalArguments, at index: Int) throws {
        self.init()
        let words = arguments.words
        for member in try arguments.object(index, keys: Self.keys) {
            let (name, value) = (member.key, member.value)
            func refused() -> Failure { words.failed("Incorrect value specified for field [\(name)]") }
            switch name {
            case "TITLE":
                guard let title = value == .null ? "" : value.text else { throw refused() }
                self.title = title
            case "SORT_INDEX" where !value.isBlank:
                guard let index = value.integer else { throw refused() }
                sortIndex = index
            case "IS_COMPLETE", "IS_IMPORTANT":
                guard let flag = value.isBlank ? false : value.boolean else { throw refused() }
                if name == "IS_COMPLETE" { isComplete = flag } else { isImportant = flag }
            case "PARENT_ID": parent = .some(Self.parent(value))
            case "MEMBERS": members = try Self.members(value, or: refused())
            case "UF_CHECKLIST_FILES": files = try value.files(or: .core("Insufficient permissions.<br>"))
            default: break
            }
        }
    }

    private static let keys: Set<String> = [
        "PARENT_ID", "TITLE", "SORT_INDEX", "IS_COMPLETE", "IS_IMPORTANT", "MEMBERS", "UF_CHECKLIST_FILES",
    ]

    private static func parent(_ value: Value) -> ChecklistItem.ID? {
        guard case .id(let id) = value.naming else { return nil }
        return ChecklistItem.ID(id)
    }

    /// `{"547": {"TYPE": "A"}}`
    private static func members(_ value: Value, or failure: Failure) throws -> [ChecklistItem.Member] {
        if value.isEmptyContainer { return [] }
        guard let members = value.members else { throw failure }
        return try members.map { member in
            let roles: [String: TaskRole] = ["A": .accomplice, "U": .auditor]
            guard case .id(let id) = Value.string(member.key).naming,
                let role = member.value["TYPE"]?.text.flatMap({ roles[$0] })
            else { throw failure }
            return .init(person: Person.ID(id), role: role)
        }
    }
}
