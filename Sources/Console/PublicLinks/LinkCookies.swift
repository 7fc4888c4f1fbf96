import DriveCore
import HTTPEdge
import Hummingbird

/// What a visitor's browser remembers of a link, signed by us and sent back to that link's addresses only.
struct LinkCookies: Sendable {
    private let sealer: LinkSealer
    private let now: @Sendable () -> Int64

    /// How long a password given once is good for.
    static let openSeconds: Int64 = 12 * 3600
    /// How long a download that was counted may be continued.
    static let resumeSeconds: Int64 = 24 * 3600

    init(drive: Drive) {
        sealer = LinkSealer(key: drive.account.signingKey)
        now = drive.now
    }

    private enum Purpose: String {
        case open = "public link open"
        case resume = "public link resume"

        var cookie: String {
            switch self {
            case .open: "dossier_link"
            case .resume: "dossier_resume"
            }
        }
    }

    /// For a visitor who knew the password that has `mark`.
    func opening(_ link: PublicLink.ID, mark: String, code: String, for request: EdgeRequest) -> String {
        cookie(
            .open, [link.description, mark], seconds: Self.openSeconds, path: LinkAddress.path(of: code), for: request)
    }

    /// True when the visitor has given the password the link asks for now.
    func isOpen(_ link: PublicLink, to request: EdgeRequest) -> Bool {
        guard let mark = link.passwordMark else { return true }
        return values(.open, in: request).contains([link.id.description, mark])
    }

    /// For a visitor whose download of these bytes was counted.
    func resuming(
        _ link: PublicLink.ID, sha256: String, path: String, for request: EdgeRequest
    ) -> String {
        cookie(.resume, [link.description, sha256], seconds: Self.resumeSeconds, path: path, for: request)
    }

    /// SHA-256 of what the visitor may go on downloading.
    func resumable(_ link: PublicLink.ID, by request: EdgeRequest) -> Set<String> {
        Set(values(.resume, in: request).compactMap { $0.count == 2 && $0[0] == link.description ? $0[1] : nil })
    }

    private func cookie(
        _ purpose: Purpose, _ fields: [String], seconds: Int64, path: String, for request: EdgeRequest
    ) -> String {
        let token = sealer.seal(purpose: purpose.rawValue, fields: [String(now() + seconds * 1000)] + fields)
        let secure = request.origin.lowercased().hasPrefix("https:") ? "; Secure" : ""
        return "\(purpose.cookie)=\(token); Path=\(path); Max-Age=\(seconds); HttpOnly; SameSite=Lax\(secure)"
    }

    /// The fields of every cookie of that kind that was sealed here and has not expired.
    private func values(_ purpose: Purpose, in request: EdgeRequest) -> [[String]] {
        request.headers[values: .cookie].flatMap { $0.split(separator: ";") }.compactMap { pair in
            let halves = pair.drop { $0 == " " }.split(separator: "=", maxSplits: 1)
            guard halves.count == 2, halves[0] == purpose.cookie,
                let fields = sealer.open(String(halves[1]), purpose: purpose.rawValue),
                let end = fields.first.flatMap({ Int64($0) }), end > now()
            else { return nil }
            return Array(fields.dropFirst())
        }
    }
}
