import SQLStore

extension Drive {
    /// The previews at hand of versions the caller has been shown, the smaller one first. A version without any is not in
    /// the answer.
    package func previews(of versions: [Version.ID]) async throws -> [Version.ID: [Preview]] {
        guard !versions.isEmpty else { return [:] }
        return try await database.read { tx in
            var found: [Version.ID: [Preview]] = [:]
            // Engines limit how many values a statement takes.
            for start in stride(from: 0, to: versions.count, by: 500) {
                let some = Array(versions[start..<min(start + 500, versions.count)])
                let rows = try tx.rows(
                    """
                    SELECT version_id, edge, format, width, height, created_ms FROM preview
                    WHERE version_id IN (\(list: some)) ORDER BY version_id, edge
                    """
                )
                for row in rows {
                    found[Version.ID(try row.int(0)), default: []].append(try PreviewRow.read(row, from: 1))
                }
            }
            return found
        }
    }

    /// What a preview's link serves: whoever knows both UUIDs may read. `content.version` is the version it shows.
    /// - Throws: `.notFound`, for a trashed file too.
    package func preview(
        edge: Int64, ofVersion versionUUID: String, ofFile uuid: String
    ) async throws -> (preview: Preview, content: ReadableContent) {
        let (version, preview, blob) = try await database.read { tx in
            guard let node = try tx.nodeIfAny(uuid: uuid), node.deletion == .alive else {
                throw DriveError.notFound(.file(uuid: uuid))
            }
            guard let version = try tx.versionIfAny(uuid: versionUUID), version.node == node.id,
                let row = try tx.row(
                    """
                    SELECT p.edge, p.format, p.width, p.height, p.created_ms, b.sha256, b.size_bytes, b.bytes, b.key
                    FROM preview p JOIN blob b ON b.id = p.blob_id
                    WHERE p.version_id = \(version.id) AND p.edge = \(edge)
                    """
                )
            else { throw DriveError.notFound(.versionUUID(versionUUID)) }
            return (version, try PreviewRow.read(row, from: 0), try StagedContent(row, from: 5))
        }
        let content = ReadableContent(
            version: version, sha256: blob.sha256, sizeBytes: blob.sizeBytes,
            servedMediaType: preview.format.mediaType, place: blob.place, blobs: blobs)
        return (preview, content)
    }
}

/// How a preview is read from its row: edge, format, width, height, time.
private enum PreviewRow {
    static func read(_ row: Row, from column: Int) throws -> Preview {
        guard let format = Preview.Format(rawValue: try row.text(column + 1)) else {
            throw SQLError.failed(message: "a preview has an unknown format")
        }
        return Preview(
            edge: try row.int(column), format: format, width: try row.int(column + 2), height: try row.int(column + 3),
            createdMs: try row.int(column + 4))
    }
}
