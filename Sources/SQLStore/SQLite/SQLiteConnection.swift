import GRDB
import GRDBSQLite

/// One connection as the thread that has it uses it. Statements stay prepared by their text, and are stepped through
/// SQLite's own interface: GRDB's rows and values cost more than most of our statements do.
final class SQLiteConnection {
    let db: GRDB.Database
    private let commits: CommitCount
    private var statements: [StatementText: Statement] = [:]
    private var memory = SnapshotMemory()
    private var current = Snapshot()
    /// Stepped to its row, it holds the snapshot: it is the cheapest of what reads (<https://sqlite.org/lang_transaction.html>,
    /// an implicit transaction ends with the last statement that is active).
    private var holder: Statement?

    private struct Snapshot {
        var number: UInt64 = 0
        /// Changes with every commit of other connections; nil: none is open.
        var version: Int64?
        /// Of this process, before it was opened.
        var commits: UInt64 = 0
        var staysOpen = false
    }

    /// Statements kept prepared at once: filters come in endless shapes.
    private static let statementLimit = 400

    init(_ db: GRDB.Database, _ commits: CommitCount) {
        self.db = db
        self.commits = commits
    }

    /// Runs `body` on one snapshot: `kept` if it is open, else a new one. After a commit of this process it is a new one
    /// too: it may have been the same task's, which need not have left its thread to wait for it.
    func snapshot<Result>(from kept: SnapshotName?, _ body: (any Transaction) throws -> Result) throws -> Result {
        if current.version == nil || kept != name || current.commits != commits.value { try beginSnapshot() }
        current.staysOpen = false
        let transaction = SQLiteTransaction(self, isSnapshot: true)
        defer { transaction.end() }
        do {
            let result = try body(transaction)
            if !current.staysOpen { endSnapshot() }
            return result
        } catch {
            endSnapshot()
            throw error
        }
    }

    /// Has the snapshot stay open when its body has returned.
    func keepSnapshot() -> SnapshotName {
        current.staysOpen = true
        return name
    }

    private var name: SnapshotName { SnapshotName(connection: ObjectIdentifier(self), number: current.number) }

    private func beginSnapshot() throws(SQLError) {
        endSnapshot()
        current.commits = commits.value
        let statement = try holdingStatement()
        do throws(SQLError) {
            guard try step(statement) else { throw .failed(message: "PRAGMA data_version gave no row") }
        } catch {
            sqlite3_reset(statement)
            throw error
        }
        current.number += 1
        current.version = sqlite3_column_int64(statement, 0)
    }

    /// Closes the snapshot that is open, if any.
    func endSnapshot() {
        guard current.version != nil else { return }
        current.version = nil
        sqlite3_reset(holder?.sqliteStatement)
    }

    /// Lets go of every statement, on the connection's own thread and before it is closed. Whoever else still refers to
    /// this object would otherwise finalize them from another thread, while the connection is being closed.
    func end() {
        endSnapshot()
        holder = nil
        statements = [:]
    }

    /// Kept apart from the others, which may be forgotten at any time.
    private func holdingStatement() throws(SQLError) -> OpaquePointer {
        if let holder { return holder.sqliteStatement }
        do {
            let statement = try db.makeStatement(sql: "PRAGMA data_version")
            holder = statement
            return statement.sqliteStatement
        } catch { throw SQLError(error) }
    }

    /// What `find` gave for an equal key in this or an earlier snapshot, if nothing was committed in between.
    func remembered<Value: Sendable>(_ key: String, _ find: () throws -> Value) throws -> Value {
        guard let version = current.version else { return try find() }
        // In two steps: nothing kept, cast to an optional type, would pass for something kept.
        if let kept = memory.value(for: key, at: version), let known = kept as? Value { return known }
        let value = try find()
        memory.keep(value, for: key)
        return value
    }

    var isInsideTransaction: Bool { current.version != nil || sqlite3_get_autocommit(db.sqliteConnection) == 0 }

    /// Runs a statement that begins, ends or undoes.
    func control(_ text: String) throws(SQLError) {
        try withStatement(text, []) { statement throws(SQLError) in try finish(statement) }
    }

    /// Runs one statement. Returns the number of rows it changed.
    func run(_ text: String, _ bindings: [SQLValue]) throws(SQLError) -> Int {
        try withStatement(text, bindings) { statement throws(SQLError) in
            // SQLite's count of changes is left alone by a statement that cannot change rows.
            let before = sqlite3_total_changes(db.sqliteConnection)
            try finish(statement)
            if sqlite3_total_changes(db.sqliteConnection) == before { return 0 }
            return Int(sqlite3_changes(db.sqliteConnection))
        }
    }

