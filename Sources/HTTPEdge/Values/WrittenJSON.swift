import NIOCore

/// A part of an answer that is JSON already. It is read again only where somebody looks into it.
package struct WrittenJSON: Sendable {
    let bytes: [UInt8]

    /// What it says, as a tree.
    package var tree: Value {
        guard let tree = try? Value.json(ByteBuffer(bytes: bytes)) else {
            assertionFailure("JSON written here that cannot be read")
            return .null
        }
        return tree
    }
}

extension Value {
    /// An object that is written at once, its members in the order in which `members` writes them.
    package static func writtenObject(_ members: (inout JSONText) -> Void) -> Value {
        var text = JSONText()
        text.object(members)
        return .written(WrittenJSON(bytes: text.withBytes(Array.init)))
    }

    /// The same without anything that is written already: what code that looks into values is given.
    package var unwritten: Value {
        switch self {
        case .written(let json): json.tree
        case .array(let elements): .array(elements.map(\.unwritten))
        case .object(let members): .object(members.map { Member($0.key, $0.value.unwritten) })
        default: self
        }
    }
}
