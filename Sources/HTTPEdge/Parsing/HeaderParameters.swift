/// A header value of the shape `value; name=text; name="quoted text"`.
struct HeaderParameters {
    /// What comes before the first semicolon, in lower case.
    let value: String
    private let parameters: [(name: String, text: String)]

    /// In quoted text a backslash escapes a quote and a backslash and is itself before anything else, because browsers
    /// send Windows paths with bare ones.
    init(_ header: String) {
        var rest = header.utf8[...]
        func text(_ bytes: some Collection<UInt8>) -> String {
            let trimmed = bytes.drop { $0 == 0x20 || $0 == 0x09 }
            return String(decoding: Array(trimmed), as: UTF8.self).trimmingTrailingSpace()
        }
        func isEnd(_ byte: UInt8) -> Bool { byte == UInt8(ascii: ";") }
        value = text(rest.prefix { !isEnd($0) }).lowercased()
        rest = rest.drop { !isEnd($0) }
        var parameters: [(name: String, text: String)] = []
        while !rest.isEmpty {
            rest = rest.drop { isEnd($0) || $0 == 0x20 || $0 == 0x09 }
            let name = rest.prefix { !isEnd($0) && $0 != UInt8(ascii: "=") }
            rest = rest[name.endIndex...]
            guard rest.first == UInt8(ascii: "=") else { continue }
            rest = rest.dropFirst().drop { $0 == 0x20 || $0 == 0x09 }
            if rest.first == UInt8(ascii: "\"") {
                parameters.append((text(name).lowercased(), Self.readQuoted(&rest)))
                rest = rest.drop { !isEnd($0) }
            } else {
                let plain = rest.prefix { !isEnd($0) }
                rest = rest[plain.endIndex...]
                parameters.append((text(name).lowercased(), text(plain)))
            }
        }
        self.parameters = parameters
    }

    /// The first parameter of that name.
    subscript(name: String) -> String? { parameters.first { $0.name == name }?.text }

    /// A parameter in the encoding of RFC 8187 (`name*=UTF-8''...`); nil when absent or not so encoded.
    func extended(_ name: String) -> String? {
        guard let encoded = self[name + "*"] else { return nil }
        let pieces = encoded.split(separator: "'", maxSplits: 2, omittingEmptySubsequences: false)
        guard pieces.count == 3, let bytes = PercentEncoding.decode(pieces[2].utf8) else { return nil }
        switch pieces[0].lowercased() {
        case "utf-8": return String(validating: bytes, as: UTF8.self)
        case "iso-8859-1": return String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
        default: return nil
        }
    }

    private static func readQuoted(_ rest: inout Substring.UTF8View) -> String {
        var bytes: [UInt8] = []
        rest = rest.dropFirst()
        while let byte = rest.popFirst(), byte != UInt8(ascii: "\"") {
            if byte == UInt8(ascii: "\\"), let next = rest.first,
                next == UInt8(ascii: "\"") || next == UInt8(ascii: "\\")
            {
                rest = rest.dropFirst()
                bytes.append(next)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension String {
    fileprivate func trimmingTrailingSpace() -> String {
        var text = self[...]
        while let last = text.last, last == " " || last == "\t" { text = text.dropLast() }
        return String(text)
    }
}
