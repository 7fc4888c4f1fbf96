import DriveCore
import HTTPEdge

/// A call's parameters, parsed once. Names are matched with their letter case; every scalar may come as text.
struct Parameters: Sendable {
    /// Always an object.
    let tree: Value

    init(_ tree: Value) { self.tree = tree }

    subscript(name: String) -> Value? { tree[name] }
}

extension Value {
    /// An integer, or decimal text of one.
    var integer: Int64? {
        switch self {
        case .int(let value): value
        case .string(let text): Int64(text)
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

    /// The elements of an array, or the values of an object, or a lone scalar as one element.
    var elements: [Value] {
        switch self {
        case .array(let values): values
        case .object(let members): members.map(\.value)
        case .null: []
        default: [self]
        }
    }
}
