import Foundation
import GRDB
import Synchronization

/// An open transaction on one of the pool's connections.
final class SQLiteTransaction: Transaction {
    let engine = Engine.sqlite
    private let db: GRDB.Database
    private let statements: StatementBudget
    private var isOver = false
    /// The error on which SQLite rolled the whole transaction back. Nothing may run after it: each statement would be
    /// a transaction of its own.
    private(set) var fatal: SQLError?

    init(_ db: GRDB.Database, _ statements: StatementBudget) {
        self.db = db
        self.statements = statements
    }

    func end() { isOver = true }

    func run(_ sql: SQL) throws -> Int {
        try perform(sql) { statement in
            // SQLite's count of changes is left alone by a statement that cannot change rows.
            let before = db.totalChangesCount
            try statement.execute()
            return db.totalChangesCount == before ? 0 : db.changesCount
        }
    }

    func rows(_ sql: SQL) throws -> [Row] {
        try perform(sql) { statement in
            let cursor = try GRDB.Row.fetchCursor(statement)
            let count = statement.columnCount
            var rows: [Row] = []
            while let row = try cursor.next() {
                rows.append(Row(try (0..<count).map { try SQLValue(row, $0) }))
            }
            return rows
        }
    }

    private func perform<Result>(_ sql: SQL, _ body: (Statement) throws -> Result) throws(SQLError) -> Result {
        if let fatal { throw fatal }
        if isOver { throw .failed(message: "a transaction was used after its body had returned") }
        do {
            let (text, bindings) = sql.rendered { _ in "?" }
            if bindings.contains(where: \.hasNUL) { throw SQLError.textWithNUL }
            statements.note(text, on: db)
            let statement = try db.cachedStatement(sql: text)
            try statement.setArguments(StatementArguments(bindings.map(\.databaseValue)))
            return try body(statement)
        } catch {
            let error = SQLError(error)
            if !db.isInsideTransaction { fatal = error }
            throw error
        }
    }
}

/// Keeps the statements a connection has prepared from growing without bound: filters come in endless shapes.
final class StatementBudget: Sendable {
    private static let limit = 400
    private let texts = Mutex<[ObjectIdentifier: Set<Int>]>([:])

    /// Called on the connection's queue before `text` is prepared there.
    func note(_ text: String, on db: GRDB.Database) {
        let isFull = texts.withLock { texts in
            texts[ObjectIdentifier(db), default: []].insert(text.hashValue)
            guard texts[ObjectIdentifier(db), default: []].count > Self.limit else { return false }
            texts[ObjectIdentifier(db)] = []
            return true
        }
        if isFull { db.releaseMemory() }
    }
}

extension SQLValue {
    /// Text is handed to SQLite up to its first NUL: what follows would be lost in silence.
    fileprivate var hasNUL: Bool {
        if case .text(let text) = self { text.utf8.contains(0) } else { false }
    }

    fileprivate var databaseValue: DatabaseValue {
        switch self {
        case .null: .null
        case .integer(let value): value.databaseValue
        case .text(let value): value.databaseValue
        case .bytes(let value): Data(value).databaseValue
        }
    }

    fileprivate init(_ row: GRDB.Row, _ column: Int) throws(SQLError) {
        switch (row[column] as DatabaseValue).storage {
        case .null: self = .null
        case .int64(let value): self = .integer(value)
        case .double(let value):
            guard let whole = Int64(exactly: value) else { throw .failed(message: "\(value) is no 64-bit integer") }
            self = .integer(whole)
        case .string(let value): self = .text(value)
        case .blob(let value): self = .bytes([UInt8](value))
        }
    }
}

extension SQLError {
    /// What the engine refused; an error of the body itself passes unchanged.
    static func translated(_ error: any Error) -> any Error {
        error is DatabaseError ? SQLError(error) : error
    }

    init(_ error: any Error) {
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
