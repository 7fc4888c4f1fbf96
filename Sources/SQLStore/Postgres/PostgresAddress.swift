import CPostgres

/// Where a server is, and how to speak of it without telling the password.
struct PostgresAddress: Sendable {
    let uri: String
    private let host: String
    private let port: String
    private let user: String
    private let database: String
    private let password: String

    /// - Throws: `.unavailable` when libpq cannot read `uri`.
    init(uri: String) throws(SQLError) {
        self.uri = uri
        var message: UnsafeMutablePointer<CChar>?
        guard let options = PQconninfoParse(uri, &message) else {
            PQfreemem(message)
            // libpq's own text may quote the password.
            throw .unavailable(
                "the database URI cannot be read: write postgres://USER:PASSWORD@HOST:PORT/NAME, with %40 for an @,"
                    + " %2F for a slash and %3A for a colon inside a part")
        }
        defer { PQconninfoFree(options) }
        var values: [String: String] = [:]
        var option = options
        while let keyword = option.pointee.keyword {
            if let value = option.pointee.val { values[String(cString: keyword)] = String(cString: value) }
            option += 1
        }
        host = values["host"] ?? values["hostaddr"] ?? ""
        port = values["port"] ?? "5432"
        user = values["user"] ?? ""
        database = values["dbname"] ?? user
        password = values["password"] ?? ""
    }

    /// What to tell an administrator when connecting failed.
    func explanation(of message: String) -> String {
        var reason = message.split(whereSeparator: \.isNewline).joined(separator: " ")
        if !password.isEmpty { reason = reason.replacing(password, with: "***") }
        let place =
            host.isEmpty ? "the local socket" : host.hasPrefix("/") ? "socket folder \(host)" : "\(host):\(port)"
        let name = database.isEmpty ? "its default database" : "database \(database)"
        let account = user.isEmpty ? "" : " as \(user)"
        return "cannot connect to PostgreSQL at \(place)\(account), \(name): \(reason). \(advice(reason))"
    }

    private func advice(_ reason: String) -> String {
        if reason.contains("database") && reason.contains("does not exist") {
            return "Create it: createdb --encoding UTF8 --template template0 \(database)"
        }
        if reason.contains("password") || reason.contains("authentication") {
            return "Give the password in the URI (postgres://USER:PASSWORD@HOST/NAME), in PGPASSWORD or in ~/.pgpass"
        }
        if reason.contains("role") && reason.contains("does not exist") {
            return "Name an existing user in the URI, or create it: createuser \(user)"
        }
        return "Check that the server runs there and lets this machine in (listen_addresses, pg_hba.conf)"
    }
}
