import Foundation
import GRDB
import Logging
import Synchronization

/// SQLite in one file, through GRDB: WAL, one writer, many readers.
///
/// Writes that wait at the same time share one commit (each in its own savepoint), so durability costs one fsync for
/// all of them. Each is answered only after that commit.
package final class SQLiteDatabase: Database {
    package let engine = Engine.sqlite
    private let pool: DatabasePool
    /// A thread a reader: GRDB's own asynchronous reads wait in two queues one after the other.
    private let readers: Workers<DatabasePool>
    private let queue = Mutex(Queue())
    private let statements = StatementBudget()

    private struct Queue {
        var waiting: [WriteJob] = []
        var draining = false
    }

    private static let readerCount = 4

    /// At most this many writes share a commit, so that the first of them does not wait for a crowd.
    private static let groupLimit = 128

    package init(path: String, log: Logger) async throws {
        var configuration = Configuration()
        configuration.busyMode = .timeout(10)
        configuration.maximumReaderCount = Self.readerCount
        configuration.prepareDatabase { db in
            try db.execute(sql: "PRAGMA cache_size = -8192")
            try db.execute(sql: "PRAGMA temp_store = MEMORY")
        }
        do {
            let pool = try DatabasePool(path: path, configuration: configuration)
            // GRDB sets synchronous=NORMAL on a pool's writer after prepareDatabase; a commit must survive a power cut.
            let level = try await pool.writeWithoutTransaction { db in
                try db.execute(sql: "PRAGMA synchronous = FULL")
                return try Int.fetchOne(db, sql: "PRAGMA synchronous")
            }
            guard level == 2 else { throw SQLError.failed(message: "PRAGMA synchronous is \(level ?? -1), not 2") }
            self.pool = pool
            readers = Workers(count: Self.readerCount) { pool }
        } catch { throw SQLError(error) }
    }

    deinit { readers.abandon() }

    package func read<Result: Sendable>(
        _ body: @escaping @Sendable (any Transaction) throws -> Result
    ) async throws -> Result {
        do {
            return try await readers.perform { [statements] pool in
                try pool.read { db in try body(SQLiteTransaction(db, statements)) }
            }
        } catch { throw SQLError.translated(error) }
    }

    package func write<Result: Sendable>(
        _ body: @escaping @Sendable (any Transaction) throws -> Result
    ) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            let job = WriteJob(body: body, continuation: continuation)
            let startDraining = queue.withLock { queue in
                queue.waiting.append(job)
                defer { queue.draining = true }
                return !queue.draining
            }
            if startDraining { pool.asyncWriteWithoutTransaction { db in self.drain(db) } }
        }
    }

    package func runScript(_ text: String, unless done: SQL?) async throws -> Bool {
        do {
            return try await pool.write { [statements] db in
                if let done, try SQLiteTransaction(db, statements).exists(done) { return false }
                try db.execute(sql: text)
                return true
            }
        } catch { throw SQLError(error) }
    }

    package func close() async {
        await readers.close()
        try? pool.close()
    }

    private func drain(_ db: GRDB.Database) {
        while true {
            let group: [WriteJob] = queue.withLock { queue in
                let group = Array(queue.waiting.prefix(Self.groupLimit))
                queue.waiting.removeFirst(group.count)
                if group.isEmpty { queue.draining = false }
                return group
            }
            if group.isEmpty { return }
            commit(group, db)
        }
    }

    /// Runs every job of `group` in one transaction; a job that throws undoes itself and no other.
    ///
    /// Where one job spoils the transaction for all (no room, an I/O error, a foreign key found broken at the commit),
    /// each runs again in a transaction of its own.
    private func commit(_ group: [WriteJob], _ db: GRDB.Database) {
        do { try control("BEGIN IMMEDIATE", db) } catch {
            for job in group { job.fail(SQLError(error)) }
            return
        }
        do {
            for job in group {
                try control("SAVEPOINT job", db)
                let transaction = SQLiteTransaction(db, statements)
                job.run(transaction)
                if let failure = transaction.fatal { throw failure }
                if job.failed { try control("ROLLBACK TRANSACTION TO SAVEPOINT job", db) }
                try control("RELEASE SAVEPOINT job", db)
            }
            try control("COMMIT", db)
            for job in group { job.succeed() }
        } catch {
            if db.isInsideTransaction { try? control("ROLLBACK", db) }
            if group.count > 1 {
                for job in group { commit([job], db) }
            } else {
                for job in group { job.fail(SQLError(error)) }
            }
        }
    }

    private func control(_ text: String, _ db: GRDB.Database) throws { try db.cachedStatement(sql: text).execute() }
}

/// One waiting write: what to run, and whom to tell.
///
/// `@unchecked Sendable`: created by the caller, then touched only on the pool's serial writer queue.
private final class WriteJob: @unchecked Sendable {
    private let perform: (SQLiteTransaction) throws -> () -> Void
    private let reject: (any Error) -> Void
    private var answer: (() -> Void)?
    private var failure: (any Error)?

    var failed: Bool { failure != nil }

    init<Result: Sendable>(
        body: @escaping @Sendable (any Transaction) throws -> Result,
        continuation: CheckedContinuation<Result, any Error>
    ) {
        perform = { transaction in
            let result = try body(transaction)
            return { continuation.resume(returning: result) }
        }
        reject = { continuation.resume(throwing: $0) }
    }

    /// May be called again when the first transaction came to nothing.
    func run(_ transaction: SQLiteTransaction) {
        answer = nil
        failure = nil
        do { answer = try perform(transaction) } catch { failure = SQLError.translated(error) }
        transaction.end()
    }

    /// The commit is durable: hand out the result, or the job's own error.
    func succeed() { if let failure { reject(failure) } else { answer?() } }

    /// The transaction came to nothing: the job's own error if it had one, else `error`.
    func fail(_ error: SQLError) { reject(failure ?? error) }
}
