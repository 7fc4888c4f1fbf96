import SQLStore

extension Drive {
    /// Lets a caller in by the person's id and a webhook's code.
    /// - Throws: `.credential`.
    package func authenticate(webhook code: String, of person: Person.ID) async throws -> Grant {
        let grant = try await grant(for: code, kind: .webhook)
        guard grant.caller.person == person else { throw DriveError.credential(.unknown) }
        return grant
    }

    /// Lets a caller in by an access token of that kind.
    /// - Throws: `.credential`.
    package func authenticate(token: String, kind: Credential.Kind) async throws -> Grant {
        try await grant(for: token, kind: kind)
    }

    /// A new incoming webhook. The code is `[A-Za-z0-9]+` and is shown this once; only its hash is kept.
    /// - Throws: `.notFound(.person)`, `.invalidValue` for a title or scope that cannot be.
    package func createWebhook(
        for person: Person.ID, title: String, scopes: Set<String>, expiresMs: Int64?
    ) async throws -> (credential: Credential, code: String) {
        let code = Secret.code(length: 40)
        let credential = try await insertCredential(
            secret: code, kind: .webhook, person: person, application: nil, title: title, scopes: scopes,
            expiresMs: expiresMs)
        return (credential, code)
    }

    /// The text of a new opaque access token, `[A-Za-z0-9]+`; `registerToken` makes it work.
    package static func newTokenText() -> String { Secret.code(length: 64) }

    /// A password nobody has thought of.
    package static func newPassword() -> String { Secret.code(length: 20) }

    /// Registers an access token made by a dialect (an amoCRM token is a JWT, a Bitrix24 one is opaque).
    /// - Throws: `.notFound`, `.taken` when the token is registered already, `.invalidValue`.
    package func registerToken(
        _ token: String, kind: Credential.Kind, person: Person.ID, application: Application.ID, title: String,
        scopes: Set<String>, expiresMs: Int64?
    ) async throws -> Credential {
        try await insertCredential(
            secret: token, kind: kind, person: person, application: application, title: title, scopes: scopes,
            expiresMs: expiresMs)
    }

    /// Every credential of that kind (nil: of all), revoked and expired ones too, by id.
    package func credentials(kind: Credential.Kind?) async throws -> [Credential] {
        try await database.read { tx in
            let all = try tx.rows("SELECT \(raw: Credential.columns) FROM credential c ORDER BY c.id").map {
                try Credential($0)
            }
            return all.filter { kind == nil || $0.kind == kind }
        }
    }

    /// Ends a credential; with a token that came of a consent, the consent and all its tokens.
    /// - Returns: false when there is none with that id. Revoking twice succeeds.
    package func revokeCredential(_ id: Credential.ID) async throws -> Bool {
        try await database.write { [now] tx in
            let now = now()
            let changed = try tx.run(
                "UPDATE credential SET revoked_ms = COALESCE(revoked_ms, \(now)) WHERE id = \(id)")
            if let consent = try tx.row("SELECT consent_id FROM credential WHERE id = \(id)")?.intOrNull(0) {
                try tx.revokeConsent(Consent.ID(consent), atMs: now)
            }
            return changed > 0
        }
    }

    private func insertCredential(
        secret: String, kind: Credential.Kind, person: Person.ID, application: Application.ID?, title: String,
        scopes: Set<String>, expiresMs: Int64?
    ) async throws -> Credential {
        try Credential.check(title: title, scopes: scopes)
        return try await database.write { [now] tx in
            _ = try tx.person(person)
            if let application {
                let exists = try tx.exists("SELECT 1 FROM application WHERE id = \(application) AND revoked_ms IS NULL")
                if !exists { throw DriveError.notFound(.application) }
            }
            let inserted = try tx.row(
                """
                INSERT INTO credential (
                    kind, secret_hash, person_id, application_id, title, scopes, created_ms, expires_ms, revoked_ms)
                VALUES (
                    \(kind.rawValue), \(Secret.hash(secret)), \(person), \(application.sqlValue), \(title),
                    \(Credential.text(of: scopes)), \(now()), \(expiresMs.sqlValue), NULL)
                ON CONFLICT (secret_hash) DO NOTHING RETURNING id
                """)
            guard let inserted else { throw DriveError.taken("token") }
            let row = try tx.row(
                "SELECT \(raw: Credential.columns) FROM credential c WHERE c.id = \(try inserted.int(0))")
            guard let row else { throw SQLError.failed(message: "a credential vanished while it was made") }
            return try Credential(row)
        }
    }

