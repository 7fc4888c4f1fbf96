/// An address a browser is sent back to with something to tell.
package struct RedirectAddress: Sendable {
    private let base: String

    /// - Parameter base: an absolute address without a fragment; what its query says stays.
    package init(_ base: String) { self.base = base }

    /// The address with these pairs at the end of its query, percent-encoded; a pair without a value is left out.
    package func adding(_ pairs: [(name: String, value: String?)]) -> String {
        let query = pairs.compactMap { pair in
            pair.value.map { "\(PercentEncoding.encode(pair.name))=\(PercentEncoding.encode($0))" }
        }.joined(separator: "&")
        guard let mark = base.firstIndex(of: "?") else { return "\(base)?\(query)" }
        let isOpen = base.hasSuffix("&") || base.index(after: mark) == base.endIndex
        return base + (isOpen ? "" : "&") + query
    }
}