    /// Runs one statement to its end and returns its rows.
    func rows(_ text: String, _ bindings: [SQLValue]) throws(SQLError) -> [Row] {
        try withStatement(text, bindings) { statement throws(SQLError) in
            let columns = sqlite3_column_count(statement)
            var rows: [Row] = []
            while try step(statement) {
                var values: [SQLValue] = []
                values.reserveCapacity(Int(columns))
                for column in 0..<columns { values.append(try SQLValue(statement, column)) }
                rows.append(Row(values))
            }
            return rows
        }
    }

    private func withStatement<Result>(
        _ text: String, _ bindings: [SQLValue], _ body: (OpaquePointer) throws(SQLError) -> Result
    ) throws(SQLError) -> Result {
        let statement = try prepared(text)
        defer {
            sqlite3_reset(statement)
            if !bindings.isEmpty { sqlite3_clear_bindings(statement) }
        }
        guard sqlite3_bind_parameter_count(statement) == bindings.count else {
            throw .failed(message: "a statement with other bindings than its text has: \(text)")
        }
        for (index, value) in bindings.enumerated() {
            if value.bind(to: statement, Int32(index + 1)) != SQLITE_OK { throw failure(statement) }
        }
        return try body(statement)
    }

    private func prepared(_ text: String) throws(SQLError) -> OpaquePointer {
        let key = StatementText(text: text)
        if let known = statements[key] { return known.sqliteStatement }
        if statements.count >= Self.statementLimit { statements = [:] }
        do {
            let statement = try db.makeStatement(sql: text)
            statements[key] = statement
            return statement.sqliteStatement
        } catch { throw SQLError(error) }
    }

    private func finish(_ statement: OpaquePointer) throws(SQLError) { while try step(statement) {} }

    /// - Returns: whether there is a row.
    private func step(_ statement: OpaquePointer) throws(SQLError) -> Bool {
        switch sqlite3_step(statement) {
        case SQLITE_ROW: true
        case SQLITE_DONE: false
        default: throw failure(statement)
        }
    }

    /// What the last call failed with.
    private func failure(_ statement: OpaquePointer) -> SQLError {
        let connection = db.sqliteConnection
        return SQLError(
            DatabaseError(
                resultCode: ResultCode(rawValue: sqlite3_extended_errcode(connection)),
                message: String(cString: sqlite3_errmsg(connection)),
                sql: sqlite3_sql(statement).map { String(cString: $0) }))
    }
}

/// A statement's text as a key. Nearly all differ in length or towards their ends, so the rest is compared and not hashed:
/// hashing all of a long one takes longer than many a row. Filters in another order share a hash, and at most
/// `statementLimit` texts are compared.
private struct StatementText: Hashable {
    let text: String
    private static let hashedBytes = 48

    func hash(into hasher: inout Hasher) {
        var text = text
        text.withUTF8 { bytes in
            let end = UnsafeRawBufferPointer(bytes).suffix(Self.hashedBytes)
            hasher.combine(bytes.count)
            hasher.combine(bytes: UnsafeRawBufferPointer(rebasing: end))
        }
    }
}

extension SQLValue {
    /// SQLite keeps a copy of what is bound.
    fileprivate func bind(to statement: OpaquePointer, _ index: Int32) -> Int32 {
        let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
        switch self {
        case .null: return sqlite3_bind_null(statement, index)
        case .integer(let value): return sqlite3_bind_int64(statement, index, value)
        case .text(var text):
            return text.withUTF8 { bytes in
                bytes.withMemoryRebound(to: CChar.self) { characters in
                    guard let start = characters.baseAddress, !characters.isEmpty else {
                        return sqlite3_bind_text(statement, index, "", 0, copied)
                    }
                    return sqlite3_bind_text64(
                        statement, index, start, UInt64(characters.count), copied, UInt8(SQLITE_UTF8))
                }
            }
        case .bytes(let bytes):
            if bytes.isEmpty { return sqlite3_bind_zeroblob(statement, index, 0) }
            return sqlite3_bind_blob64(statement, index, bytes, UInt64(bytes.count), copied)
        }
    }

    fileprivate init(_ statement: OpaquePointer, _ column: Int32) throws(SQLError) {
        switch sqlite3_column_type(statement, column) {
        case SQLITE_INTEGER: self = .integer(sqlite3_column_int64(statement, column))
        case SQLITE_TEXT:
            // As bytes, the same in UTF-8; as text SQLite would copy each to end it with a NUL.
            let start = sqlite3_column_blob(statement, column)
            let count = Int(sqlite3_column_bytes(statement, column))
            self = .text(String(decoding: UnsafeRawBufferPointer(start: start, count: count), as: UTF8.self))
        case SQLITE_BLOB:
            let start = sqlite3_column_blob(statement, column)
            let count = Int(sqlite3_column_bytes(statement, column))
            self = .bytes([UInt8](UnsafeRawBufferPointer(start: start, count: count)))
        case SQLITE_FLOAT:
            let value = sqlite3_column_double(statement, column)
            guard let whole = Int64(exactly: value) else { throw .failed(message: "\(value) is no 64-bit integer") }
            self = .integer(whole)
        default: self = .null
        }
    }
}
