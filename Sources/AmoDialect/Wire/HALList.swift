import HTTPEdge

/// A page of a collection on the account host.
struct HALList {
    private let key: String
    private let path: String
    private let paging: Paging

    /// - Parameter key: of the list in `_embedded`.
    /// - Parameter path: below `/api/v4/`.
    init(_ key: String, at path: String, _ paging: Paging) {
        self.key = key
        self.path = path
        self.paging = paging
    }

    /// 204 without a body when there are no rows. Links say the client's own query again, on the origin it used.
    /// - Parameter total: only the lists whose page documents `_total_items` say it.
    func answer(_ rows: [Value], hasMore: Bool, total: Int64? = nil, _ call: Call) -> Answer {
        guard !rows.isEmpty else { return .empty(.noContent) }
        let said = ListQuery(call.request.query, isSorted: false)
        func href(_ number: Int64) -> Value {
            ["href": .string(call.links.api(path) + said.text(page: number, limit: paging.limit))]
        }
        var members: [Value.Member] = [.init("_page", .int(paging.page))]
        var pages: [Value.Member] = [.init("self", href(paging.page))]
        if hasMore { pages.append(.init("next", href(paging.page + 1))) }
        if paging.page > 1 { pages += [.init("first", href(1)), .init("prev", href(paging.page - 1))] }
        if let total {
            let count = (total + paging.limit - 1) / paging.limit
            members.insert(.init("_total_items", .int(total)), at: 0)
            members.append(.init("_page_count", .int(count)))
            if hasMore { pages.append(.init("last", href(count))) }
        }
        members.append(.init("_links", .object(pages)))
        members.append(.init("_embedded", .object([.init(key, .array(rows))])))
        return .value(.object(members))
    }
}
