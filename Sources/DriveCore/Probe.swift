import SQLStore

extension Drive {
    /// Proves that the database answers. For health checks.
    package func probeDatabase() async throws {
        _ = try await database.read { tx in try tx.int("SELECT count(*) FROM setting") }
    }
}
