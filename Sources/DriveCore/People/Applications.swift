import Foundation
import SQLStore

extension Drive {
    /// A new application. The secret is shown this once.
    /// - Throws: `.invalidValue` for a title, scope or address that cannot be.
    package func createApplication(
        title: String, scopes: Set<String>, redirectURI: String
    ) async throws -> (application: Application, secret: String) {
        try Credential.check(title: title, scopes: scopes)
        try Application.check(redirectURI: redirectURI)
        let secret = Secret.code(length: 64)
        let clientID = UUID().uuidString.lowercased()
        let application = try await database.write { [now] tx in
            let created = now()
            let id = try tx.int(
                """
                INSERT INTO application (client_id, secret_hash, title, scopes, redirect_uri, created_ms, revoked_ms)
                VALUES (
                    \(clientID), \(Secret.hash(secret)), \(title), \(Credential.text(of: scopes)), \(redirectURI),
                    \(created), NULL)
                RETURNING id
                """)
            return Application(
                id: Application.ID(id), clientID: clientID, title: title, scopes: scopes, redirectURI: redirectURI,
                createdMs: created, isRevoked: false, people: nil)
        }
        return (application, secret)
    }

    /// Every application, revoked ones too, by id.
    package func applications() async throws -> [Application] {
        try await database.read { tx in
            try tx.rows("SELECT \(raw: Application.columns) FROM application a ORDER BY a.id").map {
                try tx.application($0)
            }
        }
    }

    /// Changes an application's card; what is nil stays. Tokens given before keep their scopes until they expire, and
    /// are not renewed when the new card lacks one of them.
    /// - Throws: `.notFound(.application)`, also when it was revoked; `.invalidValue`.
    package func updateApplication(
        _ id: Application.ID, title: String? = nil, scopes: Set<String>? = nil, redirectURI: String? = nil
    ) async throws {
        try Credential.check(title: title ?? "", scopes: scopes ?? [])
        if let redirectURI { try Application.check(redirectURI: redirectURI) }
        try await database.write { tx in
            let changed = try tx.run(
                """
                UPDATE application SET title = COALESCE(\(title), title),
                    scopes = COALESCE(\(scopes.map(Credential.text(of:))), scopes),
                    redirect_uri = COALESCE(\(redirectURI), redirect_uri)
                WHERE id = \(id) AND revoked_ms IS NULL
                """)
            if changed == 0 { throw DriveError.notFound(.application) }
        }
    }

    /// Says who may use an application, from the next call on.
    /// - Parameter people: nil: everybody.
    /// - Throws: `.notFound(.application)`, also when it was revoked; `.notFound(.person)`.
    package func restrictApplication(_ id: Application.ID, to people: Set<Person.ID>?) async throws {
        try await database.write { tx in
            let isRestricted = people != nil
            let changed = try tx.run(
                "UPDATE application SET is_restricted = \(isRestricted) WHERE id = \(id) AND revoked_ms IS NULL")
            if changed == 0 { throw DriveError.notFound(.application) }
            try tx.run("DELETE FROM application_person WHERE application_id = \(id)")
            for person in (people ?? []).sorted() {
                _ = try tx.person(person)
                try tx.run("INSERT INTO application_person (application_id, person_id) VALUES (\(id), \(person))")
            }
        }
    }

    /// Ends an application and every token it was given.
    /// - Returns: false when there is none with that id. Revoking twice succeeds.
    package func revokeApplication(_ id: Application.ID) async throws -> Bool {
        try await database.write { [now] tx in
            let changed = try tx.run(
                "UPDATE application SET revoked_ms = COALESCE(revoked_ms, \(now())) WHERE id = \(id)")
            return changed > 0
        }
    }
}

extension Application {
    /// The eight columns `Transaction.application(_:)` reads, of table `application a`.
    static let columns =
        "a.id, a.client_id, a.title, a.scopes, a.redirect_uri, a.created_ms, a.revoked_ms, a.is_restricted"

    package func isOpen(to person: Person.ID) -> Bool { people?.contains(person) ?? true }
}

extension Transaction {
    func application(clientID: String) throws -> Application? {
        try row("SELECT \(raw: Application.columns) FROM application a WHERE a.client_id = \(clientID)").map {
            try application($0)
        }
    }

    fileprivate func application(_ row: Row) throws -> Application {
        let id = Application.ID(try row.int(0))
        var people: Set<Person.ID>?
        if try row.bool(7) {
            people = Set(
                try rows("SELECT person_id FROM application_person WHERE application_id = \(id)").map {
                    Person.ID(try $0.int(0))
                })
        }
        return Application(
            id: id, clientID: try row.text(1), title: try row.text(2), scopes: Credential.scopes(in: try row.text(3)),
            redirectURI: try row.text(4), createdMs: try row.int(5), isRevoked: !row.isNull(6), people: people)
    }
}
