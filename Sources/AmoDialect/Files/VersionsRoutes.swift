import DriveCore
import HTTPEdge
import Hummingbird

/// The contents a file has and had.
enum VersionsRoutes {
    /// Everything by default; `page` and `limit` cut it.
    private static let largestList: Int64 = 10_000

    @Sendable static func list(_ call: Call) async throws -> Answer {
        let query = try call.visit.query()
        let paging = try Paging(query, defaultLimit: largestList, maxLimit: largestList)
        let file = try await call.drive.file(uuid: try call.visit.uuid("file_uuid"), as: call.caller)
        guard let offset = paging.offset else { return .empty(.noContent) }
        let page = try await call.drive.versions(
            of: file.id,
            Listing(
                order: [.init(.id, descending: true)], offset: offset, limit: paging.limit, wantsTotal: false),
            as: call.caller)
        guard !page.rows.isEmpty else { return .empty(.noContent) }
        let links = call.links
        let versions = try await call.models(of: page.rows)
        let isPaged = query["page"] != nil || query["limit"] != nil
        let said = ListQuery(call.request.query, isSorted: true)
        func href(_ number: Int64) -> Value {
            let tail = isPaged ? said.text(page: number, limit: paging.limit) : ""
            return ["href": .string(links.file(file.uuid) + "/versions" + tail)]
        }
        var pages: [Value.Member] = [.init("self", href(paging.page))]
        if page.hasMore { pages.append(.init("next", href(paging.page + 1))) }
        if paging.page > 1 { pages.append(.init("prev", href(paging.page - 1))) }
        return .value([
            "_count": .int(Int64(versions.count)), "_embedded": ["versions": .array(versions)],
            "_links": .object(pages),
        ])
    }

    @Sendable static func get(_ call: Call) async throws -> Answer {
        let version = try await call.drive.version(
            uuid: try call.visit.uuid("version_uuid"), ofFile: try call.visit.uuid("file_uuid"), as: call.caller)
        return .value(try await call.models(of: [version])[0])
    }
}
