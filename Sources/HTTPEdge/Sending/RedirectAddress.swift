/// An address a browser is sent back to with something to tell.
package struct RedirectAddress: Sendable {
    private let base: String

    /// - Parameter base: an absolute address without a fragment; what its query says stays.
    package init(_ base: String) { self.base = base }

    /// The address with these pairs at the end of its query, percent-encoded; a pair without a value is left out.
    package func adding(_ pairs: [(name: String, value: String?)]) -> String {
        let query = pairs.compactMap { pair in
            pair.value.map { "\(Self.encoded(pair.name))=\(Self.encoded($0))" }
        }.joined(separator: "&")
        guard let mark = base.firstIndex(of: "?") else { return "\(base)?\(query)" }
        let isOpen = base.hasSuffix("&") || base.index(after: mark) == base.endIndex
        return base + (isOpen ? "" : "&") + query
    }

    /// RFC 3986, section 2.3: everything but unreserved characters.
    private static func encoded(_ text: String) -> String {
        var result = ""
        for byte in text.utf8 {
            switch byte {
            case 48...57, 65...90, 97...122, 0x2D, 0x2E, 0x5F, 0x7E: result.unicodeScalars.append(Unicode.Scalar(byte))
            default: result += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }
        return result
    }
}
