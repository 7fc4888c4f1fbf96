import BlobStorage
import NIOCore

/// Bytes on their way in: hashed as they come, kept in memory while small, in a staging area beyond that.
/// One request owns it; `write` calls follow one another.
package final class ContentStage: @unchecked Sendable {
    /// Bytes so far.
    package private(set) var sizeBytes: Int64 = 0

    package func write(_ buffer: ByteBuffer) async throws { throw Unbuilt() }
    /// Makes the bytes durable.
    package func finish() async throws -> StagedContent { throw Unbuilt() }
    /// Forgets them. Safe to repeat, and after `finish`.
    package func discard() async {}
}

/// Durable bytes that no row points at yet.
package struct StagedContent: Sendable, Hashable {
    enum Place: Sendable, Hashable {
        case row([UInt8])
        case blob(BlobKey)
    }

    /// Lower-case hex.
    package let sha256: String
    package let sizeBytes: Int64
    let place: Place
}

/// A version's bytes, ready to be sent.
package struct ReadableContent: Sendable {
    package let version: Version
    package let sha256: String
    package let sizeBytes: Int64
    /// Decided by looking at the bytes; safe to put in a header.
    package let servedMediaType: String
    let place: StagedContent.Place
    let blobs: any BlobStore

    /// Hands `range` to `body`, in order, a chunk at a time. The caller has clamped `range`.
    package func read(_ range: Range<Int64>, _ body: (ByteBuffer) async throws -> Void) async throws { throw Unbuilt() }
}

extension Drive {
    package func stageContent() -> ContentStage { ContentStage() }

    /// What a download link serves: a file's active content, or one version's. Read right is checked now.
    /// - Parameter allowTrashed: serve a trashed file too.
    package func content(
        of file: Node.ID, version: Version.ID? = nil, allowTrashed: Bool, as caller: Caller
    ) async throws -> ReadableContent { throw Unbuilt() }

    /// What an amoCRM link serves: whoever knows both UUIDs may read. Trashed files are `.notFound`.
    package func content(ofFile uuid: String, versionUUID: String?) async throws -> ReadableContent { throw Unbuilt() }
}
