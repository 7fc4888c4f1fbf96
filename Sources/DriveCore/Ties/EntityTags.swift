import SQLStore

/// A label of leads, contacts, companies or customers; each kind has its own.
package struct EntityTag: Sendable, Hashable {
    package typealias ID = Identifier<EntityTag>

    package let id: ID
    package let name: String

    package enum Reference: Sendable, Hashable {
        case id(ID)
        /// Made when there is none of that name yet, letter case aside.
        case name(String)
    }

    package enum Use: Sendable, Equatable { case replacement, addition }

    /// What becomes of an entity's tags.
    package struct Change: Sendable, Hashable {
        /// All the entity has afterwards, before additions; nil leaves what it has.
        package var replacement: [Reference]?
        package var additions: [Reference] = []
        /// Ones the entity does not have are passed over.
        package var removals: [Reference] = []

        package init() {}
    }
}

extension Transaction {
    /// - Throws: `.item(index:, .noSuchTag)` for an id to be put on the entity that no tag of its kind has.
    func write(_ change: EntityTag.Change, of entity: CRMEntity, item index: Int) throws {
        if let replacement = change.replacement {
            try run("DELETE FROM entity_tagged WHERE entity_id = \(entity.id)")
            try put(replacement, as: .replacement, on: entity, item: index)
        }
        for removal in change.removals {
            let which: SQL =
                switch removal {
                case .id(let id): "t.id = \(id)"
                case .name(let name): "t.kind = \(entity.kind.rawValue) AND t.name_fold = \(FileName.fold(name))"
                }
            try run(
                """
                DELETE FROM entity_tagged WHERE entity_id = \(entity.id)
                AND tag_id IN (SELECT t.id FROM entity_tag t WHERE \(which))
                """)
        }
        try put(change.additions, as: .addition, on: entity, item: index)
    }

    private func put(
        _ tags: [EntityTag.Reference], as use: EntityTag.Use, on entity: CRMEntity, item index: Int
    ) throws {
        for (position, tag) in tags.enumerated() {
            guard let id = try tagID(tag, kind: entity.kind) else {
                throw DriveError.item(index: index, .noSuchTag(use, position: position))
            }
            try run(
                """
                INSERT INTO entity_tagged (entity_id, tag_id) VALUES (\(entity.id), \(id))
                ON CONFLICT (entity_id, tag_id) DO NOTHING
                """)
        }
    }

    /// Nil for an id no tag of that kind has; a new name becomes a tag.
    private func tagID(_ tag: EntityTag.Reference, kind: CRMEntity.Kind) throws -> EntityTag.ID? {
        switch tag {
        case .id(let id):
            return try exists("SELECT 1 FROM entity_tag WHERE id = \(id) AND kind = \(kind.rawValue)") ? id : nil
        case .name(let name):
            let folded = FileName.fold(name)
            try run(
                """
                INSERT INTO entity_tag (kind, name, name_fold) VALUES (\(kind.rawValue), \(name), \(folded))
                ON CONFLICT (kind, name_fold) DO NOTHING
                """)
            return EntityTag.ID(
                try int("SELECT id FROM entity_tag WHERE kind = \(kind.rawValue) AND name_fold = \(folded)"))
        }
    }

    func tags(of ids: [CRMEntity.ID]) throws -> [CRMEntity.ID: [EntityTag]] {
        let found = try rows(
            """
            SELECT g.entity_id, t.id, t.name FROM entity_tagged g JOIN entity_tag t ON t.id = g.tag_id
            WHERE g.entity_id IN (\(list: ids)) ORDER BY t.name_fold, t.id
            """)
        return try Dictionary(grouping: found) { CRMEntity.ID(try $0.int(0)) }
            .mapValues { try $0.map { EntityTag(id: EntityTag.ID(try $0.int(1)), name: try $0.text(2)) } }
    }
}
