/// A field a list can be filtered or ordered by: a closed set per kind of row.
package protocol ListingField: Hashable, Sendable, CaseIterable, RawRepresentable where RawValue == String {
    var column: ListingColumn { get }
}

/// How a field stands in SQL.
package struct ListingColumn: Sendable {
    package enum Kind: Sendable {
        case integer
        /// Compared as it is.
        case text
        /// Text whose patterns, order and `<` `>` go by a folded twin column; equality goes by the text itself.
        case folded(twin: String)
        /// Text that has only a folded form; every comparison folds the value first.
        case foldedOnly
    }

    package let sql: String
    package let kind: Kind
    package let isNullable: Bool
    package let isSortable: Bool
    /// For a field that lives in other rows: a subquery with `%@` where the condition goes. It holds when any does.
    package let anyOf: String?

    package init(_ sql: String, _ kind: Kind, isNullable: Bool = false, isSortable: Bool = true, anyOf: String? = nil) {
        self.sql = sql
        self.kind = kind
        self.isNullable = isNullable
        self.isSortable = isSortable
        self.anyOf = anyOf
    }
}

package enum ListingValue: Sendable, Hashable {
    case integer(Int64)
    case text(String)
}

/// One condition; conditions of a listing combine with AND.
package indirect enum Condition<Field: ListingField>: Sendable, Hashable {
    /// nil: the field is null.
    case equals(Field, ListingValue?)
    /// True for null too, unless the value is nil: then the field is not null.
    case differs(Field, ListingValue?)
    case less(Field, ListingValue)
    case lessOrEqual(Field, ListingValue)
    case greater(Field, ListingValue)
    case greaterOrEqual(Field, ListingValue)
    /// An empty list holds for nothing.
    case oneOf(Field, [ListingValue])
    /// An empty list holds for everything; null is none of any list.
    case noneOf(Field, [ListingValue])
    /// `%` stands for any run of characters and is the only wildcard; letter case does not matter.
    case like(Field, pattern: String)
    /// The text occurs somewhere; letter case does not matter.
    case contains(Field, String)
    case any([Condition])
    /// Where the condition does not hold; null is no obstacle.
    case not(Condition)
}

/// What to list: conditions, order, page. Both dialects parse into it; `Drive` adds the rights and renders it.
package struct Listing<Field: ListingField>: Sendable, Hashable {
    package struct Order: Sendable, Hashable {
        package let field: Field
        package let descending: Bool
        package init(_ field: Field, descending: Bool = false) {
            self.field = field
            self.descending = descending
        }
    }

    package var conditions: [Condition<Field>]
    /// Null comes first ascending and last descending. Ends with the id whether it says so or not, in the direction
    /// of the last field named.
    package var order: [Order]
    /// Rows to skip, 0 or more.
    package var offset: Int64
    /// Rows to return at most.
    package var limit: Int64
    /// Count every match too.
    package var wantsTotal: Bool

    package init(
        conditions: [Condition<Field>] = [], order: [Order] = [], offset: Int64 = 0, limit: Int64 = 50,
        wantsTotal: Bool = true
    ) {
        self.conditions = conditions
        self.order = order
        self.offset = offset
        self.limit = limit
        self.wantsTotal = wantsTotal
    }
}

/// One page of a listing.
package struct Page<Row: Sendable>: Sendable {
    package var rows: [Row]
    /// Matches altogether; nil when not asked for.
    package var total: Int64?
    package var hasMore: Bool

    package init(rows: [Row], total: Int64? = nil, hasMore: Bool = false) {
        self.rows = rows
        self.total = total
        self.hasMore = hasMore
    }
}

extension Page: Equatable where Row: Equatable {}
