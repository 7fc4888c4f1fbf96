import DriveCore
import HTTPEdge

/// An amoCRM access token: a JWT with the claims clients read (they never check the signature).
///
/// The server lets a caller in by the token's hash, not by its claims; `Drive.registerToken` must be called with the
/// text made here.
package enum AccessToken {
    /// What the vendor calls its scopes, in the order the documentation lists them.
    package static let scopes = ["crm", "files", "files_delete"]

    /// Makes the text of a new token. Two calls without an `id` never make the same, with equal arguments and an `id`
    /// always.
    ///
    /// - Parameter application: becomes the `aud` claim.
    /// - Parameter apiDomain: host (and port) that answers `/api/v4/`, without a scheme.
    /// - Parameter id: becomes the `jti` claim; nil: a random one.
    /// - Parameter issuedMs: milliseconds since 1970, as `expiresMs`.
    package static func make(
        account: Account, person: Person.ID, application: Application, scopes: Set<String>, apiDomain: String = "",
        id: String? = nil, issuedMs: Int64, expiresMs: Int64
    ) throws -> String {
        let claims = Claims(
            aud: application.clientID, jti: id ?? RandomHex.text(words: 4), iat: issuedMs / 1000, nbf: issuedMs / 1000,
            exp: expiresMs / 1000, sub: person.description, accountID: account.id, baseDomain: "amocrm.ru",
            apiDomain: apiDomain, scopes: self.scopes.filter(scopes.contains) + scopes.subtracting(self.scopes).sorted()
        )
        return try Signing.text(of: claims, account: account, for: .access)
    }

    /// What the vendor's tokens are like: an access token works for 24 hours, a refresh token for three months, of
    /// which the longest are meant.
    /// - Parameter apiDomain: as in `make`.
    static func terms(of account: Account, apiDomain: String) -> TokenTerms {
        TokenTerms(kind: .amocrm, accessLifetimeMs: 86_400_000, refreshLifetimeMs: 92 * 86_400_000) { draft in
            try make(
                account: account, person: draft.person, application: draft.application, scopes: draft.scopes,
                apiDomain: apiDomain, id: draft.id, issuedMs: draft.issuedMs, expiresMs: draft.expiresMs)
        }
    }

    private struct Claims: Encodable {
        let aud: String
        let jti: String
        let iat: Int64
        let nbf: Int64
        let exp: Int64
        let sub: String
        let accountID: Int64
        let baseDomain: String
        let apiDomain: String
        let scopes: [String]

        enum CodingKeys: String, CodingKey {
            case aud, jti, iat, nbf, exp, sub, scopes
            case accountID = "account_id"
            case baseDomain = "base_domain"
            case apiDomain = "api_domain"
        }
    }
}
