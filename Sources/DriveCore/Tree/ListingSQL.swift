import SQLStore

extension Transaction {
    /// One page of rows.
    ///
    /// - Parameters:
    ///   - columns: what to select, trusted SQL text.
    ///   - from: tables and joins, trusted SQL text.
    ///   - condition: the rights, and whatever the list is always limited to.
    ///   - id: the column that breaks ties.
    ///   - seeing: which rows of other things (of `entity e`) the caller sees, for fields that live there.
    ///   - countFrom: the tables a total needs, when fewer than `from`.
    ///   - keptTotal: the total of a listing without conditions, where it is kept.
    ///   - candidates: what selects the ids, as `id`, among which every match is known to be; nil: not known. The
    ///     statement then begins with them.
    /// - Throws: `DriveError.invalidListing`.
    func page<Field: ListingField, Element>(
        _ listing: Listing<Field>, columns: String, from: String, where condition: SQL, id: String,
        seeing: SQL = "1 = 1", countFrom: String? = nil, keptTotal: SQL? = nil, among candidates: SQL? = nil,
        read: (Row) throws -> Element
    ) throws -> Page<Element> {
        var matching = SQL.all([condition, try listing.conditionSQL(seeing: seeing)])
        let order = try listing.orderSQL(id: id)
        var lead: SQL = ""
        if let candidates {
            // SQLite leaves the order of a CROSS JOIN alone; the engines agree on what it means.
            lead = "(\(candidates)) candidate CROSS JOIN "
            matching = "\(raw: id) = candidate.id AND \(matching)"
        }
        let found = try rows(
            """
            SELECT \(raw: columns) FROM \(lead)\(raw: from) WHERE \(matching)
            ORDER BY \(raw: order) LIMIT \(listing.limit + 1) OFFSET \(listing.offset)
            """
        )
        let hasMore = found.count > listing.limit
        let shown = try found.prefix(Int(listing.limit)).map(read)
        var total: Int64?
        if listing.wantsTotal {
            let seen = listing.offset + Int64(shown.count)
            let isWholeTail = !hasMore && (listing.offset == 0 || !shown.isEmpty)
            let counted: SQL = "SELECT count(*) FROM \(lead)\(raw: countFrom ?? from) WHERE \(matching)"
            total = isWholeTail ? seen : try int(listing.conditions.isEmpty ? keptTotal ?? counted : counted)
        }
        return Page(rows: shown, total: total, hasMore: hasMore)
    }
}

extension Listing {
    /// Bounds that keep a hostile filter from becoming a hostile statement.
    private static var maxConditions: Int { 200 }
    private static var maxValues: Int { 5000 }

    func conditionSQL(seeing: SQL = "1 = 1") throws(DriveError) -> SQL {
        guard conditions.count <= Self.maxConditions else { throw .invalidListing(field: "filter") }
        var rendered: [SQL] = []
        for condition in conditions { rendered.append(try condition.sql(seeing: seeing)) }
        return .all(rendered)
    }

    func orderSQL(id: String) throws(DriveError) -> String {
        var terms: [String] = []
        var descending = false
        var named: Set<Field> = []
        for item in order where named.insert(item.field).inserted {
            let column = item.field.column
            guard column.isSortable else { throw .invalidListing(field: item.field.rawValue) }
            var term = column.comparable + (item.descending ? " DESC" : " ASC")
            if column.isNullable { term += item.descending ? " NULLS LAST" : " NULLS FIRST" }
            terms.append(term)
            descending = item.descending
            if column.sql == id { return terms.joined(separator: ", ") }
        }
        return (terms + [id + (descending ? " DESC" : " ASC")]).joined(separator: ", ")
    }

    fileprivate static func checkCount(_ count: Int, of field: Field) throws(DriveError) {
        guard count <= maxValues else { throw .invalidListing(field: field.rawValue) }
    }
}

extension ListingColumn {
    /// What order, `<` and patterns look at.
    fileprivate var comparable: String {
        if case .folded(let twin) = kind { twin } else { sql }
    }

    /// The value as the column's side of an equality expects it; nil when it is of the wrong kind or has a NUL.
    fileprivate func bindable(_ value: ListingValue, comparing: Bool) -> SQLValue? {
        if case .text(let text) = value, text.utf8.contains(0) { return nil }
        return switch (kind, value) {
        case (.integer, .integer(let number)): .integer(number)
        case (.text, .text(let text)): .text(text)
        case (.folded, .text(let text)): .text(comparing ? FileName.fold(text) : text)
        case (.foldedOnly, .text(let text)): .text(FileName.fold(text))
        default: nil
        }
    }

