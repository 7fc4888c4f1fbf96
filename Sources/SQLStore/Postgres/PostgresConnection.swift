import CPostgres
import Foundation
import Logging

/// One connection, used on one thread only. Opened when first needed, and again after it broke.
final class PostgresConnection {
    let turn: NSLock
    private let address: PostgresAddress
    private let log: Logger
    private var connection: OpaquePointer?
    private var statements = PreparedStatements()
    /// Why the open transaction can only be rolled back.
    private(set) var failure: PostgresFailure?

    init(_ address: PostgresAddress, turn: NSLock, log: Logger) {
        self.address = address
        self.turn = turn
        self.log = log
    }

    deinit { close() }

    // MARK: Opening

    /// Opens the connection unless it is open.
    /// - Throws: `.unavailable`.
    func open() throws(SQLError) {
        if let connection, PQstatus(connection) == CONNECTION_OK { return }
        close()
        // Before `dbname`, which may be overruled by the URI; after it, what overrules the URI.
        let settings: [(String, String)] = [
            ("connect_timeout", "10"), ("tcp_user_timeout", "30000"), ("dbname", address.uri),
            ("client_encoding", "UTF8"), ("fallback_application_name", "dossier"),
        ]
        let opened = Self.withCStrings(settings.map(\.0)) { keywords in
            Self.withCStrings(settings.map(\.1)) { values in PQconnectdbParams(keywords, values, 1) }
        }
        guard let opened else { throw .unavailable("no memory for a connection to PostgreSQL") }
        guard PQstatus(opened) == CONNECTION_OK else {
            let message = String(cString: PQerrorMessage(opened))
            PQfinish(opened)
            throw .unavailable(address.explanation(of: message))
        }
        dossier_pg_silence(opened)
        connection = opened
        do throws(PostgresFailure) { try prepareSession() } catch {
            close()
            throw error.error
        }
    }

    private func prepareSession() throws(PostgresFailure) {
        let encoding = connection.flatMap { PQparameterStatus($0, "server_encoding") }.map { String(cString: $0) }
        if let encoding, encoding != "UTF8" {
            throw PostgresFailure(
                .unavailable(
                    "the PostgreSQL database has encoding \(encoding): create one with"
                        + " createdb --encoding UTF8 --template template0 NAME"))
        }
        try command("SET client_min_messages = warning")
        try command("SET standard_conforming_strings = on")
        try command("SET bytea_output = hex")
        // A page of a list takes milliseconds, compiling its statement a second.
        try command("SET jit = off")
        // What is acknowledged is durable. `remote_apply` promises more, so it stays.
        let level = try fetch(command: "SHOW synchronous_commit")
        if level != "on", level != "remote_apply" { try command("SET synchronous_commit = on") }
        if try fetch(command: "SHOW fsync") == "off" {
            log.warning("PostgreSQL runs with fsync = off: a power cut can lose what was acknowledged")
        }
    }

    func close() {
        if let connection { PQfinish(connection) }
        connection = nil
        statements = PreparedStatements()
    }

    var isBroken: Bool { connection.map { PQstatus($0) != CONNECTION_OK } ?? true }

    // MARK: Running

    /// Starts a transaction: forgets the failure of the one before.
    func begin(_ text: String) throws(PostgresFailure) {
        failure = nil
        try command(text)
    }

    /// - Throws: when the server rolled back instead, as it does after a failed statement.
    func commit() throws(PostgresFailure) {
        if let failure { throw failure }
        let result = try checked(connection.map { PQexec($0, "COMMIT") } ?? nil)
        defer { PQclear(result) }
        guard String(cString: PQcmdStatus(result)) == "COMMIT" else {
            throw PostgresFailure(.failed(message: "the transaction was rolled back: a statement in it had failed"))
        }
    }

    /// Ends the transaction without its effects; gives the connection up where that fails.
    func rollBack() {
        if isBroken { return close() }
        do throws(PostgresFailure) { try command("ROLLBACK") } catch { close() }
    }

    /// Runs statements without bindings and without results.
    func command(_ text: String) throws(PostgresFailure) {
        PQclear(try checked(connection.map { PQexec($0, text) } ?? nil))
    }

    /// As `command`, inside a transaction body.
    func runScript(_ text: String) throws(SQLError) {
        do throws(PostgresFailure) { try command(text) } catch { throw error.error }
    }

    private func fetch(command text: String) throws(PostgresFailure) -> String {
        let result = try checked(connection.map { PQexec($0, text) } ?? nil)
        defer { PQclear(result) }
        return PQntuples(result) > 0 ? String(cString: PQgetvalue(result, 0, 0)) : ""
    }

    /// Runs one statement with bindings inside the open transaction. The caller clears the result.
    func execute(_ sql: SQL) throws(SQLError) -> OpaquePointer {
        if let failure { throw .failed(message: "a statement before this one failed: \(failure.error)") }
        do throws(PostgresFailure) {
            let parameters = try PostgresParameters(sql)
            let name = try prepared(parameters)
            return try checked(connection.map { parameters.execute(name, on: $0) } ?? nil)
        } catch {
            failure = error
            throw error.error
        }
    }

    /// The name of a prepared statement with this text and these types.
    private func prepared(_ parameters: PostgresParameters) throws(PostgresFailure) -> String {
        let key = PreparedStatements.Key(text: parameters.text, types: parameters.types)
        if let name = statements.name(of: key) { return name }
        if let old = statements.leaveRoom() { try command("DEALLOCATE \(old)") }
        let name = statements.newName()
        PQclear(
            try checked(
                connection.map {
                    PQprepare($0, name, parameters.text, Int32(parameters.types.count), parameters.types)
                } ?? nil))
        statements.add(key, name)
        return name
    }

    /// Passes a good result on; of a bad one makes an error.
    private func checked(_ result: OpaquePointer?) throws(PostgresFailure) -> OpaquePointer {
        guard let connection else { throw PostgresFailure(.unavailable("the connection to PostgreSQL is closed")) }
        guard let result else {
            throw PostgresFailure(lost: String(cString: PQerrorMessage(connection)))
        }
        let status = PQresultStatus(result)
        if status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY { return result }
        defer { PQclear(result) }
        throw PostgresFailure(result, on: connection)
    }

    /// A null-terminated array of C strings for the length of `body`.
    private static func withCStrings<Result>(
        _ strings: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> Result
    ) -> Result {
        let copies = strings.map { strdup($0) }
        defer { for copy in copies { free(copy) } }
        let pointers = copies.map { UnsafePointer<CChar>($0) } + [nil]
        return pointers.withUnsafeBufferPointer { buffer in
            // An array with at least the terminator has a base address.
            body(buffer.baseAddress!)
        }
    }
}
