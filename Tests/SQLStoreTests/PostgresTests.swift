import Foundation
import Logging
import SQLStore
import Synchronization
import TestSupport
import Testing

@Suite("PostgreSQL alone")
struct PostgresTests {
    private let log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    @Test("every connection waits for the disk before it answers, and isolation is as promised")
    func settings() async throws {
        try await withTables(.postgres) { database async throws in
            let writing = try await database.write { tx in
                [
                    try tx.row("SHOW synchronous_commit")?.text(0), try tx.row("SHOW transaction_isolation")?.text(0),
                    try tx.row("SHOW transaction_read_only")?.text(0),
                ]
            }
            #expect(writing == ["on", "serializable", "off"])
            let reading = try await database.read { tx in
                [
                    try tx.row("SHOW transaction_isolation")?.text(0),
                    try tx.row("SHOW transaction_read_only")?.text(0),
                ]
            }
            #expect(reading == ["repeatable read", "on"])
        }
    }

    @Test("a database that commits without waiting is made to wait")
    func asynchronousCommit() async throws {
        let uri = try PostgresServer.uri()
        let options = (uri.contains("?") ? "&" : "?") + "options=-csynchronous_commit%3Doff"
        let database = try await DatabaseLocation.postgres(uri: uri + options).open(log: log)
        let level = try await database.write { tx in try tx.row("SHOW synchronous_commit")?.text(0) }
        #expect(level == "on")
        await database.close()
    }

    @Test("a connection the server cut is opened anew, and the transaction runs again")
    func cutWhileIdle() async throws {
        try await withTables(.postgres) { database async throws in
            let admin = try await DatabaseLocation.postgres(uri: try PostgresServer.uri()).open(log: log)
            let pid = try await database.read { tx in try tx.int("SELECT pg_backend_pid()") }
            _ = try await admin.write { tx in try tx.rows("SELECT pg_terminate_backend(\(pid)::int)") }
            for value in 1...20 {
                try await database.write { tx in _ = try tx.run("UPDATE counter SET value = \(value) WHERE id = 1") }
            }
            #expect(try await database.value(1) == 20)
            await admin.close()
        }
    }

    @Test("a connection cut in the middle of a transaction runs the whole body again, once")
    func cutMidway() async throws {
        try await withTables(.postgres) { database async throws in
            let runs = Mutex(0)
            try await database.write { tx in
                try tx.run("UPDATE counter SET value = value + 1 WHERE id = 1")
                let run = runs.withLock { runs in
                    runs += 1
                    return runs
                }
                if run == 1 { _ = try tx.rows("SELECT pg_terminate_backend(pg_backend_pid())") }
            }
            #expect(runs.withLock { $0 } == 2)
            #expect(try await database.value(1) == 1)
            await #expect {
                try await database.write { tx in
                    try tx.run("UPDATE counter SET value = value + 1 WHERE id = 1")
                    _ = try tx.rows("SELECT pg_terminate_backend(pg_backend_pid())")
                }
            } throws: { error in
                if case SQLError.unavailable = error { true } else { false }
            }
            #expect(try await database.value(1) == 1)
        }
    }

    @Test("a body that catches a refusal and goes on is not answered with success")
    func goingOn() async throws {
        try await withTables(.postgres) { database async throws in
            await #expect(throws: SQLError.unique) {
                try await database.write { tx in
                    try tx.run("INSERT INTO name (name) VALUES ('x')")
                    _ = try? tx.run("INSERT INTO name (name) VALUES ('x')")
                }
            }
            let names = try await database.names()
            #expect(names.isEmpty)
        }
    }

    @Test("an error a body makes of a conflict does not hide that it should run again")
    func hiddenConflict() async throws {
        try await withTables(.postgres) { database async throws in
            let outcomes = await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<30 {
                    group.addTask {
                        let result: Void? = try? await database.write { tx in
                            do {
                                try tx.run("UPDATE counter SET value = value + 1 WHERE id = 1")
                            } catch { throw ChangedMyMind() }
                        }
                        return result != nil
                    }
                }
                return await group.reduce(into: [Bool]()) { $0.append($1) }
            }
            #expect(outcomes.allSatisfy { $0 })
            let value = try await database.value(1)
            #expect(value == 30)
        }
    }

    @Test("two transactions that lock in opposite order both come through")
    func deadlock() async throws {
        try await withTables(.postgres) { database async throws in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<20 {
                    group.addTask {
                        try await database.write { tx in
                            try tx.run("UPDATE counter SET value = value + 1 WHERE id = \(number % 2 + 1)")
                            try tx.run("UPDATE counter SET value = value + 1 WHERE id = \(2 - number % 2)")
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await database.value(1) == 20)
            #expect(try await database.value(2) == 20)
        }
    }

    @Test(
        "a server that cannot be reached is explained, without the password",
        arguments: [
            "postgres://ann:hush-hush@127.0.0.1:1/drive", "postgres://ann:hush-hush@/drive?host=/nonexistent",
            "postgres://ann:hush-hush@host:port:port/drive", "postgres://ann:hush-hush@host/drive?nonsense=hush-hush",
        ])
    func unreachable(uri: String) async throws {
        await #expect {
            _ = try await DatabaseLocation.postgres(uri: uri).open(log: log)
        } throws: { error in
            guard case SQLError.unavailable(let text) = error else { return false }
            return !text.contains("hush-hush") && text.contains("PostgreSQL") || text.contains("postgres://USER")
        }
    }

    @Test("a missing database is explained with the command that makes it")
    func missingDatabase() async throws {
        let uri = try PostgresServer.uri().replacing("/postgres?", with: "/no_such_database?")
        await #expect {
            _ = try await DatabaseLocation.postgres(uri: uri).open(log: log)
        } throws: { error in
            guard case SQLError.unavailable(let text) = error else { return false }
            return text.contains("createdb") && text.contains("no_such_database")
        }
    }
}
