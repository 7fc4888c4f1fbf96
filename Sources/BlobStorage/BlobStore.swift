import NIOCore

/// Names one blob inside its store. What it looks like is the store's own business.
package struct BlobKey: RawRepresentable, Hashable, Sendable {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }
}

/// Names bytes that are still being received. Survives a restart.
package struct StagingKey: RawRepresentable, Hashable, Sendable {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }
}

/// What a store can refuse.
package enum BlobError: Error, Equatable {
    /// No bytes under that key.
    case absent
    /// The disk is full, or a quota of the store's is.
    case full
    /// Anything else the store met; the text is for the log.
    case failed(String)
}

/// A blob as a walk through the store meets it.
package struct StoredBlob: Sendable, Hashable {
    package let key: BlobKey
    package let sizeBytes: Int64
    /// When the bytes were last committed, milliseconds since 1970.
    package let modifiedMs: Int64

    package init(key: BlobKey, sizeBytes: Int64, modifiedMs: Int64) {
        self.key = key
        self.sizeBytes = sizeBytes
        self.modifiedMs = modifiedMs
    }
}

/// A staging area opened for appending by one request.
package protocol StagingWriter: AnyObject, Sendable {
    /// Appends `buffer`'s readable bytes. They may be lost in a crash until `sync` returns.
    func write(_ buffer: ByteBuffer) async throws(BlobError)
    /// Once this returns, a power cut must not lose what was written.
    func sync() async throws(BlobError)
    /// Lets go of the area; what was synced stays. Safe to repeat.
    func close() async
}

/// Bytes at rest. Knows nothing of files, versions or rights.
///
/// Bytes come in through a staging area, appended in order, and become a blob by `commit`. One writer per staging
/// area at a time: the caller sees to that.
package protocol BlobStore: Sendable {
    /// A new, empty staging area.
    func stage() async throws(BlobError) -> StagingKey
    /// Opens a staging area at `offset` bytes; anything beyond (a part that died midway) is cut off.
    /// - Throws: `.absent` when the area is unknown or shorter than `offset`.
    func append(to staging: StagingKey, at offset: Int64) async throws(BlobError) -> any StagingWriter
    /// Hands the first `count` staged bytes to `body`, in order, a chunk at a time (re-hashing after a restart).
    func readStaged(
        _ staging: StagingKey, count: Int64, _ body: @Sendable (ByteBuffer) async throws -> Void
    ) async throws
    /// Makes staged bytes durable as a blob. Once this returns, a power cut must not lose them. Safe to repeat.
    /// - Parameter sha256: lower-case hex digest of the bytes, computed by the caller while they came in.
    func commit(_ staging: StagingKey, sha256: String) async throws(BlobError) -> BlobKey
    /// Forgets a staging area and its bytes. Forgetting an unknown one succeeds.
    func discard(_ staging: StagingKey) async throws(BlobError)
    /// Every staging area there is, with its size and last change; for sweeping out abandoned ones.
    func stagings() async throws(BlobError) -> [(key: StagingKey, sizeBytes: Int64, modifiedMs: Int64)]

    /// Hands `range` of the blob to `body`, in order, a chunk at a time.
    /// - Parameter range: bytes; the caller has clamped it to the blob's size.
    /// - Throws: `BlobError.absent`; whatever `body` throws.
    func read(_ key: BlobKey, range: Range<Int64>, _ body: (ByteBuffer) async throws -> Void) async throws
    /// The blob as an open file, for a store that keeps blobs as files; nil for any other.
    /// - Throws: `.absent`.
    func file(of key: BlobKey) async throws(BlobError) -> BlobFile?
    /// The blob's size in bytes, or nil when it is absent.
    func size(of key: BlobKey) async throws(BlobError) -> Int64?
    /// Removing an absent blob succeeds.
    func remove(_ key: BlobKey) async throws(BlobError)
    /// Removes a blob whose bytes were last committed at `instant` or before; one committed since stays, because whoever
    /// committed it counts on it. Excludes a commit of the same bytes at the same time.
    /// - Parameter instant: milliseconds since 1970.
    /// - Returns: false when it stays; true when it is gone, also when it was before.
    func remove(_ key: BlobKey, committedBefore instant: Int64) async throws(BlobError) -> Bool
    /// Hands every blob to `body`, in no order.
    func forEach(_ body: @Sendable (StoredBlob) async throws -> Void) async throws
    /// Proves that the store can be reached and written to.
    func probe() async throws(BlobError)
}
