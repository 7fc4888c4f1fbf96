import DriveCore
import HTTPEdge

/// A call's parameters, parsed once. Names are matched with their letter case; every scalar may come as text.
struct Parameters: Sendable {
    /// Always an object.
    let tree: Value

    /// What the transport reads or nobody does; never a parameter of a method (protocol reference, section 2).
    private static let ofTransport: Set<String> = [
        "auth", "auth_connector", "bx24_request_id", "bx24_sdk_ver", "bx24_sdk_type",
    ]

    init(_ tree: Value) {
        if case .object(let members) = tree, members.contains(where: { Self.ofTransport.contains($0.key) }) {
            self.tree = .object(members.filter { !Self.ofTransport.contains($0.key) })
        } else {
            self.tree = tree
        }
    }

    subscript(name: String) -> Value? { tree[name] }

    /// A required integer.
    /// - Throws: `BadArgument` when it is missing, empty, no integer, or beyond 64 bits.
    func integer(_ name: String) throws -> Int64 {
        guard let number = self[name]?.integer else { throw BadArgument(name) }
        return number
    }

    /// A required id. An id that cannot be (0, negative) is simply one that nothing has.
    func id<Entity>(_ name: String, as entity: Entity.Type = Entity.self) throws -> Identifier<Entity> {
        Identifier(try integer(name))
    }

    /// Required text that is not empty.
    func text(_ name: String) throws -> String {
        guard let text = self[name]?.text, !text.isEmpty else { throw BadArgument(name) }
        return text
    }

    /// - Throws: `Failure` when it is there and neither true nor false in any of the usual spellings.
    func flag(_ name: String, default fallback: Bool = false) throws -> Bool {
        guard let value = self[name], !value.isBlank else { return fallback }
        guard let flag = value.boolean else { throw Failure.argument(name, "it is neither true nor false") }
        return flag
    }

    /// An object (or a list), empty when absent; an empty array means absent too.
    /// - Throws: `Failure` when it is a lone scalar.
    func members(_ name: String) throws -> [Value.Member] {
        guard let value = self[name], !value.isEmptyContainer else { return [] }
        guard let members = value.members else { throw Failure.argument(name, "it is no array") }
        return members
    }
}

extension Value {
    /// An integer, or decimal text of one.
    var integer: Int64? {
        switch self {
        case .int(let value): value
        case .string(let text): Int64(text)
        case .double(let value): Int64(exactly: value)
        default: nil
        }
    }

    /// Text, or a number spelled out; nil for null, booleans, arrays and objects.
    var text: String? {
        switch self {
        case .string(let text): text
        case .int(let value): String(value)
        case .double(let value): "\(value)"
        default: nil
        }
    }

    /// `true`/`false`, 1/0, `Y`/`N`, as JSON or as text.
    var boolean: Bool? {
        switch self {
        case .bool(let value): value
        case .int(1): true
        case .int(0): false
        case .string(let text):
            switch text.lowercased() {
            case "1", "y", "true": true
            case "0", "n", "false", "": false
            default: nil
            }
        default: nil
        }
    }

    /// Absent, null, an empty string, an empty array or object.
    var isBlank: Bool {
        switch self {
        case .null, .string(""): true
        case .array(let values): values.isEmpty
        case .object(let members): members.isEmpty
        default: false
        }
    }

    /// Nothing, or a list of nothing: a form can only say an empty list as `order[]=`.
    var isEmptyContainer: Bool {
        if case .array(let values) = self { return values.allSatisfy { $0 == .string("") || $0 == .null } }
        return isBlank
    }

    /// The members of an object, or the elements of an array under their numbers; nil for a scalar.
    var members: [Member]? {
        switch self {
        case .object(let members): members
        case .array(let values): values.enumerated().map { Member(String($0), $1) }
        case .written(let json): json.tree.members
        default: nil
        }
    }

    /// An array, for `nil`-free map literals: an object, or `[]` when it has no members, as PHP writes an empty map.
    static func map(_ members: [Member]) -> Value { members.isEmpty ? .array([]) : .object(members) }
}
