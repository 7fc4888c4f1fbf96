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
/// - Parameter dataFolder: where SQLite's file lies; nil: in a folder of its own.
package func withDatabase<Result>(
    _ engine: Engine, dataFolder: String? = nil, _ body: (any Database) async throws -> Result
) async throws -> Result {
    let log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    return try await withTemporaryFolder { temporary in
        let folder = dataFolder ?? temporary
        let database: any Database
        var cleanUp: () async -> Void = {}
        switch engine {
        case .sqlite: database = try await DatabaseLocation.sqlite(path: folder + "/test.sqlite").open(log: log)
        case .postgres:
            await PostgresServer.turnstile.enter()
            let schema: PostgresServer.Schema
            do {
                schema = try await PostgresServer.newSchema(log)
                database = try await DatabaseLocation.postgres(uri: schema.uri).open(log: log)
            } catch {
                await PostgresServer.turnstile.leave()
                throw error
            }
            cleanUp = {
                await schema.drop()
                await PostgresServer.turnstile.leave()
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
/// - Parameter dataFolder: where the bytes and SQLite's file lie; nil: in folders of their own.
package func withDrive<Result>(
    _ engine: Engine = .sqlite, timeZone: String = "UTC", dataFolder: String? = nil,
    settings change: (inout Drive.Settings) -> Void = { _ in }, _ body: (Drive, TestClock) async throws -> Result
) async throws -> Result {
    var settings = Drive.Settings()
    change(&settings)
    return try await withDatabase(engine, dataFolder: dataFolder) { database in
        try await withTemporaryFolder { temporary in
            let folder = dataFolder ?? temporary
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
