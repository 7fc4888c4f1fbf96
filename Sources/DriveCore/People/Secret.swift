import Crypto

/// Codes that let somebody in: made at random, kept only as a hash.
enum Secret {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")

    /// A code of `[A-Za-z0-9]`, each character worth 5.95 bits.
    static func code(length: Int) -> String {
        var random = SystemRandomNumberGenerator()
        return String((0..<length).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &random)] })
    }

    static func bytes(_ count: Int) -> [UInt8] {
        var random = SystemRandomNumberGenerator()
        return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &random) }
    }

    /// What is kept of a code: SHA-256, lower-case hex. A code has so much chance in it that no slow hash is needed.
    static func hash(_ code: String) -> String {
        var code = code
        var hasher = SHA256()
        code.withUTF8 { hasher.update(bufferPointer: UnsafeRawBufferPointer($0)) }
        return Hex.text(hasher.finalize())
    }

    /// Takes the same time wherever the two differ.
    static func equal(_ left: some Collection<UInt8>, _ right: some Collection<UInt8>) -> Bool {
        guard left.count == right.count else { return false }
        return zip(left, right).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
