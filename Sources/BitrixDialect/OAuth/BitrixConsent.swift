import DriveCore
import HTTPEdge

/// What consent means at this door: where it is asked for, what it is about and where it leads (vendor pages
/// `settings/oauth`). The page itself is somebody else's.
package enum BitrixConsent {
    /// Without the slash at the end that clients may add.
    package static let path = "/oauth/authorize"

    package static let terms = ConsentTerms(
        kind: .bitrix24, scopes: ServiceMethods.known, codeLifetimeMs: 30_000)

    /// A scope in plain words, as what an application may do.
    package static func words(for scope: String) -> String {
        switch scope {
        case "disk": "See, add, change and delete files and folders wherever you may"
        case "im": "Read and write in your chats, and use their files"
        case "task": "See, add and change your tasks and their files"
        case "user": "See everybody's profile, and add people if you are an administrator"
        case "user_basic": "See everybody's name, position and contact details"
        case "user_brief": "See everybody's name and position"
        default: "Use what is called \(scope)"
        }
    }

    /// Where a browser is sent with its code. On a refusal the portal shows a page of its own instead.
    /// - Parameter state: as the application sent it; nil when it sent none.
    package static func redirect(
        code: String, to application: Application, scopes: Set<String>, state: String?, account: Account,
        origin: String
    ) -> String {
        let host = Portal.host(of: origin)
        return RedirectAddress(application.redirectURI).adding([
            ("code", code), ("state", state), ("domain", host), ("member_id", Portal.memberID(of: account)),
            ("scope", Portal.text(of: scopes)), ("server_domain", host),
        ])
    }
}
