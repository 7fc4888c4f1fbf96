import Foundation
import SQLStore

extension Transaction {
    /// A drive with its root folder.
    func insertStorage(
        kind: Storage.Kind, ownerID: Int64, name: String, by person: Person.ID, atMs now: Int64
    ) throws -> Storage {
        let id = Storage.ID(
            try int(
                """
                INSERT INTO storage (kind, owner_id, name, name_fold, code, root_id)
                VALUES (\(kind.rawValue), \(ownerID), \(name), \(FileName.fold(name)), NULL, 0) RETURNING id
                """
            ))
        let seed = NodeSeed(kind: .folder, name: FileName(unchecked: name), by: person, atMs: now)
        guard let root = try insert(seed, storage: id, parent: nil, key: nil) else { throw SQLError.unique }
        try run("UPDATE storage SET root_id = \(root) WHERE id = \(id)")
        return Storage(id: id, kind: kind, ownerID: ownerID, name: name, code: nil, root: root)
    }

    /// A folder in a folder. Rights are the caller's business.
    /// - Throws: `.notFound(.node)` when `parent` is not a living folder, `.nameTaken(.folder)` unless `uniqueName`.
    func insertFolder(
        named name: FileName, in parent: Node.ID, by person: Person.ID, atMs now: Int64, equalNames: Bool = false,
        uniqueName: Bool = false
    ) throws -> Node.ID {
        var seed = NodeSeed(kind: .folder, name: name, by: person, atMs: now)
        seed.equalNames = equalNames
        return try insert(seed, in: parent, uniqueName: uniqueName).id
    }

    /// Puts a node into a living folder, under its name or the first free numbered one.
    /// - Returns: the node and the name it got.
    func insert(_ seed: NodeSeed, in parent: Node.ID, uniqueName: Bool) throws -> (id: Node.ID, name: FileName) {
        let found = try row(
            "SELECT storage_id, equal_names FROM node WHERE id = \(parent) AND kind = 'folder' AND deleted_type = 0")
        guard let found else { throw DriveError.notFound(.node(parent)) }
        let storage = Storage.ID(try found.int(0))
        if try found.bool(1) {
            guard let id = try insert(seed, storage: storage, parent: parent, key: nil) else { throw SQLError.unique }
            return (id, seed.name)
        }
        if let id = try insert(seed, storage: storage, parent: parent, key: seed.name.folded) { return (id, seed.name) }
        guard uniqueName else { throw DriveError.nameTaken(seed.kind) }
        var seed = seed
        for name in try numberedNames(for: seed.name, in: parent) {
            seed.name = name
            if let id = try insert(seed, storage: storage, parent: parent, key: name.folded) { return (id, name) }
        }
        throw DriveError.nameTaken(seed.kind)
    }

    /// ` (1)`, ` (2)` ... without those known to be taken in `parent`.
    func numberedNames(for name: FileName, in parent: Node.ID) throws -> some Sequence<FileName> {
        // Every numbered name starts with "stem (", and ")" is the character after "(".
        let stem = FileName.fold(name.stem)
        let rows = try rows(
            """
            SELECT name_key FROM node WHERE parent_id = \(parent) AND deleted_type = 0
            AND name_key >= \(stem + " (") AND name_key < \(stem + " )")
            """
        )
        let taken = Set(try rows.map { try $0.text(0) })
        return (1...1_000_000).lazy.map(name.numbered).filter { !taken.contains($0.folded) }
    }

    /// The name `node` can have in its folder: `name`, or the first free numbered one when a living sibling has it.
    func freeName(_ name: FileName, for node: Node) throws -> FileName {
        guard let parent = node.parent, try isTaken(name, in: parent, besides: node.id) else { return name }
        for free in try numberedNames(for: name, in: parent) where try !isTaken(free, in: parent, besides: node.id) {
            return free
        }
        throw DriveError.nameTaken(node.kind)
    }

    /// True when something living in `parent` other than `node` has the name and names are unique there.
    ///
    /// Looked up rather than left to the index where a refused statement would end a PostgreSQL transaction;
    /// transactions are serializable, so the answer still holds when the row is written.
    func isTaken(_ name: FileName, in parent: Node.ID, besides node: Node.ID? = nil) throws -> Bool {
        try exists(
            """
            SELECT 1 FROM node t JOIN node p ON p.id = t.parent_id AND p.equal_names = 0
            WHERE t.parent_id = \(parent) AND t.name_key = \(name.folded) AND t.deleted_type = 0
            AND t.id <> \(node?.rawValue ?? 0)
            """
        )
    }

    /// - Parameter key: what must be unique among living siblings; nil: nothing.
    /// - Returns: nil when the name is taken.
    private func insert(_ seed: NodeSeed, storage: Storage.ID, parent: Node.ID?, key: String?) throws -> Node.ID? {
        let row = try row(
            """
            INSERT INTO node (uuid, storage_id, parent_id, kind, name, name_fold, name_key, code, equal_names,
                deleted_type, created_ms, updated_ms, deleted_ms, created_by, updated_by, deleted_by,
                version_id, content_number, version_count, size_bytes, extension, media_type, source_id)
            VALUES (\(newUUID()), \(storage), \(parent.sqlValue), \(seed.kind.rawValue), \(seed.name.text), \(seed.name.folded),
                \(key.sqlValue), NULL, \(seed.equalNames), 0, \(seed.atMs), \(seed.atMs), NULL, \(seed.by), \(seed.by), NULL,
                0, 0, 0, 0, '', '', NULL)
            ON CONFLICT DO NOTHING RETURNING id
            """
        )
        return try row.map { Node.ID(try $0.int(0)) }
    }
}

/// What a new node is made of, before it has a place.
struct NodeSeed {
    let kind: Node.Kind
    var name: FileName
    let by: Person.ID
    let atMs: Int64
    var equalNames = false

    init(kind: Node.Kind, name: FileName, by: Person.ID, atMs: Int64) {
        self.kind = kind
        self.name = name
        self.by = by
        self.atMs = atMs
    }
}

/// A random version 4 UUID, lower case (RFC 9562), from the system's generator.
func newUUID() -> String { UUID().uuidString.lowercased() }
