import DriveCore
import HTTPEdge
import Hummingbird

/// Leads, contacts, companies and customers: `/api/v4/{type}`.
enum EntityRoutes {
    static let all: [Route] = CRMEntity.Kind.allCases.flatMap { kind -> [Route] in
        let path = "/api/v4/\(kind.rawValue)"
        return [
            .account(.get, path) { try await list(kind, $0) },
            .account(.post, path) { try await add(kind, $0) },
            .account(.patch, path) { try await changeMany(kind, $0) },
            .account(.get, path + "/{id}") { try await get(kind, $0) },
            .account(.patch, path + "/{id}") { try await changeOne(kind, $0) },
        ]
    }

    private static func list(_ kind: CRMEntity.Kind, _ call: Call) async throws -> Answer {
        let query = try call.visit.query()
        let paging = try Paging(query)
        let filter = try EntityFilter(query, kind: kind)
        let with = WithList(query["with"])
        // Nothing here deletes an entity.
        guard let offset = paging.offset, !with.contains("only_deleted") else { return .empty(.noContent) }
        let page = try await call.drive.entities(
            kind: kind,
            Listing(
                conditions: filter.conditions, order: filter.order, offset: offset, limit: paging.limit,
                wantsTotal: false), as: call.caller)
        let links = call.links
        return HALList(kind.rawValue, at: kind.rawValue, paging)
            .answer(page.rows.map { EntityWire.value($0, links, with: with) }, hasMore: page.hasMore, call)
    }

    /// An unknown id is 204, not 404: so the vendor does.
    private static func get(_ kind: CRMEntity.Kind, _ call: Call) async throws -> Answer {
        let id = try call.visit.entityID()
        do {
            let with = WithList(try call.visit.query()["with"])
            let entity = try await call.drive.entity(id, kind: kind, as: call.caller)
            return .value(EntityWire.value(entity, call.links, with: with))
        } catch DriveError.notFound { return .empty(.noContent) }
    }

    private static func add(_ kind: CRMEntity.Kind, _ call: Call) async throws -> Answer {
        let items = try EntityInput.list(try await call.visit.json(), kind: kind, needsID: false)
        let made = try await WrittenList.naming(items.map(\.requestID)) {
            try await call.drive.addEntities(items.map(\.change), kind: kind, as: call.caller)
        }
        return written(made, items, kind, call) { entity, item in
            [
                "id": .int(entity.id.rawValue), "request_id": .string(item.requestID),
                "_links": ["self": ["href": .string(call.links.entity(entity))]],
            ]
        }
    }

    private static func changeMany(_ kind: CRMEntity.Kind, _ call: Call) async throws -> Answer {
        let items = try EntityInput.list(try await call.visit.json(), kind: kind, needsID: true)
        let changed = try await WrittenList.naming(items.map(\.requestID)) {
            try await call.drive.updateEntities(
                items.map { (CRMEntity.ID($0.id ?? 0), $0.change) }, kind: kind, as: call.caller)
        }
        return written(changed, items, kind, call) { entity, item in
            .object(EntityWire.changed(entity, call.links) + [.init("request_id", .string(item.requestID))])
        }
    }

    private static func changeOne(_ kind: CRMEntity.Kind, _ call: Call) async throws -> Answer {
        let id = try call.visit.entityID()
        let item = try EntityInput.one(try await call.visit.json(), kind: kind)
        let changed = try await WrittenList.naming([item.requestID]) {
            try await call.drive.updateEntities([(id, item.change)], kind: kind, as: call.caller)
        }
        guard let entity = changed.first else { throw DriveError.notFound(.entity) }
        return .value(.object(EntityWire.changed(entity, call.links)))
    }

    private static func written(
        _ entities: [CRMEntity], _ items: [EntityInput], _ kind: CRMEntity.Kind, _ call: Call,
        _ wire: (CRMEntity, EntityInput) -> Value
    ) -> Answer {
        .value([
            "_links": ["self": ["href": .string(call.links.api(kind.rawValue))]],
            "_embedded": .object([.init(kind.rawValue, .array(zip(entities, items).map(wire)))]),
        ])
    }
}

extension Visit {
    /// - Throws: 404 when the path has no positive number there.
    func entityID() throws -> CRMEntity.ID { CRMEntity.ID(try positiveNumber("id")) }

    /// - Throws: 404 when the path has no positive number there.
    func positiveNumber(_ name: String) throws -> Int64 {
        guard let number = captures[name].flatMap(Int64.init), number > 0 else { throw Failure.notFound }
        return number
    }
}
