import Foundation

/// Where the form of consent may lead.
enum FormTarget {
    /// CSP sources for the form and every redirect that follows.
    ///
    /// Chromium applies `form-action` to the whole chain after a form was sent: to the application's address, and to
    /// wherever that sends the browser on, which only the application knows. So no origin can be named: any secure
    /// page will do, and the scheme of the registered address. The form carries nothing but a token for this one page.
    static func sources(of address: String) -> [String] {
        let scheme = URLComponents(string: address)?.scheme?.lowercased() ?? "https"
        return ["'self'", "https:"] + (scheme == "https" ? [] : ["\(scheme):"])
    }

    /// The address as a person recognizes it.
    static func name(of address: String) -> String {
        let parts = URLComponents(string: address)
        guard let host = parts?.host, !host.isEmpty else { return "\(parts?.scheme ?? "?")://" }
        return host + (parts?.port.map { ":\($0)" } ?? "")
    }
}
