import SQLStore
import Synchronization
import Testing

@Suite("Transactions")
struct TransactionTests {
    @Test("an error undoes what the body did and reaches the caller as it is", arguments: Engine.allCases)
    func undo(engine: Engine) async throws {
        try await withTables(engine) { database async throws in
            await #expect(throws: ChangedMyMind.self) {
                try await database.write { tx in
                    try tx.run("UPDATE counter SET value = 9 WHERE id = 1")
                    throw ChangedMyMind()
                }
            }
            let value = try await database.value(1)
            #expect(value == 0)
        }
    }

    @Test("each kind of refusal has its error", arguments: Engine.allCases)
    func refusals(engine: Engine) async throws {
        try await withTables(engine) { database async throws in
            try await database.write { tx in _ = try tx.run("INSERT INTO name (name) VALUES ('taken')") }
            let statements: [(SQL, SQLError)] = [
                ("INSERT INTO name (name) VALUES (\("taken"))", .unique),
                ("INSERT INTO counter (id, value) VALUES (1, 5)", .unique),
                ("INSERT INTO counter (id, value) VALUES (3, \(-1))", .constraint),
                ("INSERT INTO name (name) VALUES (NULL)", .constraint),
            ]
            for (statement, error) in statements {
                await #expect(throws: error) { try await database.write { tx in _ = try tx.run(statement) } }
            }
            await #expect(throws: SQLError.constraint, "a foreign key") {
                try await database.write { tx in _ = try tx.run("INSERT INTO child (counter_id) VALUES (77)") }
            }
            await #expect {
                try await database.write { tx in _ = try tx.run("SELEC") }
            } throws: { error in
                if case SQLError.failed = error { true } else { false }
            }
            #expect(try await database.value(1) == 0, "the database goes on")
        }
    }

    @Test("one refused write among many undoes itself only", arguments: Engine.allCases)
    func oneOfMany(engine: Engine) async throws {
        try await withTables(engine) { database async throws in
            try await database.write { tx in _ = try tx.run("INSERT INTO name (name) VALUES ('taken')") }
            let refused = try await withThrowingTaskGroup(of: Bool.self) { group in
                for number in 0..<60 {
                    group.addTask {
                        do {
                            try await database.write { tx in
                                try tx.run("INSERT INTO name (name) VALUES (\("first \(number)"))")
                                let name = number % 3 == 0 ? "taken" : "second \(number)"
                                try tx.run("INSERT INTO name (name) VALUES (\(name))")
                            }
                            return false
                        } catch SQLError.unique { return true }
                    }
                }
                return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(refused == 20)
            let expected = (0..<60).filter { $0 % 3 != 0 }.flatMap { ["first \($0)", "second \($0)"] } + ["taken"]
            #expect(try await database.names() == Set(expected))
        }
    }

    @Test("concurrent increments are not lost", arguments: Engine.allCases)
    func increments(engine: Engine) async throws {
        try await withTables(engine) { database async throws in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<100 {
                    group.addTask {
                        try await database.write { tx in
                            let value = try tx.int("SELECT value FROM counter WHERE id = 1")
                            try tx.run("UPDATE counter SET value = \(value + 1) WHERE id = 1")
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await database.value(1) == 100)
        }
    }

    @Test(
        "two writers that each read what the other writes do not both win on what they read", arguments: Engine.allCases
    )
    func writeSkew(engine: Engine) async throws {
        try await withTables(engine) { database async throws in
            // The rule: the sum never exceeds 1. Each body checks it and writes to another row.
            await withTaskGroup(of: Void.self) { group in
                for number in 0..<40 {
                    group.addTask {
                        _ = try? await database.write { tx in
                            guard try tx.int("SELECT sum(value) FROM counter") == 0 else { return }
                            try tx.run("UPDATE counter SET value = 1 WHERE id = \(number % 2 + 1)")
                        }
                    }
                }
            }
            let sum = try await database.read { tx in try tx.int("SELECT sum(value) FROM counter") }
            #expect(sum == 1)
        }
    }

    @Test("a read sees one moment, whatever is written meanwhile", arguments: Engine.allCases)
    func snapshot(engine: Engine) async throws {
        try await withTables(engine) { database async throws in
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    for _ in 0..<100 {
                        try await database.write { tx in
                            try tx.run("UPDATE counter SET value = value + 1 WHERE id = 1")
                            try tx.run("UPDATE counter SET value = value + 1 WHERE id = 2")
                        }
                    }
                }
                for _ in 0..<100 {
                    group.addTask {
                        let pair = try await database.read { tx in
                            (
                                try tx.int("SELECT value FROM counter WHERE id = 1"),
                                try tx.int("SELECT value FROM counter WHERE id = 2")
                            )
                        }
                        #expect(pair.0 == pair.1)
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test("a read cannot write", arguments: Engine.allCases)
    func readOnly(engine: Engine) async throws {
        try await withTables(engine) { database async throws in
            await #expect(throws: SQLError.self) {
                try await database.read { tx in _ = try tx.run("UPDATE counter SET value = 5") }
            }
            #expect(try await database.value(1) == 0)
            try await database.write { tx in _ = try tx.run("UPDATE counter SET value = 6 WHERE id = 1") }
            #expect(try await database.value(1) == 6)
        }
    }

    @Test("what was written is seen by the next read", arguments: Engine.allCases)
    func readYourWrites(engine: Engine) async throws {
        try await withTables(engine) { database async throws in
            for value in 1...30 {
                try await database.write { tx in _ = try tx.run("UPDATE counter SET value = \(value) WHERE id = 1") }
                #expect(try await database.value(1) == Int64(value))
            }
        }
    }

    @Test("a transaction kept beyond its body does nothing more", arguments: Engine.allCases)
    func escaped(engine: Engine) async throws {
        struct Kept: @unchecked Sendable { let transaction: any Transaction }
        try await withTables(engine) { database async throws in
            let kept = try await database.write { tx in Kept(transaction: tx) }
            #expect(throws: SQLError.self) { try kept.transaction.run("UPDATE counter SET value = 5") }
            #expect(try await database.value(1) == 0)
        }
    }

    @Test("a closed database refuses, and closing again is fine", arguments: Engine.allCases)
    func closed(engine: Engine) async throws {
        try await withTables(engine) { database async throws in
            await database.close()
            await database.close()
            await #expect {
                try await database.read { tx in _ = try tx.rows("SELECT 1") }
            } throws: { error in
                if case SQLError.unavailable = error { true } else { false }
            }
            await #expect(throws: SQLError.self) { try await database.write { tx in _ = try tx.run("SELECT 1") } }
        }
    }
}
