import SQLStore

/// A trigram index over folded names: FTS5 on SQLite, `pg_trgm` on PostgreSQL. The only place where the two differ.
///
/// It is asked for candidates, ids among which every match is; the statement that uses them still says the condition
/// itself. So an index can make a list fast and never wrong.
enum NameIndex: Sendable {
    /// Files and folders by their own names.
    case node
    /// Entities by their own names.
    case entity
    /// Files by the names of the entities they are linked to, whoever sees those.
    case linkedEntity

    /// What the candidates are ids of.
    var table: String { self == .entity ? "entity" : "node" }

    /// Trigrams looked up at most: more make the lookup slower and hardly more selective.
    private static let maxTrigrams = 24

    /// What selects, as `id` and each once, the rows whose name all of `patterns` may hold of.
    /// - Returns: nil when the patterns have no three characters in a row: the index knows nothing of shorter texts.
    func candidates(_ patterns: [LikePattern], on engine: Engine) -> SQL? {
        switch self {
        case .node: Self.rows(of: "node", patterns, engine)
        case .entity: Self.rows(of: "entity", patterns, engine)
        case .linkedEntity:
            Self.rows(of: "entity", patterns, engine).map { entities in
                """
                SELECT DISTINCT l.node_id AS id FROM (\(entities)) named CROSS JOIN entity_link l
                WHERE l.entity_id = named.id
                """
            }
        }
    }

    /// The index rows a lookup reads, when they are others than the candidates.
    func readFirst(_ patterns: [LikePattern], on engine: Engine) -> SQL? {
        self == .linkedEntity ? Self.rows(of: "entity", patterns, engine) : nil
    }

    /// Has the statements of this transaction planned by their values.
    ///
    /// After a few runs PostgreSQL plans a prepared statement without looking at its values, and it is the value of a
    /// pattern that tells a rare text from a common one.
    static func planByValues(_ tx: any Transaction) throws {
        guard tx.engine == .postgres else { return }
        _ = try tx.rows("SELECT set_config('plan_cache_mode', 'force_custom_plan', true)")
    }

    private static func rows(of table: String, _ patterns: [LikePattern], _ engine: Engine) -> SQL? {
        let trigrams = patterns.flatMap(\.trigrams)
        guard !trigrams.isEmpty else { return nil }
        switch engine {
        case .sqlite:
            let all = trigrams.prefix(maxTrigrams).map { "\"\($0.replacing("\"", with: "\"\""))\"" }
                .joined(separator: " AND ")
            return "SELECT rowid AS id FROM \(raw: table)_search WHERE \(raw: table)_search MATCH \(all)"
        case .postgres:
            return "SELECT id FROM \(raw: table) WHERE \(SQL.all(patterns.map { $0.holds(of: "name_fold") }))"
        }
    }
}

/// A field of a list whose text, or a text that holds it, stands in an index.
protocol IndexedField: ListingField {
    var nameIndex: NameIndex? { get }
}

extension NodeField: IndexedField {
    var nameIndex: NameIndex? {
        switch self {
        case .name, .foldedName, .stem: .node
        case .linkedEntityName: .linkedEntity
        default: nil
        }
    }
}

extension EntityField: IndexedField {
    var nameIndex: NameIndex? { self == .name ? .entity : nil }
}