    private func grant(for secret: String, kind: Credential.Kind) async throws -> Grant {
        let (hash, now) = (Secret.hash(secret), now())
        return try await database.read { tx in
            var grant = try tx.remembered("grant \(kind.rawValue) \(hash)") {
                try tx.grant(forHash: hash, kind: kind, atMs: now)
            }
            // Time passes without a commit.
            guard !grant.credential.isExpired(atMs: now) else { throw DriveError.credential(.expired) }
            grant.caller.snapshot = tx.keepOpen()
            return grant
        }
    }
}

extension Transaction {
    /// - Throws: `.credential`.
    fileprivate func grant(forHash hash: String, kind: Credential.Kind, atMs now: Int64) throws -> Grant {
        // One row for each department, and one for a person without any.
        let rows = try rows(
            """
            SELECT \(raw: Credential.columns), c.secret_hash, p.is_active, p.is_admin, a.revoked_ms, s.revoked_ms,
                COALESCE(s.is_full, 0),
                CASE WHEN a.is_restricted = 1 AND NOT EXISTS (
                    SELECT 1 FROM application_person r WHERE r.application_id = a.id AND r.person_id = p.id)
                THEN 1 ELSE 0 END,
                d.department_id
            FROM credential c JOIN person p ON p.id = c.person_id
            LEFT JOIN application a ON a.id = c.application_id
            LEFT JOIN consent s ON s.id = c.consent_id
            LEFT JOIN person_department d ON d.person_id = c.person_id
            WHERE c.secret_hash = \(hash) AND c.kind = \(kind.rawValue)
            ORDER BY d.department_id
            """)
        guard let found = rows.first, Secret.equal(Array(try found.text(9).utf8), Array(hash.utf8)) else {
            throw DriveError.credential(.unknown)
        }
        let credential = try Credential(found)
        if credential.isRevoked || !found.isNull(12) || !found.isNull(13) {
            throw DriveError.credential(.revoked)
        }
        if credential.isExpired(atMs: now) { throw DriveError.credential(.expired) }
        let isFull = try found.bool(14)
        guard try isFull || found.bool(10) else { throw DriveError.credential(.personInactive) }
        if try found.bool(15) { throw DriveError.credential(.noAccess) }
        let caller = Caller(
            person: credential.person, isAdministrator: try isFull || found.bool(11),
            application: credential.application,
            departments: try rows.compactMap { try $0.intOrNull(16) })
        return Grant(caller: caller, credential: credential)
    }
}

extension Credential {
    /// The nine columns `init(_:)` reads, of table `credential c`.
    static let columns = """
        c.id, c.kind, c.person_id, c.application_id, c.title, c.scopes, c.created_ms, c.expires_ms, c.revoked_ms
        """

    init(_ row: Row) throws {
        guard let kind = Kind(rawValue: try row.text(1)) else {
            throw SQLError.failed(message: "credential \(try row.int(0)) is of an unknown kind")
        }
        self.init(
            id: ID(try row.int(0)), kind: kind, person: Person.ID(try row.int(2)),
            application: try row.intOrNull(3).map { Application.ID($0) }, title: try row.text(4),
            scopes: Self.scopes(in: try row.text(5)), createdMs: try row.int(6), expiresMs: try row.intOrNull(7),
            isRevoked: !row.isNull(8))
    }

    func isExpired(atMs now: Int64) -> Bool { expiresMs.map { $0 <= now } ?? false }

    static func text(of scopes: Set<String>) -> String { scopes.sorted().joined(separator: " ") }

    static func scopes(in text: String) -> Set<String> { Set(text.split(separator: " ").map(String.init)) }

    /// - Throws: `.invalidValue`.
    static func check(title: String, scopes: Set<String>) throws {
        let hasControls = title.unicodeScalars.contains { $0.value < 0x20 || (0x7F..<0xA0).contains($0.value) }
        if title.utf8.count > NewPerson.maxBytes || hasControls { throw DriveError.invalidValue("title") }
        for scope in scopes {
            let isPlain = scope.utf8.allSatisfy {
                (97...122).contains($0) || (48...57).contains($0) || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: ".")
            }
            if !isPlain || !(1...64).contains(scope.utf8.count) { throw DriveError.invalidValue("scope") }
        }
    }
}
