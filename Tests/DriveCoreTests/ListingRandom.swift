@testable import DriveCore

/// SplitMix64 (Steele, Lea, Flood 2014): the same listings from the same seed, everywhere.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

/// Rows and listings made by chance from small pools, so that they meet.
struct ListingRandom {
    var random: SeededGenerator
    /// Of rows that stand in the database already: storages, a parent folder.
    let storages: [Int64]
    let parents: [Int64]

    static let names = [
        "Report.pdf", "report.PDF", "REPORT", "a_b", "a%b", "axb", "a\\b", "100%", "%", "_", "\\", "ёлка.txt",
        "Ёлка.TXT",
        "Договор 7.docx", "договор 8.DOCX", "straße", "STRASSE", "e\u{301}t\u{E9}", "Z", "a", "я", "A b.c", "日本",
        "file.tar.gz", ".hidden", "no.extension.", "%\u{301}x", "\\\u{301}",
    ]
    private static let codes = ["", "UPPER", "upper", "lower_case", "100%"]
    private static let uuids = ["00", "aa", "ab", "ff"]
    private static let fragments = [
        "", "%", "_", "\\", "r", "R", "por", "Ё", "б", ".", "7", "a", "ss", "ß", "1", "pdf", "e",
    ]

    mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }
    mutating func pick<Element>(_ elements: [Element]) -> Element { elements.randomElement(using: &random)! }

    mutating func row(_ number: Int64) -> ListedRow {
        let name = FileName(unchecked: pick(Self.names))
        return ListedRow(
            number: number, uuid: pick(Self.uuids) + String(number), kind: pick(["file", "folder"]), name: name,
            code: chance(40) ? nil : pick(Self.codes), storage: pick(storages),
            parent: chance(20) ? nil : pick(parents),
            deletion: pick([0, 0, 0, 3, 4]), created: smallNumber(), updated: smallNumber(),
            deleted: chance(50) ? nil : smallNumber(), createdBy: smallNumber(), updatedBy: smallNumber(),
            deletedBy: chance(50) ? nil : smallNumber(), size: smallNumber(),
            sourceID: chance(70) ? nil : smallNumber(),
            contentNumber: smallNumber(),
            entities: (0..<Int.random(in: 0...2, using: &random)).map { _ in pick(Self.names) })
    }

    mutating func smallNumber() -> Int64 { pick([-1, 0, 1, 2, 3, 10, 11, 100, 1_790_000_000_000, .max]) }

    mutating func listing() -> Listing<NodeField> {
        let sortable = NodeField.allCases.filter(\.column.isSortable)
        return Listing(
            conditions: (0..<Int.random(in: 0...3, using: &random)).map { _ in condition(depth: 0) },
            order: (0..<Int.random(in: 0...3, using: &random)).map { _ in .init(pick(sortable), descending: chance(50))
            },
            offset: pick([0, 0, 0, 1, 5, 40, 1000, .max - 1000]), limit: pick([0, 1, 5, 50, 500]),
            wantsTotal: chance(70))
    }

    /// A condition on names that an index may know something of.
    mutating func nameCondition() -> Condition<NodeField> {
        func part(_ name: String) -> String {
            let scalars = Array(name.unicodeScalars)
            let start = Int.random(in: 0..<scalars.count, using: &random)
            let end = Int.random(in: start..<scalars.count, using: &random)
            return String(String.UnicodeScalarView(scalars[start...end]))
        }
        let field = pick([NodeField.name, .foldedName, .stem, .linkedEntityName])
        switch Int.random(in: 0..<5, using: &random) {
        case 0: return .equals(field, value(field))
        case 1: return .like(field, pattern: "%" + part(pick(Self.names)) + "%" + part(pick(Self.names)))
        case 2:
            return .any([
                .contains(.name, part(pick(Self.names))), .contains(.linkedEntityName, part(pick(Self.names))),
            ])
        default: return .contains(field, part(pick(Self.names)))
        }
    }

    private mutating func condition(depth: Int) -> Condition<NodeField> {
        let field = pick(NodeField.allCases)
        switch Int.random(in: 0..<(depth == 0 ? 14 : 10), using: &random) {
        case 0: return .equals(field, chance(25) ? nil : value(field))
        case 1: return .differs(field, chance(25) ? nil : value(field))
        case 2: return .less(field, value(field))
        case 3: return .lessOrEqual(field, value(field))
        case 4: return .greater(field, value(field))
        case 5: return .greaterOrEqual(field, value(field))
        case 6: return .oneOf(field, values(field))
        case 7: return .noneOf(field, values(field))
        case 8:
            let pieces = (0..<Int.random(in: 0...3, using: &random)).map { _ in pick(Self.fragments + Self.names) }
            return .like(field, pattern: pieces.joined(separator: chance(60) ? "%" : ""))
        case 9: return .contains(field, pick(Self.fragments + Self.names))
        case 10, 11: return .not(condition(depth: depth + 1))
        default: return .any((0..<Int.random(in: 0...3, using: &random)).map { _ in condition(depth: depth + 1) })
        }
    }

    private mutating func values(_ field: NodeField) -> [ListingValue] {
        (0..<Int.random(in: 0...4, using: &random)).map { _ in value(field) }
    }

    private mutating func value(_ field: NodeField) -> ListingValue {
        switch field {
        case .name, .foldedName, .linkedEntityName: .text(pick(Self.names))
        case .stem: .text(FileName(unchecked: pick(Self.names)).stem)
        case .uuid: .text(pick(Self.uuids) + String(Int.random(in: 0..<50, using: &random)))
        case .kind: .text(pick(["file", "folder", "File", ""]))
        case .code: .text(pick(Self.codes))
        case .fileExtension: .text(pick(["", "pdf", "PDF", "txt", "gz"]))
        case .storage: .integer(pick(storages))
        case .parent: .integer(pick(parents))
        case .deletion: .integer(pick([0, 3, 4]))
        case .linkedEntity: .integer(pick([0, 1]))
        default: .integer(smallNumber())
        }
    }
}
