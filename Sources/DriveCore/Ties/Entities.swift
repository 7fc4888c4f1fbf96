import SQLStore

/// A lead, contact, company or customer: as deep as tying files to it needs.
package struct CRMEntity: Sendable, Hashable {
    package typealias ID = Identifier<CRMEntity>
    package enum Kind: String, Sendable, CaseIterable { case leads, contacts, companies, customers }

    package let id: ID
    package let kind: Kind
    package var name: String
    /// Contacts only; else empty.
    package var firstName: String
    package var lastName: String
    /// A lead's budget, a customer's expected purchase; else 0.
    package var price: Int64
    package var status: Int64
    package var pipeline: Int64
    /// When a customer is expected to buy again.
    package var nextDateMs: Int64?
    package var responsible: Person.ID
    package var group: Int64
    /// A person's id, 0 the system.
    package var createdBy: Int64
    package var updatedBy: Int64
    package var createdMs: Int64
    package var updatedMs: Int64
    /// Set while a lead is in a final status.
    package var closedMs: Int64?
    /// Why a lead was lost; nil: not said.
    package var lossReason: Int64?
    /// Days between a customer's purchases; 0: none.
    package var periodicity: Int64 = 0
    /// By name.
    package var tags: [EntityTag] = []
    /// Companies, contacts, leads and customers it is tied to, as far as the caller sees them.
    package var related: [RelatedEntity] = []
    /// What its custom fields hold, in the order of the fields.
    package var fields: [FieldValue] = []

    /// Statuses of a lead that is won or lost (the same in every pipeline).
    package static let finalStatuses: Set<Int64> = [142, 143]
    /// Most entities one call may write.
    package static let batchLimit = 250
}

/// What to write into an entity; nil leaves a field as it is, or at its default in a new one.
package struct EntityChange: Sendable, Hashable {
    package var name: String?
    package var firstName: String?
    package var lastName: String?
    package var price: Int64?
    package var status: Int64?
    package var pipeline: Int64?
    package var nextDateMs: Int64?
    package var responsible: Person.ID?
    package var group: Int64?
    package var createdBy: Int64?
    package var updatedBy: Int64?
    package var createdMs: Int64?
    package var updatedMs: Int64?
    package var closedMs: Int64?
    package var lossReason: Int64?
    package var periodicity: Int64?
    package var tags = EntityTag.Change()
    /// Companies and contacts to tie to it.
    package var related: [RelatedEntity.Reference] = []
    package var fields: [FieldChange] = []

    package init() {}
}

/// Who sees what: an administrator every entity, anybody else those they are responsible for or created.
/// An entity that is not seen is `.notFound`.
extension Drive {
    /// New entities of one kind, all or none, in the order given.
    ///
    /// A lead without a name is called after its id, a contact after its first and last name.
    /// - Throws: `.item(index:, ...)` for a person, tag, company, contact, custom field or file that is not there.
    package func addEntities(
        _ new: [EntityChange], kind: CRMEntity.Kind, as caller: Caller
    ) async throws -> [CRMEntity] {
        let nowMs = now()
        return try await database.write { tx in
            let made = try new.enumerated().map { index, change in
                let isInPipeline = kind == .leads || kind == .customers
                var entity = CRMEntity(
                    id: CRMEntity.ID(0), kind: kind, name: "", firstName: "", lastName: "", price: 0,
                    status: isInPipeline ? 1 : 0, pipeline: kind == .leads ? 1 : 0, nextDateMs: nil,
                    responsible: caller.person, group: 0, createdBy: caller.person.rawValue,
                    updatedBy: caller.person.rawValue, createdMs: nowMs, updatedMs: nowMs, closedMs: nil)
                entity.apply(change, atMs: nowMs)
                try tx.checkPeople(of: change, item: index)
                let made = try tx.insert(entity)
                try tx.writeExtras(change, of: made, item: index, as: caller, atMs: nowMs)
                return made
            }
            return try tx.completed(made, for: caller)
        }
    }

    /// Changes entities of one kind, all or none, in the order given.
    /// - Throws: `.item(index:, .noSuchEntity)`, and as `addEntities`.
    package func updateEntities(
        _ changes: [(id: CRMEntity.ID, change: EntityChange)], kind: CRMEntity.Kind, as caller: Caller
    ) async throws -> [CRMEntity] {
        let nowMs = now()
        return try await database.write { tx in
            let changed = try changes.enumerated().map { index, item in
                guard var entity = try tx.entityIfAny(item.id, kind: kind, for: caller) else {
                    throw DriveError.item(index: index, .noSuchEntity)
                }
                try tx.checkPeople(of: item.change, item: index)
                entity.updatedMs = nowMs
                entity.updatedBy = caller.person.rawValue
                entity.apply(item.change, atMs: nowMs)
                try tx.update(entity)
                try tx.writeExtras(item.change, of: entity, item: index, as: caller, atMs: nowMs)
                return entity
            }
            return try tx.completed(changed, for: caller)
        }
    }

    /// - Throws: `.notFound(.entity)`.
    package func entity(_ id: CRMEntity.ID, kind: CRMEntity.Kind, as caller: Caller) async throws -> CRMEntity {
        try await read(as: caller) { tx in
            guard let entity = try tx.entityIfAny(id, kind: kind, for: caller) else {
                throw DriveError.notFound(.entity)
            }
            return try tx.completed([entity], for: caller)[0]
        }
    }

    /// The entities of one kind that `caller` sees.
    package func entities(
        kind: CRMEntity.Kind, _ listing: Listing<EntityField>, as caller: Caller
    ) async throws -> Page<CRMEntity> {
        try await read(as: caller) { tx in
            let kindAndRights: SQL =
                "e.kind = \(kind.rawValue) AND e.is_deleted = 0 AND (\(CRMEntity.visibility(to: caller)))"
            var page = try tx.page(
                listing, columns: CRMEntity.columns, from: "entity e", where: kindAndRights, id: "e.id",
                among: tx.candidates(for: listing), read: CRMEntity.init(row:))
            page.rows = try tx.completed(page.rows, for: caller)
            return page
        }
    }
}

extension CRMEntity {
    /// Writes the fields `change` names. A lead is closed while its status is final.
    fileprivate mutating func apply(_ change: EntityChange, atMs nowMs: Int64) {
        firstName = change.firstName ?? firstName
        lastName = change.lastName ?? lastName
        if let name = change.name {
            self.name = name
        } else if kind == .contacts, change.firstName != nil || change.lastName != nil {
            name = [firstName, lastName].filter { !$0.isEmpty }.joined(separator: " ")
        }
        price = change.price ?? price
        status = change.status ?? status
        pipeline = change.pipeline ?? pipeline
        nextDateMs = change.nextDateMs ?? nextDateMs
        responsible = change.responsible ?? responsible
        group = change.group ?? group
        createdBy = change.createdBy ?? createdBy
        updatedBy = change.updatedBy ?? updatedBy
        createdMs = change.createdMs ?? createdMs
        updatedMs = change.updatedMs ?? updatedMs
        lossReason = change.lossReason ?? lossReason
        periodicity = change.periodicity ?? periodicity
        let isFinal = kind == .leads && Self.finalStatuses.contains(status)
        closedMs = isFinal ? change.closedMs ?? closedMs ?? nowMs : nil
    }
}
