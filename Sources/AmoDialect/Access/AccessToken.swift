import Crypto
import DriveCore
import JWTKit

/// An amoCRM access token: a JWT with the claims clients read (they never check the signature).
///
/// The server lets a caller in by the token's hash, not by its claims; `Drive.registerToken` must be called with the
/// text made here.
package enum AccessToken {
    /// What the vendor calls its scopes, in the order the documentation lists them.
    package static let scopes = ["crm", "files", "files_delete"]

    /// Makes the text of a new token. Two calls never make the same.
    ///
    /// - Parameter application: becomes the `aud` claim.
    /// - Parameter apiDomain: host (and port) that answers `/api/v4/`, without a scheme.
    /// - Parameter issuedMs: milliseconds since 1970, as `expiresMs`.
    package static func make(
        account: Account, person: Person.ID, application: Application, scopes: Set<String>, apiDomain: String = "",
        issuedMs: Int64, expiresMs: Int64
    ) async throws -> String {
        let random = SymmetricKey(size: .bits256).withUnsafeBytes { bytes in
            bytes.map { byte in String(byte >> 4, radix: 16) + String(byte & 15, radix: 16) }.joined()
        }
        let claims = Claims(
            aud: application.clientID, jti: random, iat: issuedMs / 1000, nbf: issuedMs / 1000, exp: expiresMs / 1000,
            sub: person.description, accountID: account.id, baseDomain: "amocrm.ru", apiDomain: apiDomain,
            scopes: self.scopes.filter(scopes.contains) + scopes.subtracting(self.scopes).sorted())
        return try await Signing.keys(of: account, for: .access).sign(claims)
    }

    private struct Claims: JWTPayload {
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

        func verify(using algorithm: some JWTAlgorithm) async throws {}
    }
}
