import SQLStore

extension Drive {
    /// Moves a living file or folder, with all it holds, to another folder of the same drive. Its times stay.
    ///
    /// Needs edit on it and add on the target.
    /// - Returns: nil, and nothing moved, when the target lies in another drive.
    /// - Throws: `.notFound`, `.denied`, `.isRootFolder`, `.intoItself`, `.nameTaken`.
    package func move(_ id: Node.ID, kind: Node.Kind, to folder: Node.ID, as caller: Caller) async throws -> Node? {
        try await database.write { tx in
            let node = try tx.node(id, kind: kind, needing: .edit, for: caller)
            let target = try tx.node(folder, kind: .folder, needing: .add, for: caller)
            guard node.parent != nil else { throw DriveError.isRootFolder }
            guard node.storage == target.storage else { return nil }
            if try tx.isSame(folder, asOrBelow: id) { throw DriveError.intoItself }
            if node.parent == folder { return node }
            do {
                try tx.run(
                    """
                    UPDATE node SET parent_id = \(folder),
                        name_key = CASE WHEN (SELECT p.equal_names FROM node p WHERE p.id = \(folder)) = 1
                            THEN NULL ELSE name_fold END
                    WHERE id = \(id)
                    """
                )
            } catch SQLError.unique { throw DriveError.nameTaken(node.kind) }
            return try tx.existingNode(id)
        }
    }

    /// Copies a living folder with every living thing in it, to any drive: rows only, no bytes move. Copies start at
    /// version 1, made by the caller, without the rights and links of what they were copied from.
    ///
    /// Needs read on it and add on the target.
    /// - Throws: `.notFound`, `.denied`, `.intoItself`, `.nameTaken(.folder)`, `.noSpace`.
    package func copy(folder id: Node.ID, to target: Node.ID, as caller: Caller) async throws -> Node {
        let (now, settings) = (now(), settings)
        return try await writingWithinSpace { tx in
            let folder = try tx.node(id, kind: .folder, needing: .read, for: caller)
            _ = try tx.node(target, kind: .folder, needing: .add, for: caller)
            if try tx.isSame(target, asOrBelow: id) { throw DriveError.intoItself }
            try tx.requireSpace(tx.livingBytes(below: id), settings: settings)
            let copy = try tx.insertFolder(
                named: FileName(unchecked: folder.name), in: target, by: caller.person, atMs: now)
            var copying = TreeCopy(tx: tx, by: caller.person, atMs: now)
            try copying.copyChildren(of: [(from: id, to: copy)], storage: tx.existingNode(copy).storage)
            return try tx.existingNode(copy)
        }
    }
}

extension Transaction {
    /// True when `node` is `top` or lies anywhere below it.
    func isSame(_ node: Node.ID, asOrBelow top: Node.ID) throws -> Bool {
        try exists(
            """
            WITH RECURSIVE up (id, parent_id) AS (
                SELECT id, parent_id FROM node WHERE id = \(node)
                UNION ALL
                SELECT p.id, p.parent_id FROM node p JOIN up ON p.id = up.parent_id
            )
            SELECT 1 FROM up WHERE id = \(top)
            """
        )
    }

    /// Bytes of the active versions of every living file below a folder.
    fileprivate func livingBytes(below folder: Node.ID) throws -> Int64 {
        try int(
            """
            WITH RECURSIVE below (id, size_bytes) AS (
                SELECT id, size_bytes FROM node WHERE parent_id = \(folder) AND deleted_type = 0
                UNION ALL
                SELECT c.id, c.size_bytes FROM node c JOIN below b ON c.parent_id = b.id WHERE c.deleted_type = 0
            )
            SELECT COALESCE(sum(size_bytes), 0) FROM below
            """
        )
    }
}

/// Copies a tree a level at a time, many rows a statement.
private struct TreeCopy {
    let tx: any Transaction
    let by: Person.ID
    let atMs: Int64

    /// Rows a statement inserts at once.
    private static let batch = 100

    private struct Source {
        let id: Node.ID
        let isFolder: Bool
        let parent: Node.ID
        let uuid = newUUID()
    }

