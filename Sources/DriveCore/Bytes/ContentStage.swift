import BlobStorage
import Crypto
import NIOCore
import SQLStore

/// Bytes on their way in: hashed as they come, kept in memory while small, in a staging area beyond that.
///
/// `@unchecked Sendable`: one request owns it and its calls follow one another; it only travels between tasks whole.
package final class ContentStage: @unchecked Sendable {
    /// Bytes so far.
    package private(set) var sizeBytes: Int64 = 0

    private let blobs: any BlobStore
    private let sizeLimit: Int64?
    private var hasher = SHA256()
    private var small = ByteBuffer()
    private var staged: (key: StagingKey, writer: any StagingWriter)?

    init(blobs: any BlobStore, sizeLimit: Int64?) {
        self.blobs = blobs
        self.sizeLimit = sizeLimit
    }

    /// - Throws: `DriveError.tooLarge` past the limit the stage was made with, `.noSpace`, `BlobError`.
    package func write(_ buffer: ByteBuffer) async throws {
        if buffer.readableBytes == 0 { return }
        sizeBytes += Int64(buffer.readableBytes)
        if let sizeLimit, sizeBytes > sizeLimit { throw DriveError.tooLarge(limit: sizeLimit) }
        hasher.update(buffer)
        if staged == nil, sizeBytes <= Drive.smallContentLimit {
            small.writeImmutableBuffer(buffer)
            return
        }
        do {
            try await writer().write(buffer)
        } catch { throw DriveError.translated(error) }
    }

    /// Makes the bytes durable. The stage takes no more.
    /// - Throws: `DriveError.noSpace`, `BlobError`.
    package func finish() async throws -> StagedContent {
        let sha256 = Hex.text(hasher.finalize())
        guard let (key, writer) = staged else {
            return StagedContent(sha256: sha256, sizeBytes: sizeBytes, place: .row([UInt8](small.readableBytesView)))
        }
        do {
            try await writer.sync()
            await writer.close()
            let blob = try await blobs.commit(key, sha256: sha256)
            staged = nil
            return StagedContent(sha256: sha256, sizeBytes: sizeBytes, place: .blob(blob))
        } catch {
            await discard()
            throw DriveError.translated(error)
        }
    }

    /// Forgets the bytes. Safe to repeat; after `finish` it does nothing.
    package func discard() async {
        guard let (key, writer) = staged else { return }
        staged = nil
        await writer.close()
        try? await blobs.discard(key)
    }

    /// The staging area, opened when the bytes outgrow memory.
    private func writer() async throws -> any StagingWriter {
        if let staged { return staged.writer }
        let key = try await blobs.stage()
        let writer = try await blobs.append(to: key, at: 0)
        staged = (key, writer)
        try await writer.write(small)
        small = ByteBuffer()
        return writer
    }
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

extension Drive {
    /// A place for bytes that are about to come in.
    /// - Parameter sizeLimit: bytes after which `write` refuses; nil: none.
    package func stageContent(sizeLimit: Int64? = nil) -> ContentStage {
        ContentStage(blobs: blobs, sizeLimit: sizeLimit)
    }
}

extension Drive {
    /// A write that makes the drive larger: a full disk is `.noSpace`.
    func writingWithinSpace<Result: Sendable>(
        _ body: @escaping @Sendable (any Transaction) throws -> Result
    ) async throws -> Result {
        do {
            return try await database.write(body)
        } catch {
            throw DriveError.translated(error)
        }
    }
}

extension SHA256 {
    mutating func update(_ buffer: ByteBuffer) {
        buffer.withUnsafeReadableBytes { update(bufferPointer: $0) }
    }
}

extension DriveError {
    /// A full disk or database is the drive's own `.noSpace`; any other error passes unchanged.
    static func translated(_ error: any Error) -> any Error {
        switch error {
        case BlobError.full, SQLError.full: DriveError.noSpace
        default: error
        }
    }
}
