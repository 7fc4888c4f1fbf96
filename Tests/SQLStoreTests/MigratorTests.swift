import SQLStore
import TestSupport
import Testing

@Suite("Migrations")
struct MigratorTests {
    private let first = Migration(number: 1, name: "it's first", text: "CREATE TABLE a (id %ID%, x %BYTES%, y %TEXT%);")
    private let second = Migration(
        number: 2, name: "second", text: "CREATE TABLE b (id %ID%); INSERT INTO b (id) VALUES (5);")
    private let broken = Migration(number: 3, name: "broken", text: "CREATE TABLE c (id %ID%); SELEC;")

    @Test("steps are applied in order, once each", arguments: Engine.allCases)
    func once(engine: Engine) async throws {
        try await withDatabase(engine) { database async throws in
            #expect(try await Migrator([first]).migrate(database).map(\.number) == [1])
            #expect(try await Migrator([second, first]).migrate(database).map(\.number) == [2])
            #expect(try await Migrator([first, second]).migrate(database).isEmpty)
            #expect(try await Migrator([first, second]).version(of: database) == 2)
            #expect(try await database.read { tx in try tx.int("SELECT count(*) FROM b") } == 1)
        }
    }

    @Test("what is marked for one engine is run by that one alone", arguments: Engine.allCases)
    func sections(engine: Engine) async throws {
        let step = Migration(
            number: 1, name: "sections",
            text: """
                CREATE TABLE made (name %TEXT% NOT NULL);
                -- only sqlite
                INSERT INTO made (name) VALUES ('sqlite');
                CREATE TRIGGER made_more AFTER DELETE ON made BEGIN
                    INSERT INTO made (name) VALUES (old.name);
                END;
                -- only postgres
                DO $$ BEGIN EXECUTE 'INSERT INTO made (name) VALUES (''postgres'')'; END $$;
                -- both
                INSERT INTO made (name) VALUES ('both');
                -- only a remark
                INSERT INTO made (name) VALUES ('too');
                """)
        try await withDatabase(engine) { database async throws in
            try await Migrator([step]).migrate(database)
            let names = try await database.read { tx in
                try tx.rows("SELECT name FROM made ORDER BY name").map { try $0.text(0) }
            }
            #expect(names == ["both", engine.rawValue, "too"])
        }
    }

    @Test("a step that fails leaves nothing of itself and all before it", arguments: Engine.allCases)
    func failing(engine: Engine) async throws {
        try await withDatabase(engine) { database async throws in
            let migrator = Migrator([first, second, broken])
            await #expect(throws: SQLError.self) { try await migrator.migrate(database) }
            #expect(try await migrator.version(of: database) == 2)
            let mended = Migrator([first, second, Migration(number: 3, name: "c", text: "CREATE TABLE c (id %ID%);")])
            #expect(try await mended.migrate(database).map(\.number) == [3])
        }
    }

    @Test("a database of a newer program is refused with both versions, and left alone", arguments: Engine.allCases)
    func newer(engine: Engine) async throws {
        try await withDatabase(engine) { database async throws in
            try await Migrator([first, second]).migrate(database)
            await #expect {
                try await Migrator([first]).migrate(database)
            } throws: { error in
                guard let error = error as? NewerSchema else { return false }
                return error.found == 2 && error.known == 1 && error.description.contains("newer dossier")
            }
            #expect(try await Migrator([first, second]).version(of: database) == 2)
        }
    }

    @Test("programs that start at once apply each step once between them", arguments: Engine.allCases)
    func atOnce(engine: Engine) async throws {
        try await withDatabase(engine) { database async throws in
            let migrator = Migrator([first, second])
            let applied = try await withThrowingTaskGroup(of: [Int64].self) { group in
                for _ in 0..<8 { group.addTask { try await migrator.migrate(database).map(\.number) } }
                return try await group.reduce([], +)
            }
            #expect(applied.sorted() == [1, 2])
        }
    }

    @Test("new ids are never those of removed rows", arguments: Engine.allCases)
    func freshIDs(engine: Engine) async throws {
        try await withDatabase(engine) { database async throws in
            try await Migrator([first]).migrate(database)
            let ids = try await database.write { tx in
                let one = try tx.int("INSERT INTO a (y) VALUES ('x') RETURNING id")
                try tx.run("DELETE FROM a")
                return [one, try tx.int("INSERT INTO a (y) VALUES ('x') RETURNING id")]
            }
            #expect(ids == [1, 2])
        }
    }
}
