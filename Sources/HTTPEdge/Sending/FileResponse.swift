import Hummingbird
import NIOCore

/// A stored content to be sent over HTTP.
package struct FileResponse: Sendable {
    package let sizeBytes: Int64
    /// Opaque text without quotes, the same as long as the bytes are the same; sent as a strong ETag.
    package let entityTag: String
    package let lastModifiedMs: Int64
    /// Decided by the server by looking at the bytes.
    package let mediaType: String
    /// Offered to the person who saves it; any script.
    package let fileName: String
    /// Sends `range` (already inside the size) in order, a chunk at a time.
    package let read: @Sendable (Range<Int64>, (ByteBuffer) async throws -> Void) async throws -> Void

    package init(
        sizeBytes: Int64, entityTag: String, lastModifiedMs: Int64, mediaType: String, fileName: String,
        read: @escaping @Sendable (Range<Int64>, (ByteBuffer) async throws -> Void) async throws -> Void
    ) {
        self.sizeBytes = sizeBytes
        self.entityTag = entityTag
        self.lastModifiedMs = lastModifiedMs
        self.mediaType = mediaType
        self.fileName = fileName
        self.read = read
    }

    /// Answers GET and HEAD with Range (single, suffix, several: a clean 200), If-Range, If-None-Match, If-Match (RFC 9110),
    /// a safe disposition, `nosniff` and a sandboxing policy.
    package func response(to request: EdgeRequest) -> Response { fatalError("unbuilt") }
}
