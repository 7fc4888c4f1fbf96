import Foundation
import Logging

/// PostgreSQL through libpq: a few connections, each with a thread of its own, on which whole transactions run.
///
/// Writes are serializable and run again when the server found a conflict; reads see one snapshot. A connection that
/// broke is opened anew, and a transaction it broke under runs once more unless it had come to its COMMIT.
package final class PostgresDatabase: Database {
    package let engine = Engine.postgres
    package var executor: any TaskExecutor { workers.executor }
    private let workers: Workers<PostgresConnection>

    /// Opens one connection to see that it works; the others follow when they are needed.
    /// - Parameter uri: a libpq connection URI.
    /// - Throws: `.unavailable` with a text that says what to do, and without the password.
    package convenience init(uri: String, log: Logger) async throws {
        try await self.init(uri: uri, connections: 8, log: log)
    }

    /// - Parameter connections: 1 or more; transactions beyond that number wait for each other.
    package init(uri: String, connections: Int, log: Logger) async throws {
        let address = try PostgresAddress(uri: uri)
        // Held by one transaction at a time of those that keep conflicting.
        let turn = NSLock()
        workers = Workers(limit: connections) { work in
            let connection = PostgresConnection(address, turn: turn, log: log)
            work(connection)
            connection.close()
        }
        do { try await workers.perform { connection in try connection.open() } } catch {
            await workers.close()
            throw error
        }
    }

    deinit { workers.abandon() }

    package func read<Result: Sendable>(
        from kept: SnapshotName?, _ body: @escaping @Sendable (any Transaction) throws -> Result
    ) async throws -> Result {
        try await workers.perform { connection in
            try connection.transaction("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", body)
        }
    }

    package func write<Result: Sendable>(
        _ body: @escaping @Sendable (any Transaction) throws -> Result
    ) async throws -> Result {
        try await workers.perform { connection in
            try connection.transaction("BEGIN ISOLATION LEVEL SERIALIZABLE", body)
        }
    }

    package func runScript(_ text: String, unless done: SQL?) async throws -> Bool {
        try await workers.perform { connection in
            // Not serializable: what another node did while this one waited for the lock must be seen.
            try connection.transaction("BEGIN ISOLATION LEVEL READ COMMITTED") { transaction in
                _ = try transaction.rows("SELECT pg_advisory_xact_lock(\(Self.scriptLock))")
                if let done, try transaction.exists(done) { return false }
                try connection.runScript(text)
                return true
            }
        }
    }

    /// One script at a time in a database, whichever node runs it. The number only has to be ours: "dossier" in ASCII.
    private static let scriptLock: Int64 = 0x64_6f73_7369_6572

    package func close() async { await workers.close() }
}
