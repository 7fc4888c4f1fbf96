import CPostgres
import Logging

/// PostgreSQL through libpq.
package final class PostgresDatabase: Database {
    package let engine = Engine.postgres

    package init(uri: String, log: Logger) async throws {
        throw SQLError.unavailable("not built yet")
    }

    package func read<Result: Sendable>(
        _ body: @escaping @Sendable (any Transaction) throws -> Result
    ) async throws -> Result { throw SQLError.unavailable("") }

    package func write<Result: Sendable>(
        _ body: @escaping @Sendable (any Transaction) throws -> Result
    ) async throws -> Result { throw SQLError.unavailable("") }

    package func runScript(_ text: String) async throws { throw SQLError.unavailable("") }

    package func close() async {}
}
