import SQLStore

extension Drive {
    /// Lets a browser act for a person who has just signed in.
    /// - Returns: what the browser shows from then on, `[A-Za-z0-9]+`; only its hash is kept.
    /// - Throws: `.notFound(.person)`.
    package func openBrowserSession(of person: Person.ID, lifetimeMs: Int64) async throws -> String {
        let secret = Secret.code(length: 48)
        try await database.write { [now] tx in
            _ = try tx.person(person)
            let now = now()
            try tx.run(
                """
                INSERT INTO browser_session (secret_hash, person_id, created_ms, expires_ms)
                VALUES (\(Secret.hash(secret)), \(person), \(now), \(now + lifetimeMs))
                """)
        }
        return secret
    }

    /// The person a browser acts for; nil when it was signed out, has expired, or the person is blocked.
    package func person(withBrowserSession secret: String) async throws -> Person? {
        try await database.read { [now] tx in
            let row = try tx.row(
                """
                SELECT b.person_id FROM browser_session b JOIN person p ON p.id = b.person_id
                WHERE b.secret_hash = \(Secret.hash(secret)) AND b.expires_ms > \(now()) AND p.is_active = 1
                """)
            return try row.map { try tx.person(Person.ID($0.int(0))) }
        }
    }

    /// Signs a browser out. Twice is once.
    package func closeBrowserSession(_ secret: String) async throws {
        _ = try await database.write { tx in
            try tx.run("DELETE FROM browser_session WHERE secret_hash = \(Secret.hash(secret))")
        }
    }
}

extension Transaction {
    func closeBrowserSessions(of person: Person.ID) throws {
        try run("DELETE FROM browser_session WHERE person_id = \(person)")
    }
}
