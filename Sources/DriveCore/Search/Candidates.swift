import SQLStore

// A list with a condition on names can be made in two ways: from the candidates of an index, fetched, filtered and then
// sorted, or along the list's own order until a page is full. The first costs by the number of candidates, the second by
// the rows passed over before the page is full. So candidates are counted up to a bound first.
//
// Measured on SQLite 3.40 with 1,000,000 files, 100,000 entities and 100,000 links, amoCRM's `filter[term]`, milliseconds:
//
//   matches      from the index    along the order    counting to the bound
//   0            0.2               1,550              0.1
//   22           1.2               1,500              1.2
//   11,100       35                377 (all of them far down the order)   2
//   250,000      1,100             0.5                8
//
// Where there are fewer files, a page of a given number of matches is full sooner: the bound is a hundredth of all rows,
// within limits. Inside one folder a row passed over costs less, 0.25 µs: no name but the folder's own rows is looked at.

extension Transaction {
    /// Most candidates that are fetched, however many rows there are, and what is fetched where there are few.
    private static var candidateBounds: ClosedRange<Int64> { 500...10_000 }
    /// A folder of no more children is read through sooner than an index is asked.
    private static var smallFolder: Int64 { 1_000 }
    /// Children of a folder read through in the time one candidate takes.
    private static var childrenPerCandidate: Int64 { 12 }

    /// What selects the ids among which every match of the listing is, for `page`; nil when no index helps.
    func candidates<Field: IndexedField>(for listing: Listing<Field>) throws -> SQL? {
        try fewestCandidates(for: listing)?.ids
    }

    /// As above, for the children of one folder: nil also when its own index is the better way.
    func candidates(for listing: Listing<NodeField>, in folder: Node.ID) throws -> SQL? {
        guard !listing.lookups.isEmpty, case let children = try int(livingCount(in: folder)),
            children > Self.smallFolder, let fewest = try fewestCandidates(for: listing),
            children > fewest.count * Self.childrenPerCandidate
        else { return nil }
        return fewest.ids
    }

    private func fewestCandidates<Field: IndexedField>(
        for listing: Listing<Field>
    ) throws -> (ids: SQL, count: Int64)? {
        var fewest: (ids: SQL, count: Int64)?
        let lookups = listing.lookups
        if !lookups.isEmpty { try NameIndex.planByValues(self) }
        for alternatives in lookups {
            guard let found = try candidates(alternatives), found.count < fewest?.count ?? .max else { continue }
            fewest = found
        }
        return fewest
    }

    /// - Returns: nil when one of the lookups is none, and when they find so many that the list's own order is the
    ///   shorter way to a page of them.
    private func candidates(_ alternatives: [NameLookup]) throws -> (ids: SQL, count: Int64)? {
        guard let index = alternatives.first?.index else { return nil }
        // Ids are never used again, so that the last one is about how many rows there are.
        let rows = try int("SELECT COALESCE(max(id), 0) FROM \(raw: index.table)")
        let bound = min(max(rows / 100, Self.candidateBounds.lowerBound), Self.candidateBounds.upperBound)
        var (ids, count) = ([SQL](), Int64(0))
        for lookup in alternatives {
            guard let found = lookup.index.candidates(lookup.patterns, on: engine) else { return nil }
            if let first = lookup.index.readFirst(lookup.patterns, on: engine),
                try self.count(first, upTo: bound) == nil
            {
                return nil
            }
            guard let some = try self.count(found, upTo: bound), count + some <= bound else { return nil }
            count += some
            ids.append(found)
        }
        return (ids.dropFirst().reduce(ids[0]) { "\($0) UNION \($1)" }, count)
    }

    /// Nil for more than `bound`.
    private func count(_ ids: SQL, upTo bound: Int64) throws -> Int64? {
        let count = try int("SELECT count(*) FROM (\(ids) LIMIT \(bound + 1)) few")
        return count > bound ? nil : count
    }
}

/// Something to ask an index: rows whose names all patterns may hold of.
private struct NameLookup {
    let index: NameIndex
    let patterns: [LikePattern]
}

extension Listing where Field: IndexedField {
    /// Every match of the listing is found by each of these; by one of the lookups in it, that is.
    fileprivate var lookups: [[NameLookup]] {
        // A list's rows have one name each: all that is asked of it can be asked at once.
        var own: [NameIndex: [LikePattern]] = [:]
        var others: [[NameLookup]] = []
        for condition in conditions {
            guard let lookups = condition.lookups else { continue }
            if lookups.count == 1, let only = lookups.first, only.index != .linkedEntity {
                own[only.index, default: []] += only.patterns
            } else {
                others.append(lookups)
            }
        }
        return own.map { [NameLookup(index: $0.key, patterns: $0.value)] } + others
    }
}

extension Condition where Field: IndexedField {
    /// Lookups one of which finds whatever the condition holds of; nil when there are none such.
    fileprivate var lookups: [NameLookup]? {
        switch self {
        case .like(let field, let pattern): lookups(field, LikePattern(wildcards: pattern))
        case .contains(let field, let text), .equals(let field, .text(let text)?):
            lookups(field, LikePattern(containing: text))
        case .any(let conditions):
            conditions.reduce(into: [NameLookup]() as [NameLookup]?) { found, next in
                guard let some = found, let lookups = next.lookups else { return found = nil }
                found = some + lookups
            }
        default: nil
        }
    }

    private func lookups(_ field: Field, _ pattern: LikePattern?) -> [NameLookup]? {
        guard let index = field.nameIndex, let pattern, !pattern.trigrams.isEmpty else { return nil }
        return [NameLookup(index: index, patterns: [pattern])]
    }
}
