import CPostgres

/// The statements one connection has prepared, the least recently used given up first.
struct PreparedStatements {
    struct Key: Hashable {
        let text: String
        let types: [Oid]
    }

    private struct Entry {
        let name: String
        var lastUse: Int
    }

    private static let limit = 256
    private var entries: [Key: Entry] = [:]
    private var uses = 0
    private var made = 0

    mutating func name(of key: Key) -> String? {
        uses += 1
        entries[key]?.lastUse = uses
        return entries[key]?.name
    }

    /// - Returns: the name of a statement to deallocate, when there are as many as there may be.
    mutating func leaveRoom() -> String? {
        guard entries.count >= Self.limit, let oldest = entries.min(by: { $0.value.lastUse < $1.value.lastUse })
        else { return nil }
        entries[oldest.key] = nil
        return oldest.value.name
    }

    mutating func newName() -> String {
        made += 1
        return "s\(made)"
    }

    mutating func add(_ key: Key, _ name: String) { entries[key] = Entry(name: name, lastUse: uses) }
}
