import Foundation
import SQLStore

extension Drive {
    /// A new application. The secret is shown this once.
    /// - Throws: `.invalidValue` for a title, scope or address that cannot be.
    package func createApplication(
        title: String, scopes: Set<String>, redirectURI: String
    ) async throws -> (application: Application, secret: String) {
        try Credential.check(title: title, scopes: scopes)
        if !redirectURI.isEmpty, URLComponents(string: redirectURI)?.scheme == nil || redirectURI.utf8.count > 2000 {
            throw DriveError.invalidValue("redirect URI")
        }
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
                createdMs: created, isRevoked: false)
        }
        return (application, secret)
    }

    /// Every application, revoked ones too, by id.
    package func applications() async throws -> [Application] {
        try await database.read { tx in
            try tx.rows(
                """
                SELECT id, client_id, title, scopes, redirect_uri, created_ms, revoked_ms FROM application ORDER BY id
                """
            ).map { row in
                Application(
                    id: Application.ID(try row.int(0)), clientID: try row.text(1), title: try row.text(2),
                    scopes: Credential.scopes(in: try row.text(3)), redirectURI: try row.text(4),
                    createdMs: try row.int(5), isRevoked: !row.isNull(6))
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
