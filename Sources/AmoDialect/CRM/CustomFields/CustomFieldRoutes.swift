import DriveCore
import HTTPEdge
import Hummingbird

/// Definitions of custom fields: `/api/v4/{type}/custom_fields`. Everybody reads them, administrators write them.
enum CustomFieldRoutes {
    /// Most definitions on a page (vendor page: 50 whatever `limit` says).
    private static let pageLimit: Int64 = 50

    static let all: [Route] = CRMEntity.Kind.allCases.flatMap { kind -> [Route] in
        let path = "/api/v4/\(kind.rawValue)/custom_fields"
        return [
            .account(.get, path) { try await list(kind, $0) },
            .account(.post, path) { try await add(kind, $0) },
            .account(.patch, path) { try await changeMany(kind, $0) },
            .account(.get, path + "/{field_id}") { try await get(kind, $0) },
            .account(.patch, path + "/{field_id}") { try await changeOne(kind, $0) },
            .account(.delete, path + "/{field_id}") { try await remove(kind, $0) },
        ]
    }

    private static func list(_ kind: CRMEntity.Kind, _ call: Call) async throws -> Answer {
        let query = try call.visit.query()
        let paging = try Paging(query, maxLimit: pageLimit)
        let filter = try FilterTree<CustomFieldField>(query)
        if let types = filter.present("type"), !types.elements.contains("file") { return .empty(.noContent) }
        let order = try FilterTree<CustomFieldField>.order(query, ["id": .id, "sort": .sort])
        guard let offset = paging.offset else { return .empty(.noContent) }
        let page = try await call.drive.customFields(
            kind: kind, Listing(order: order, offset: offset, limit: paging.limit))
        let links = call.links
        return HALList("custom_fields", at: "\(kind.rawValue)/custom_fields", paging)
            .answer(
                page.rows.map { CustomFieldWire.value($0, links) }, hasMore: page.hasMore, total: page.total, call)
    }

    private static func get(_ kind: CRMEntity.Kind, _ call: Call) async throws -> Answer {
        guard let field = try await call.drive.customField(try id(call), kind: kind) else { throw Failure.notFound }
        return .value(CustomFieldWire.value(field, call.links))
    }

    private static func add(_ kind: CRMEntity.Kind, _ call: Call) async throws -> Answer {
        let items = try CustomFieldInput.new(try await call.visit.json())
        let made = try await WrittenList.naming(items.map(\.requestID)) {
            try await call.drive.addCustomFields(items.map(\.change), kind: kind, as: call.caller)
        }
        return .created(written(made, items, call))
    }

    private static func changeMany(_ kind: CRMEntity.Kind, _ call: Call) async throws -> Answer {
        let items = try CustomFieldInput.changes(try await call.visit.json())
        let changed = try await WrittenList.naming(items.map(\.requestID)) {
            try await call.drive.updateCustomFields(
                items.map { (CustomField.ID($0.id ?? 0), $0.change) }, kind: kind, as: call.caller)
        }
        return .value(written(changed, items, call))
    }

    private static func changeOne(_ kind: CRMEntity.Kind, _ call: Call) async throws -> Answer {
        let id = try id(call)
        let item = try CustomFieldInput.change(try await call.visit.json())
        let changed = try await WrittenList.naming([item.requestID]) {
            try await call.drive.updateCustomFields([(id, item.change)], kind: kind, as: call.caller)
        }
        guard let field = changed.first else { throw Failure.notFound }
        return .value(CustomFieldWire.value(field, call.links))
    }

    private static func remove(_ kind: CRMEntity.Kind, _ call: Call) async throws -> Answer {
        guard try await call.drive.removeCustomField(try id(call), kind: kind, as: call.caller) else {
            throw Failure.notFound
        }
        return .empty(.noContent)
    }

    private static func written(_ fields: [CustomField], _ items: [CustomFieldInput], _ call: Call) -> Value {
        let models = zip(fields, items).map { CustomFieldWire.value($0, call.links, requestID: $1.requestID) }
        return ["_total_items": .int(Int64(models.count)), "_embedded": ["custom_fields": .array(models)]]
    }

    private static func id(_ call: Call) throws -> CustomField.ID {
        CustomField.ID(try call.visit.positiveNumber("field_id"))
    }
}
