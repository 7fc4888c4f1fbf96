import DriveCore
import HTTPEdge
import Hummingbird

/// `/download/...` and `/preview/...`: the link is the credential, so any token that comes along is not looked at.
enum DownloadRoutes {
    static let all: [Route] = [HTTPRequest.Method.get, .head].flatMap { method -> [Route] in
        [
            .open(method, "/download/{account_uuid}/{file_uuid}/{rest...}", download),
            .open(method, "/preview/{account_uuid}/{file_uuid}/{version_uuid}/{name}", preview),
        ]
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

    /// The name begins with the square the preview fits into: `200.jpg`.
    @Sendable private static func preview(_ visit: Visit) async throws -> Answer {
        guard try visit.uuid("account_uuid") == visit.drive.account.uuid,
            let edge = (visit.captures["name"] ?? "").split(separator: ".").first.flatMap({ Int64($0) })
        else { throw Failure.notFound }
        let (preview, content) = try await visit.drive.preview(
            edge: edge, ofVersion: try visit.uuid("version_uuid"), ofFile: try visit.uuid("file_uuid"))
        let stem = FileName.stem(of: content.version.name, extension: content.version.fileExtension)
        let file = FileResponse(
            sizeBytes: content.sizeBytes, entityTag: content.sha256, lastModifiedMs: preview.createdMs,
            mediaType: content.servedMediaType, fileName: "\(stem)-\(edge).\(preview.format.fileExtension)"
        ) { range, send in try await content.read(range, send) }
        return .file(file.response(to: visit.request))
    }
}
