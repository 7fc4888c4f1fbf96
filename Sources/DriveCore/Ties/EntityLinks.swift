import SQLStore

/// A file tied to an entity. Its id is what clients page by.
package struct EntityLink: Sendable, Hashable {
    package typealias ID = Identifier<EntityLink>

    package let id: ID
    package let fileUUID: String
}

extension Drive {
    /// Ties files to an entity, all or none. A file already tied keeps its link. Needs read on each file.
    /// - Throws: `.notFound(.entity)`, `.item(index:, .noSuchFile)`.
    package func link(
        files uuids: [String], to id: CRMEntity.ID, kind: CRMEntity.Kind, as caller: Caller
    ) async throws {
        let nowMs = now()
        try await database.write { tx in
            guard try tx.entityIfAny(id, kind: kind, for: caller) != nil else { throw DriveError.notFound(.entity) }
            for (index, uuid) in uuids.enumerated() {
                guard let file = try tx.fileToTie(uuid, for: caller) else {
                    throw DriveError.item(index: index, .noSuchFile)
                }
                try tx.tie(file.id, to: id, by: caller.person, atMs: nowMs)
            }
        }
    }

    /// Unties files from an entity; the files stay. Unknown files and files not tied are passed over.
    /// - Throws: `.notFound(.entity)`.
    package func unlink(
        files uuids: [String], from id: CRMEntity.ID, kind: CRMEntity.Kind, as caller: Caller
    ) async throws {
        try await database.write { tx in
            guard try tx.entityIfAny(id, kind: kind, for: caller) != nil else { throw DriveError.notFound(.entity) }
            guard !uuids.isEmpty else { return }
            try tx.run(
                """
                DELETE FROM entity_link WHERE entity_id = \(id)
                AND node_id IN (SELECT id FROM node WHERE uuid IN (\(list: uuids)))
                """)
        }
    }

    /// The links of an entity, newest first. Files in the trash are left out, and are back after a restore.
    ///
    /// - Parameter before: only links with a smaller id.
    /// - Throws: `.notFound(.entity)`.
    package func links(
        of id: CRMEntity.ID, kind: CRMEntity.Kind, before: EntityLink.ID? = nil, limit: Int64, as caller: Caller
    ) async throws -> [EntityLink] {
        try await read(as: caller) { tx in
            guard try tx.entityIfAny(id, kind: kind, for: caller) != nil else { throw DriveError.notFound(.entity) }
            return try tx.rows(
                """
                SELECT l.id, n.uuid FROM entity_link l JOIN node n ON n.id = l.node_id
                WHERE l.entity_id = \(id) AND n.deleted_type = 0 AND l.id < \(before?.rawValue ?? Int64.max)
                ORDER BY l.id DESC LIMIT \(limit)
                """
            ).map { EntityLink(id: EntityLink.ID(try $0.int(0)), fileUUID: try $0.text(1)) }
        }
    }

    /// The entities a file is tied to that `caller` sees, newest entity first; none for a file that is unknown or
    /// that `caller` may not read.
    package func entities(ofFile uuid: String, as caller: Caller) async throws -> [CRMEntity] {
        try await read(as: caller) { tx in
            guard let file = try tx.nodeIfAny(uuid: uuid), file.kind == .file,
                try tx.level(of: file.id, for: caller) >= .read
            else { return [] }
            return try tx.rows(
                """
                SELECT \(raw: CRMEntity.columns) FROM entity e JOIN entity_link l ON l.entity_id = e.id
                WHERE l.node_id = \(file.id) AND e.is_deleted = 0 AND (\(CRMEntity.visibility(to: caller)))
                ORDER BY e.id DESC
                """
            ).map(CRMEntity.init(row:))
        }
    }
}

extension Transaction {
    /// A living file the caller may read; nil for anything else.
    func fileToTie(_ uuid: String, for caller: Caller) throws -> Node? {
        guard let file = try nodeIfAny(uuid: uuid), file.kind == .file, file.deletion == .alive,
            try level(of: file.id, for: caller) >= .read
        else { return nil }
        return file
    }

    /// Ties a file to an entity; one already tied keeps its link.
    func tie(_ file: Node.ID, to entity: CRMEntity.ID, by person: Person.ID, atMs now: Int64) throws {
        try run(
            """
            INSERT INTO entity_link (entity_id, node_id, created_ms, created_by)
            VALUES (\(entity), \(file), \(now), \(person))
            ON CONFLICT (entity_id, node_id) DO NOTHING
            """)
    }
}
