import DriveCore
import Foundation
import HTTPEdge
import Hummingbird

/// `/v1.0/files`: the list, one file, its name and active version.
enum FilesRoutes {
    static let all: [Route] = [
        .files(.get, "/v1.0/files", list),
        .files(.delete, "/v1.0/files", scopes: ["files", "files_delete"], TrashRoutes.delete),
        .files(.post, "/v1.0/files/restore", TrashRoutes.restore),
        .files(.get, "/v1.0/files/count", count),
        .files(.get, "/v1.0/files/stats", stats),
        .files(.get, "/v1.0/files/extensions", extensions),
        .files(.get, "/v1.0/files/{file_uuid}", get),
        .files(.patch, "/v1.0/files/{file_uuid}", edit),
        .files(.delete, "/v1.0/files/{file_uuid}", scopes: ["files", "files_delete"], TrashRoutes.deleteOne),
        .files(.get, "/v1.0/files/{file_uuid}/versions", VersionsRoutes.list),
        .files(.get, "/v1.0/files/{file_uuid}/versions/{version_uuid}", VersionsRoutes.get),
    ]

    @Sendable private static func list(_ call: Call) async throws -> Answer {
        let query = try call.visit.query()
        let paging = try Paging(query)
        let filter = try FilesFilter(query, nowMs: call.drive.now(), zone: try call.zone())
        guard let offset = paging.offset else { return .empty(.noContent) }
        let page = try await call.drive.accountFiles(
            Listing(
                conditions: filter.conditions, order: filter.order, offset: offset, limit: paging.limit,
                wantsTotal: false), as: call.caller)
        guard !page.rows.isEmpty else { return .empty(.noContent) }
        let links = call.links
        let files = try await call.models(of: page.rows)
        let said = ListQuery(call.request.query, isSorted: true)
        func href(_ number: Int64) -> Value {
            ["href": .string(links.origin + "/v1.0/files" + said.text(page: number, limit: paging.limit))]
        }
        var pages: [Value.Member] = [.init("self", href(paging.page))]
        if page.hasMore { pages.append(.init("next", href(paging.page + 1))) }
        if paging.page > 1 { pages.append(.init("prev", href(paging.page - 1))) }
        return .value([
            "_count": .int(Int64(files.count)), "_embedded": ["files": .array(files)], "_links": .object(pages),
        ])
    }

    /// How many files the same filters match.
    @Sendable private static func count(_ call: Call) async throws -> Answer {
        let filter = try FilesFilter(try call.visit.query(), nowMs: call.drive.now(), zone: try call.zone())
        let page = try await call.drive.accountFiles(
            Listing(conditions: filter.conditions, limit: 1, wantsTotal: true), as: call.caller)
        return .value(["count": .int(page.total ?? 0)])
    }

    /// What `filter[extensions][]` can ask for: the extensions of the files that the same filters match, an empty one for
    /// files without. The vendor's own shape is not known; this one goes with that of `count`.
    @Sendable private static func extensions(_ call: Call) async throws -> Answer {
        let filter = try FilesFilter(try call.visit.query(), nowMs: call.drive.now(), zone: try call.zone())
        let found = try await call.drive.accountFileExtensions(
            filter.conditions, limit: largestExtensionsList, as: call.caller)
        return .value(["extensions": .array(found.map(Value.string))])
    }

    private static let largestExtensionsList: Int64 = 1000

    /// Bytes used and allowed; without a limit, the largest number every JSON client reads exactly.
    @Sendable private static func stats(_ call: Call) async throws -> Answer {
        .value([
            "limit": .int(call.drive.settings.storageLimit ?? 9_007_199_254_740_991),
            "used": .int(try await call.drive.usedBytes()),
        ])
    }

    @Sendable private static func get(_ call: Call) async throws -> Answer {
        let withDeleted = WithList(try call.visit.query()["with"]).contains("deleted")
        let file = try await call.drive.file(
            uuid: try call.visit.uuid("file_uuid"), includingTrashed: withDeleted, as: call.caller)
        return .value(try await call.model(of: file))
    }

    /// Renames, or makes an older version active. The official PHP library sends both keys, one of them unchanged.
    @Sendable private static func edit(_ call: Call) async throws -> Answer {
        let uuid = try call.visit.uuid("file_uuid")
        let body = try await call.visit.json()
        guard case .object = body else { throw Failure([.wrongType("", "object")]) }
        var fields = FieldReader(body)
        let wantedName = fields.text("name", limit: 255)
        let wantedVersion = fields.text("version_uuid")
        if let wantedName, wantedName.allSatisfy(\.isWhitespace) { fields.report(.blank("name")) }
        let version = wantedVersion.flatMap(UUIDText.init)?.text
        if wantedVersion != nil, version == nil {
            fields.report(.invalid("version_uuid", "This is not a valid UUID."))
        }
        try fields.finish()

        var file = try await call.drive.file(uuid: uuid, as: call.caller)
        guard let content = file.content else { throw DriveError.notFound(.file(uuid: uuid)) }
        let newName = try wantedName.map { try Self.fullName($0, of: file, fileExtension: content.fileExtension) }
        let renames = newName.map { $0.text != file.name } ?? false
        let switches = version.map { $0 != content.versionUUID } ?? false
        switch (renames, switches) {
        case (true, true):
            throw Failure([.invalid("version_uuid", "The fields name and version_uuid cannot be set together.")])
        case (true, false): if let newName { file = try await call.drive.rename(file.id, to: newName, as: call.caller) }
        case (false, true):
            if let version { file = try await call.drive.activate(versionUUID: version, ofFile: uuid, as: call.caller) }
        case (false, false): break
        }
        return .value(try await call.model(of: file))
    }

    /// The extension never changes: it is put back when left out, and not doubled when given.
    private static func fullName(_ name: String, of file: Node, fileExtension: String) throws -> FileName {
        let tail = fileExtension.isEmpty ? "" : String(file.name.suffix(fileExtension.count + 1))
        let isGiven = !tail.isEmpty && name.lowercased().hasSuffix(tail.lowercased()) && name.count > tail.count
        return try FileName.read((isGiven ? String(name.dropLast(tail.count)) : name) + tail, at: "name")
    }
}

extension Call {
    /// The account's time zone.
    func zone() throws -> TimeZone {
        guard let zone = TimeZone(identifier: drive.account.timeZone) else {
            request.log.error("the account's time zone is unknown", metadata: ["zone": "\(drive.account.timeZone)"])
            throw Failure(.internalError, "Internal server error")
        }
        return zone
    }
}
