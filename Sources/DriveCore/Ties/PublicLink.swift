import Crypto
import Foundation
import SQLStore

/// An address that lets whoever has it read a file, or a folder and all below it, without signing in.
package struct PublicLink: Sendable, Hashable {
    package typealias ID = Identifier<PublicLink>

    package let id: ID
    package let node: Node.ID
    /// The node's own name now.
    package let name: String
    /// True while the node, or a folder above it, is in the trash: the link leads nowhere then.
    package let isTrashed: Bool
    /// Nil: never.
    package let expiresMs: Int64?
    /// Nil: any number.
    package let maxDownloads: Int64?
    package let downloads: Int64
    package let createdMs: Int64
    /// A person's id, 0 the system.
    package let createdBy: Person.ID
    package let isRevoked: Bool
    /// Nil when no password is asked. Another one after every change of the password, and of no use to guess it.
    package let passwordMark: String?

    /// Every download it allows was counted.
    package var isUsedUp: Bool { maxDownloads.map { downloads >= $0 } ?? false }

    package func isExpired(atMs now: Int64) -> Bool { expiresMs.map { $0 <= now } ?? false }

    /// Neither revoked nor expired nor in the trash. It may be used up.
    func isOpen(atMs now: Int64) -> Bool { !isRevoked && !isTrashed && !isExpired(atMs: now) }
}

/// What a link asks and how long it works.
package struct PublicLinkTerms: Sendable {
    /// In the clear; nil: none is asked.
    package var password: String?
    package var expiresMs: Int64?
    package var maxDownloads: Int64?

    package init(password: String? = nil, expiresMs: Int64? = nil, maxDownloads: Int64? = nil) {
        self.password = password
        self.expiresMs = expiresMs
        self.maxDownloads = maxDownloads
    }

    /// Nobody means a link to outlive the year 9999.
    private static let latestMs: Int64 = 253_402_300_799_999

    /// - Throws: `.invalidValue` for a password too short or too long, a time that has come, a limit below 1.
    func check(atMs now: Int64) throws {
        if let password { try NewPerson.check(password: password) }
        if let expiresMs, expiresMs <= now || expiresMs > Self.latestMs { throw DriveError.invalidValue("expiry") }
        if let maxDownloads, maxDownloads < 1 { throw DriveError.invalidValue("number of downloads") }
    }
}

/// What to make of a link's terms.
package struct PublicLinkChanges: Sendable {
    package enum Change<Value: Sendable>: Sendable {
        case keep
        case clear
        case set(Value)

        /// What is set; nil otherwise.
        var value: Value? { if case .set(let value) = self { value } else { nil } }
    }

    package var password = Change<String>.keep
    package var expiresMs = Change<Int64>.keep
    package var maxDownloads = Change<Int64>.keep

    package init() {}
}

extension PublicLink {
    /// How many characters of `[A-Za-z0-9]` a code has: one in 8 * 10^17 guesses at one link is right.
    package static let codeLength = 10

    /// The code in a link's address, from what is kept of the link and the account's signing key: the same each time,
    /// and nothing a copy of the table alone gives away.
    static func code(nonce: String, key: [UInt8]) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
        let mac = HMAC<SHA256>.authenticationCode(
            for: Data("public link code \(nonce)".utf8), using: SymmetricKey(data: key))
        // 128 bits are so many more than 62^10 that no character comes noticeably more often.
        var number = mac.prefix(16).reduce(UInt128(0)) { $0 << 8 | UInt128($1) }
        var code = ""
        for _ in 0..<codeLength {
            code.append(alphabet[Int(number % 62)])
            number /= 62
        }
        return code
    }

    static func mark(ofPasswordHash hash: String) -> String? {
        hash.isEmpty ? nil : String(Secret.hash("public link password " + hash).prefix(32))
    }
}
