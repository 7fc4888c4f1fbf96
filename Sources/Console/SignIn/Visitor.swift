import DriveCore
import HTTPEdge
import Hummingbird

/// A browser, known by a cookie it was given: a signed, expiring text around a secret.
///
/// A browser gets one with the first form it is shown, so that the form can be bound to it, and another one when
/// somebody signs in; only the secret of the latter is known to the drive.
struct Visitor: Sendable, Equatable {
    let secret: String
    let expiresMs: Int64
}

/// Gives cookies to browsers and reads them.
struct Visitors: Sendable {
    /// Also how long somebody stays signed in.
    static let lifetimeMs: Int64 = 12 * 3600 * 1000
    private static let purpose = "console visitor"
    private static let formPurpose = "console form"

    private let sealer: LinkSealer
    private let now: @Sendable () -> Int64

    init(drive: Drive) {
        sealer = LinkSealer(key: drive.account.signingKey)
        now = drive.now
    }

    /// The browser that asks; nil without a cookie of ours that is good now.
    func visitor(of request: EdgeRequest) -> Visitor? {
        let name = Self.cookieName(request)
        for pair in request.headers[values: .cookie].flatMap({ $0.split(separator: ";") }) {
            let halves = pair.drop { $0 == " " }.split(separator: "=", maxSplits: 1)
            guard halves.count == 2, halves[0] == name,
                let fields = sealer.open(String(halves[1]), purpose: Self.purpose), fields.count == 2,
                let expiresMs = Int64(fields[1]), expiresMs > now()
            else { continue }
            return Visitor(secret: fields[0], expiresMs: expiresMs)
        }
        return nil
    }

    /// A browser nobody has signed in with.
    func stranger() -> Visitor { known(by: Drive.newTokenText()) }

    func known(by secret: String) -> Visitor { Visitor(secret: secret, expiresMs: now() + Self.lifetimeMs) }

    /// What makes a browser remember: out of reach of scripts and of other hosts, not sent along by other sites' forms.
    func cookie(for visitor: Visitor, _ request: EdgeRequest) -> String {
        let text = sealer.seal(purpose: Self.purpose, fields: [visitor.secret, String(visitor.expiresMs)])
        let seconds = max(0, visitor.expiresMs - now()) / 1000
        let secure = Self.isSecure(request) ? "; Secure" : ""
        return "\(Self.cookieName(request))=\(text); Path=/; Max-Age=\(seconds); HttpOnly; SameSite=Lax\(secure)"
    }

    /// What a form carries to prove that it was shown to this browser, and about this application.
    func formToken(for visitor: Visitor, about subject: String) -> String {
        sealer.seal(purpose: Self.formPurpose, fields: [visitor.secret, subject, String(visitor.expiresMs)])
    }

    func isForm(_ token: String, of visitor: Visitor, about subject: String) -> Bool {
        guard let fields = sealer.open(token, purpose: Self.formPurpose), fields.count == 3 else { return false }
        return fields[0] == visitor.secret && fields[1] == subject && (Int64(fields[2]) ?? 0) > now()
    }

    private static func isSecure(_ request: EdgeRequest) -> Bool { request.origin.hasPrefix("https://") }

    /// The prefix makes browsers refuse a cookie that another host or plain HTTP has set (RFC 6265bis, section 4.1.3.2).
    private static func cookieName(_ request: EdgeRequest) -> String {
        isSecure(request) ? "__Host-dossier" : "dossier"
    }
}
