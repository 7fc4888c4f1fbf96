import DriveCore
import HTTPEdge

/// Which fields of a task a call asks for.
struct TaskSelection: Sendable {
    /// Nil: all but the `UF_` ones.
    private let names: Set<String>?
    /// True when any of the three `UF_` fields is named, or all by `UF_*`: one of them brings all three.
    let hasCustomFields: Bool
    /// Members of `params` that ask for more in a list: `WITH_RESULT_INFO` and its like.
    private let extras: Set<String>

    /// All but the `UF_` fields.
    static let usual = TaskSelection(names: nil, hasCustomFields: false)
    static let customFields = ["UF_CRM_TASK", "UF_TASK_WEBDAV_FILES", "UF_MAIL_MESSAGE"]

    private init(names: Set<String>?, hasCustomFields: Bool, extras: Set<String> = []) {
        self.names = names
        self.hasCustomFields = hasCustomFields
        self.extras = extras
    }

    /// - Throws: `Failure` when `select` is there and no list of names.
    init(_ params: Parameters) throws {
        let extras = Set((params["params"]?.members ?? []).filter { $0.value.boolean == true }.map(\.key))
        guard let value = params["select"], value != .null else {
            self.init(names: nil, hasCustomFields: false, extras: extras)
            return
        }
        guard let members = value.members else { throw Failure.mismatched("select", value, type: "array") }
        let named = try members.map { member in
            guard let name = member.value.text else { throw Failure.mismatched("select", [], type: "array") }
            return name
        }.filter { !$0.isEmpty }
        let custom = !Set(named).isDisjoint(with: Self.customFields + ["UF_*"])
        self.init(
            names: named.isEmpty || named.contains("*") ? nil : Set(named), hasCustomFields: custom, extras: extras)
    }

    func has(_ name: String) -> Bool { names?.contains(name) ?? true }

    func hasExtra(_ name: String) -> Bool { extras.contains(name) }
}
