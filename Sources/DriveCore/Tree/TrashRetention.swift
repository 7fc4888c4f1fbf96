import SQLStore

/// What emptying the trash did, or would do.
package struct TrashReport: Sendable, Equatable {
    /// Files and folders, those below trashed folders too.
    package var files: Int64 = 0
    package var folders: Int64 = 0
    /// Bytes of all versions of those files. The disk gets them back once no other version has equal bytes.
    package var bytes: Int64 = 0
    /// Trashed files and folders that stay, because a task or a comment still has one of the files attached.
    package var kept: Int64 = 0
    package init() {}
}

extension Drive {
    /// Removes for good what has been in the trash for longer than `ageMs`, each trashed file or folder with all that
    /// lies in it, in a transaction of its own. What is attached to a task or a comment, or holds something that is,
    /// stays as long as it is.
    /// - Parameter dryRun: only tell what would be removed.
    package func purgeTrash(olderThanMs ageMs: Int64, dryRun: Bool = false) async throws -> TrashReport {
        var report = TrashReport()
        let now = now()
        let due = now - ageMs
        var last = Node.ID(0)
        while true {
            let after = last
            let due = due
            let ids = try await database.read { tx in
                try tx.rows(
                    """
                    SELECT id FROM node WHERE deleted_type = \(Node.Deletion.trashed.rawValue) AND deleted_ms <= \(due)
                        AND id > \(after) ORDER BY id LIMIT 100
                    """
                ).map { Node.ID(try $0.int(0)) }
            }
            guard let end = ids.last else { return report }
            for id in ids {
                let found =
                    dryRun
                    ? try await database.read { tx in try tx.expiredTrash(id, dueMs: due) }
                    : try await database.write { tx in
                        let found = try tx.expiredTrash(id, dueMs: due)
                        if let found, found.kept == 0 { try tx.purge(id, atMs: now) }
                        return found
                    }
                guard let found else { continue }
                if found.kept > 0 {
                    report.kept += found.kept
                } else {
                    report.files += found.files
                    report.folders += found.folders
                    report.bytes += found.bytes
                }
            }
            last = end
        }
    }
}

extension Transaction {
    /// What removing a trashed node would remove, `kept` 1 when it must stay; nil when it is not in the trash for so long,
    /// or lies in a trashed folder that is counted itself.
    fileprivate func expiredTrash(_ id: Node.ID, dueMs: Int64) throws -> TrashReport? {
        let isExpired = try exists(
            """
            SELECT 1 FROM node n LEFT JOIN node p ON p.id = n.parent_id
            WHERE n.id = \(id) AND n.deleted_type = \(Node.Deletion.trashed.rawValue) AND n.deleted_ms <= \(dueMs)
                AND NOT (p.deleted_type <> 0 AND p.deleted_ms <= \(dueMs))
            """)
        guard isExpired else { return nil }
        var report = TrashReport()
        let isAttached = try exists(
            """
            WITH RECURSIVE \(Self.below(id)) SELECT 1 FROM attachment a WHERE a.node_id IN (SELECT id FROM below)
            """)
        report.kept = isAttached ? 1 : 0
        report.files = try int(
            """
            WITH RECURSIVE \(Self.below(id))
            SELECT count(*) FROM node WHERE kind = 'file' AND id IN (SELECT id FROM below)
            """)
        report.folders = try int("WITH RECURSIVE \(Self.below(id)) SELECT count(*) FROM below") - report.files
        report.bytes = try int(
            """
            WITH RECURSIVE \(Self.below(id))
            SELECT COALESCE(sum(size_bytes), 0) FROM version WHERE node_id IN (SELECT id FROM below)
            """)
        return report
    }

    /// The node and everything below it, as the common table `below (id)`.
    static func below(_ id: Node.ID) -> SQL {
        """
        below (id) AS (
            SELECT id FROM node WHERE id = \(id)
            UNION ALL
            SELECT c.id FROM node c JOIN below b ON c.parent_id = b.id
        )
        """
    }
}
