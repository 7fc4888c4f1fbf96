import Logging

/// Which database a statement runs on. Code outside this module needs it only to log and to test.
package enum Engine: String, Sendable, CaseIterable {
    case sqlite
    case postgres
}

/// What a database can refuse. The text of `.failed` is for the log, never for a client.
package enum SQLError: Error, Equatable {
    /// A unique index refused the row. On PostgreSQL the transaction is over: let the error leave the body.
    case unique
    /// A foreign key or a CHECK refused the row.
    case constraint
    /// The disk or the database is full.
    case full
    /// The server cannot be reached, or the database stayed locked too long. Trying again may help.
    case unavailable(String)
    case failed(message: String)
}

/// An open transaction. Lives on one connection's own thread and must not leave the body it was handed to.
package protocol Transaction {
    var engine: Engine { get }
    /// Runs one statement. Returns the number of rows it changed.
    @discardableResult
    func run(_ sql: SQL) throws -> Int
    /// Runs one statement that returns rows (SELECT, or `... RETURNING`).
    func rows(_ sql: SQL) throws -> [Row]
    /// What `find` gives; or what it gave for an equal key before, when the engine can tell without looking for it that
    /// nothing was committed since. In a transaction that may write, and on PostgreSQL, `find` is always asked.
    /// - Parameter key: names what is looked for, everything that `find` depends on besides the database included.
    /// - Parameter find: what it throws is not remembered.
    func remembered<Value: Sendable>(_ key: String, _ find: () throws -> Value) throws -> Value
    /// Has a read's snapshot stay open for the read that comes next, until the task's thread turns to something else or
    /// this program commits.
    /// - Returns: what that read is to be given; nil where nothing stays open, as on PostgreSQL.
    func keepOpen() -> SnapshotName?
}

/// Names one snapshot of one connection, which may be over.
package struct SnapshotName: Sendable, Hashable {
    let connection: ObjectIdentifier
    let number: UInt64
}

extension Transaction {
    package func remembered<Value: Sendable>(_ key: String, _ find: () throws -> Value) throws -> Value { try find() }
    package func keepOpen() -> SnapshotName? { nil }
    /// The first row, or nil when there is none.
    package func row(_ sql: SQL) throws -> Row? { try rows(sql).first }
    /// The single integer of a statement that always returns one (`count(*)`, `RETURNING id`).
    package func int(_ sql: SQL) throws -> Int64 {
        guard let row = try row(sql) else { throw SQLError.failed(message: "no row where one was expected") }
        return try row.int(0)
    }
    package func exists(_ sql: SQL) throws -> Bool { try row(sql) != nil }
}

/// A database: SQLite in a file, or a PostgreSQL server. Knows statements and transactions, and no table.
package protocol Database: Sendable {
    var engine: Engine { get }

    /// The threads that have the connections for reading. What a task that prefers this executor reads needs no switch of
    /// threads; it works on with any executor.
    var executor: any TaskExecutor { get }

    /// Runs `body` on a consistent snapshot. `body` must not write.
    /// - Parameter kept: a snapshot that an earlier read left open, which is taken if it still is. Otherwise, and for
    ///   nil, what was committed before the call is seen.
    func read<Result: Sendable>(
        from kept: SnapshotName?, _ body: @escaping @Sendable (any Transaction) throws -> Result
    ) async throws -> Result

    /// Runs `body` in a serializable transaction and returns once it is durable.
    ///
    /// An error thrown by `body` undoes all it did and is rethrown. `body` may run more than once (a serialization
    /// conflict on PostgreSQL is retried), so it must have no effect outside the transaction. On PostgreSQL nothing
    /// can follow a failed statement: use `ON CONFLICT` instead of catching and going on.
    func write<Result: Sendable>(_ body: @escaping @Sendable (any Transaction) throws -> Result) async throws -> Result

    /// Runs schema text: many statements, no bindings, `%ID%` `%BYTES%` `%TEXT%` already replaced. One transaction, and
    /// one script at a time in a database, whoever runs it.
    /// - Parameter done: nothing is run when this query finds a row, seen after the last script before this one ended.
    /// - Returns: whether the text was run.
    @discardableResult
    func runScript(_ text: String, unless done: SQL?) async throws -> Bool

    /// Closes every connection; later calls fail with `.unavailable`.
    func close() async
}

extension Database {
    package func read<Result: Sendable>(
        _ body: @escaping @Sendable (any Transaction) throws -> Result
    ) async throws -> Result { try await read(from: nil, body) }

    package func runScript(_ text: String) async throws { try await runScript(text, unless: nil) }
}

/// Where a database lives, as `--database` spells it.
package enum DatabaseLocation: Sendable, Equatable {
    /// A file path; created when missing.
    case sqlite(path: String)
    /// A libpq connection URI, `postgres://user@host/name`.
    case postgres(uri: String)

    /// - Returns: nil when `text` is neither `sqlite:PATH` nor `postgres://...` / `postgresql://...`.
    package init?(_ text: String) {
        if text.hasPrefix("sqlite:"), text.count > 7 {
            self = .sqlite(path: String(text.dropFirst(7)))
        } else if text.hasPrefix("postgres://") || text.hasPrefix("postgresql://") {
            self = .postgres(uri: text)
        } else {
            return nil
        }
    }

    package func open(log: Logger) async throws -> any Database {
        switch self {
        case .sqlite(let path): try await SQLiteDatabase(path: path, log: log)
        case .postgres(let uri): try await PostgresDatabase(uri: uri, log: log)
        }
    }
}
