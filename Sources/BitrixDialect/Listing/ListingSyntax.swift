import DriveCore
import HTTPEdge

/// The fields one list method filters and orders by, under their wire names, and the way from `filter`, `order` and
/// `start` to a `Listing`.
struct ListingSyntax<Field: ListingField>: Sendable {
    /// How a field's values look on the wire.
    enum Kind: Sendable {
        case integer
        case text
        case date
        /// `Y` and `N` (and the other spellings of a flag) over 1 and 0.
        case flag
        /// A field whose wire values are not the column's.
        case special(@Sendable (FilterTerm) throws -> [Condition<Field>])
    }

    struct Entry: Sendable {
        let name: String
        /// Nil when rows cannot differ by it, so that ordering by it does nothing.
        let field: Field?
        let kind: Kind
        var filters = true
        var sorts = true

        init(_ name: String, _ field: Field?, _ kind: Kind, filters: Bool = true, sorts: Bool = true) {
            self.name = name
            self.field = field
            self.kind = kind
            self.filters = filters
            self.sorts = sorts
        }
    }

    let entries: [Entry]
    private let byName: [String: Entry]

    init(_ entries: [Entry]) {
        self.entries = entries
        byName = Dictionary(entries.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// A list's parameters as they stand on most pages.
    /// - Parameter startNames: names the first row may come under, the first present one counts.
    func listing(
        _ params: Parameters, dates: WireDates, filter: String = "filter", order: String = "order",
        startNames: [String] = ["start", "START"]
    ) throws -> Listing<Field> {
        let start = try Self.start(startNames.lazy.compactMap { params[$0] }.first)
        return Listing(
            conditions: try conditions(params.members(filter), dates: dates),
            order: try self.order(params.members(order)),
            offset: start.offset, limit: Self.pageSize, wantsTotal: start.counts)
    }

    /// Records on a page, fixed by the vendor.
    static var pageSize: Int64 { 50 }

    /// - Returns: rows to skip, and whether to count: `-1` asks for the first page without counting.
    static func start(_ value: Value?) throws -> (offset: Int64, counts: Bool) {
        guard let value, !value.isBlank else { return (0, true) }
        guard let start = value.integer, start >= -1 else {
            throw Failure.argument("start", "it is no number of rows to skip")
        }
        return start == -1 ? (0, false) : (start, true)
    }

    func conditions(_ members: [Value.Member], dates: WireDates) throws -> [Condition<Field>] {
        try members.flatMap { member in try conditions(FilterTerm(key: member.key, value: member.value), dates: dates) }
    }

    private func conditions(_ term: FilterTerm, dates: WireDates) throws -> [Condition<Field>] {
        guard let entry = byName[term.name], entry.filters else {
            throw Failure.argument("filter", "there is no field `\(term.name)` to filter by")
        }
        if case .special(let conditions) = entry.kind { return try conditions(term) }
        guard let field = entry.field else { return [] }
        switch entry.kind {
        case .date: return try term.conditions(onDate: field, dates)
        case .integer:
            return try term.conditions(on: field) { value in
                if value.isBlank { return nil }
                guard let number = value.integer else { throw term.refused("it is no whole number") }
                return .integer(number)
            }
        case .flag:
            return try term.conditions(on: field) { value in
                guard let flag = value.boolean else { throw term.refused("it is neither true nor false") }
                return .integer(flag ? 1 : 0)
            }
        default:
            return try term.conditions(on: field) { value in
                if value == .null { return nil }
                guard let text = value.text else { throw term.refused("it is no text") }
                return .text(text)
            }
        }
    }

    func order(_ members: [Value.Member]) throws -> [Listing<Field>.Order] {
        try members.compactMap { member in
            guard let entry = byName[member.key], entry.sorts else {
                throw Failure.argument("order", "there is no field `\(member.key)` to order by")
            }
            let descending = try Self.isDescending(member.value)
            return entry.field.map { Listing<Field>.Order($0, descending: descending) }
        }
    }

    static func isDescending(_ value: Value) throws -> Bool {
        switch value.text?.uppercased() {
        case "ASC": return false
        case "DESC": return true
        default: throw Failure.argument("order", "a direction is ASC or DESC")
        }
    }
}

extension Answer {
    /// A page of a list: `total` is 0 and `next` absent when the caller asked not to count (`start=-1`).
    init<Row, Field>(_ page: Page<Row>, of listing: Listing<Field>, row: (Row) -> Value) {
        self.init(.array(page.rows.map(row)), page, of: listing)
    }

    init<Row, Field>(_ result: Value, _ page: Page<Row>, of listing: Listing<Field>) {
        self.init(result)
        total = listing.wantsTotal ? page.total ?? 0 : 0
        if listing.wantsTotal, page.hasMore {
            let (next, overflow) = listing.offset.addingReportingOverflow(listing.limit)
            self.next = overflow ? nil : next
        }
    }
}
