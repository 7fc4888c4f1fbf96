@testable import DriveCore

/// A node as the naive filter sees it.
struct ListedRow {
    var id: Int64 = 0
    let number: Int64
    let uuid: String
    let kind: String
    var name: FileName
    let code: String?
    let storage: Int64
    let parent: Int64?
    let deletion: Int64
    let created: Int64
    let updated: Int64
    let deleted: Int64?
    let createdBy: Int64
    let updatedBy: Int64
    let deletedBy: Int64?
    let size: Int64
    let sourceID: Int64?
    let contentNumber: Int64
    /// Names of the entities it is linked to.
    let entities: [String]

    /// What the field holds: nothing for null, several for a field that lives in other rows.
    func values(_ field: NodeField) -> [ListingValue] {
        switch field {
        case .id: [.integer(id)]
        case .uuid: [.text(uuid)]
        case .kind: [.text(kind)]
        case .name: [.text(name.text)]
        case .code: code.map { [.text($0)] } ?? []
        case .storage: [.integer(storage)]
        case .parent: parent.map { [.integer($0)] } ?? []
        case .deletion: [.integer(deletion)]
        case .created: [.integer(created)]
        case .updated: [.integer(updated)]
        case .deleted: deleted.map { [.integer($0)] } ?? []
        case .createdBy: [.integer(createdBy)]
        case .updatedBy: [.integer(updatedBy)]
        case .deletedBy: deletedBy.map { [.integer($0)] } ?? []
        case .size: [.integer(size)]
        case .fileExtension: [.text(name.fileExtension)]
        case .sourceID: sourceID.map { [.integer($0)] } ?? []
        case .contentNumber: [.integer(contentNumber)]
        case .stem: [.text(name.stem)]
        case .foldedName: [.text(name.text)]
        case .linkedEntityName: entities.map { .text($0) }
        case .linkedEntity: [.integer(entities.isEmpty ? 0 : 1)]
        }
    }
}

extension Listing<NodeField> {
    /// The listing as its doc comments read, without SQL.
    func naive(_ rows: [ListedRow]) -> (ids: [Int64], total: Int64, hasMore: Bool) {
        let found = rows.filter { row in conditions.allSatisfy { $0.holds(row) } }.sorted(by: precedes)
        let start = Int(Swift.min(offset, Int64(found.count)))
        let end = Swift.min(start + Int(limit), found.count)
        return (found[start..<end].map(\.id), Int64(found.count), end < found.count)
    }

    private func precedes(_ left: ListedRow, _ right: ListedRow) -> Bool {
        // A field named twice counts where it was named first.
        let order = order.reduce(into: [Order]()) { distinct, item in
            if !distinct.contains(where: { $0.field == item.field }) { distinct.append(item) }
        }
        for item in order {
            let (a, b) = (left.values(item.field).first, right.values(item.field).first)
            let result: Int =
                switch (a, b) {
                case (nil, nil): 0
                case (nil, _): -1
                case (_, nil): 1
                case (let a?, let b?): a.key(item.field, folded: true).compared(to: b.key(item.field, folded: true))
                }
            if result != 0 { return item.descending ? result > 0 : result < 0 }
        }
        return order.last?.descending ?? false ? left.id > right.id : left.id < right.id
    }
}

extension Condition<NodeField> {
    func holds(_ row: ListedRow) -> Bool {
        func has(_ field: NodeField, _ test: (ListingValue) -> Bool) -> Bool { row.values(field).contains(where: test) }
        func isEqual(_ field: NodeField, _ value: ListingValue) -> Bool {
            let isFolded = [.stem, .foldedName, .linkedEntityName].contains(field)
            return has(field) { $0.key(field, folded: isFolded).compared(to: value.key(field, folded: isFolded)) == 0 }
        }
        func order(_ field: NodeField, _ value: ListingValue, _ test: (Int) -> Bool) -> Bool {
            has(field) { test($0.key(field, folded: true).compared(to: value.key(field, folded: true))) }
        }
        switch self {
        case .equals(let field, nil): return row.values(field).isEmpty
        case .equals(let field, let value?): return isEqual(field, value)
        case .differs(let field, nil): return !row.values(field).isEmpty
        case .differs(let field, let value?): return !isEqual(field, value)
        case .less(let field, let value): return order(field, value) { $0 < 0 }
        case .lessOrEqual(let field, let value): return order(field, value) { $0 <= 0 }
        case .greater(let field, let value): return order(field, value) { $0 > 0 }
        case .greaterOrEqual(let field, let value): return order(field, value) { $0 >= 0 }
        case .oneOf(let field, let values): return values.contains { isEqual(field, $0) }
        case .noneOf(let field, let values): return !values.contains { isEqual(field, $0) }
        case .like(let field, let pattern): return has(field) { $0.folded.matches(pattern.foldedScalars) }
        case .contains(let field, let text): return has(field) { $0.folded.holds(text.foldedScalars) }
        case .any(let conditions): return conditions.contains { $0.holds(row) }
        case .not(let condition): return !condition.holds(row)
        }
    }
}

/// What comparisons look at: a number, or bytes of text.
enum ComparisonKey {
    case number(Int64)
    case bytes([UInt8])

    /// Below, at or above 0.
    func compared(to other: ComparisonKey) -> Int {
        switch (self, other) {
        case (.number(let a), .number(let b)): a < b ? -1 : a > b ? 1 : 0
        case (.bytes(let a), .bytes(let b)): a.lexicographicallyPrecedes(b) ? -1 : a == b ? 0 : 1
        default: fatalError("a number compared with text")
        }
    }
}

extension ListingValue {
    /// - Parameter folded: fold the text of a field that has a folded form.
    func key(_ field: NodeField, folded: Bool) -> ComparisonKey {
        switch self {
        case .integer(let number): .number(number)
        case .text(let text):
            .bytes(Array((folded && field.isText ? FileName.fold(text) : text).utf8))
        }
    }

    /// What patterns look at.
    var folded: [Unicode.Scalar] {
        switch self {
        case .integer(let number): String(number).foldedScalars
        case .text(let text): text.foldedScalars
        }
    }
}

extension NodeField {
    /// Names: everything about them but equality goes by the folded form.
    fileprivate var isText: Bool { [.name, .stem, .foldedName, .linkedEntityName].contains(self) }
}

extension String {
    var foldedScalars: [Unicode.Scalar] { Array(FileName.fold(self).unicodeScalars) }
}

extension [Unicode.Scalar] {
    /// `%` is any run of characters, everything else itself.
    func matches(_ pattern: [Unicode.Scalar]) -> Bool {
        guard let first = pattern.first else { return isEmpty }
        let rest = Array(pattern.dropFirst())
        if first == "%" { return (0...count).contains { Array(self[$0...]).matches(rest) } }
        return self.first == first && Array(dropFirst()).matches(rest)
    }

    func holds(_ part: [Unicode.Scalar]) -> Bool {
        part.isEmpty || indices.contains { starts(with: part, at: $0) }
    }

    private func starts(with part: [Unicode.Scalar], at index: Int) -> Bool {
        index + part.count <= count && Array(self[index..<index + part.count]) == part
    }
}
