import DriveCore
import HTTPEdge

/// One member of `filter`: `">=ID": 5` is greater-or-equal, `ID`, 5.
struct FilterTerm: Sendable {
    /// The twelve prefixes of the vendor's list pages and the three more of `user.get`; `=%` and `%=` are the same, so
    /// are `!` and `!=`, `!=%` and `!%=`.
    enum Comparison: Sendable {
        /// No prefix: equality, a pattern when the text has a `%`, one of several when the value is a list.
        case plain
        case equals, differs, greater, greaterOrEqual, less, lessOrEqual, oneOf, noneOf, contains, like
        /// `contains` and `like` turned round.
        case lacks, unlike
    }

    let name: String
    let comparison: Comparison
    let value: Value

    /// Longest first, so that `>=ID` is not read as `>` and `=ID`.
    private static let prefixes: [(String, Comparison)] = [
        ("!=%", .unlike), ("!%=", .unlike), ("!%", .lacks),
        (">=", .greaterOrEqual), ("<=", .lessOrEqual), ("!@", .noneOf), ("=%", .like), ("%=", .like), ("!=", .differs),
        (">", .greater), ("<", .less), ("@", .oneOf), ("%", .contains), ("=", .equals), ("!", .differs),
    ]

    init(key: String, value: Value) {
        let match = Self.prefixes.first { key.hasPrefix($0.0) }
        name = String(key.dropFirst(match?.0.count ?? 0))
        comparison = match?.1 ?? .plain
        self.value = value
    }

    /// The comparison with its loose forms settled: a list makes equality a membership, a `%` makes plain text a pattern.
    var settled: Comparison {
        let isList = value.members != nil
        switch comparison {
        case .plain where isList, .equals where isList: return .oneOf
        case .differs where isList: return .noneOf
        case .plain: return value.text?.contains("%") == true ? .like : .equals
        default: return comparison
        }
    }

    /// - Throws: what the client is told of this term.
    func refused(_ trouble: String) -> Failure { .argument("filter", "`\(name)`: \(trouble)") }

    /// The one scalar of a term that is no list.
    func scalar() throws -> Value {
        if value.members != nil { throw refused("this comparison takes one value, not several") }
        return value
    }

    /// Text of a pattern.
    func pattern() throws -> String {
        guard let text = try scalar().text else { throw refused("a pattern is text") }
        return text
    }
}

extension FilterTerm {
    /// This term on a column of numbers or of text.
    ///
    /// - Parameter read: the value as the column has it; nil for null; throws when it cannot be one.
    func conditions<Field>(
        on field: Field, read: (Value) throws -> ListingValue?
    ) throws -> [Condition<Field>] {
        switch settled {
        case .plain, .equals: return [.equals(field, try read(scalar()))]
        case .differs: return [.differs(field, try read(scalar()))]
        case .oneOf: return [.oneOf(field, try value.elements.compactMap(read))]
        case .noneOf: return [.noneOf(field, try value.elements.compactMap(read))]
        case .contains: return [.contains(field, try pattern())]
        case .like: return [.like(field, pattern: try pattern())]
        case .lacks: return [.not(.contains(field, try pattern()))]
        case .unlike: return [.not(.like(field, pattern: try pattern()))]
        case .greater, .greaterOrEqual, .less, .lessOrEqual:
            // Nothing is greater or less than no value: a chain of batch pages ends on `>ID` of a row that is not there.
            guard let bound = try read(scalar()) else { return [.oneOf(field, [])] }
            switch settled {
            case .greater: return [.greater(field, bound)]
            case .greaterOrEqual: return [.greaterOrEqual(field, bound)]
            case .less: return [.less(field, bound)]
            default: return [.lessOrEqual(field, bound)]
            }
        }
    }

    /// This term on a moment. The wire has whole seconds and the column milliseconds, so that a moment is a second long.
    func conditions<Field>(onDate field: Field, _ dates: WireDates) throws -> [Condition<Field>] {
        func second(_ value: Value) throws -> Range<Int64>? {
            if value.isBlank { return nil }
            guard let ms = value.text.flatMap(dates.milliseconds) else { throw refused("it is no date") }
            return ms..<ms + 1000
        }
        func inside(_ range: Range<Int64>) -> [Condition<Field>] {
            [.greaterOrEqual(field, .integer(range.lowerBound)), .less(field, .integer(range.upperBound))]
        }
        func outside(_ range: Range<Int64>) -> Condition<Field> {
            .any([
                .less(field, .integer(range.lowerBound)), .greaterOrEqual(field, .integer(range.upperBound)),
                .equals(field, nil),
            ])
        }
        switch settled {
        case .plain, .equals: return try second(scalar()).map(inside) ?? [.equals(field, nil)]
        case .differs: return [try second(scalar()).map(outside) ?? .differs(field, nil)]
        case .noneOf: return try value.elements.compactMap(second).map(outside)
        case .oneOf:
            let seconds = try value.elements.compactMap(second)
            if seconds.count == 1 { return inside(seconds[0]) }
            // A membership in ranges, said with single values: every millisecond of each second.
            guard seconds.count <= 5 else { throw refused("at most five dates at once") }
            return [.oneOf(field, seconds.flatMap { $0.map(ListingValue.integer) })]
        case .contains, .like, .lacks, .unlike:
            let text = try pattern()
            let bare = text.drop { $0 == "%" }.reversed().drop { $0 == "%" }.reversed()
            guard let range = dates.range(String(bare)) else {
                throw refused("a pattern of a date is its beginning, as 2026-01")
            }
            return settled == .lacks || settled == .unlike ? [outside(range)] : inside(range)
        case .greater, .greaterOrEqual, .less, .lessOrEqual:
            guard let bound = try second(scalar()) else { return [.oneOf(field, [])] }
            switch settled {
            case .greater: return [.greaterOrEqual(field, .integer(bound.upperBound))]
            case .greaterOrEqual: return [.greaterOrEqual(field, .integer(bound.lowerBound))]
            case .less: return [.less(field, .integer(bound.lowerBound))]
            default: return [.less(field, .integer(bound.upperBound))]
            }
        }
    }
}
