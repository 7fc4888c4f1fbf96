import BlobStorage
import NIOCore
import SQLStore

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
    package func read(_ range: Range<Int64>, _ body: (ByteBuffer) async throws -> Void) async throws {
        try await Self.read(place, range, in: blobs, body)
    }

    /// The bytes as an open file of the operating system; nil where they lie in the database or in a store without
    /// files.
    package func openFile() async throws -> ContentFile? {
        guard case .blob(let key) = place, let file = try await blobs.file(of: key) else { return nil }
        return ContentFile(file: file)
    }

    static func read(
        _ place: StagedContent.Place, _ range: Range<Int64>, in blobs: any BlobStore,
        _ body: (ByteBuffer) async throws -> Void
    ) async throws {
        if range.isEmpty { return }
        switch place {
        case .row(let bytes): try await body(ByteBuffer(bytes: bytes[Int(range.lowerBound)..<Int(range.upperBound)]))
        case .blob(let key): try await blobs.read(key, range: range, body)
        }
    }
}

/// A content as a file that is open for reading until the last copy of this goes.
package struct ContentFile: Sendable {
    let file: any BlobFile

    package var descriptor: Int32 { file.descriptor }

    /// Returns once `range` is in memory, as far as can be told. Throws when the file ends before.
    package func prepare(_ range: Range<Int64>) async throws { try await file.prepare(range) }
}

extension Drive {
    /// What a download link serves: a file's active content, or one version's. Read right is checked now.
    /// - Parameter allowTrashed: serve a trashed file too.
    /// - Parameter ticket: of a link that works once: spent in the same transaction, and not when this throws.
    /// - Throws: `.notFound`, `.denied`, `.ticketUsed`.
    package func content(
        of file: Node.ID, version: Version.ID? = nil, allowTrashed: Bool, spending ticket: OneTimeTicket? = nil,
        as caller: Caller
    ) async throws -> ReadableContent {
        try await readable(spending: ticket) { tx in
            let node = try tx.node(file, kind: .file, needing: .read, for: caller, allowTrashed: allowTrashed)
            guard let version = version ?? node.content?.version, try tx.version(version).node == file else {
                throw DriveError.notFound(.node(file))
            }
            return version
        }
    }

    /// What an amoCRM link serves: whoever knows both UUIDs may read. Trashed files are `.notFound`.
    package func content(ofFile uuid: String, versionUUID: String?) async throws -> ReadableContent {
        try await readable { tx in
            guard let node = try tx.nodeIfAny(uuid: uuid), let content = node.content, node.deletion == .alive else {
                throw DriveError.notFound(.file(uuid: uuid))
            }
            guard let versionUUID else { return content.version }
            guard let version = try tx.versionIfAny(uuid: versionUUID), version.node == node.id else {
                throw DriveError.notFound(.versionUUID(versionUUID))
            }
            return version.id
        }
    }

    /// The bytes of the version that `choose` allows, found in the same snapshot.
    func readable(
        spending ticket: OneTimeTicket? = nil, _ choose: @escaping @Sendable (any Transaction) throws -> Version.ID
    ) async throws -> ReadableContent {
        let find: @Sendable (any Transaction) throws -> (version: Version, blob: StagedContent) = { tx in
            try tx.versionWithBytes(choose(tx))
        }
        let found: (version: Version, blob: StagedContent)
        if let ticket {
            let now = now()
            found = try await database.write { tx in
                let found = try find(tx)
                try tx.spend(ticket, atMs: now)
                return found
            }
        } else {
            found = try await database.read(find)
        }
        let (version, blob) = found
        let type = try await MediaTypeSniffer.shared.mediaType(of: blob.sha256) {
            var start = ByteBuffer()
            let sample = 0..<min(blob.sizeBytes, Int64(MediaTypeSniffer.sampleBytes))
            try await ReadableContent.read(blob.place, sample, in: blobs) { start.writeImmutableBuffer($0) }
            return start
        }
        return ReadableContent(
            version: version, sha256: blob.sha256, sizeBytes: blob.sizeBytes, servedMediaType: type, place: blob.place,
            blobs: blobs)
    }
}

extension StagedContent {
    /// From the columns sha256, size_bytes, bytes and key of a blob, the first of them being number `column`.
    init(_ row: Row, from column: Int) throws {
        let place: Place =
            if let key = try row.textOrNull(column + 3) { .blob(BlobKey(rawValue: key)) } else {
                .row(try row.bytes(column + 2))
            }
        self.init(sha256: try row.text(column), sizeBytes: try row.int(column + 1), place: place)
    }
}

extension Transaction {
    /// A version and where its bytes are.
    func versionWithBytes(_ id: Version.ID) throws -> (version: Version, blob: StagedContent) {
        let found = try row(
            """
            SELECT \(raw: VersionRow.columns), b.sha256, b.size_bytes, b.bytes, b.key
            FROM \(raw: VersionRow.tables) JOIN blob b ON b.id = v.blob_id WHERE v.id = \(id)
            """
        )
        guard let found else { throw DriveError.notFound(.version(id)) }
        return (try VersionRow.read(found), try StagedContent(found, from: VersionRow.count))
    }

    /// The row of these bytes, made when they are new.
    func insertBlob(_ content: StagedContent, atMs now: Int64) throws -> Int64 {
        let (bytes, key): ([UInt8]?, String?) =
            switch content.place {
            case .row(let bytes): (bytes, nil)
            case .blob(let key): (nil, key.rawValue)
            }
        try run(
            """
            INSERT INTO blob (sha256, size_bytes, bytes, key, created_ms)
            VALUES (\(content.sha256), \(content.sizeBytes), \(bytes.sqlValue), \(key.sqlValue), \(now))
            ON CONFLICT DO NOTHING
            """
        )
        return try int("SELECT id FROM blob WHERE sha256 = \(content.sha256)")
    }

    /// - Throws: `.noSpace` when `bytes` more would pass the storage limit.
    func requireSpace(_ bytes: Int64, settings: Drive.Settings) throws {
        guard let limit = settings.storageLimit else { return }
        let (used, overflow) = try usedBytes().addingReportingOverflow(bytes)
        if overflow || used > limit { throw DriveError.noSpace }
    }

    /// The space that counts: every version of every file, of those in the trash too, and the declared size of every
    /// upload that is still open. Equal bytes count each time, however often they are stored.
    func usedBytes() throws -> Int64 {
        try int(
            """
            SELECT (SELECT COALESCE(sum(size_bytes), 0) FROM version)
                + (SELECT COALESCE(sum(size_bytes), 0) FROM upload WHERE result_node_id IS NULL)
            """)
    }
}

extension Drive {
    /// What counts against `Settings.storageLimit`: every version of every file, of those in the trash too, and the
    /// declared size of every upload that is still open.
    package func usedBytes() async throws -> Int64 { try await database.read { tx in try tx.usedBytes() } }
}
