import DriveCore
import HTTPEdge
import Hummingbird

/// `/download/...`: the link is the credential, so any token that comes along is not looked at.
enum DownloadRoutes {
    static let all: [Route] = [HTTPRequest.Method.get, .head].map { method in
        .open(method, "/download/{account_uuid}/{file_uuid}/{rest...}", download)
    }

    /// The segment after the file is a version when it is a UUID and something follows; the name is never looked at.
    @Sendable private static func download(_ visit: Visit) async throws -> Answer {
        guard try visit.uuid("account_uuid") == visit.drive.account.uuid else { throw Failure.notFound }
        let rest = visit.request.path.split(separator: "/").dropFirst(3)
        let version = rest.count >= 2 ? rest.first.flatMap { UUIDText(String($0))?.text } : nil
        let content = try await visit.drive.content(ofFile: try visit.uuid("file_uuid"), versionUUID: version)
        let file = FileResponse(
            sizeBytes: content.sizeBytes, entityTag: content.version.uuid, lastModifiedMs: content.version.createdMs,
            mediaType: content.servedMediaType, fileName: content.version.name,
            open: {
                try await content.openFile().map { .init(descriptor: $0.descriptor, keeper: $0, prepare: $0.prepare) }
            }
        ) { range, send in try await content.read(range, send) }
        return .file(file.response(to: visit.request))
    }
}
