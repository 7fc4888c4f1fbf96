import DriveCore
import HTTPEdge
import Hummingbird

/// Sends the bytes of a shared file, always to be saved and never shown.
///
/// What counts as a download: each GET whose answer begins with the file's first byte, whether it is fetched to its end or
/// not. HEAD, 304 and answers that begin further on (a download that goes on after a break) do not count. A link with a
/// limit would be none if everything but the first byte were free: there an answer that begins further on does not count
/// for whoever shows the cookie that came with a counted download of the same bytes, and counts for everybody else. With
/// that cookie a download can be finished even though it was the last one.
struct LinkDownload: Sendable {
    let drive: Drive
    let cookies: LinkCookies

    /// - Returns: nil when there is no file at that address, or no download left.
    func response(
        _ link: PublicLink, code: String, uuid: String?, to request: EdgeRequest
    ) async throws -> Response? {
        guard let content = try await drive.sharedContent(in: link.id, at: uuid) else { return nil }
        var response = FileResponse(
            sizeBytes: content.sizeBytes, entityTag: content.sha256, lastModifiedMs: content.version.createdMs,
            mediaType: content.servedMediaType, fileName: content.version.name,
            open: {
                try await content.openFile().map { .init(descriptor: $0.descriptor, keeper: $0, prepare: $0.prepare) }
            },
            read: { range, body in try await content.read(range, body) }
        ).response(to: request, mayShow: false)

        let goesOn = cookies.resumable(link.id, by: request).contains(content.sha256)
        let start = Self.firstByte(of: response, to: request)
        let counts = start == 0 || (start != nil && link.maxDownloads != nil && !goesOn)
        guard counts else { return link.isUsedUp && !goesOn ? nil : response }
        guard try await drive.countDownload(of: link.id) else { return nil }
        if link.maxDownloads != nil {
            let path = LinkAddress.download(code, uuid)
            response.headers[.setCookie] = cookies.resuming(
                link.id, sha256: content.sha256, path: path, for: request)
        }
        return response
    }

    /// Where in the file the answer's bytes begin; nil when it sends none of the file.
    private static func firstByte(of response: Response, to request: EdgeRequest) -> Int64? {
        guard request.method == .get else { return nil }
        switch response.status {
        case .ok: return 0
        case .partialContent:
            // "bytes 5-9/10"
            return response.headers[.contentRange].flatMap { Int64($0.dropFirst(6).prefix { $0.isNumber }) }
        default: return nil
        }
    }
}
