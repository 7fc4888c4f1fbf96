import BlobStorage
import SQLStore

/// An upload in parts (amoCRM session).
package struct Upload: Sendable, Hashable {
    package typealias ID = Identifier<Upload>

    package let id: ID
    package let person: Person.ID
    package let fileName: String
    /// Declared.
    package let sizeBytes: Int64
    package let receivedBytes: Int64
    /// Number of the part expected next, from 1.
    package let nextPart: Int64
    package let expiresMs: Int64

    let mediaType: String
    /// The file that gets a version; nil: a new file.
    let file: Node.ID?
    let staging: StagingKey
    /// Of the whole, once every byte is in.
    let sha256: String?
    let result: Result?

    struct Result: Sendable, Hashable {
        let node: Node.ID
        let version: Version.ID
    }
}

/// What an upload is opened with.
package struct NewUpload: Sendable {
    package let name: FileName
    package let sizeBytes: Int64
    package var mediaType = ""
    /// Give this file a new version; nil: make a new file in *CRM files*.
    package var fileUUID: String?
    package var wantsPreview = false

    package init(name: FileName, sizeBytes: Int64) {
        self.name = name
        self.sizeBytes = sizeBytes
    }
}

extension Drive {
    /// Opens an upload. Needs add on *CRM files*, or edit on the file that gets the version.
    /// - Throws: `.tooLarge`, `.noSpace`, `.notFound(.file)` when the file is unknown or trashed, `.denied`,
    ///   `.invalidValue` for a size below 1.
    package func openUpload(_ new: NewUpload, as caller: Caller) async throws -> Upload {
        guard new.sizeBytes > 0 else { throw DriveError.invalidValue("size") }
        guard new.sizeBytes <= settings.maxFileSize else { throw DriveError.tooLarge(limit: settings.maxFileSize) }
        let (now, settings, crmFolder) = (now(), settings, account.crmFolder)
        let staging: StagingKey
        do { staging = try await blobs.stage() } catch { throw DriveError.translated(error) }
        do {
            return try await database.write { tx in
                var file: Node.ID?
                if let uuid = new.fileUUID {
                    file = try tx.file(uuid: uuid, needing: .edit, for: caller).id
                } else {
                    _ = try tx.node(crmFolder, kind: .folder, needing: .add, for: caller)
                }
                try tx.requireSpace(new.sizeBytes, settings: settings)
                let id = Upload.ID(
                    try tx.int(
                        """
                        INSERT INTO upload (person_id, file_name, size_bytes, media_type, node_id, wants_preview,
                            staging_key, received_bytes, next_part, created_ms, expires_ms)
                        VALUES (\(caller.person), \(new.name.text), \(new.sizeBytes), \(new.mediaType),
                            \(file.sqlValue), \(new.wantsPreview), \(staging.rawValue), 0, 1, \(now),
                            \(now + settings.uploadLifetimeMs))
                        RETURNING id
                        """
                    ))
                return try tx.upload(id, atMs: now)
            }
        } catch {
            try? await blobs.discard(staging)
            throw DriveError.translated(error)
        }
    }

    /// - Throws: `.upload(.gone)` when unknown or expired.
    package func upload(_ id: Upload.ID) async throws -> Upload {
        let now = now()
        return try await database.read { tx in try tx.upload(id, atMs: now) }
    }

    /// Forgets uploads past their lifetime and staging areas that were abandoned, a batch at a time: others write in
    /// between, and a crash leaves what is left to the next sweep.
    /// - Returns: how many uploads were forgotten.
    @discardableResult
    package func sweepUploads() async throws -> Int {
        let now = now()
        var forgotten = 0
        while true {
            let expired = try await database.write { tx in
                try tx.forgetUploads(expiredAtMs: now, limit: Self.sweepBatch)
            }
            if expired.isEmpty { break }
            for upload in expired {
                try await blobs.discard(upload.staging)
                uploadDigests.forget(upload.id)
            }
            forgotten += expired.count
        }
        try await discardAbandonedStagings(atMs: now)
        return forgotten
    }

    /// Uploads or areas that one step of a sweep looks at.
    static let sweepBatch = 500

    /// Removes the bytes of requests that died: nothing points at them, and no request lasts as long as an upload may.
    private func discardAbandonedStagings(atMs now: Int64) async throws {
        let old = try await blobs.stagings().filter { $0.modifiedMs < now - settings.uploadLifetimeMs }.map(\.key)
        for start in stride(from: 0, to: old.count, by: Self.sweepBatch) {
            let batch = old[start..<min(start + Self.sweepBatch, old.count)]
            let keys = batch.map(\.rawValue)
            let open = try await database.read { tx in
                Set(
                    try tx.rows("SELECT staging_key FROM upload WHERE staging_key IN (\(list: keys))")
                        .map { try $0.text(0) })
            }
            for key in batch where !open.contains(key.rawValue) { try await blobs.discard(key) }
        }
    }
}

extension Transaction {
    /// Deletes up to `limit` uploads that expired, the oldest first, and says where their bytes are.
    fileprivate func forgetUploads(expiredAtMs now: Int64, limit: Int) throws -> [(id: Upload.ID, staging: StagingKey)]
    {
        try rows(
            """
            DELETE FROM upload WHERE id IN (
                SELECT id FROM upload WHERE expires_ms <= \(now) ORDER BY expires_ms, id LIMIT \(limit))
            RETURNING id, staging_key
            """
        ).map { (Upload.ID(try $0.int(0)), StagingKey(rawValue: try $0.text(1))) }
    }

    /// - Throws: `.upload(.gone)` when unknown or expired.
    func upload(_ id: Upload.ID, atMs now: Int64) throws -> Upload {
        let found = try row(
            """
            SELECT id, person_id, file_name, size_bytes, received_bytes, next_part, expires_ms, media_type, node_id,
                staging_key, sha256, result_node_id, result_version_id
            FROM upload WHERE id = \(id) AND expires_ms > \(now)
            """
        )
        guard let found else { throw DriveError.upload(.gone) }
        var result: Upload.Result?
        if let node = try found.intOrNull(11), let version = try found.intOrNull(12) {
            result = Upload.Result(node: Node.ID(node), version: Version.ID(version))
        }
        return Upload(
            id: Upload.ID(try found.int(0)), person: Person.ID(try found.int(1)), fileName: try found.text(2),
            sizeBytes: try found.int(3), receivedBytes: try found.int(4), nextPart: try found.int(5),
            expiresMs: try found.int(6), mediaType: try found.text(7),
            file: try found.intOrNull(8).map { Node.ID($0) }, staging: StagingKey(rawValue: try found.text(9)),
            sha256: try found.textOrNull(10), result: result)
    }
}
