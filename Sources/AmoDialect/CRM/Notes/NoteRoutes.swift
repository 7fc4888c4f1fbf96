import DriveCore
import HTTPEdge
import Hummingbird

/// Notes of a kind of entity, `/api/v4/{type}/notes`, and of one entity, `/api/v4/{type}/{entity_id}/notes`.
enum NoteRoutes {
    static let all: [Route] = CRMEntity.Kind.allCases.flatMap { kind -> [Route] in
        let base = "/api/v4/\(kind.rawValue)"
        let both = ["\(base)/notes", "\(base)/{id}/notes"].flatMap { path -> [Route] in
            [
                .account(.get, path) { try await list(kind, $0) },
                .account(.post, path) { try await add(kind, $0) },
                .account(.patch, path) { try await changeMany(kind, $0) },
                .account(.get, path + "/{note_id}") { try await get(kind, $0) },
                .account(.patch, path + "/{note_id}") { try await changeOne(kind, $0) },
            ]
        }
        return both + [
            .account(.post, "\(base)/notes/{note_id}/pin") { try await pin(kind, $0, isPinned: true) },
            .account(.post, "\(base)/notes/{note_id}/unpin") { try await pin(kind, $0, isPinned: false) },
        ]
    }

    private static func list(_ kind: CRMEntity.Kind, _ call: Call) async throws -> Answer {
        let query = try call.visit.query()
        let (paging, parent) = (try Paging(query), try parent(call))
        let listing = try self.listing(query, paging, isOfOneEntity: parent != nil)
        guard let listing else { return .empty(.noContent) }
        let page = try await call.drive.notes(kind: kind, entity: parent, listing, as: call.caller)
        let (links, with) = (call.links, WithList(query["with"]))
        return HALList("notes", at: path(kind, parent), paging)
            .answer(
                try page.rows.map { try NoteWire.value($0, links, with: with) }, hasMore: page.hasMore, call)
    }

    /// Nil when no list is that long.
    private static func listing(
        _ query: Value, _ paging: Paging, isOfOneEntity: Bool
    ) throws -> Listing<NoteField>? {
        var filter = try FilterTree<NoteField>(query)
        try filter.numbers("id", .id)
        if !isOfOneEntity { try filter.numbers("entity_id", .entity) }
        try filter.texts("note_type", .type)
        try filter.times("updated_at", .updated)
        let order = try FilterTree<NoteField>.order(query, ["id": .id, "updated_at": .updated])
        return paging.offset.map {
            Listing(
                conditions: filter.conditions, order: order, offset: $0, limit: paging.limit, wantsTotal: false)
        }
    }

    private static func get(_ kind: CRMEntity.Kind, _ call: Call) async throws -> Answer {
        let note = try await call.drive.note(try id(call), kind: kind, entity: try parent(call), as: call.caller)
        guard let note else { throw Failure.notFound }
        return .value(try NoteWire.value(note, call.links, with: WithList(try call.visit.query()["with"])))
    }

    private static func add(_ kind: CRMEntity.Kind, _ call: Call) async throws -> Answer {
        let parent = try parent(call)
        let items = try NoteInput.new(try await call.visit.json(), needsEntity: parent == nil)
        let made = try await WrittenList.naming(items.map(\.requestID)) {
            try await call.drive.addNotes(items.map(\.change), kind: kind, entity: parent, as: call.caller)
        }
        let notes = zip(made, items).map { NoteWire.made($0, call.links, requestID: $1.requestID) }
        return .value(written(notes, kind, parent, call))
    }

    private static func changeMany(_ kind: CRMEntity.Kind, _ call: Call) async throws -> Answer {
        let parent = try parent(call)
        let items = try NoteInput.changes(try await call.visit.json())
        let changed = try await WrittenList.naming(items.map(\.requestID)) {
            try await call.drive.updateNotes(items.map(\.change), kind: kind, entity: parent, as: call.caller)
        }
        let notes = zip(changed, items).map { NoteWire.changed($0, call.links, requestID: $1.requestID) }
        return .value(written(notes, kind, parent, call))
    }

    private static func changeOne(_ kind: CRMEntity.Kind, _ call: Call) async throws -> Answer {
        let (id, parent) = (try id(call), try parent(call))
        var item = try NoteInput.change(try await call.visit.json())
        item.change.id = id
        let changed = try await WrittenList.naming([item.requestID]) { [item] in
            try await call.drive.updateNotes([item.change], kind: kind, entity: parent, as: call.caller)
        }
        guard let note = changed.first else { throw Failure.notFound }
        return .value(NoteWire.changed(note, call.links))
    }

    private static func pin(_ kind: CRMEntity.Kind, _ call: Call, isPinned: Bool) async throws -> Answer {
        guard try await call.drive.pin(try id(call), kind: kind, isPinned: isPinned, as: call.caller) else {
            throw Failure.notFound
        }
        return .empty(.noContent)
    }

    private static func written(
        _ notes: [Value], _ kind: CRMEntity.Kind, _ parent: CRMEntity.ID?, _ call: Call
    ) -> Value {
        [
            "_links": ["self": ["href": .string(call.links.api(path(kind, parent)))]],
            "_embedded": ["notes": .array(notes)],
        ]
    }

    private static func path(_ kind: CRMEntity.Kind, _ parent: CRMEntity.ID?) -> String {
        "\(kind.rawValue)/" + (parent.map { "\($0)/" } ?? "") + "notes"
    }

    /// The entity the path names; nil when it names none.
    private static func parent(_ call: Call) throws -> CRMEntity.ID? {
        try call.visit.captures["id"] == nil ? nil : call.visit.entityID()
    }

    private static func id(_ call: Call) throws -> Note.ID { Note.ID(try call.visit.positiveNumber("note_id")) }
}
