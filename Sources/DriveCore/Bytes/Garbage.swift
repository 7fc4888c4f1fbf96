import BlobStorage
import SQLStore

/// What a garbage collection did, or would do.
package struct GarbageReport: Sendable, Equatable {
    /// Contents no version points at any more, and their bytes.
    package var contents: Int64 = 0
    package var contentBytes: Int64 = 0
    /// Bytes in blob storage that no row ever pointed at: what a crash between bytes and row, or a request that was
    /// refused late, leaves.
    package var strays: Int64 = 0
    package var strayBytes: Int64 = 0
    package init() {}
}

extension Drive {
    /// Removes contents nothing points at: first the row, in a transaction that looks again whether anything does, then
    /// the bytes. A crash in between leaves bytes without a row, never a row without bytes.
    ///
    /// - Parameter graceMs: how long nothing must have pointed at a content; longer than any request.
    /// - Parameter dryRun: only tell what would be removed.
    package func collectGarbage(graceMs: Int64, dryRun: Bool = false) async throws -> GarbageReport {
        var report = GarbageReport()
        let due = now() - graceMs
        var last: Int64 = 0
        while true {
            let after = last
            let ids = try await database.read { tx in
                try tx.rows(
                    """
                    SELECT blob_id FROM blob_garbage WHERE blob_id > \(after) AND since_ms <= \(due)
                    ORDER BY blob_id LIMIT 200
                    """
                ).map { try $0.int(0) }
            }
            guard let end = ids.last else { return report }
            let found =
                dryRun
                ? try await database.read { tx in try tx.unreferencedBlobs(among: ids) }
                : try await database.write { tx in try tx.removeUnreferencedBlobs(among: ids, dueMs: due) }
            for blob in found {
                report.contents += 1
                report.contentBytes += blob.sizeBytes
                guard !dryRun, let key = blob.key else { continue }
                // Equal bytes may have come in again since: then they are young, and another row is about to have them.
                _ = try await blobs.remove(key, committedBefore: due)
            }
            last = end
        }
    }

    /// Finds, and unless `dryRun` removes, bytes that no row points at and that were committed before the grace time.
    package func removeStrays(graceMs: Int64, dryRun: Bool = false, into report: inout GarbageReport) async throws {
        let due = now() - graceMs
        for stray in try await strays(committedBefore: due) {
            if !dryRun {
                guard try await blobs.remove(stray.key, committedBefore: due) else { continue }
            }
            report.strays += 1
            report.strayBytes += stray.sizeBytes
        }
    }

    /// Bytes in blob storage that no row points at.
    /// - Parameter due: milliseconds since 1970; what was committed later may belong to a request under way.
    func strays(committedBefore due: Int64) async throws -> [StoredBlob] {
        let found = StrayBlobs()
        let database = database
        try await blobs.forEach { stored in
            if stored.modifiedMs > due { return }
            let key = stored.key.rawValue
            let isKnown = try await database.read { tx in
                // Bytes of an upload whose last part came but was not answered: the client will send it again.
                try tx.exists(
                    """
                    SELECT 1 FROM blob WHERE key = \(key) UNION ALL
                    SELECT 1 FROM upload WHERE result_version_id IS NULL AND (sha256 = \(key) OR staging_key = \(key))
                    """)
            }
            if !isKnown { await found.add(stored) }
        }
        return await found.blobs
    }
}

private actor StrayBlobs {
    private(set) var blobs: [StoredBlob] = []
    func add(_ blob: StoredBlob) { blobs.append(blob) }
}

/// A content's row and where its bytes are.
struct BlobRecord: Sendable {
    let id: Int64
    let sizeBytes: Int64
    /// Nil when the bytes are in the row.
    let key: BlobKey?
}

extension Transaction {
    /// True of a `blob b` that something points at. The one place that says what can.
    private var isReferenced: SQL {
        """
        (EXISTS (SELECT 1 FROM version v WHERE v.blob_id = b.id)
            OR EXISTS (SELECT 1 FROM preview p WHERE p.blob_id = b.id)
            OR EXISTS (SELECT 1 FROM upload u WHERE u.sha256 = b.sha256 AND u.result_version_id IS NULL))
        """
    }

    /// Notes that the contents of these nodes, and their previews, are about to lose their versions.
    /// - Parameter nodes: a query of node ids.
    func noteGarbage(ofNodes nodes: SQL, atMs now: Int64) throws {
        try noteGarbage("SELECT v.blob_id FROM version v WHERE v.node_id IN (\(nodes))", atMs: now)
        try noteGarbage(ofPreviewsOf: "SELECT v.id FROM version v WHERE v.node_id IN (\(nodes))", atMs: now)
    }

    /// Notes that previews are about to go.
    /// - Parameter versions: the ids of the versions that lose them, listed or as a query.
    func noteGarbage(ofPreviewsOf versions: SQL, atMs now: Int64) throws {
        try noteGarbage("SELECT p.blob_id FROM preview p WHERE p.version_id IN (\(versions))", atMs: now)
    }

    /// Notes that a content may have nothing that points at it.
    func noteGarbage(blob: Int64, atMs now: Int64) throws {
        try noteGarbage("SELECT b.id AS blob_id FROM blob b WHERE b.id = \(blob)", atMs: now)
    }

    private func noteGarbage(_ blobs: SQL, atMs now: Int64) throws {
        // `WHERE TRUE`: without it SQLite takes `ON` for the clause of a join.
        try run(
            """
            INSERT INTO blob_garbage (blob_id, since_ms)
            SELECT DISTINCT g.blob_id, \(now) FROM (\(blobs)) g WHERE TRUE
            ON CONFLICT (blob_id) DO UPDATE SET since_ms = excluded.since_ms
            """)
    }

    fileprivate func unreferencedBlobs(among ids: [Int64]) throws -> [BlobRecord] {
        try rows(
            """
            SELECT b.id, b.size_bytes, b.key FROM blob b WHERE b.id IN (\(list: ids)) AND NOT \(isReferenced)
            """
        ).map { row in
            BlobRecord(
                id: try row.int(0), sizeBytes: try row.int(1), key: try row.textOrNull(2).map(BlobKey.init(rawValue:)))
        }
    }

    /// Deletes the rows of those that nothing points at, and forgets to look at the others.
    fileprivate func removeUnreferencedBlobs(among ids: [Int64], dueMs: Int64) throws -> [BlobRecord] {
        // What lost a pointer since the list was made starts its grace time anew.
        let still = try rows(
            "SELECT blob_id FROM blob_garbage WHERE blob_id IN (\(list: ids)) AND since_ms <= \(dueMs)"
        ).map { try $0.int(0) }
        guard !still.isEmpty else { return [] }
        let garbage = try unreferencedBlobs(among: still)
        try run("DELETE FROM blob_garbage WHERE blob_id IN (\(list: still))")
        if !garbage.isEmpty { try run("DELETE FROM blob WHERE id IN (\(list: garbage.map(\.id)))") }
        return garbage
    }
}
