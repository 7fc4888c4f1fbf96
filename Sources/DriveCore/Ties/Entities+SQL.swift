import SQLStore

extension CRMEntity {
    static let columns = """
        e.id, e.kind, e.name, e.first_name, e.last_name, e.price, e.status_id, e.pipeline_id, e.next_date_ms, \
        e.responsible_id, e.group_id, e.created_by, e.updated_by, e.created_ms, e.updated_ms, e.closed_ms, \
        e.loss_reason_id, e.periodicity
        """

    /// Reads `columns`.
    init(row: Row) throws {
        guard let kind = Kind(rawValue: try row.text(1)) else {
            throw SQLError.failed(message: "entity \(try row.int(0)) is of no known kind")
        }
        self.init(
            id: ID(try row.int(0)), kind: kind, name: try row.text(2), firstName: try row.text(3),
            lastName: try row.text(4), price: try row.int(5), status: try row.int(6), pipeline: try row.int(7),
            nextDateMs: try row.intOrNull(8), responsible: Person.ID(try row.int(9)), group: try row.int(10),
            createdBy: try row.int(11), updatedBy: try row.int(12), createdMs: try row.int(13),
            updatedMs: try row.int(14), closedMs: try row.intOrNull(15), lossReason: try row.intOrNull(16),
            periodicity: try row.int(17))
    }

    /// Which rows of `entity e` a caller sees.
    static func visibility(to caller: Caller) -> SQL {
        caller.isAdministrator ? "1 = 1" : "e.responsible_id = \(caller.person) OR e.created_by = \(caller.person)"
    }
}

extension Transaction {
    /// Nil also when `caller` does not see it.
    func entityIfAny(_ id: CRMEntity.ID, kind: CRMEntity.Kind, for caller: Caller) throws -> CRMEntity? {
        try row(
            """
            SELECT \(raw: CRMEntity.columns) FROM entity e
            WHERE e.id = \(id) AND e.kind = \(kind.rawValue) AND e.is_deleted = 0
            AND (\(CRMEntity.visibility(to: caller)))
            """
        ).map(CRMEntity.init(row:))
    }

    /// Stores a new entity; a nameless lead is called after the id it gets.
    func insert(_ new: CRMEntity) throws -> CRMEntity {
        let id = try int(
            """
            INSERT INTO entity (kind, name, name_fold, first_name, last_name, price, status_id, pipeline_id,
                next_date_ms, responsible_id, group_id, created_by, updated_by, created_ms, updated_ms, closed_ms,
                loss_reason_id, periodicity, is_deleted)
            VALUES (\(new.kind.rawValue), \(new.name), \(FileName.fold(new.name)), \(new.firstName), \(new.lastName),
                \(new.price), \(new.status), \(new.pipeline), \(new.nextDateMs), \(new.responsible), \(new.group),
                \(new.createdBy), \(new.updatedBy), \(new.createdMs), \(new.updatedMs), \(new.closedMs),
                \(new.lossReason), \(new.periodicity), 0)
            RETURNING id
            """)
        guard
            var entity = try row("SELECT \(raw: CRMEntity.columns) FROM entity e WHERE e.id = \(id)")
                .map(CRMEntity.init(row:))
        else { throw SQLError.failed(message: "entity \(id) is gone the moment it was made") }
        if entity.kind == .leads, entity.name.isEmpty {
            entity.name = "Сделка #\(id)"
            try update(entity)
        }
        return entity
    }

    func update(_ entity: CRMEntity) throws {
        try run(
            """
            UPDATE entity SET name = \(entity.name), name_fold = \(FileName.fold(entity.name)),
                first_name = \(entity.firstName), last_name = \(entity.lastName), price = \(entity.price),
                status_id = \(entity.status), pipeline_id = \(entity.pipeline), next_date_ms = \(entity.nextDateMs),
                responsible_id = \(entity.responsible), group_id = \(entity.group), created_by = \(entity.createdBy),
                updated_by = \(entity.updatedBy), created_ms = \(entity.createdMs), updated_ms = \(entity.updatedMs),
                closed_ms = \(entity.closedMs), loss_reason_id = \(entity.lossReason),
                periodicity = \(entity.periodicity)
            WHERE id = \(entity.id)
            """)
    }

    /// Writes what a change says beyond the entity's own row: tags, companies and contacts, custom fields.
    func writeExtras(
        _ change: EntityChange, of entity: CRMEntity, item index: Int, as caller: Caller, atMs now: Int64
    ) throws {
        try write(change.tags, of: entity, item: index)
        try tie(change.related, to: entity, item: index, as: caller)
        try write(change.fields, of: entity, item: index, as: caller, atMs: now)
    }

    /// The same entities with their tags, what they are tied to, and their custom fields.
    func completed(_ entities: [CRMEntity], for caller: Caller) throws -> [CRMEntity] {
        guard !entities.isEmpty else { return [] }
        let ids = Array(Set(entities.map(\.id)))
        let (tags, related, fields) = (try tags(of: ids), try related(to: ids, for: caller), try fieldValues(of: ids))
        return entities.map { entity in
            var entity = entity
            entity.tags = tags[entity.id] ?? []
            entity.related = related[entity.id] ?? []
            entity.fields = fields[entity.id] ?? []
            return entity
        }
    }

    /// Refuses a responsible, creator or changer that is nobody here; 0, the system, may create and change.
    func checkPeople(of change: EntityChange, item index: Int) throws {
        try checkPeople(
            responsible: change.responsible, createdBy: change.createdBy, updatedBy: change.updatedBy, item: index)
    }

    func checkPeople(responsible: Person.ID?, createdBy: Int64?, updatedBy: Int64?, item index: Int) throws {
        let named: [(EntityField, Int64?)] = [
            (.responsible, responsible?.rawValue), (.createdBy, createdBy.flatMap { $0 == 0 ? nil : $0 }),
            (.updatedBy, updatedBy.flatMap { $0 == 0 ? nil : $0 }),
        ]
        for case (let field, let id?) in named where try !exists("SELECT 1 FROM person WHERE id = \(id)") {
            throw DriveError.item(index: index, .noSuchPerson(field))
        }
    }
}