    /// `condition`, stretched over the rows the field lives in.
    fileprivate func stretched(_ seeing: SQL, _ condition: SQL) -> SQL {
        guard let anyOf, let place = anyOf.range(of: "%@") else { return condition }
        return
            "\(raw: String(anyOf[..<place.lowerBound]))(\(seeing)) AND (\(condition))\(raw: String(anyOf[place.upperBound...]))"
    }
}

extension Condition {
    /// - Parameter seeing: as in `page`.
    func sql(seeing: SQL) throws(DriveError) -> SQL {
        switch self {
        case .equals(let field, let value): try equality(field, value, seeing: seeing)
        case .differs(let field, let value?):
            if field.column.isNullable {
                "(\(raw: field.column.sql) IS NULL OR NOT (\(try equality(field, value, seeing: seeing))))"
            } else {
                "NOT (\(try equality(field, value, seeing: seeing)))"
            }
        case .differs(let field, nil): "NOT (\(try equality(field, nil, seeing: seeing)))"
        case .less(let field, let value): try comparison(field, "<", value, seeing: seeing)
        case .lessOrEqual(let field, let value): try comparison(field, "<=", value, seeing: seeing)
        case .greater(let field, let value): try comparison(field, ">", value, seeing: seeing)
        case .greaterOrEqual(let field, let value): try comparison(field, ">=", value, seeing: seeing)
        case .oneOf(let field, let values): try membership(field, values, seeing: seeing)
        case .noneOf(let field, let values):
            if field.column.isNullable {
                "(\(raw: field.column.sql) IS NULL OR NOT (\(try membership(field, values, seeing: seeing))))"
            } else {
                "NOT (\(try membership(field, values, seeing: seeing)))"
            }
        case .like(let field, let pattern): try likeness(field, LikePattern(wildcards: pattern), seeing: seeing)
        case .contains(let field, let text): try likeness(field, LikePattern(containing: text), seeing: seeing)
        case .any(let conditions): try alternatives(conditions, seeing: seeing)
        case .not(let condition): "CASE WHEN (\(try condition.sql(seeing: seeing))) THEN 1 ELSE 0 END = 0"
        }
    }

    private func alternatives(_ conditions: [Condition], seeing: SQL) throws(DriveError) -> SQL {
        guard conditions.count <= 50 else { throw .invalidListing(field: "filter") }
        var rendered: [SQL] = []
        for condition in conditions { rendered.append(try condition.sql(seeing: seeing)) }
        return .any(rendered)
    }

    private func equality(_ field: Field, _ value: ListingValue?, seeing: SQL) throws(DriveError) -> SQL {
        let column = field.column
        guard let value else {
            return column.anyOf == nil ? "\(raw: column.sql) IS NULL" : "NOT (\(column.stretched(seeing, "1 = 1")))"
        }
        guard let bound = column.bindable(value, comparing: false) else { throw .invalidListing(field: field.rawValue) }
        if case .folded(let twin) = column.kind, let folded = column.bindable(value, comparing: true) {
            // Says nothing new, but the folded twin is what indexes know.
            return column.stretched(seeing, "\(raw: twin) = \(folded) AND \(raw: column.sql) = \(bound)")
        }
        return column.stretched(seeing, "\(raw: column.sql) = \(bound)")
    }

    private func comparison(
        _ field: Field, _ sign: String, _ value: ListingValue, seeing: SQL
    ) throws(DriveError) -> SQL {
        let column = field.column
        guard let bound = column.bindable(value, comparing: true) else { throw .invalidListing(field: field.rawValue) }
        return column.stretched(seeing, "\(raw: column.comparable) \(raw: sign) \(bound)")
    }

    private func membership(_ field: Field, _ values: [ListingValue], seeing: SQL) throws(DriveError) -> SQL {
        try Listing<Field>.checkCount(values.count, of: field)
        let column = field.column
        var bound: [SQLValue] = []
        for value in values {
            guard let one = column.bindable(value, comparing: false) else {
                throw .invalidListing(field: field.rawValue)
            }
            bound.append(one)
        }
        return bound.isEmpty ? "1 = 0" : column.stretched(seeing, "\(raw: column.sql) IN (\(list: bound))")
    }

    private func likeness(_ field: Field, _ pattern: LikePattern?, seeing: SQL) throws(DriveError) -> SQL {
        guard let pattern else { throw .invalidListing(field: field.rawValue) }
        let column = field.column
        let looked: SQL =
            switch column.kind {
            case .integer: "CAST(\(raw: column.sql) AS TEXT)"
            case .text: "lower(\(raw: column.sql))"
            case .folded, .foldedOnly: "\(raw: column.comparable)"
            }
        return column.stretched(seeing, pattern.holds(of: looked))
    }
}
