import SQLStore

extension Drive {
    /// How long after its first use a refresh token still gives the pair it gave then.
    package static let refreshGraceMs: Int64 = 60_000

    /// Exchanges an authorization code for the first pair of tokens. A code works once: shown again it is refused, and
    /// whatever it gave ends (RFC 6749, section 4.1.2).
    /// - Throws: `.token`.
    package func tokens(forCode code: String, by client: ClientProof, _ terms: TokenTerms) async throws -> TokenPair {
        let outcome: Result<TokenPair, DriveError> = try await database.write { [now, account] tx in
            let now = now()
            let application = try tx.application(provenBy: client)
            let found = try tx.row(
                """
                SELECT \(raw: Consent.columns) FROM consent s
                WHERE s.code_hash = \(Secret.hash(code)) AND s.kind = \(terms.kind.rawValue)
                    AND s.application_id = \(application.id)
                """)
            guard let consent = try found.map({ try Consent($0) }) else { throw DriveError.token(.unknown) }
            if consent.isCodeUsed {
                // An error thrown from here would undo the revocation.
                try tx.revokeConsent(consent.id, atMs: now)
                return .failure(.token(.used))
            }
            if consent.codeExpiresMs <= now { throw DriveError.token(.expired) }
            try tx.run("UPDATE consent SET code_used_ms = \(now) WHERE id = \(consent.id)")
            return .success(
                try Issue(account: account, terms: terms, consent: consent, application: application)
                    .pair(for: code, row: consent.id.rawValue, atMs: now, in: tx))
        }
        return try outcome.get()
    }

    /// Exchanges a refresh token for the next pair. The token is retired; shown again within `refreshGraceMs` it gives
    /// the same pair once more, as long as the pair's own refresh token was not used.
    /// - Throws: `.token`.
    package func tokens(
        forRefreshToken token: String, by client: ClientProof, _ terms: TokenTerms
    ) async throws -> TokenPair {
        try await database.write { [now, account] tx in
            let now = now()
            let application = try tx.application(provenBy: client)
            let found = try tx.row(
                """
                SELECT \(raw: Consent.columns), r.id, r.expires_ms, r.used_ms
                FROM refresh_token r JOIN consent s ON s.id = r.consent_id
                WHERE r.token_hash = \(Secret.hash(token)) AND s.kind = \(terms.kind.rawValue)
                    AND s.application_id = \(application.id)
                """)
            guard let found else { throw DriveError.token(.unknown) }
            let row = try found.int(7)
            let issue = Issue(account: account, terms: terms, consent: try Consent(found), application: application)
            if let usedMs = try found.intOrNull(9) {
                let next = Secret.hash(issue.refreshToken(for: token, row: row))
                let isNextUnused = try tx.exists(
                    "SELECT 1 FROM refresh_token WHERE token_hash = \(next) AND used_ms IS NULL")
                guard now - usedMs < Self.refreshGraceMs, isNextUnused else { throw DriveError.token(.used) }
                return try issue.pair(for: token, row: row, atMs: usedMs, in: tx)
            }
            if try found.int(8) <= now { throw DriveError.token(.expired) }
            try tx.run("UPDATE refresh_token SET used_ms = \(now) WHERE id = \(row)")
            return try issue.pair(for: token, row: row, atMs: now, in: tx)
        }
    }

    /// True for every refresh token this account gave out at that door and has not forgotten, whatever its state.
    package func knowsRefreshToken(_ token: String, kind: Credential.Kind) async throws -> Bool {
        try await database.read { tx in
            try tx.exists(
                """
                SELECT 1 FROM refresh_token r JOIN consent s ON s.id = r.consent_id
                WHERE r.token_hash = \(Secret.hash(token)) AND s.kind = \(kind.rawValue)
                """)
        }
    }
}

/// Gives the tokens of one consent.
private struct Issue {
    let account: Account
    let terms: TokenTerms
    let consent: Consent
    let application: Application

    func refreshToken(for shown: String, row: Int64) -> String {
        TokenDerivation(account).text(.refresh, from: shown, row: row)
    }

    /// The pair that follows from `shown`, registered. Giving it again changes nothing.
    /// - Parameter issuedMs: when it was or is first given.
    func pair(for shown: String, row: Int64, atMs issuedMs: Int64, in tx: any Transaction) throws -> TokenPair {
        try check(in: tx)
        let draft = TokenDraft(
            id: TokenDerivation(account).text(.access, from: shown, row: row), application: application,
            person: consent.person, scopes: consent.scopes, issuedMs: issuedMs,
            expiresMs: issuedMs + terms.accessLifetimeMs)
        let accessToken = try terms.write(draft)
        let refreshToken = refreshToken(for: shown, row: row)
        try tx.run(
            """
            INSERT INTO refresh_token (consent_id, token_hash, created_ms, expires_ms, used_ms)
            VALUES (
                \(consent.id), \(Secret.hash(refreshToken)), \(issuedMs), \(issuedMs + terms.refreshLifetimeMs), NULL)
            ON CONFLICT (token_hash) DO NOTHING
            """)
        try tx.run(
            """
            INSERT INTO credential (
                kind, secret_hash, person_id, application_id, title, scopes, created_ms, expires_ms, revoked_ms,
                consent_id)
            VALUES (
                \(terms.kind.rawValue), \(Secret.hash(accessToken)), \(consent.person), \(application.id),
                \(application.title), \(Credential.text(of: consent.scopes)), \(issuedMs), \(draft.expiresMs), NULL,
                \(consent.id))
            ON CONFLICT (secret_hash) DO NOTHING
            """)
        return TokenPair(
            accessToken: accessToken, refreshToken: refreshToken, application: application, person: consent.person,
            scopes: consent.scopes, issuedMs: issuedMs, accessExpiresMs: draft.expiresMs)
    }

    private func check(in tx: any Transaction) throws {
        if consent.isRevoked { throw DriveError.token(.ended) }
        if try !consent.isFull && !tx.person(consent.person).isActive { throw DriveError.token(.ended) }
        if !application.isOpen(to: consent.person) { throw DriveError.token(.noAccess) }
        if !consent.scopes.isSubset(of: application.scopes) { throw DriveError.token(.scopesExceedCard) }
    }
}

extension Transaction {
    /// - Throws: `.token` `.unknownClient`, `.wrongSecret`, `.clientRevoked`, `.redirectDiffers`, in this order.
    fileprivate func application(provenBy client: ClientProof) throws -> Application {
        let kept = try row("SELECT secret_hash FROM application WHERE client_id = \(client.id)")
        guard let kept, let application = try application(clientID: client.id) else {
            throw DriveError.token(.unknownClient)
        }
        guard Secret.equal(Array(try kept.text(0).utf8), Array(Secret.hash(client.secret).utf8)) else {
            throw DriveError.token(.wrongSecret)
        }
        if application.isRevoked { throw DriveError.token(.clientRevoked) }
        if let address = client.redirectURI, address != application.redirectURI {
            throw DriveError.token(.redirectDiffers)
        }
        return application
    }
}
