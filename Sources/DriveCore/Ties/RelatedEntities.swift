import SQLStore

/// An entity another one is tied to: the company of a lead, the contacts of a customer, the leads of a contact.
package struct RelatedEntity: Sendable, Hashable {
    package let id: CRMEntity.ID
    package let kind: CRMEntity.Kind
    /// The main one of several contacts.
    package let isMain: Bool

    /// A company or contact to be tied. An entity has one company at most: a new one takes the place of the old.
    package struct Reference: Sendable, Hashable {
        package let id: CRMEntity.ID
        package let kind: CRMEntity.Kind
        /// Nil: main when the entity has no contact yet.
        package let isMain: Bool?
        /// In the list the client sent, from 0.
        package let position: Int

        package init(id: CRMEntity.ID, kind: CRMEntity.Kind, isMain: Bool? = nil, position: Int) {
            self.id = id
            self.kind = kind
            self.isMain = isMain
            self.position = position
        }
    }
}

extension Transaction {
    /// - Throws: `.item(index:, .noSuchRelated)`.
    func tie(_ others: [RelatedEntity.Reference], to entity: CRMEntity, item index: Int, as caller: Caller) throws {
        for other in others {
            guard try entityIfAny(other.id, kind: other.kind, for: caller) != nil else {
                throw DriveError.item(index: index, .noSuchRelated(other.kind, position: other.position))
            }
            let siblings: SQL = """
                entity_id = \(entity.id) AND other_id IN (SELECT id FROM entity WHERE kind = \(other.kind.rawValue))
                """
            var isMain = false
            if other.kind == .companies {
                try run("DELETE FROM entity_related WHERE \(siblings)")
            } else {
                isMain = try other.isMain ?? !exists("SELECT 1 FROM entity_related WHERE \(siblings)")
                if isMain { try run("UPDATE entity_related SET is_main = 0 WHERE \(siblings)") }
            }
            try run(
                """
                INSERT INTO entity_related (entity_id, other_id, is_main) VALUES (\(entity.id), \(other.id), \(isMain))
                ON CONFLICT (entity_id, other_id) DO UPDATE SET is_main = excluded.is_main
                """)
        }
    }

    /// What each of the entities is tied to, from either side, as far as `caller` sees it; by id.
    func related(to ids: [CRMEntity.ID], for caller: Caller) throws -> [CRMEntity.ID: [RelatedEntity]] {
        let visible = CRMEntity.visibility(to: caller)
        let found = try rows(
            """
            SELECT r.entity_id AS owner_id, e.id AS other_id, e.kind, r.is_main
            FROM entity_related r JOIN entity e ON e.id = r.other_id
            WHERE r.entity_id IN (\(list: ids)) AND e.is_deleted = 0 AND (\(visible))
            UNION ALL
            SELECT r.other_id, e.id, e.kind, r.is_main FROM entity_related r JOIN entity e ON e.id = r.entity_id
            WHERE r.other_id IN (\(list: ids)) AND e.is_deleted = 0 AND (\(visible))
            ORDER BY owner_id, other_id
            """)
        return try Dictionary(grouping: found) { CRMEntity.ID(try $0.int(0)) }
            .mapValues { try $0.map(RelatedEntity.init(row:)) }
    }
}

extension RelatedEntity {
    fileprivate init(row: Row) throws {
        guard let kind = CRMEntity.Kind(rawValue: try row.text(2)) else {
            throw SQLError.failed(message: "entity \(try row.int(1)) is of no known kind")
        }
        self.init(id: CRMEntity.ID(try row.int(1)), kind: kind, isMain: try row.bool(3))
    }
}