    mutating func copyChildren(of folders: [(from: Node.ID, to: Node.ID)], storage: Storage.ID) throws {
        var level = folders
        while !level.isEmpty {
            var next: [(from: Node.ID, to: Node.ID)] = []
            for start in stride(from: 0, to: level.count, by: Self.batch) {
                let parents = level[start..<min(start + Self.batch, level.count)]
                let targets = Dictionary(uniqueKeysWithValues: parents.map { ($0.from, $0.to) })
                let rows = try tx.rows(
                    """
                    SELECT id, kind, parent_id FROM node
                    WHERE parent_id IN (\(list: parents.map(\.from))) AND deleted_type = 0 ORDER BY id
                    """
                )
                let sources = try rows.compactMap { row -> Source? in
                    guard let parent = targets[Node.ID(try row.int(2))] else { return nil }
                    return Source(
                        id: Node.ID(try row.int(0)), isFolder: try row.text(1) == Node.Kind.folder.rawValue,
                        parent: parent)
                }
                for start in stride(from: 0, to: sources.count, by: Self.batch) {
                    next += try copy(sources[start..<min(start + Self.batch, sources.count)], storage: storage)
                }
            }
            level = next
        }
    }

    /// - Returns: the folders among them, with their copies.
    private func copy(_ sources: ArraySlice<Source>, storage: Storage.ID) throws -> [(from: Node.ID, to: Node.ID)] {
        var map: SQL = "SELECT 0 AS id, 0 AS parent_id, '' AS uuid WHERE 1 = 0"
        for source in sources { map = "\(map) UNION ALL SELECT \(source.id), \(source.parent), \(source.uuid)" }
        let inserted = try tx.rows(
            """
            INSERT INTO node (uuid, storage_id, parent_id, kind, name, name_fold, name_key, code, equal_names,
                deleted_type, created_ms, updated_ms, deleted_ms, created_by, updated_by, deleted_by,
                version_id, content_number, version_count, size_bytes, extension, media_type, source_id)
            SELECT m.uuid, \(storage), m.parent_id, n.kind, n.name, n.name_fold, n.name_key, NULL, n.equal_names,
                0, \(atMs), \(atMs), NULL, \(by), \(by), NULL,
                0, 0, 0, n.size_bytes, n.extension, n.media_type, n.source_id
            FROM (\(map)) m JOIN node n ON n.id = m.id
            RETURNING id, uuid
            """
        )
        let ids = Dictionary(uniqueKeysWithValues: try inserted.map { (try $0.text(1), Node.ID(try $0.int(0))) })
        let files = sources.filter { !$0.isFolder }.compactMap { source in ids[source.uuid].map { (source.id, $0) } }
        if !files.isEmpty { try copyContents(files) }
        return sources.filter(\.isFolder).compactMap { source in ids[source.uuid].map { (source.id, $0) } }
    }

    /// Gives each copy the active content of its original as version 1.
    private func copyContents(_ files: [(from: Node.ID, to: Node.ID)]) throws {
        var map: SQL = "SELECT 0 AS id, 0 AS copy_id, '' AS uuid WHERE 1 = 0"
        for file in files { map = "\(map) UNION ALL SELECT \(file.from), \(file.to), \(newUUID())" }
        try tx.run(
            """
            INSERT INTO version (uuid, node_id, number, blob_id, name, name_fold, extension, media_type, size_bytes,
                source_id, created_ms, updated_ms, created_by, updated_by, session_id)
            SELECT m.uuid, m.copy_id, 1, v.blob_id, n.name, n.name_fold, n.extension, v.media_type, v.size_bytes,
                v.source_id, \(atMs), \(atMs), \(by), \(by), NULL
            FROM (\(map)) m JOIN node n ON n.id = m.id JOIN version v ON v.id = n.version_id
            """
        )
        try tx.run(
            """
            UPDATE node SET content_number = 1, version_count = 1,
                version_id = (SELECT v.id FROM version v WHERE v.node_id = node.id)
            WHERE id IN (\(list: files.map(\.to)))
            """
        )
    }
}
