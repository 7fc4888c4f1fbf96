import CPostgres
import Foundation
import Logging

/// One connection to a PostgreSQL server.
///
/// `@unchecked Sendable`: made, used and closed on one thread, its worker's.
final class PostgresConnection: @unchecked Sendable {
    private let uri: String
    private let log: Logger
    private var handle: OpaquePointer?
    /// Names of prepared statements by text and parameter types.
    private var prepared: [String: String] = [:]

    /// Prepared statements kept at once; beyond that all are dropped and made again as needed.
    private static let preparedLimit = 256
    /// A conflicting transaction is tried this many times before its caller hears of it.
    private static let attempts = 12
    /// Held while the schema is changed: "dossier" in ASCII.
    private static let schemaLock: Int64 = 0x64_6f73_7369_6572

    init(uri: String, log: Logger) {
        self.uri = uri
        self.log = log
    }

    /// - Throws: `.unavailable` when no connection can be made, `.failed` when commits would not be durable.
    func prove() throws {
        try connectIfNeeded()
        let answer = try query("SHOW synchronous_commit", [])
        guard try answer.rows().first?.text(0) != "off" else {
            throw SQLError.failed(message: "synchronous_commit is off for this database or role: switch it on")
        }
    }

    /// Runs `body` between `begin` and COMMIT, again after a conflict, and once more on a fresh connection when the old one
    /// turns out broken before COMMIT was sent.
    func transaction<Result>(_ begin: String, _ body: (any Transaction) throws -> Result) throws -> Result {
        var attempt = 1
        var hasReconnected = false
        while true {
            var isCommitting = false
            do {
                try connectIfNeeded()
                try command(begin)
                let result = try body(PostgresTransaction(connection: self))
                // A body that caught a refusal and went on has nothing left to commit.
                guard PQtransactionStatus(handle) != PQTRANS_INERROR else {
                    throw SQLError.failed(message: "the transaction went on after a refused statement")
                }
                isCommitting = true
                try command("COMMIT")
                return result
            } catch {
                let isBroken = rollback()
                switch error {
                case is Conflict where attempt < Self.attempts:
                    attempt += 1
                    Thread.sleep(forTimeInterval: Double.random(in: 0...0.002) * Double(1 << min(attempt, 6)))
                case let conflict as Conflict:
                    throw SQLError.unavailable("gave up after \(attempt) conflicts: \(conflict.message)")
                case SQLError.unavailable where isBroken && !isCommitting && !hasReconnected:
                    hasReconnected = true
                default: throw error
                }
            }
        }
    }

    /// Runs many statements as one transaction while no other node changes the schema.
    func script(_ text: String) throws {
        try connectIfNeeded()
        do {
            try command("BEGIN; SELECT pg_advisory_xact_lock(\(Self.schemaLock));")
            try command(text)
            try command("COMMIT")
        } catch {
            _ = rollback()
            throw (error as? Conflict).map { SQLError.unavailable($0.message) } ?? error
        }
    }

    func disconnect() {
        if let handle { PQfinish(handle) }
        handle = nil
        prepared = [:]
    }

    private func connectIfNeeded() throws {
        if let handle {
            if PQstatus(handle) == CONNECTION_OK { return }
            disconnect()
        }
        guard let opened = PQconnectdb(uri) else { throw SQLError.unavailable("libpq has no memory for a connection") }
        guard PQstatus(opened) == CONNECTION_OK else {
            let message = String(cString: PQerrorMessage(opened)).trimmingCharacters(in: .whitespacesAndNewlines)
            PQfinish(opened)
            throw SQLError.unavailable(
                "cannot connect to PostgreSQL: \(message). Check that the server runs and that the address, name and"
                    + " password in --database are right.")
        }
        dossier_pg_silence(opened)
        handle = opened
        try command("SET standard_conforming_strings = on; SET client_min_messages = warning;")
    }

    /// - Returns: whether the connection is beyond use.
    private func rollback() -> Bool {
        guard let handle, PQstatus(handle) == CONNECTION_OK else {
            disconnect()
            return true
        }
        if PQtransactionStatus(handle) == PQTRANS_IDLE { return false }
        do { try command("ROLLBACK") } catch { disconnect() }
        return false
    }

    /// Runs statements without bindings or interesting rows.
    private func command(_ text: String) throws {
        _ = try PostgresAnswer(PQexec(handle, text), of: handle)
    }

    /// Runs one statement with bindings, prepared the first time it is seen.
    func query(_ text: String, _ bindings: [SQLValue]) throws -> PostgresAnswer {
        let parameters = try PostgresParameters(bindings)
        let name = try preparedName(of: text, parameters)
        return try parameters.withPointers { values, lengths, formats in
            try PostgresAnswer(
                PQexecPrepared(handle, name, Int32(bindings.count), values, lengths, formats, 0), of: handle)
        }
    }

    private func preparedName(of text: String, _ parameters: PostgresParameters) throws -> String {
        let key = parameters.types.map { String($0) }.joined(separator: ",") + ":" + text
        if let name = prepared[key] { return name }
        if prepared.count >= Self.preparedLimit {
            try command("DEALLOCATE ALL")
            prepared = [:]
        }
        let name = "s\(prepared.count)"
        _ = try PostgresAnswer(
            PQprepare(handle, name, text, Int32(parameters.types.count), parameters.types), of: handle)
        prepared[key] = name
        return name
    }
}

/// Two transactions could not both have their way; trying again helps.
struct Conflict: Error {
    let message: String
}

private struct PostgresTransaction: Transaction {
    let engine = Engine.postgres
    let connection: PostgresConnection

    func run(_ sql: SQL) throws -> Int { try answer(sql).changedRows }
    func rows(_ sql: SQL) throws -> [Row] { try answer(sql).rows() }

    private func answer(_ sql: SQL) throws -> PostgresAnswer {
        let (text, bindings) = sql.rendered { "$\($0)" }
        return try connection.query(text, bindings)
    }
}
