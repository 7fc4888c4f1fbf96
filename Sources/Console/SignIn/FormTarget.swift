import Foundation

/// Where a form leads once it was answered with a redirect: Chromium applies `form-action` to that too.
enum FormTarget {
    /// A CSP source that covers the address: its origin, or all of its scheme where no source can say the host.
    static func source(of address: String) -> String {
        guard let parts = URLComponents(string: address), let scheme = parts.scheme?.lowercased() else {
            return "'none'"
        }
        guard scheme == "http" || scheme == "https", let host = parts.host, isName(host) else { return "\(scheme):" }
        return "\(scheme)://\(host)" + (parts.port.map { ":\($0)" } ?? "")
    }

    /// The address as a person recognizes it.
    static func name(of address: String) -> String {
        let parts = URLComponents(string: address)
        guard let host = parts?.host, !host.isEmpty else { return "\(parts?.scheme ?? "?")://" }
        return host + (parts?.port.map { ":\($0)" } ?? "")
    }

    private static func isName(_ host: String) -> Bool {
        !host.isEmpty
            && host.utf8.allSatisfy {
                (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) || $0 == 0x2D || $0 == 0x2E
            }
    }
}
