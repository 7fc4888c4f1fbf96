/// An access token and the refresh token that follows it, as text: shown to the application and kept as hashes.
package struct TokenPair: Sendable, Hashable {
    package let accessToken: String
    package let refreshToken: String
    package let application: Application
    package let person: Person.ID
    package let scopes: Set<String>
    package let issuedMs: Int64
    package let accessExpiresMs: Int64

    /// Seconds the access token still works, the one that has begun counted whole: the full lifetime when it was given
    /// just now.
    package func secondsLeft(atMs now: Int64) -> Int64 { max(0, accessExpiresMs - now + 999) / 1000 }
}

/// What a dialect's tokens are like.
package struct TokenTerms: Sendable {
    package let kind: Credential.Kind
    package let accessLifetimeMs: Int64
    package let refreshLifetimeMs: Int64
    /// Writes an access token; equal drafts must give equal texts, for the same pair may have to be given again.
    package let write: @Sendable (TokenDraft) throws -> String

    package init(
        kind: Credential.Kind, accessLifetimeMs: Int64, refreshLifetimeMs: Int64,
        write: @escaping @Sendable (TokenDraft) throws -> String
    ) {
        self.kind = kind
        self.accessLifetimeMs = accessLifetimeMs
        self.refreshLifetimeMs = refreshLifetimeMs
        self.write = write
    }
}

/// What an access token is made of.
package struct TokenDraft: Sendable, Hashable {
    /// 64 hexadecimal digits that nobody can guess, of this token alone.
    package let id: String
    package let application: Application
    package let person: Person.ID
    package let scopes: Set<String>
    package let issuedMs: Int64
    package let expiresMs: Int64
}

/// What an application shows to prove which one it is.
package struct ClientProof: Sendable {
    let id: String
    let secret: String
    /// The address it believes is registered; nil: the dialect does not ask.
    let redirectURI: String?

    package init(id: String, secret: String, redirectURI: String? = nil) {
        self.id = id
        self.secret = secret
        self.redirectURI = redirectURI
    }
}
