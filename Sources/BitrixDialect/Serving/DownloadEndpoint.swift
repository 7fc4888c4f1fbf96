import DriveCore
import HTTPEdge
import Hummingbird

/// Where `DOWNLOAD_URL` leads. The link is the credential; rights are those its person has now.
struct DownloadEndpoint: Sendable {
    private let surface: BitrixSurface

    init(_ surface: BitrixSurface) { self.surface = surface }

    func response(to request: EdgeRequest) async throws -> Response {
        let query = try Value.query(request.query)
        do {
            let content = try await content(query, isFetched: request.method == .get)
            return FileResponse(
                sizeBytes: content.sizeBytes, entityTag: content.sha256, lastModifiedMs: content.version.createdMs,
                mediaType: content.servedMediaType, fileName: content.version.name,
                open: {
                    try await content.openFile().map {
                        .init(descriptor: $0.descriptor, keeper: $0, prepare: $0.prepare)
                    }
                },
                read: { range, body in try await content.read(range, body) }
            ).response(to: request, mayShow: query["attachedId"] != nil && query["action"]?.text == "show")
        } catch DriveError.ticketUsed {
            throw Failure(403, "ACCESS_DENIED", "The link was used already")
        } catch DriveError.denied {
            throw Failure(403, "ACCESS_DENIED", "Access denied")
        } catch DriveError.notFound, DriveError.trashed {
            throw Failure(404, "ERROR_NOT_FOUND", "Could not find the file")
        }
    }

    /// - Parameter isFetched: false when only the headers are asked for: a link that works once is not used up then.
    private func content(_ query: Value, isFetched: Bool) async throws -> ReadableContent {
        let (bearer, target) = try open(query)
        let caller = try await surface.caller(bearer)
        switch target {
        case .file(let node, let version):
            return try await surface.drive.content(of: node, version: version, allowTrashed: true, as: caller)
        case .fileOnce(let node, let version):
            let ticket = isFetched ? OneTimeTicket(nonce: bearer.nonce, expiresMs: bearer.expiresMs) : nil
            return try await surface.drive.content(
                of: node, version: version, allowTrashed: false, spending: ticket, as: caller)
        case .attachment(let id):
            return try await surface.drive.content(ofAttachment: id, as: caller)
        }
    }

    /// `auth` and `token` on `/rest/download.json`, `token` alone when a chat gave it, `attachedId` and `auth[auth]` on the address of attached files.
    private func open(_ query: Value) throws -> (bearer: Links.Bearer, target: Links.Target) {
        if let sealed = query["auth"]?["auth"]?.text {
            let opened = try surface.links.openDownload(sealed, auth: nil)
            guard case .attachment(let id) = opened.target, query["attachedId"]?.integer == id.rawValue else {
                throw Failure.system(.invalidToken)
            }
            return opened
        }
        if let token = query["token"]?.text, token.hasPrefix(Links.messengerPrefix) {
            let opened = try surface.links.openDownload(token, auth: nil)
            guard case .fileOnce = opened.target else { throw Failure.system(.invalidToken) }
            return opened
        }
        guard let auth = query["auth"]?.text, !auth.isEmpty, let token = query["token"]?.text else {
            throw Failure.system(.noAuthFound)
        }
        let opened = try surface.links.openDownload(token, auth: auth)
        guard case .file = opened.target else { throw Failure.system(.invalidToken) }
        return opened
    }
}
