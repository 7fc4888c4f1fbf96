import SQLStore

/// How a node is read from its row.
enum NodeRow {
    static let columns = """
        n.id, n.uuid, n.storage_id, n.parent_id, n.kind, n.name, n.code, n.deleted_type, n.created_ms, n.updated_ms, \
        n.deleted_ms, n.created_by, n.updated_by, n.deleted_by, n.version_id, n.content_number, n.version_count, \
        n.size_bytes, n.extension, n.media_type, n.source_id, v.uuid, v.session_id, s.kind, s.owner_id, s.root_id
        """
    static let tables = "node n JOIN storage s ON s.id = n.storage_id LEFT JOIN version v ON v.id = n.version_id"

    /// Up to the condition.
    static let selection = "SELECT \(columns) FROM \(tables) WHERE "

    /// The node, its place naming no folders yet.
    static func read(_ row: Row) throws -> Node {
        guard let kind = Node.Kind(rawValue: try row.text(4)), let deletion = Node.Deletion(rawValue: try row.int(7)),
            let storageKind = Storage.Kind(rawValue: try row.text(23))
        else { throw SQLError.failed(message: "node \(try row.int(0)) has an unknown kind") }
        return Node(
            id: Node.ID(try row.int(0)), uuid: try row.text(1), storage: Storage.ID(try row.int(2)),
            parent: try row.intOrNull(3).map { Node.ID($0) }, kind: kind, name: try row.text(5),
            code: try row.textOrNull(6), deletion: deletion, createdMs: try row.int(8), updatedMs: try row.int(9),
            deletedMs: try row.intOrNull(10), createdBy: try row.int(11), updatedBy: try row.int(12),
            deletedBy: try row.intOrNull(13), content: kind == .file ? try content(row) : nil,
            place: Place(
                storageKind: storageKind, ownerID: try row.int(24), root: Node.ID(try row.int(25)), folders: [])
        )
    }

    private static func content(_ row: Row) throws -> Node.Content {
        Node.Content(
            version: Version.ID(try row.int(14)), versionUUID: try row.text(21), number: try row.int(15),
            versionCount: try row.int(16), sizeBytes: try row.int(17), fileExtension: try row.text(18),
            mediaType: try row.text(19), sourceID: try row.intOrNull(20),
            session: try row.intOrNull(22).map { Upload.ID($0) }
        )
    }
}

extension Transaction {
    /// A node by id, whatever its rights and deletion.
    func nodeIfAny(_ id: Node.ID) throws -> Node? { try nodeWhere("n.id = \(id)") }

    /// A node by UUID, whatever its rights and deletion.
    func nodeIfAny(uuid: String) throws -> Node? { try nodeWhere("n.uuid = \(uuid)") }

    private func nodeWhere(_ condition: SQL) throws -> Node? {
        let found = try row("\(raw: NodeRow.selection)\(condition)")
        guard var node = try found.map(NodeRow.read) else { return nil }
        if let folder = node.folderBelowRoot { node.place.folders = try folderNames(downTo: folder) }
        return node
    }

    /// The same nodes, knowing the folders above them.
    func placed(_ nodes: [Node]) throws -> [Node] {
        var known: [Node.ID: [String]] = [:]
        return try nodes.map { node in
            guard let folder = node.folderBelowRoot else { return node }
            let folders = try known[folder] ?? folderNames(downTo: folder)
            known[folder] = folders
            var node = node
            node.place.folders = folders
            return node
        }
    }

    /// Names of the folders from below the root down to `folder` itself.
    private func folderNames(downTo folder: Node.ID) throws -> [String] {
        let up = try rows(
            """
            WITH RECURSIVE up (name, parent_id, depth) AS (
                SELECT name, parent_id, 0 FROM node WHERE id = \(folder)
                UNION ALL
                SELECT p.name, p.parent_id, up.depth + 1 FROM node p JOIN up ON p.id = up.parent_id
            )
            SELECT name FROM up WHERE parent_id IS NOT NULL ORDER BY depth DESC
            """
        )
        return try up.map { try $0.text(0) }
    }
}

extension Node {
    /// The folder it is in; nil when that is a root, and for a root.
    fileprivate var folderBelowRoot: Node.ID? { parent.flatMap { $0 == place.root ? nil : $0 } }
}
