import CPostgres
import Foundation

/// An open transaction on a connection.
final class PostgresTransaction: Transaction {
    let engine = Engine.postgres
    private let connection: PostgresConnection
    private var isOver = false

    init(_ connection: PostgresConnection) { self.connection = connection }

    func end() { isOver = true }

    func run(_ sql: SQL) throws -> Int {
        let result = try execute(sql)
        defer { PQclear(result) }
        return Int(String(cString: PQcmdTuples(result))) ?? 0
    }

    func rows(_ sql: SQL) throws -> [Row] {
        let result = try execute(sql)
        defer { PQclear(result) }
        return try PostgresRows(result).all()
    }

    private func execute(_ sql: SQL) throws(SQLError) -> OpaquePointer {
        if isOver { throw .failed(message: "a transaction was used after its body had returned") }
        return try connection.execute(sql)
    }
}

extension PostgresConnection {
    private static let attempts = 12
    /// From this attempt on a transaction waits for its turn among those that conflict too.
    private static let patience = 3

    /// Runs `body` between `begin` and COMMIT, again after a conflict, once more after a broken connection.
    func transaction<Result>(_ begin: String, _ body: (any Transaction) throws -> Result) throws -> Result {
        var mayReconnect = true
        var attempt = 1
        while true {
            do {
                if attempt <= Self.patience { return try attemptTransaction(begin, body) }
                return try turn.withLock { try attemptTransaction(begin, body) }
            } catch let failure as PostgresFailure {
                switch failure.kind {
                case .conflict where attempt < Self.attempts:
                    let longest = min(2_000 << attempt, 100_000)
                    usleep(UInt32.random(in: 0...UInt32(longest)))
                    attempt += 1
                case .lost where mayReconnect:
                    mayReconnect = false
                default: throw failure.error
                }
            }
        }
    }

    /// One attempt. A `PostgresFailure` it throws is the server's; any other error is the body's own.
    private func attemptTransaction<Result>(
        _ begin: String, _ body: (any Transaction) throws -> Result
    ) throws -> Result {
        try open()
        do { try self.begin(begin) } catch {
            close()
            throw error
        }
        let transaction = PostgresTransaction(self)
        let result: Result
        do {
            defer { transaction.end() }
            result = try body(transaction)
        } catch {
            rollBack()
            // A conflict or a lost connection explains whatever the body made of it.
            if let failure, failure.kind != .refused { throw failure }
            throw error
        }
        do throws(PostgresFailure) { try commit() } catch {
            rollBack()
            if error.kind != .lost { throw error }
            throw SQLError.unavailable("the connection broke during COMMIT; whether it took place is unknown")
        }
        return result
    }
}
