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
    private let queue = Mutex(Queue())

    private struct Queue {
        var waiting: [WriteJob] = []
        var draining = false
    }

    /// At most this many writes share a commit, so that the first of them does not wait for a crowd.
    private static let groupLimit = 128

    package init(path: String, log: Logger) async throws {
        var configuration = Configuration()
        configuration.busyMode = .timeout(10)
        configuration.maximumReaderCount = 4
        configuration.prepareDatabase { db in
            try db.execute(sql: "PRAGMA cache_size = -8192")
            try db.execute(sql: "PRAGMA temp_store = MEMORY")
        }
        do {
            pool = try DatabasePool(path: path, configuration: configuration)
            // GRDB sets synchronous=NORMAL on a pool's writer after prepareDatabase; a commit must survive a power cut.
            let level = try await pool.writeWithoutTransaction { db in
                try db.execute(sql: "PRAGMA synchronous = FULL")
                return try Int.fetchOne(db, sql: "PRAGMA synchronous")
            }
            guard level == 2 else { throw SQLError.failed(message: "PRAGMA synchronous is \(level ?? -1), not 2") }
        } catch { throw SQLError(error) }
    }

    package func read<Result: Sendable>(
        _ body: @escaping @Sendable (any Transaction) throws -> Result
    ) async throws -> Result {
        do {
            return try await pool.read { db in try body(SQLiteTransaction(db: db)) }
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

    package func runScript(_ text: String) async throws {
        do {
            try await pool.write { db in try db.execute(sql: text) }
        } catch { throw SQLError(error) }
    }

    package func close() async {
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
    private func commit(_ group: [WriteJob], _ db: GRDB.Database) {
        do {
            try db.execute(sql: "BEGIN IMMEDIATE")
            let transaction = SQLiteTransaction(db: db)
            for job in group {
                try db.execute(sql: "SAVEPOINT job")
                job.run(transaction)
                if job.failed { try db.execute(sql: "ROLLBACK TRANSACTION TO SAVEPOINT job") }
                try db.execute(sql: "RELEASE SAVEPOINT job")
            }
            try db.execute(sql: "COMMIT")
            for job in group { job.succeed() }
        } catch {
            if db.isInsideTransaction { try? db.execute(sql: "ROLLBACK") }
            for job in group { job.fail(SQLError(error)) }
        }
    }
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

    func run(_ transaction: SQLiteTransaction) {
        do { answer = try perform(transaction) } catch { failure = SQLError.translated(error) }
    }

    /// The group's commit is durable: hand out the result, or the job's own error.
    func succeed() { if let failure { reject(failure) } else { answer?() } }

    /// The group's commit failed: the job's own error if it had one, else `error`.
    func fail(_ error: SQLError) { reject(failure ?? error) }
}

private struct SQLiteTransaction: Transaction {
    let engine = Engine.sqlite
    let db: GRDB.Database

    func run(_ sql: SQL) throws -> Int {
        let statement = try prepare(sql)
        do { try statement.execute() } catch { throw SQLError(error) }
        return db.changesCount
    }

    func rows(_ sql: SQL) throws -> [Row] {
        let statement = try prepare(sql)
        do {
            let cursor = try GRDB.Row.fetchCursor(statement)
            let count = statement.columnCount
            var rows: [Row] = []
            while let row = try cursor.next() {
                rows.append(Row((0..<count).map { SQLValue(row, $0) }))
            }
            return rows
        } catch { throw SQLError(error) }
    }

    private func prepare(_ sql: SQL) throws -> Statement {
        let (text, bindings) = sql.rendered { _ in "?" }
        do {
            let statement = try db.cachedStatement(sql: text)
            try statement.setArguments(StatementArguments(bindings.map(\.databaseValue)))
            return statement
        } catch { throw SQLError(error) }
    }
}

extension SQLValue {
    fileprivate var databaseValue: DatabaseValue {
        switch self {
        case .null: .null
        case .integer(let value): value.databaseValue
        case .text(let value): value.databaseValue
        case .bytes(let value): Data(value).databaseValue
        }
    }

    fileprivate init(_ row: GRDB.Row, _ column: Int) {
        switch (row[column] as DatabaseValue).storage {
        case .null: self = .null
        case .int64(let value): self = .integer(value)
        case .double(let value): self = .integer(Int64(value))
        case .string(let value): self = .text(value)
        case .blob(let value): self = .bytes([UInt8](value))
        }
    }
}

extension SQLError {
    /// What the engine refused; an error of the body itself passes unchanged.
    fileprivate static func translated(_ error: any Error) -> any Error {
        error is DatabaseError ? SQLError(error) : error
    }

    fileprivate init(_ error: any Error) {
        if let error = error as? SQLError {
            self = error
            return
        }
        guard let error = error as? DatabaseError else {
            self = .failed(message: "\(error)")
            return
        }
        switch error.extendedResultCode {
        case .SQLITE_CONSTRAINT_UNIQUE, .SQLITE_CONSTRAINT_PRIMARYKEY: self = .unique
        default:
            switch error.resultCode {
            case .SQLITE_CONSTRAINT: self = .constraint
            case .SQLITE_FULL: self = .full
            case .SQLITE_BUSY, .SQLITE_LOCKED, .SQLITE_CANTOPEN, .SQLITE_MISUSE: self = .unavailable("\(error)")
            default: self = .failed(message: "\(error)")
            }
        }
    }
}
