import DriveCore
import HTTPEdge
import Hummingbird

/// Files of an entity, and entities of a file.
enum EntityFilesRoutes {
    static let all: [Route] =
        CRMEntity.Kind.allCases.flatMap { kind -> [Route] in
            let path = "/api/v4/\(kind.rawValue)/{id}/files"
            return [
                .account(.get, path) { try await list(kind, $0) },
                .account(.put, path) { try await link(kind, $0) },
                .account(.delete, path) { try await unlink(kind, $0) },
            ]
        } + [.account(.get, "/api/v4/files/{file_uuid}/links", entities)]

    /// Links, newest first; clients page by the last id and stop at a page shorter than `limit`.
    private static func list(_ kind: CRMEntity.Kind, _ call: Call) async throws -> Answer {
        let id = try call.visit.entityID()
        let query = try call.visit.query()
        let limit = min(try Paging.number("limit", in: query) ?? Paging.defaultLimit, Paging.maxLimit)
        let before = try Self.beforeID(query)
        let found = try await call.drive.links(
            of: id, kind: kind, before: before.map { EntityLink.ID($0) }, limit: limit, as: call.caller)
        guard !found.isEmpty else { return .empty(.noContent) }
        let files = found.map { link -> Value in
            ["file_uuid": .string(link.fileUUID), "id": .int(link.id.rawValue)]
        }
        let paging = "?limit=\(limit)" + (before.map { "&before_id=\($0)" } ?? "")
        return .value([
            "_links": ["self": ["href": .string(call.links.api("\(kind.rawValue)/\(id)/files") + paging)]],
            "_embedded": ["files": .array(files)],
        ])
    }

    private static func beforeID(_ query: Value) throws -> Int64? {
        guard let value = query.present("before_id") else { return nil }
        guard let number = value.integer else { throw Failure([.wrongType("before_id", "int")]) }
        return number
    }

    /// 202 without a body, as the seed page prints; done before it is answered.
    private static func link(_ kind: CRMEntity.Kind, _ call: Call) async throws -> Answer {
        let id = try call.visit.entityID()
        let uuids = try await files(kind, id, call)
        try await call.drive.link(files: uuids, to: id, kind: kind, as: call.caller)
        return .empty(.accepted)
    }

    private static func unlink(_ kind: CRMEntity.Kind, _ call: Call) async throws -> Answer {
        let id = try call.visit.entityID()
        let uuids = try await files(kind, id, call)
        try await call.drive.unlink(files: uuids, from: id, kind: kind, as: call.caller)
        return .empty(.accepted)
    }

    /// The body's files; an entity that is not there is said first.
    private static func files(_ kind: CRMEntity.Kind, _ id: CRMEntity.ID, _ call: Call) async throws -> [String] {
        let body = try await call.visit.json()
        _ = try await call.drive.entity(id, kind: kind, as: call.caller)
        return try FileList.read(body, key: "file_uuid")
    }

    @Sendable private static func entities(_ call: Call) async throws -> Answer {
        guard let uuid = call.visit.captures["file_uuid"].flatMap(UUIDText.init) else {
            throw Failure([.invalid("file_uuid", "This is not a valid UUID.")])
        }
        let entities = try await call.drive.entities(ofFile: uuid.text, as: call.caller)
        return .value([
            "file_uuid": .string(uuid.text), "entities": .array(entities.map(EntityWire.linked)),
        ])
    }
}
