import Dispatch
import Logging
import SQLStore
import Synchronization
import TestSupport
import Testing

@Suite("What is remembered between snapshots")
struct RememberingTests {
    /// Counts how often something was looked for.
    private final class Looks: Sendable {
        private let number = Mutex(0)
        var count: Int { number.withLock { $0 } }
        func add() { number.withLock { $0 += 1 } }
    }

    private func names(_ database: any Database, _ looks: Looks, key: String = "names") async throws -> [String] {
        try await database.read { tx in
            try tx.remembered(key) {
                looks.add()
                return try tx.rows("SELECT name FROM name ORDER BY name").map { try $0.text(0) }
            }
        }
    }

    private func add(_ name: String, to database: any Database) async throws {
        try await database.write { tx in _ = try tx.run("INSERT INTO name (name) VALUES (\(name))") }
    }

    @Test("every read sees every write before it", arguments: Engine.allCases)
    func fresh(engine: Engine) async throws {
        try await withTables(engine) { database async throws in
            let looks = Looks()
            var expected: [String] = []
            for letter in ["a", "b", "c", "d"] {
                // From any of the connections, and more than once from each.
                for _ in 0..<20 {
                    async let first = names(database, looks)
                    async let second = names(database, looks)
                    #expect(try await [first, second] == [expected, expected])
                }
                try await add(letter, to: database)
                expected.append(letter)
            }
            #expect(try await names(database, looks) == expected)
        }
    }

    @Test("without a write nothing is looked for again, and keys are apart")
    func kept() async throws {
        try await withTables(.sqlite) { database async throws in
            // On one of the database's own threads, so with one connection.
            try await withTaskExecutorPreference(database.executor) {
                let (looks, others) = (Looks(), Looks())
                for _ in 0..<5 { _ = try await names(database, looks) }
                #expect(looks.count == 1)
                _ = try await names(database, others, key: "others")
                _ = try await names(database, looks)
                #expect((looks.count, others.count) == (1, 1))
            }
        }
    }

    @Test("a write looks for itself, and remembers nothing that is undone", arguments: Engine.allCases)
    func writing(engine: Engine) async throws {
        try await withTables(engine) { database async throws in
            let looks = Looks()
            #expect(try await names(database, looks) == [])
            struct Stop: Error {}
            await #expect(throws: Stop.self) {
                try await database.write { tx in
                    _ = try tx.run("INSERT INTO name (name) VALUES ('x')")
                    let seen = try tx.remembered("names") {
                        try tx.rows("SELECT name FROM name").map { try $0.text(0) }
                    }
                    #expect(seen == ["x"])
                    throw Stop()
                }
            }
            #expect(try await names(database, looks) == [])
            // The next write neither, on the same connection; and it sees its own changes.
            let seen = try await database.write { tx in
                let look = { try tx.rows("SELECT name FROM name").map { try $0.text(0) } }
                let before = try tx.remembered("names", look)
                _ = try tx.run("INSERT INTO name (name) VALUES ('y')")
                return [before, try tx.remembered("names", look)]
            }
            #expect(seen == [[], ["y"]])
        }
    }

    @Test("a snapshot that stays open serves the next read of a task that waits for nothing, and no other")
    func keptOpen() async throws {
        try await withTemporaryFolder { folder in
            let (log, path) = (Logger(label: "test"), folder + "/x.sqlite")
            let database = try await DatabaseLocation.sqlite(path: path).open(log: log)
            let other = try await DatabaseLocation.sqlite(path: path).open(log: log)
            try await tables.migrate(database)
            let keep = { @Sendable (tx: any Transaction) -> SnapshotName? in
                _ = try tx.int("SELECT count(*) FROM name")
                return tx.keepOpen()
            }
            let count = { @Sendable (tx: any Transaction) in try tx.int("SELECT count(*) FROM name") }
            try await withTaskExecutorPreference(database.executor) {
                let first = try await database.read(keep)
                #expect(first != nil)
                // Whoever waits without letting its thread go has waited for nothing.
                try waiting { try await add("a", to: other) }
                #expect(try await database.read(from: first, count) == 0)
                #expect(try await database.read(from: first, count) == 1)

                let second = try await database.read(keep)
                try waiting { try await add("b", to: other) }
                #expect(try await database.read(count) == 2)
                #expect(try await database.read(from: second, count) == 2)

                let third = try await database.read(keep)
                let fourth = try await database.read(keep)
                try waiting { try await add("c", to: other) }
                #expect(third != fourth)
                #expect(try await database.read(from: third, count) == 3)

                let fifth = try await database.read(keep)
                try await add("d", to: database)
                #expect(try await database.read(from: fifth, count) == 4)
                let sixth = try await database.read(keep)
                // A write that was over before anybody waited for it.
                try waiting { try await add("e", to: database) }
                #expect(try await database.read(from: sixth, count) == 5)

                let seventh = Mutex<SnapshotName?>(nil)
                await #expect(throws: ChangedMyMind.self) {
                    try await database.read { tx in
                        let name = tx.keepOpen()
                        seventh.withLock { $0 = name }
                        throw ChangedMyMind()
                    }
                }
                try waiting { try await add("f", to: other) }
                #expect(try await database.read(from: seventh.withLock { $0 }, count) == 6)
            }
            // From outside, and on a thread that did something else since.
            let outside = try await database.read(keep)
            try await add("g", to: database)
            #expect(try await database.read(from: outside, count) == 7)
            await other.close()
            await database.close()
        }
    }

    /// Has another thread run `body`, and keeps this one until it is done.
    private func waiting(_ body: @escaping @Sendable () async throws -> Void) throws {
        let done = DispatchSemaphore(value: 0)
        let outcome = Mutex(Result<Void, any Error>.success(()))
        Task.detached {
            do { try await body() } catch { outcome.withLock { $0 = .failure(error) } }
            done.signal()
        }
        done.wait()
        try outcome.withLock { $0 }.get()
    }

    @Test("that there is nothing is found before it is remembered", arguments: Engine.allCases)
    func optional(engine: Engine) async throws {
        try await withTables(engine) { database async throws in
            for (key, value) in [("some", 7), ("none", nil)] as [(String, Int?)] {
                let looks = Looks()
                for _ in 0..<3 {
                    let found = try await database.read { tx -> Int? in
                        try tx.remembered(key) {
                            looks.add()
                            return value
                        }
                    }
                    #expect(found == value)
                }
                #expect(looks.count >= 1)
            }
        }
    }

    @Test("an error is not remembered", arguments: Engine.allCases)
    func failing(engine: Engine) async throws {
        try await withTables(engine) { database async throws in
            struct Absent: Error {}
            await #expect(throws: Absent.self) {
                try await database.read { tx in
                    try tx.remembered("key") { () throws -> String in throw Absent() }
                }
            }
            let value = try await database.read { tx in try tx.remembered("key") { "there" } }
            #expect(value == "there")
        }
    }

    @Test("more keys than are kept still get their own values")
    func many() async throws {
        try await withTables(.sqlite) { database async throws in
            for _ in 0..<2 {
                for number in 0..<2500 {
                    let value = try await database.read { tx in try tx.remembered("\(number)") { number } }
                    #expect(value == number)
                }
            }
        }
    }
}
