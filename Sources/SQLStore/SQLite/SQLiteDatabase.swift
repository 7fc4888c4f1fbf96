import GRDB
import Logging
import Synchronization

/// SQLite in one file, its connections opened by GRDB: WAL, one writer, many readers, a thread each.
///
/// Writes that wait at the same time share one commit (each in its own savepoint), so durability costs one fsync for
/// all of them. Each is answered only after that commit.
package final class SQLiteDatabase: Database {
    package let engine = Engine.sqlite
    package var executor: any TaskExecutor { readers.executor }
    private let readers: Workers<SQLiteConnection>
    private let writer: Workers<SQLiteConnection>
    private let queue = Mutex(Queue())
    private let commits: CommitCount

    private struct Queue {
        var waiting: [WriteJob] = []
        var draining = false
    }

    private static let readerLimit = 8

    /// At most this many writes share a commit, so that the first of them does not wait for a crowd.
    private static let groupLimit = 128

    package init(path: String, log: Logger) async throws {
        var configuration = Configuration()
        configuration.busyMode = .timeout(10)
        configuration.journalMode = .wal
        configuration.prepareDatabase { db in
            try db.execute(sql: "PRAGMA cache_size = -4096")
            try db.execute(sql: "PRAGMA temp_store = MEMORY")
        }
        do {
            let writing = try DatabaseQueue(path: path, configuration: configuration)
            // GRDB sets synchronous=NORMAL with WAL, after prepareDatabase; a commit must survive a power cut.
            let level = try await writing.writeWithoutTransaction { db in
                try db.execute(sql: "PRAGMA synchronous = FULL")
                return try Int.fetchOne(db, sql: "PRAGMA synchronous")
            }
            guard level == 2 else { throw SQLError.failed(message: "PRAGMA synchronous is \(level ?? -1), not 2") }
            let commits = CommitCount()
            self.commits = commits
            writer = Workers(limit: 1) { work throws(SQLError) in Self.enter(writing, commits, work) }
            configuration.readonly = true
            readers = Workers(limit: Self.readerLimit) { [configuration] work throws(SQLError) in
                do { Self.enter(try DatabaseQueue(path: path, configuration: configuration), commits, work) } catch {
                    throw SQLError(error)
                }
            } afterJob: { connection in
                connection.endSnapshot()
            }
        } catch { throw SQLError(error) }
    }

    deinit {
        readers.abandon()
        writer.abandon()
    }

    /// Has a thread enter a connection's GRDB queue once and for all, and close the connection when it is done.
    private static func enter(
        _ queue: DatabaseQueue, _ commits: CommitCount, _ work: (SQLiteConnection) -> Void
    ) {
        queue.inDatabase { db in
            let connection = SQLiteConnection(db, commits)
            work(connection)
            connection.end()
        }
        try? queue.close()
    }

    package func read<Result: Sendable>(
        from kept: SnapshotName?, _ body: @escaping @Sendable (any Transaction) throws -> Result
    ) async throws -> Result {
        try await readers.perform { connection in try connection.snapshot(from: kept, body) }
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
            if startDraining {
                writer.submit { connection in
                    self.drain(connection)
                } reject: { error in
                    self.refuse(error)
                }
            }
        }
    }

    package func runScript(_ text: String, unless done: SQL?) async throws -> Bool {
        try await writer.perform { connection in
            try connection.control("BEGIN IMMEDIATE")
            do {
                let transaction = SQLiteTransaction(connection)
                defer { transaction.end() }
                let isDone = try done.map { try transaction.exists($0) } ?? false
                if !isDone {
                    do { try connection.db.execute(sql: text) } catch { throw SQLError(error) }
                }
                try connection.control("COMMIT")
                self.commits.add()
                return !isDone
            } catch {
                if connection.isInsideTransaction { try? connection.control("ROLLBACK") }
                throw error
            }
        }
    }

    package func close() async {
        await readers.close()
        await writer.close()
    }

    private func refuse(_ error: SQLError) {
        let jobs = queue.withLock { queue in
            defer { queue = Queue() }
            return queue.waiting
        }
        for job in jobs { job.fail(error) }
    }

    private func drain(_ connection: SQLiteConnection) {
        while true {
            let group: [WriteJob] = queue.withLock { queue in
                let group = Array(queue.waiting.prefix(Self.groupLimit))
                queue.waiting.removeFirst(group.count)
                if group.isEmpty { queue.draining = false }
                return group
            }
            if group.isEmpty { return }
            commit(group, connection)
        }
    }

    /// Runs every job of `group` in one transaction; a job that throws undoes itself and no other.
    ///
    /// Where one job spoils the transaction for all (no room, an I/O error, a foreign key found broken at the commit),
    /// each runs again in a transaction of its own.
    private func commit(_ group: [WriteJob], _ connection: SQLiteConnection) {
        do { try connection.control("BEGIN IMMEDIATE") } catch {
            for job in group { job.fail(SQLError(error)) }
            return
        }
        do {
            for job in group {
                try connection.control("SAVEPOINT job")
                let transaction = SQLiteTransaction(connection)
                job.run(transaction)
                if let failure = transaction.fatal { throw failure }
                if job.failed { try connection.control("ROLLBACK TRANSACTION TO SAVEPOINT job") }
                try connection.control("RELEASE SAVEPOINT job")
            }
            try connection.control("COMMIT")
            commits.add()
            for job in group { job.succeed() }
        } catch {
            if connection.isInsideTransaction { try? connection.control("ROLLBACK") }
            if group.count > 1 {
                for job in group { commit([job], connection) }
            } else {
                for job in group { job.fail(SQLError(error)) }
            }
        }
    }
}

/// One waiting write: what to run, and whom to tell.
///
/// `@unchecked Sendable`: created by the caller, then touched only on the writer's thread.
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
        do { answer = try perform(transaction) } catch { failure = error }
        transaction.end()
    }

    /// The commit is durable: hand out the result, or the job's own error.
    func succeed() { if let failure { reject(failure) } else { answer?() } }

    /// The transaction came to nothing: the job's own error if it had one, else `error`.
    func fail(_ error: SQLError) { reject(failure ?? error) }
}
