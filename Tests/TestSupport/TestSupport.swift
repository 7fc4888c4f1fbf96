import BlobStorage
import DriveCore
import Foundation
import Logging
import SQLStore
import Synchronization

/// A clock that tests set.
package final class TestClock: Sendable {
    private let milliseconds: Mutex<Int64>

    package init(_ start: Int64 = 1_790_000_000_000) { milliseconds = Mutex(start) }

    package var now: Int64 { milliseconds.withLock { $0 } }
    package func advance(ms: Int64) { milliseconds.withLock { $0 += ms } }
    package func set(_ ms: Int64) { milliseconds.withLock { $0 = ms } }
}

/// Runs `body` with a fresh folder that is removed afterwards.
package func withTemporaryFolder<Result>(_ body: (String) async throws -> Result) async throws -> Result {
    let path = NSTemporaryDirectory() + "/dossier-test-" + UUID().uuidString.lowercased()
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    do {
        let result = try await body(path)
        try? FileManager.default.removeItem(atPath: path)
        return result
    } catch {
        try? FileManager.default.removeItem(atPath: path)
        throw error
    }
}

/// Runs `body` with an empty database of that engine.
///
/// PostgreSQL is the server named by `DOSSIER_TEST_POSTGRES` (a libpq URI); each call gets a schema of its own there.
package func withDatabase<Result>(
    _ engine: Engine, _ body: (any Database) async throws -> Result
) async throws -> Result {
    let log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    return try await withTemporaryFolder { folder in
        let database: any Database
        var cleanUp: () async -> Void = {}
        switch engine {
        case .sqlite: database = try await DatabaseLocation.sqlite(path: folder + "/test.sqlite").open(log: log)
        case .postgres:
            let server = try PostgresServer.uri()
            let schema = "test_" + UUID().uuidString.lowercased().replacingOccurrences(of: "-", with: "")
            let administration = try await DatabaseLocation.postgres(uri: server).open(log: log)
            try await administration.runScript("CREATE SCHEMA \(schema);")
            let separator = server.contains("?") ? "&" : "?"
            database = try await DatabaseLocation.postgres(
                uri: server + separator + "options=-csearch_path%3D\(schema)"
            ).open(log: log)
            cleanUp = {
                try? await administration.runScript("DROP SCHEMA \(schema) CASCADE;")
                await administration.close()
            }
        }
        do {
            let result = try await body(database)
            await database.close()
            await cleanUp()
            return result
        } catch {
            await database.close()
            await cleanUp()
            throw error
        }
    }
}

/// Runs `body` with a drive as a first start leaves it, on a fresh database and a fresh blob folder, and its clock.
package func withDrive<Result>(
    _ engine: Engine = .sqlite, timeZone: String = "UTC", settings change: (inout Drive.Settings) -> Void = { _ in },
    _ body: (Drive, TestClock) async throws -> Result
) async throws -> Result {
    var settings = Drive.Settings()
    change(&settings)
    return try await withDatabase(engine) { database in
        try await withTemporaryFolder { folder in
            let clock = TestClock()
            let log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            try await Schema.migrator.migrate(database)
            let opened = try await Account.open(in: database, timeZone: timeZone, now: { clock.now })
            let drive = Drive(
                database: database, blobs: try DiskStore(root: folder, log: log), settings: settings,
                account: opened.account, log: log, now: { clock.now })
            return try await body(drive, clock)
        }
    }
}

/// The PostgreSQL server tests run on.
package enum PostgresServer {
    struct Missing: Error, CustomStringConvertible {
        let description = "DOSSIER_TEST_POSTGRES is not set: run the tests through scripts/with-postgres"
    }

    package static func uri() throws -> String {
        guard let uri = ProcessInfo.processInfo.environment["DOSSIER_TEST_POSTGRES"], !uri.isEmpty else {
            throw Missing()
        }
        return uri
    }
}
