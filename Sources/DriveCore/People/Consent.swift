import SQLStore

/// A person's word that an application may act for them, given in a browser. A code and all tokens of that code come
/// of it and end with it.
package struct Consent: Sendable, Hashable {
    package typealias ID = Identifier<Consent>

    package let id: ID
    package let person: Person.ID
    package let scopes: Set<String>
    let codeExpiresMs: Int64
    let isCodeUsed: Bool
    let isRevoked: Bool
    /// An administrator's that outlives the administrator being blocked.
    let isFull: Bool
}

/// What a dialect lets people consent to at its door.
package struct ConsentTerms: Sendable {
    /// The kind of access token the consent leads to.
    package let kind: Credential.Kind
    /// The scopes the dialect knows; of an application's card, only these are given.
    package let scopes: Set<String>
    package let codeLifetimeMs: Int64
    /// What an administrator gives is full and survives that person being blocked.
    package let isFullFromAdministrator: Bool

    package init(
        kind: Credential.Kind, scopes: Set<String>, codeLifetimeMs: Int64, isFullFromAdministrator: Bool = false
    ) {
        self.kind = kind
        self.scopes = scopes
        self.codeLifetimeMs = codeLifetimeMs
        self.isFullFromAdministrator = isFullFromAdministrator
    }
}

/// What a person is asked to consent to.
package struct ConsentOffer: Sendable {
    package let application: Application
    package let person: Person
    package let scopes: Set<String>
}

extension Drive {
    /// The application with that client id, if it can be sent a code at all.
    /// - Throws: `.token` `.unknownClient`, `.clientRevoked`, or `.redirectDiffers` when no address is registered.
    package func applicationAsking(clientID: String) async throws -> Application {
        try await database.read { tx in try tx.applicationAsking(clientID: clientID) }
    }

    /// What `person` would consent to. Nothing is written.
    /// - Throws: as `applicationAsking`; `.token(.noAccess)` when the application is not for that person, is asked for
    ///   by somebody blocked; `.token(.scopesExceedCard)` when its card has no scope of this door.
    package func offer(clientID: String, to person: Person.ID, _ terms: ConsentTerms) async throws -> ConsentOffer {
        try await database.read { tx in try tx.offer(clientID: clientID, to: person, terms) }
    }

    /// Writes down that `person` consents.
    /// - Returns: the authorization code, `[A-Za-z0-9]+`; it works once, and only its hash is kept.
    /// - Throws: as `offer`.
    package func giveConsent(
        clientID: String, by person: Person.ID, _ terms: ConsentTerms
    ) async throws -> (code: String, offer: ConsentOffer) {
        let code = Secret.code(length: 48)
        let offer = try await database.write { [now] tx in
            let offer = try tx.offer(clientID: clientID, to: person, terms)
            let now = now()
            let isFull = terms.isFullFromAdministrator && offer.person.isAdministrator
            try tx.run(
                """
                INSERT INTO consent (
                    kind, application_id, person_id, scopes, is_full, code_hash, code_expires_ms, code_used_ms,
                    created_ms, revoked_ms)
                VALUES (
                    \(terms.kind.rawValue), \(offer.application.id), \(person), \(Credential.text(of: offer.scopes)),
                    \(isFull), \(Secret.hash(code)), \(now + terms.codeLifetimeMs), NULL, \(now), NULL)
                """)
            return offer
        }
        return (code, offer)
    }
}

extension Transaction {
    fileprivate func applicationAsking(clientID: String) throws -> Application {
        guard let application = try application(clientID: clientID) else { throw DriveError.token(.unknownClient) }
        if application.isRevoked { throw DriveError.token(.clientRevoked) }
        if application.redirectURI.isEmpty { throw DriveError.token(.redirectDiffers) }
        return application
    }

    fileprivate func offer(clientID: String, to id: Person.ID, _ terms: ConsentTerms) throws -> ConsentOffer {
        let application = try applicationAsking(clientID: clientID)
        let person = try person(id)
        guard person.isActive, application.isOpen(to: id) else { throw DriveError.token(.noAccess) }
        let scopes = application.scopes.intersection(terms.scopes)
        if scopes.isEmpty { throw DriveError.token(.scopesExceedCard) }
        return ConsentOffer(application: application, person: person, scopes: scopes)
    }

    /// Ends a consent and every token that came of it.
    func revokeConsent(_ id: Consent.ID, atMs now: Int64) throws {
        try run("UPDATE consent SET revoked_ms = COALESCE(revoked_ms, \(now)) WHERE id = \(id)")
    }
}

extension Consent {
    /// The seven columns `init(_:)` reads, of table `consent s`.
    static let columns = "s.id, s.person_id, s.scopes, s.code_expires_ms, s.code_used_ms, s.revoked_ms, s.is_full"

    init(_ row: Row) throws {
        self.init(
            id: ID(try row.int(0)), person: Person.ID(try row.int(1)), scopes: Credential.scopes(in: try row.text(2)),
            codeExpiresMs: try row.int(3), isCodeUsed: !row.isNull(4), isRevoked: !row.isNull(5),
            isFull: try row.bool(6))
    }
}
