import Crypto
import DriveCore
import Foundation
import HTTPEdge
import JWTKit

/// The keys this dialect signs with: one per purpose, all derived from the account's, so that a token made for one
/// purpose is worthless for another.
enum Signing {
    enum Purpose: String {
        case access = "amocrm access token"
        case upload = "amocrm upload url"
    }

    /// What tokens are checked with.
    static func keys(of account: Account, for purpose: Purpose) async -> JWTKeyCollection {
        await JWTKeyCollection().add(
            hmac: HMACKey(key: key(of: account, for: purpose)), digestAlgorithm: .sha256)
    }

    /// A signed JWT, made without waiting: a token must be written inside a transaction. Equal claims give equal text.
    static func text(of claims: some Encodable, account: Account, for purpose: Purpose) throws -> String {
        let header = Base64URL.encode(#"{"alg":"HS256","typ":"JWT"}"#.utf8)
        let signed = header + "." + Base64URL.encode(try encoder.encode(claims))
        let code = HMAC<SHA256>.authenticationCode(for: Array(signed.utf8), using: key(of: account, for: purpose))
        return signed + "." + Base64URL.encode(code)
    }

    private static func key(of account: Account, for purpose: Purpose) -> SymmetricKey {
        let secret = SymmetricKey(data: account.signingKey)
        return SymmetricKey(
            data: HMAC<SHA256>.authenticationCode(for: Array(purpose.rawValue.utf8), using: secret))
    }

    /// Members in a fixed order: a repeated part must get the very same URL again.
    private static var encoder: JSONEncoder {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return encoder
    }
}
