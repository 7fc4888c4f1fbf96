import DriveCore
import HTTPEdge

/// Which fields of a task a call asks for.
struct TaskSelection: Sendable {
    /// Nil: all but the `UF_` ones.
    private let names: Set<String>?
    /// True when any of the three `UF_` fields is named: one of them brings all three.
    let hasCustomFields: Bool

    /// All but the `UF_` fields.
    static let usual = TaskSelection(names: nil, hasCustomFields: false)
    static let customFields = ["UF_CRM_TASK", "UF_TASK_WEBDAV_FILES", "UF_MAIL_MESSAGE"]

    private init(names: Set<String>?, hasCustomFields: Bool) {
        self.names = names
        self.hasCustomFields = hasCustomFields
    }

    /// - Throws: `Failure` when `select` is there and no list of names.
    init(_ params: Parameters) throws {
        guard let value = params["select"], value != .null else {
            self = .usual
            return
        }
        guard let members = value.members else { throw Failure.mismatched("select", value, type: "array") }
        let named = try members.map { member in
            guard let name = member.value.text else { throw Failure.mismatched("select", [], type: "array") }
            return name
        }.filter { !$0.isEmpty }
        let custom = !Set(named).isDisjoint(with: Self.customFields)
        self.init(names: named.isEmpty || named.contains("*") ? nil : Set(named), hasCustomFields: custom)
    }

    func has(_ name: String) -> Bool { names?.contains(name) ?? true }
}
