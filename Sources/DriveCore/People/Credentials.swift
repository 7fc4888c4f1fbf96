extension Drive {
    /// Lets a caller in by the person's id and a webhook's code.
    /// - Throws: `.credential`.
    package func authenticate(webhook code: String, of person: Person.ID) async throws -> Grant { throw Unbuilt() }

    /// Lets a caller in by an access token of that kind.
    package func authenticate(token: String, kind: Credential.Kind) async throws -> Grant { throw Unbuilt() }

    /// A new incoming webhook. The code is `[A-Za-z0-9]+` and is shown this once; only its hash is kept.
    package func createWebhook(
        for person: Person.ID, title: String, scopes: Set<String>, expiresMs: Int64?
    ) async throws -> (credential: Credential, code: String) { throw Unbuilt() }

    /// Registers an access token made by a dialect (an amoCRM token is a JWT, a Bitrix24 one is opaque).
    package func registerToken(
        _ token: String, kind: Credential.Kind, person: Person.ID, application: Application.ID, title: String,
        scopes: Set<String>, expiresMs: Int64?
    ) async throws -> Credential { throw Unbuilt() }

    package func credentials(kind: Credential.Kind?) async throws -> [Credential] { throw Unbuilt() }

    /// - Returns: false when there is none with that id. Revoking twice succeeds.
    package func revokeCredential(_ id: Credential.ID) async throws -> Bool { throw Unbuilt() }

    /// A new application. The secret is shown this once.
    package func createApplication(
        title: String, scopes: Set<String>, redirectURI: String
    ) async throws -> (application: Application, secret: String) { throw Unbuilt() }

    package func applications() async throws -> [Application] { throw Unbuilt() }

    package func revokeApplication(_ id: Application.ID) async throws -> Bool { throw Unbuilt() }
}
