import Crypto
import Foundation
import _CryptoExtras

/// A password as it is kept: `scrypt$N$r$p$salt$key`, salt and key in base64.
struct PasswordHash: Sendable {
    let text: String

    /// In UTF-8 bytes.
    static let length = 8...1024
    private static let rounds = 16384
    private static let blockSize = 8

    /// A hash kept earlier.
    init(stored text: String) { self.text = text }

    /// Hashes a new password; takes some tens of milliseconds and 16 MiB on purpose, so call it outside transactions.
    init(of password: String) throws {
        let salt = Secret.bytes(16)
        let key = try Self.derive(password, salt: salt, rounds: Self.rounds, blockSize: Self.blockSize, parallelism: 1)
        text = [
            "scrypt", "\(Self.rounds)", "\(Self.blockSize)", "1", Data(salt).base64EncodedString(),
            key.base64EncodedString(),
        ].joined(separator: "$")
    }

    /// False for any other password, and for a hash that cannot be read (a person without a password has `''`).
    func matches(_ password: String) -> Bool {
        let parts = text.split(separator: "$", omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0] == "scrypt", let rounds = Int(parts[1]), let blockSize = Int(parts[2]),
            let parallelism = Int(parts[3]), let salt = Data(base64Encoded: String(parts[4])),
            let key = Data(base64Encoded: String(parts[5])), password.utf8.count <= Self.length.upperBound,
            let derived = try? Self.derive(
                password, salt: Array(salt), rounds: rounds, blockSize: blockSize, parallelism: parallelism)
        else { return false }
        return Secret.equal(derived, key)
    }

    private static func derive(
        _ password: String, salt: [UInt8], rounds: Int, blockSize: Int, parallelism: Int
    ) throws -> Data {
        // The first byte is ours, so that the derivation never sees an empty buffer.
        let key = try KDF.Scrypt.deriveKey(
            from: Data("p".utf8) + Data(password.utf8), salt: salt, outputByteCount: 32, rounds: rounds,
            blockSize: blockSize, parallelism: parallelism)
        return key.withUnsafeBytes { Data($0) }
    }
}
