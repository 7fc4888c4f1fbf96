import BlobStorage
import Crypto
import NIOCore
import SQLStore

/// What `dossier check` found.
package struct CheckReport: Sendable {
    package var blobsChecked: Int64 = 0
    package var bytesChecked: Int64 = 0
    /// Rows whose bytes are gone.
    package var missing: [String] = []
    /// Bytes whose hash or size is not what the row says.
    package var damaged: [String] = []
    /// Bytes in blob storage that no row points at: a crash between bytes and row leaves them. They cost space, nothing else.
    package var unreferenced: [String] = []
    /// Unreferenced bytes that were removed.
    package var removed: Int64 = 0
    /// Rows that contradict each other, in words.
    package var inconsistent: [String] = []
    /// Nothing is lost or contradictory. Unreferenced bytes do not count.
    package var isClean: Bool { missing.isEmpty && damaged.isEmpty && inconsistent.isEmpty }
    package init() {}
}

extension Drive {
    /// Compares rows and bytes in both directions and hashes every byte again.
    ///
    /// - Parameter repair: remove unreferenced bytes (nothing else can be mended without a backup).
    /// - Parameter sparingMs: unreferenced bytes younger than this may belong to a request under way and are passed over.
    /// - Parameter progress: told blobs done and blobs altogether.
    package func check(
        repair: Bool, sparingMs: Int64 = 0, progress: @Sendable (Int64, Int64) -> Void = { _, _ in }
    ) async throws -> CheckReport {
        var report = CheckReport()
        let total = try await database.read { tx in try tx.int("SELECT count(*) FROM blob") }
        var last: Int64 = 0
        while true {
            let after = last
            let ids = try await database.read { tx in
                try tx.rows("SELECT id FROM blob WHERE id > \(after) ORDER BY id LIMIT 200").map { try $0.int(0) }
            }
            guard let end = ids.last else { break }
            for id in ids {
                try await verify(blob: id, &report)
                progress(report.blobsChecked, total)
            }
            last = end
        }
        try await findUnreferenced(&report, repair: repair, sparingMs: sparingMs)
        report.inconsistent = try await database.read { tx in try tx.contradictions() }
        return report
    }

    private func verify(blob id: Int64, _ report: inout CheckReport) async throws {
        let row = try await database.read { tx in
            try tx.row("SELECT sha256, size_bytes, bytes, key FROM blob WHERE id = \(id)")
        }
        guard let row else { return }
        let (sha256, size, key) = (try row.text(0), try row.int(1), try row.textOrNull(3))
        report.blobsChecked += 1
        var hasher = SHA256()
        var count: Int64 = 0
        if let key = key.map(BlobKey.init(rawValue:)) {
            do {
                guard let stored = try await blobs.size(of: key) else { throw BlobError.absent }
                try await blobs.read(key, range: 0..<stored) { chunk in
                    hasher.update(chunk)
                    count += Int64(chunk.readableBytes)
                }
            } catch BlobError.absent {
                report.missing.append("blob \(id) (\(sha256), \(size) bytes)")
                return
            }
        } else if let bytes = try row.bytesOrNull(2) {
            hasher.update(data: bytes)
            count = Int64(bytes.count)
        } else {
            report.missing.append("blob \(id) (\(sha256), \(size) bytes): neither bytes nor key")
            return
        }
        report.bytesChecked += count
        let found = Hex.text(hasher.finalize())
        if found != sha256 || count != size {
            report.damaged.append("blob \(id): \(count) bytes with SHA-256 \(found), not \(size) with \(sha256)")
        }
    }

    private func findUnreferenced(_ report: inout CheckReport, repair: Bool, sparingMs: Int64) async throws {
        let due = sparingMs > 0 ? now() - sparingMs : .max
        for stray in try await strays(committedBefore: due) {
            report.unreferenced.append(stray.key.rawValue)
            guard repair, try await blobs.remove(stray.key, committedBefore: due) else { continue }
            report.removed += 1
        }
    }
}

extension Transaction {
    /// Rows that contradict each other.
    fileprivate func contradictions() throws -> [String] {
        let questions: [(SQL, String)] = [
            (
                """
                SELECT n.id FROM node n LEFT JOIN version v ON v.id = n.version_id
                WHERE n.kind = 'file' AND (v.id IS NULL OR v.node_id <> n.id)
                """, "has no active version of its own"
            ),
            (
                """
                SELECT n.id FROM node n JOIN version v ON v.id = n.version_id
                WHERE n.kind = 'file' AND v.size_bytes <> n.size_bytes
                """, "has another size than its active version"
            ),
            (
                """
                SELECT v.node_id FROM version v JOIN blob b ON b.id = v.blob_id WHERE v.size_bytes <> b.size_bytes
                """, "has a version of another size than its bytes"
            ),
            (
                """
                SELECT v.node_id FROM preview p JOIN version v ON v.id = p.version_id JOIN blob b ON b.id = p.blob_id
                WHERE p.size_bytes <> b.size_bytes
                """, "has a preview of another size than its bytes"
            ),
            (
                """
                SELECT n.id FROM node n WHERE n.kind = 'file'
                AND n.version_count <> (SELECT count(*) FROM version v WHERE v.node_id = n.id)
                """, "counts its versions wrongly"
            ),
            (
                """
                SELECT n.id FROM node n JOIN node p ON p.id = n.parent_id
                WHERE p.kind <> 'folder' OR p.storage_id <> n.storage_id
                """, "lies in something that is no folder of its drive"
            ),
            (
                """
                SELECT n.id FROM node n JOIN node p ON p.id = n.parent_id
                WHERE n.deleted_type = 0 AND p.deleted_type <> 0
                """, "is alive in a trashed folder"
            ),
            (
                """
                SELECT n.id FROM node n
                LEFT JOIN (SELECT parent_id, count(*) AS living FROM node WHERE deleted_type = 0 GROUP BY parent_id) c
                    ON c.parent_id = n.id
                LEFT JOIN (SELECT folder_id, sum(living) AS living FROM folder_count GROUP BY folder_id) k
                    ON k.folder_id = n.id
                WHERE n.kind = 'folder' AND COALESCE(c.living, 0) <> COALESCE(k.living, 0)
                """, "counts what lies in it wrongly"
            ),
            (
                """
                SELECT s.root_id FROM storage s LEFT JOIN node n ON n.id = s.root_id
                WHERE n.id IS NULL OR n.parent_id IS NOT NULL OR n.storage_id <> s.id
                """, "is not the root of its drive"
            ),
        ]
        return try questions.flatMap { question, words in
            try rows("\(question) LIMIT 100").map { "node \(try $0.int(0)) \(words)" }
        }
    }
}
