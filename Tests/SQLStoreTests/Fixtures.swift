import SQLStore
import TestSupport

/// Runs `body` with a database that has the tables of these tests.
func withTables(_ engine: Engine, _ body: (any Database) async throws -> Void) async throws {
    try await withDatabase(engine) { database async throws in
        try await tables.migrate(database)
        try await body(database)
    }
}

let tables = Migrator([
    Migration(
        number: 1, name: "tables of the tests",
        text: """
            CREATE TABLE item (id %ID%, number BIGINT, word %TEXT%, raw %BYTES%);
            CREATE TABLE name (name %TEXT% NOT NULL UNIQUE);
            CREATE TABLE counter (id BIGINT NOT NULL PRIMARY KEY, value BIGINT NOT NULL CHECK (value >= 0));
            CREATE TABLE child (counter_id BIGINT NOT NULL REFERENCES counter (id));
            INSERT INTO counter (id, value) VALUES (1, 0), (2, 0);
            """)
])

/// What a body throws to undo itself.
struct ChangedMyMind: Error {}

extension Database {
    func value(_ counter: Int64) async throws -> Int64 {
        try await read { tx in try tx.int("SELECT value FROM counter WHERE id = \(counter)") }
    }

    func names() async throws -> Set<String> {
        try await read { tx in Set(try tx.rows("SELECT name FROM name").map { try $0.text(0) }) }
    }
}
