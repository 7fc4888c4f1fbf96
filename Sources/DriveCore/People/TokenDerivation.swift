import Crypto

/// How a pair of tokens follows from the code or refresh token it was given for.
///
/// A client whose answer was lost shows the same refresh token again and must get the same pair, though nothing but
/// hashes is kept. So a pair is not drawn at random: it is HMAC-SHA256, under a key made of the account's, of what was
/// shown and the id of its row. Whoever has the database has the key and the ids, but not what was shown; whoever has
/// what was shown has not the key.
struct TokenDerivation {
    enum Part: String { case access, refresh }

    private let key: SymmetricKey

    init(_ account: Account) {
        let code = HMAC<SHA256>.authenticationCode(
            for: Array("token pairs".utf8), using: SymmetricKey(data: account.signingKey))
        key = SymmetricKey(data: code)
    }

    /// 64 hexadecimal digits.
    /// - Parameter shown: the text of the code or refresh token that is exchanged.
    /// - Parameter row: of that code's consent, or of that refresh token.
    func text(_ part: Part, from shown: String, row: Int64) -> String {
        Hex.text(HMAC<SHA256>.authenticationCode(for: Array("\(part.rawValue) \(row) \(shown)".utf8), using: key))
    }
}
