/// An open transaction on one connection.
final class SQLiteTransaction: Transaction {
    let engine = Engine.sqlite
    private let connection: SQLiteConnection
    /// On a connection that only reads: what it sees is of other connections' commits.
    private let isSnapshot: Bool
    private var isOver = false
    /// The error on which SQLite rolled the whole transaction back. Nothing may run after it: each statement would be
    /// a transaction of its own.
    private(set) var fatal: SQLError?

    init(_ connection: SQLiteConnection, isSnapshot: Bool = false) {
        self.connection = connection
        self.isSnapshot = isSnapshot
    }

    func end() { isOver = true }

    func run(_ sql: SQL) throws -> Int {
        try perform(sql) { text, bindings throws(SQLError) in try connection.run(text, bindings) }
    }

    func rows(_ sql: SQL) throws -> [Row] {
        try perform(sql) { text, bindings throws(SQLError) in try connection.rows(text, bindings) }
    }

    func remembered<Value: Sendable>(_ key: String, _ find: () throws -> Value) throws -> Value {
        guard isSnapshot, !isOver else { return try find() }
        return try connection.remembered(key, find)
    }

    func keepOpen() -> SnapshotName? { isSnapshot && !isOver ? connection.keepSnapshot() : nil }

    private func perform<Result>(
        _ sql: SQL, _ body: (String, [SQLValue]) throws(SQLError) -> Result
    ) throws(SQLError) -> Result {
        if let fatal { throw fatal }
        if isOver { throw .failed(message: "a transaction was used after its body had returned") }
        do throws(SQLError) {
            let (text, bindings) = sql.rendered { _ in "?" }
            if bindings.contains(where: \.hasNUL) { throw SQLError.textWithNUL }
            return try body(text, bindings)
        } catch {
            if !connection.isInsideTransaction { fatal = error }
            throw error
        }
    }
}

extension SQLValue {
    /// Text with a NUL in it cannot be stored on both engines.
    fileprivate var hasNUL: Bool {
        if case .text(let text) = self { text.utf8.contains(0) } else { false }
    }
}
