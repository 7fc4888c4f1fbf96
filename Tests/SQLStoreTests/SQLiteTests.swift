import Foundation
import Logging
import SQLStore
import TestSupport
import Testing

@Suite("SQLite alone")
struct SQLiteTests {
    private let log = Logger(label: "test")

    @Test("every connection waits for the disk before it answers")
    func durability() async throws {
        try await withTables(.sqlite) { database async throws in
            let settings = try await database.write { tx in
                (
                    try tx.int("PRAGMA synchronous"), try tx.row("PRAGMA journal_mode")?.text(0),
                    try tx.int("PRAGMA foreign_keys")
                )
            }
            #expect(settings.0 == 2, "FULL")
            #expect(settings.1 == "wal")
            #expect(settings.2 == 1)
        }
    }

    @Test("what was acknowledged is there after the program opens the file again")
    func reopening() async throws {
        try await withTemporaryFolder { folder in
            for round in 1...3 {
                let database = try await DatabaseLocation.sqlite(path: folder + "/x.sqlite").open(log: log)
                try await tables.migrate(database)
                try await database.write { tx in _ = try tx.run("INSERT INTO name (name) VALUES (\("\(round)"))") }
                #expect(try await database.names().count == round)
                await database.close()
            }
        }
    }

    /// SQLite removes the write-ahead log with the last connection, once no statement of it is left.
    @Test("closing closes every connection, whoever still refers to one")
    func closing() async throws {
        struct Kept: @unchecked Sendable { let transaction: any Transaction }
        try await withTemporaryFolder { folder in
            let path = folder + "/x.sqlite"
            let database = try await DatabaseLocation.sqlite(path: path).open(log: log)
            try await tables.migrate(database)
            let kept = [
                try await database.write { tx -> Kept in
                    try tx.run("INSERT INTO name (name) VALUES ('a')")
                    return Kept(transaction: tx)
                },
                try await database.read { tx -> Kept in
                    _ = try tx.rows("SELECT name FROM name")
                    return Kept(transaction: tx)
                },
            ]
            #expect(FileManager.default.fileExists(atPath: path + "-wal"))
            await database.close()
            #expect(!FileManager.default.fileExists(atPath: path + "-wal"))
            withExtendedLifetime(kept) {}
        }
    }

    /// `max_page_count` is SQLite's own way to be full.
    @Test("a full database refuses the write that does not fit, and takes the small ones beside it")
    func full() async throws {
        try await withTables(.sqlite) { database async throws in
            let limit = try await database.write { tx in try tx.int("PRAGMA page_count") + 20 }
            _ = try await database.write { tx in try tx.rows("PRAGMA max_page_count = \(raw: "\(limit)")") }
            let outcomes = await withTaskGroup(of: SQLError?.self) { group in
                for number in 0..<10 {
                    group.addTask {
                        do {
                            try await database.write { tx in
                                try tx.run("INSERT INTO name (name) VALUES (\("small \(number)"))")
                                if number == 5 {
                                    try tx.run(
                                        "INSERT INTO item (raw) VALUES (\([UInt8](repeating: 1, count: 400_000)))")
                                }
                            }
                            return nil
                        } catch { return error as? SQLError }
                    }
                }
                return await group.reduce(into: [SQLError?]()) { $0.append($1) }
            }
            #expect(outcomes.compactMap(\.self) == [.full])
            #expect(try await database.names().count == 9)
        }
    }

    @Test("a body that goes on after the database was full changes nothing and is not answered with success")
    func goingOn() async throws {
        try await withTables(.sqlite) { database async throws in
            let limit = try await database.write { tx in try tx.int("PRAGMA page_count") + 5 }
            _ = try await database.write { tx in try tx.rows("PRAGMA max_page_count = \(raw: "\(limit)")") }
            await #expect(throws: SQLError.full) {
                try await database.write { tx in
                    try tx.run("INSERT INTO name (name) VALUES ('before')")
                    _ = try? tx.run("INSERT INTO item (raw) VALUES (\([UInt8](repeating: 1, count: 400_000)))")
                    _ = try? tx.run("INSERT INTO name (name) VALUES ('after')")
                }
            }
            #expect(try await database.names().isEmpty)
        }
    }

    @Test("a file that is no database is refused and left as it is")
    func noDatabase() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/x.sqlite"
            let text = Data(String(repeating: "this is no database ", count: 100).utf8)
            try text.write(to: URL(filePath: path))
            await #expect(throws: SQLError.self) { _ = try await DatabaseLocation.sqlite(path: path).open(log: log) }
            #expect(FileManager.default.contents(atPath: path) == text)
        }
    }

    @Test("a folder that is not there is refused as unavailable")
    func noFolder() async throws {
        await #expect {
            _ = try await DatabaseLocation.sqlite(path: "/nonexistent/x.sqlite").open(log: log)
        } throws: { error in
            if case SQLError.unavailable = error { true } else { false }
        }
    }
}
