import DriveCore
import HTTPEdge

/// What consent means at this door: where it is asked for, what it is about and where it leads. The page itself is
/// somebody else's. The vendor's parameter `mode` (`popup`, `post_message`) changes nothing here: the window that asked
/// is the one that is sent back.
package enum AmoConsent {
    /// Without the slash at the end that clients may add.
    package static let path = "/oauth"

    /// A code works for 20 minutes; what an administrator gives is full and survives that user's deactivation.
    package static let terms = ConsentTerms(
        kind: .amocrm, scopes: Set(AccessToken.scopes), codeLifetimeMs: 20 * 60_000, isFullFromAdministrator: true)

    /// A scope in plain words, as what an application may do.
    package static func words(for scope: String) -> String {
        switch scope {
        case "crm": "See and change leads, contacts, companies and customers"
        case "files": "See, upload and change files wherever you may"
        case "files_delete": "Delete files wherever you may"
        default: "Use what is called \(scope)"
        }
    }

    /// Where a browser is sent with its code.
    /// - Parameter state: as the application sent it; nil when it sent none.
    package static func redirect(
        code: String, to application: Application, state: String?, origin: String
    ) -> String {
        RedirectAddress(application.redirectURI).adding([
            ("code", code), ("referer", AccountHost(origin).name), ("state", state),
            ("client_id", application.clientID),
        ])
    }

    /// Where it is sent when the person refused.
    package static func refusal(to application: Application, state: String?) -> String {
        RedirectAddress(application.redirectURI).adding([
            ("error", "access_denied"), ("client_id", application.clientID), ("state", state),
        ])
    }
}

/// The host this account answers on.
struct AccountHost: Sendable {
    /// Host and port without a scheme.
    let name: String

    /// - Parameter origin: as in `EdgeRequest.origin`.
    init(_ origin: String) { name = origin.split(separator: "/").last.map(String.init) ?? origin }

    /// The last label of a name, without the port; of an address or a lone word, all of it.
    var topLevelDomain: String {
        guard !name.hasPrefix("[") else { return name }
        let host = name.prefix { $0 != ":" }
        guard let label = host.split(separator: ".").last, !label.allSatisfy(\.isNumber) else { return String(host) }
        return String(label)
    }
}
