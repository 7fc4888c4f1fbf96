import NIOCore

/// The one tree every request is parsed into and every answer is written from. Order of members is kept; exact nulls,
/// exact number-or-string, `[]` or `{}` are the caller's decision and nothing here changes them.
package enum Value: Sendable {
    case null
    case bool(Bool)
    case int(Int64)
    /// A number that is not an Int64: a fraction, or out of range.
    case double(Double)
    case string(String)
    case array([Value])
    case object([Member])
    /// Long content that was diverted while the request was read, and is nowhere in memory (requests only).
    case content(any ContentReceiver)
    /// An object whose JSON is written already (answers only).
    case written(WrittenJSON)

    /// One key and value of an object.
    package struct Member: Sendable {
        package let key: String
        package var value: Value
        package init(_ key: String, _ value: Value) {
            self.key = key
            self.value = value
        }
    }

    /// An object's member by exact name; nil when absent or when this is no object.
    package subscript(key: String) -> Value? {
        switch self {
        case .object(let members): members.last { $0.key == key }?.value
        case .written(let json): json.tree[key]
        default: nil
        }
    }
}

extension Value {
    /// The elements of an array, the values of an object (`a[0]=x`), or a lone scalar as one element; none of null.
    package var elements: [Value] {
        switch self {
        case .array(let values): values
        case .object(let members): members.map(\.value)
        case .written(let json): json.tree.elements
        case .null: []
        default: [self]
        }
    }
}

/// Takes in one diverted content, decoded, in order. Made by a dialect around the drive's staging.
package protocol ContentReceiver: AnyObject, Sendable {
    func write(_ bytes: ByteBuffer) async throws
    /// Told once, when base64 has ended: whether it was so to the letter (`Base64StreamDecoder.wasStrict`). The last
    /// bytes may come after it. Not told of content that came as it is.
    func base64Ended(wasStrict: Bool)
}

extension ContentReceiver {
    package func base64Ended(wasStrict: Bool) {}
}

extension Value: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByNilLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    package init(stringLiteral value: String) { self = .string(value) }
    package init(integerLiteral value: Int64) { self = .int(value) }
    package init(booleanLiteral value: Bool) { self = .bool(value) }
    package init(nilLiteral: ()) { self = .null }
    package init(arrayLiteral elements: Value...) { self = .array(elements) }
    package init(dictionaryLiteral elements: (String, Value)...) { self = .object(elements.map { Member($0.0, $0.1) }) }
}

extension Value: Equatable {
    package static func == (left: Value, right: Value) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.bool(let a), .bool(let b)): a == b
        case (.int(let a), .int(let b)): a == b
        case (.double(let a), .double(let b)): a == b
        case (.string(let a), .string(let b)): a == b
        case (.array(let a), .array(let b)): a == b
        case (.object(let a), .object(let b)):
            a.count == b.count && zip(a, b).allSatisfy { $0.key == $1.key && $0.value == $1.value }
        case (.content(let a), .content(let b)): a === b
        case (.written(let a), _): a.tree == right
        case (_, .written(let b)): left == b.tree
        default: false
        }
    }
}
