/// A short query without escapes, brackets and anything beyond printable ASCII, as most calls of one object have. What
/// `FormReader` would make of it, in a fraction of the time: that one is ready for input in pieces and for trees.
enum PlainQuery {
    private static let mostBytes = 512
    private static let mostPairs = 16

    /// - Returns: nil for any other query.
    static func members(of text: String, limits: ParsingLimits) -> [Value.Member]? {
        let length = text.utf8.count
        guard length <= min(mostBytes, limits.memory) else { return nil }
        var text = text
        return text.withUTF8 { bytes in
            guard bytes.allSatisfy(isPlain) else { return nil }
            var members: [Value.Member] = []
            var pairs = 0
            var rest = bytes[...]
            while !rest.isEmpty {
                let pair = rest.prefix { $0 != UInt8(ascii: "&") }
                rest = rest[pair.endIndex...].dropFirst()
                let key = pair.prefix { $0 != UInt8(ascii: "=") }
                if key.isEmpty { continue }
                pairs += 1
                guard pairs <= min(mostPairs, limits.values) else { return nil }
                let value = Value.string(string(pair[key.endIndex...].dropFirst()))
                let name = string(key)
                if let place = members.firstIndex(where: { $0.key == name }) {
                    members[place].value = value
                } else {
                    members.append(Value.Member(name, value))
                }
            }
            return members
        }
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "%"), UInt8(ascii: "+"), UInt8(ascii: "["): false
        default: 0x20..<0x7f ~= byte
        }
    }

    private static func string(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> String {
        String(decoding: UnsafeBufferPointer(rebasing: bytes), as: UTF8.self)
    }
}
