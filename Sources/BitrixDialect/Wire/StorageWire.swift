import DriveCore
import HTTPEdge

/// A drive as `disk.storage.*` shows it: every scalar a string.
enum StorageWire {
    /// What stands as `ENTITY_ID` of the company drive.
    static let commonEntity = "shared_files_s1"

    static func value(_ storage: Storage) -> Value {
        .object([
            .init("ID", .string(storage.id.description)),
            .init("NAME", .string(storage.name)),
            .init("CODE", storage.code.map(Value.string) ?? .null),
            .init("MODULE_ID", "disk"),
            .init("ENTITY_TYPE", .string(storage.kind.rawValue)),
            .init("ENTITY_ID", .string(storage.kind == .common ? commonEntity : String(storage.ownerID))),
            .init("ROOT_OBJECT_ID", .string(storage.root.description)),
        ])
    }

    static let syntax = ListingSyntax<StorageField>([
        .init("ID", .id, .integer),
        .init("NAME", .name, .text),
        .init("CODE", .code, .text),
        .init("MODULE_ID", nil, .text, filters: false),
        .init("ENTITY_TYPE", .kind, .text),
        .init("ENTITY_ID", .ownerID, .special(entityConditions)),
        // A drive and its root are made together, so that their ids come in the same order.
        .init("ROOT_OBJECT_ID", .id, .integer, filters: false),
    ])

    /// `ENTITY_ID` is a number everywhere but on the company drive, where the column has 0.
    private static func entityConditions(_ term: FilterTerm) throws -> [Condition<StorageField>] {
        let common = Condition<StorageField>.equals(.kind, .text(Storage.Kind.common.rawValue))
        let notCommon = Condition<StorageField>.differs(.kind, .text(Storage.Kind.common.rawValue))
        switch term.settled {
        case .like, .contains:
            let text = try term.pattern()
            let matchesCommon =
                term.settled == .like ? Pattern(text).matches(commonEntity) : commonEntity.contains(text.lowercased())
            let byNumber: Condition<StorageField> =
                term.settled == .like ? .like(.ownerID, pattern: text) : .contains(.ownerID, text)
            return matchesCommon ? [.any([common, byNumber])] : [notCommon, byNumber]
        case .lacks, .unlike: throw term.refused("it is compared by likeness, not by unlikeness")
        case .greater, .greaterOrEqual:
            return [.any([common] + (try term.conditions(on: .ownerID, read: number(term))))]
        case .less, .lessOrEqual:
            return [notCommon] + (try term.conditions(on: .ownerID, read: number(term)))
        default:
            return try term.conditions(on: .ownerID) { value in
                guard let text = value.text else {
                    if value == .null { return .integer(-1) }
                    throw term.refused("it is no text")
                }
                if text == commonEntity { return .integer(0) }
                guard let number = Int64(text), number != 0 else { return .integer(-1) }
                return .integer(number)
            }
        }
    }

    private static func number(_ term: FilterTerm) -> (Value) throws -> ListingValue? {
        { value in
            if value.isBlank { return nil }
            guard let number = value.integer else { throw term.refused("it is no whole number") }
            return .integer(number)
        }
    }
}

/// A pattern with `%` for any run of characters, letter case aside, for the few values that stand in no column.
struct Pattern {
    private let parts: [Substring]

    init(_ text: String) { parts = text.lowercased().split(separator: "%", omittingEmptySubsequences: false) }

    func matches(_ text: String) -> Bool {
        var rest = Substring(text.lowercased())
        guard let first = parts.first, let last = parts.last, rest.hasPrefix(first) else { return false }
        if parts.count == 1 { return rest == first }
        rest.removeFirst(first.count)
        for part in parts.dropFirst().dropLast() where !part.isEmpty {
            guard let found = rest.firstRange(of: part) else { return false }
            rest = rest[found.upperBound...]
        }
        return rest.hasSuffix(last)
    }
}
