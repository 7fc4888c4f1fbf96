import Foundation

extension Application {
    /// Longest address, in bytes.
    private static let maxRedirectBytes = 2000
    /// Schemes a browser acts on itself instead of going somewhere.
    private static let forbiddenSchemes: Set<String> = [
        "about", "blob", "data", "file", "filesystem", "javascript", "vbscript", "view-source",
    ]

    /// An absolute address without a fragment (RFC 6749, section 3.1.2), or nothing. A program's own scheme will do.
    /// - Throws: `.invalidValue`.
    static func check(redirectURI text: String) throws {
        guard !text.isEmpty else { return }
        let isPlain = text.utf8.allSatisfy { (0x21...0x7E).contains($0) && !#""<>\^`{|}#"#.utf8.contains($0) }
        guard isPlain, text.utf8.count <= maxRedirectBytes, let parts = URLComponents(string: text),
            let scheme = parts.scheme?.lowercased(), !forbiddenSchemes.contains(scheme)
        else { throw DriveError.invalidValue("redirect URI") }
        let isWeb = scheme == "http" || scheme == "https"
        if isWeb && (parts.host ?? "").isEmpty || parts.user != nil || parts.password != nil {
            throw DriveError.invalidValue("redirect URI")
        }
    }
}
