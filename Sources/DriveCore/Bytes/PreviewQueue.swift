import NIOCore
import SQLStore

/// A worker's hold on one version: whoever has the lease may say what came of it.
struct PreviewClaim: Sendable, Hashable {
    let version: Version.ID
    let lease: String
    /// From 1.
    let attempt: Int64
}

extension Drive {
    /// How often the previews of a version are tried.
    static let previewAttempts: Int64 = 3
    /// How long a worker has. A server that dies leaves its claims behind; they are due again after this.
    static let previewLeaseMs: Int64 = 15 * 60_000

    /// Takes the version that has waited longest. Two callers, in this process or another, never hold one version.
    /// - Returns: nil when nothing is due.
    func claimPreviews() async throws -> PreviewClaim? {
        let now = now()
        // Looking first: an idle worker writes nothing.
        let isDue = try await database.read { tx in
            try tx.exists("SELECT 1 FROM preview_job WHERE due_ms <= \(now) LIMIT 1")
        }
        guard isDue else { return nil }
        let lease = Secret.code(length: 32)
        return try await database.write { tx in
            try tx.run(
                """
                UPDATE preview_job SET due_ms = NULL, lease = NULL, reason = 'the server ended each time'
                WHERE due_ms <= \(now) AND attempts >= \(Self.previewAttempts)
                """
            )
            let row = try tx.row(
                """
                UPDATE preview_job SET attempts = attempts + 1, lease = \(lease), due_ms = \(now + Self.previewLeaseMs)
                WHERE version_id = (
                    SELECT version_id FROM preview_job WHERE due_ms <= \(now) ORDER BY due_ms, version_id LIMIT 1)
                RETURNING version_id, attempts
                """
            )
            return try row.map {
                PreviewClaim(version: Version.ID(try $0.int(0)), lease: lease, attempt: try $0.int(1))
            }
        }
    }

    /// Keeps what was made and ends the work. Bytes durable first, then the rows.
    /// - Returns: false when the lease was lost or the version is gone; nothing is kept then.
    /// - Throws: `.noSpace`.
    func keep(_ made: [MadePreview], for claim: PreviewClaim) async throws -> Bool {
        let now = now()
        var contents: [StagedContent] = []
        for preview in made {
            let stage = stageContent()
            try await stage.write(ByteBuffer(bytes: preview.bytes))
            contents.append(try await stage.finish())
        }
        return try await writingWithinSpace { [contents] tx in
            guard try tx.end(claim, reason: "") else { return false }
            for (preview, content) in zip(made, contents) {
                let blob = try tx.insertBlob(content, atMs: now)
                try tx.run(
                    """
                    INSERT INTO preview (version_id, edge, blob_id, format, width, height, size_bytes, created_ms)
                    VALUES (\(claim.version), \(preview.edge), \(blob),
                        \(preview.format.rawValue), \(preview.size.width), \(preview.size.height),
                        \(content.sizeBytes), \(now))
                    ON CONFLICT DO NOTHING
                    """
                )
            }
            return true
        }
    }

    /// Ends the work without previews.
    func giveUp(_ claim: PreviewClaim, reason: String) async throws {
        _ = try await database.write { tx in try tx.end(claim, reason: reason) }
    }

    /// Lets go of the version. It is due again after a while that grows with each attempt, or given up after the last.
    func postpone(_ claim: PreviewClaim, reason: String) async throws {
        guard claim.attempt < Self.previewAttempts else { return try await giveUp(claim, reason: reason) }
        let due = now() + claim.attempt * 60_000
        _ = try await database.write { tx in
            try tx.run(
                """
                UPDATE preview_job SET due_ms = \(due), lease = NULL, reason = \(reason)
                WHERE version_id = \(claim.version) AND lease = \(claim.lease)
                """
            )
        }
    }

    /// Undoes the claim: the server is stopping.
    func release(_ claim: PreviewClaim) async throws {
        let now = now()
        _ = try await database.write { tx in
            try tx.run(
                """
                UPDATE preview_job SET attempts = attempts - 1, due_ms = \(now), lease = NULL
                WHERE version_id = \(claim.version) AND lease = \(claim.lease)
                """
            )
        }
    }

    /// Removes the oldest previews until the rest fit `Settings.previewBudget`; their versions have none from then on.
    /// The bytes go later, once nothing points at them.
    /// - Returns: of how many versions.
    @discardableResult
    func dropPreviewsOverBudget() async throws -> Int {
        let (budget, now) = (settings.previewBudget, now())
        let total: SQL = "SELECT COALESCE(sum(size_bytes), 0) FROM preview"
        guard try await database.read({ tx in try tx.int(total) }) > budget else { return 0 }
        return try await database.write { tx in
            var excess = try tx.int(total) - budget
            var count = 0
            while excess > 0,
                let oldest = try tx.row("SELECT version_id FROM preview ORDER BY created_ms, version_id LIMIT 1")
            {
                let version = Version.ID(try oldest.int(0))
                excess -= try tx.int("\(total) WHERE version_id = \(version)")
                try tx.noteGarbage(ofPreviewsOf: "\(version)", atMs: now)
                try tx.run("DELETE FROM preview WHERE version_id = \(version)")
                try tx.run(
                    """
                    UPDATE preview_job SET reason = 'dropped: the budget was used up' WHERE version_id = \(version)
                    """
                )
                count += 1
            }
            return count
        }
    }
}

extension Transaction {
    /// Puts the version an upload made into the queue, if previews were asked for.
    func queuePreviews(of upload: Upload.ID, atMs now: Int64) throws {
        try run(
            """
            INSERT INTO preview_job (version_id, attempts, due_ms, lease, reason)
            SELECT result_version_id, 0, \(now), NULL, '' FROM upload WHERE id = \(upload) AND wants_preview = 1
            """
        )
    }

    /// Gives the active version of `file`, which has the same bytes, what `version` has: previews, or a place in the queue.
    func copyPreviews(of version: Version.ID, toActiveOf file: Node.ID) throws {
        try run(
            """
            INSERT INTO preview_job (version_id, attempts, due_ms, lease, reason)
            SELECT n.version_id, 0, j.due_ms, NULL, j.reason FROM preview_job j JOIN node n ON n.id = \(file)
            WHERE j.version_id = \(version)
            """
        )
        try run(
            """
            INSERT INTO preview (version_id, edge, blob_id, format, width, height, size_bytes, created_ms)
            SELECT n.version_id, p.edge, p.blob_id, p.format, p.width, p.height, p.size_bytes, p.created_ms
            FROM preview p JOIN node n ON n.id = \(file) WHERE p.version_id = \(version)
            """
        )
    }

    /// - Returns: false when the claim is no longer the worker's.
    fileprivate func end(_ claim: PreviewClaim, reason: String) throws -> Bool {
        try run(
            """
            UPDATE preview_job SET due_ms = NULL, lease = NULL, reason = \(reason)
            WHERE version_id = \(claim.version) AND lease = \(claim.lease)
            """
        ) == 1
    }
}
