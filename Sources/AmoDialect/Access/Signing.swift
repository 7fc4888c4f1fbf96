import Crypto
import DriveCore
import Foundation
import JWTKit

/// The keys this dialect signs with: one per purpose, all derived from the account's, so that a token made for one
/// purpose is worthless for another.
enum Signing {
    enum Purpose: String {
        case access = "amocrm access token"
        case upload = "amocrm upload url"
    }

    static func keys(of account: Account, for purpose: Purpose) async -> JWTKeyCollection {
        let secret = SymmetricKey(data: account.signingKey)
        let derived = HMAC<SHA256>.authenticationCode(for: Array(purpose.rawValue.utf8), using: secret)
        // Members in a fixed order: a repeated part must get the very same URL again.
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return await JWTKeyCollection().add(
            hmac: HMACKey(key: SymmetricKey(data: derived)), digestAlgorithm: .sha256,
            serializer: DefaultJWTSerializer(jsonEncoder: encoder))
    }
}
