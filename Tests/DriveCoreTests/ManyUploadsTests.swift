import BlobStorage
import Foundation
import SQLStore
import Synchronization
import TestSupport
import Testing

@testable import DriveCore

/// A database that writes down every statement, and the most rows one brought.
private final class WatchedDatabase: Database {
    struct Seen {
        var statements: [SQL] = []
        var mostRows = 0
        var mostChanged = 0
    }

    private let inner: any Database
    private let seen = Mutex(Seen())

    init(_ inner: any Database) { self.inner = inner }

    var engine: Engine { inner.engine }
    var executor: any TaskExecutor { inner.executor }

    func read<Result: Sendable>(
        from kept: SnapshotName?, _ body: @escaping @Sendable (any Transaction) throws -> Result
    ) async throws -> Result {
        try await inner.read(from: kept) { tx in try body(Watched(inner: tx, database: self)) }
    }
    func write<Result: Sendable>(_ body: @escaping @Sendable (any Transaction) throws -> Result) async throws -> Result
    {
        try await inner.write { tx in try body(Watched(inner: tx, database: self)) }
    }
    func runScript(_ text: String, unless done: SQL?) async throws -> Bool {
        try await inner.runScript(text, unless: done)
    }
    func close() async { await inner.close() }

    /// What was seen since the last time.
    func take() -> Seen {
        seen.withLock { seen in
            defer { seen = Seen() }
            return seen
        }
    }

    private struct Watched: Transaction {
        let inner: any Transaction
        let database: WatchedDatabase
        var engine: Engine { inner.engine }

        func run(_ sql: SQL) throws -> Int {
            let changed = try inner.run(sql)
            database.seen.withLock {
                $0.statements.append(sql)
                $0.mostChanged = max($0.mostChanged, changed)
            }
            return changed
        }
        func rows(_ sql: SQL) throws -> [Row] {
            let rows = try inner.rows(sql)
            database.seen.withLock {
                $0.statements.append(sql)
                $0.mostRows = max($0.mostRows, rows.count)
            }
            return rows
        }
    }
}

@Suite("A hundred thousand open uploads")
struct ManyUploadsTests {
    private static let count: Int64 = 100_000

    /// Opens so many at once, in one statement.
    private func open(_ drive: Drive, expiringAtMs expires: Int64) async throws {
        let last = 100_000 + Self.count
        try await drive.database.write { tx in
            _ = try tx.run(
                """
                WITH RECURSIVE numbers (n) AS (SELECT 100001 UNION ALL SELECT n + 1 FROM numbers WHERE n < \(last))
                INSERT INTO upload (person_id, file_name, size_bytes, media_type, wants_preview, staging_key,
                    received_bytes, next_part, created_ms, expires_ms)
                SELECT 1, 'a.bin', 1000, '', 0, '00000000000000000000000000' || n, 0, 1, 0, \(expires) FROM numbers
                """)
        }
    }

    private func watched(_ drive: Drive, _ database: WatchedDatabase) -> Drive {
        Drive(
            database: database, blobs: drive.blobs, settings: drive.settings, account: drive.account, log: drive.log,
            now: drive.now)
    }

    @Test("opening another, a part, its repetition and the last one look through no table", arguments: Engine.allCases)
    func noScans(engine: Engine) async throws {
        try await withDrive(engine) { drive, clock in
            let people = try await TwoPeople(drive)
            try await open(drive, expiringAtMs: clock.now + 3_600_000)
            let database = WatchedDatabase(drive.database)
            let drive = watched(drive, database)
            let bytes = pattern(100_000)
            let upload = try await drive.openUpload(
                NewUpload(name: FileName("big.bin"), sizeBytes: 100_000), as: people.ann)
            for _ in 1...2 {
                _ = try await drive.receivePart(1, of: upload.id, body: Chunks(bytes: Array(bytes[..<60_000])))
            }
            guard
                case .finished(let node, _) = try await drive.receivePart(
                    2, of: upload.id, body: Chunks(bytes: Array(bytes[60_000...])))
            else {
                Issue.record("the second part is the last")
                return
            }
            let seen = database.take()
            #expect(seen.statements.count > 5 && seen.mostRows <= 20 && seen.mostChanged <= 1)
            #expect(try await drive.bytes(of: node, as: people.ann) == bytes)
            guard engine == .sqlite else { return }
            for statement in seen.statements {
                let plan = try await drive.database.read { tx in
                    try tx.rows("EXPLAIN QUERY PLAN \(statement)").map { try $0.text(3) }
                }
                for table in ["upload", "upload_part", "version", "blob", "node", "v", "n", "b"] {
                    #expect(!plan.contains { $0 == "SCAN \(table)" || $0.hasPrefix("SCAN \(table) ") }, "\(plan)")
                }
            }
        }
    }

    @Test("the sweep forgets them a batch at a time and leaves the living ones", arguments: Engine.allCases)
    func sweep(engine: Engine) async throws {
        try await withDrive(engine) { drive, clock in
            let people = try await TwoPeople(drive)
            try await open(drive, expiringAtMs: clock.now)
            let database = WatchedDatabase(drive.database)
            let drive = watched(drive, database)
            let living = try await drive.openUpload(
                NewUpload(name: FileName("a.bin"), sizeBytes: 3), as: people.ann)
            _ = database.take()
            #expect(try await drive.sweepUploads() == Int(Self.count))
            let seen = database.take()
            #expect(seen.mostRows <= Drive.sweepBatch && seen.mostChanged <= Drive.sweepBatch)
            // As many batches as it takes, and one that finds nothing.
            #expect(seen.statements.count <= Int(Self.count) / Drive.sweepBatch + 2)
            #expect(try await drive.database.read { tx in try tx.int("SELECT count(*) FROM upload") } == 1)
            guard case .finished = try await drive.receivePart(1, of: living.id, body: Chunks(bytes: [1, 2, 3])) else {
                Issue.record("the only part is the last")
                return
            }
            #expect(try await drive.sweepUploads() == 0)
        }
    }
}
