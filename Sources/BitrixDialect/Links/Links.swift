import DriveCore
import HTTPEdge

/// Links that carry their own credential: signed, expiring, bound to one person and one thing.
struct Links: Sendable {
    private let sealer: LinkSealer
    private let lifetimeMs: Int64
    private let now: @Sendable () -> Int64

    /// How long the address of a two-step upload works (disk reference 6.2).
    static let uploadLifetimeMs: Int64 = 24 * 3600 * 1000

    init(drive: Drive) {
        sealer = LinkSealer(key: drive.account.signingKey)
        lifetimeMs = drive.settings.linkLifetimeMs
        now = drive.now
    }

    private enum Purpose: String {
        case download = "bitrix download"
        case upload = "bitrix upload"
    }

    /// What a download link lets its holder fetch, as the person it was given to.
    enum Target: Equatable, Sendable {
        case file(Node.ID, Version.ID)
        /// The same, once.
        case fileOnce(Node.ID, Version.ID)
        case attachment(Attachment.ID)
    }

    /// Where the bytes of a file's content are fetched. A fresh one in every answer.
    func download(node: Node.ID, version: Version.ID, as wire: WireContext) -> String {
        let nonce = RandomHex.text(words: 2)
        let token = seal(.download, nonce, lifetimeMs, wire, ["file", node.description, version.description])
        return String(pieces: [wire.origin, "/rest/download.json?auth=", nonce, "&token=disk%7C", token])
    }

    /// As `download`, for a link that works once and needs no `auth` beside its token (page `im.v2.File.download`).
    func downloadOnce(node: Node.ID, version: Version.ID, as wire: WireContext) -> String {
        let fields = ["once", node.description, version.description]
        let token = seal(.download, RandomHex.text(words: 2), lifetimeMs, wire, fields)
        return "\(wire.origin)/rest/download.json?token=im%7C\(token)"
    }

    func attachment(_ id: Attachment.ID, as wire: WireContext) -> String {
        wire.origin + attachmentPaths(id, as: wire).download
    }

    /// Where the bytes of an attached file are fetched, and where a browser shows them, without the origin.
    func attachmentPaths(_ id: Attachment.ID, as wire: WireContext) -> (download: String, show: String) {
        let token = seal(.download, RandomHex.text(words: 2), lifetimeMs, wire, ["attachment", id.description])
        return Self.attachmentPaths(id, credential: "&auth%5Bauth%5D=\(token)")
    }

    /// The same for somebody who brings a credential of their own.
    static func attachmentPaths(_ id: Attachment.ID, credential: String = "") -> (download: String, show: String) {
        let start = "\(CallAddress.attachedFilePath)?attachedId=\(id)\(credential)"
        return ("\(start)&action=download&ncc=1", "\(start)&action=show&ncc=1")
    }

    /// Where a file of a two-step upload is posted.
    func upload(_ upload: SealedUpload, as wire: WireContext) -> String {
        let nonce = RandomHex.text(words: 2)
        let token = seal(.upload, nonce, Self.uploadLifetimeMs, wire, upload.fields)
        return String(pieces: [wire.origin, "/rest/upload.json?auth=", nonce, "&token=disk%7C", token])
    }

    /// - Parameter auth: what stood beside the token; nil where the link has no such part.
    /// - Throws: `Failure` 401: `invalid_token` for anything not made here, `expired_token` after its time.
    func openDownload(_ token: String, auth: String?) throws -> (bearer: Bearer, target: Target) {
        let (bearer, rest) = try open(.download, token, auth: auth)
        let numbers = rest.dropFirst().compactMap(Int64.init)
        switch (rest.first, numbers.count) {
        case ("file", 2): return (bearer, .file(Node.ID(numbers[0]), Version.ID(numbers[1])))
        case ("once", 2): return (bearer, .fileOnce(Node.ID(numbers[0]), Version.ID(numbers[1])))
        case ("attachment", 1): return (bearer, .attachment(Attachment.ID(numbers[0])))
        default: throw Failure.system(.invalidToken)
        }
    }

    func openUpload(_ token: String, auth: String?) throws -> (bearer: Bearer, upload: SealedUpload) {
        let (bearer, rest) = try open(.upload, token, auth: auth)
        guard let upload = SealedUpload(fields: rest) else { throw Failure.system(.invalidToken) }
        return (bearer, upload)
    }

    /// What stands before a token: the part of the vendor's service that made it.
    static let messengerPrefix = "im|"
    private static let prefixes = ["disk|", messengerPrefix]

    /// Whom a link acts for.
    struct Bearer: Sendable {
        let person: Person.ID
        let application: Application.ID?
        let nonce: String
        let expiresMs: Int64
    }

    private func seal(
        _ purpose: Purpose, _ nonce: String, _ lifetimeMs: Int64, _ wire: WireContext, _ fields: [String]
    ) -> String {
        let head = [
            nonce, String(now() + lifetimeMs), wire.caller.person.description,
            wire.caller.application?.description ?? "",
        ]
        return sealer.seal(purpose: purpose.rawValue, fields: head + fields)
    }

    private func open(_ purpose: Purpose, _ token: String, auth: String?) throws -> (Bearer, [String]) {
        let bare = Self.prefixes.first { token.hasPrefix($0) }.map { String(token.dropFirst($0.count)) } ?? token
        guard let fields = sealer.open(bare, purpose: purpose.rawValue), fields.count >= 4,
            auth == nil || auth == fields[0], let expiresMs = Int64(fields[1]), let person = Int64(fields[2])
        else { throw Failure.system(.invalidToken) }
        if expiresMs <= now() { throw Failure.system(.expiredToken) }
        let bearer = Bearer(
            person: Person.ID(person), application: Int64(fields[3]).map { Application.ID($0) }, nonce: fields[0],
            expiresMs: expiresMs)
        return (bearer, Array(fields.dropFirst(4)))
    }
}

/// What the first step of a two-step upload fixes for the second.
struct SealedUpload: Equatable, Sendable {
    let folder: Node.ID
    /// Nil: the posted part's own file name.
    let name: String?
    let uniqueName: Bool
    let rights: [Right]

    init(folder: Node.ID, name: String?, uniqueName: Bool, rights: [Right]) {
        self.folder = folder
        self.name = name
        self.uniqueName = uniqueName
        self.rights = rights
    }

    var fields: [String] {
        [folder.description, uniqueName ? "1" : "0", name ?? ""]
            + rights.flatMap { [$0.subject, String($0.level.rawValue)] }
    }

    init?(fields: [String]) {
        guard fields.count >= 3, fields.count % 2 == 1, let folder = Int64(fields[0]) else { return nil }
        self.folder = Node.ID(folder)
        uniqueName = fields[1] == "1"
        name = fields[2].isEmpty ? nil : fields[2]
        rights = stride(from: 3, to: fields.count, by: 2).compactMap { index in
            Int64(fields[index + 1]).flatMap(Level.init(rawValue:)).map { Right(subject: fields[index], level: $0) }
        }
    }
}
