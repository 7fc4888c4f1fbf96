import Crypto
import Foundation
import SQLStore

extension Account {
    /// The account in `database`, made on first use: settings, the administrator (person 1) with a personal drive, the
    /// company drive with its folder *CRM files*, the drive of chats. Safe to run twice at once.
    /// - Parameter timeZone: IANA name; used only when the account is made now.
    /// - Returns: the account, and whether it was made now.
    /// - Throws: `.invalidValue` when `timeZone` is none.
    package static func open(
        in database: any Database, timeZone: String, now: @escaping @Sendable () -> Int64
    ) async throws -> (account: Account, isNew: Bool) {
        try NewPerson.check(timeZone: timeZone)
        // The one thing that differs between two attempts at once; the row that came first stays.
        let uuid = version5(namespace: UUID(), name: "account")
        return try await database.write { tx in
            // Whoever gets this row in makes the account, in the same transaction; anybody else waits for it here.
            let isFirst = try tx.exists(
                """
                INSERT INTO setting (name, value) VALUES ('account_uuid', \(uuid))
                ON CONFLICT (name) DO NOTHING RETURNING name
                """)
            if isFirst { try make(in: tx, timeZone: timeZone, atMs: now()) }
            return (try load(from: tx), isFirst)
        }
    }

    private static func make(in tx: any Transaction, timeZone: String, atMs now: Int64) throws {
        var administrator = NewPerson(login: "admin")
        administrator.name = "Administrator"
        administrator.isAdministrator = true
        let person = try tx.insertPerson(administrator, passwordHash: "", atMs: now)
        let common = try tx.insertStorage(kind: .common, ownerID: 0, name: "Company drive", by: person, atMs: now)
        let crmFolder = try tx.insertFolder(
            named: try FileName("CRM files"), in: common.root, by: person, atMs: now, equalNames: true)
        _ = try tx.insertStorage(kind: .chat, ownerID: 0, name: "Chats", by: person, atMs: now)
        let settings: [(Setting, String)] = [
            (.id, String(Int64.random(in: 10_000_000...99_999_999))), (.name, "Dossier"), (.subdomain, "dossier"),
            (.created, String(now)), (.timeZone, timeZone), (.signingKey, Hex.text(Secret.bytes(32))),
            (.commonStorage, String(common.id.rawValue)), (.crmFolder, String(crmFolder.rawValue)),
        ]
        for (name, value) in settings {
            try tx.run("INSERT INTO setting (name, value) VALUES (\(name.rawValue), \(value))")
        }
    }

    private static func load(from tx: any Transaction) throws -> Account {
        var values: [String: String] = [:]
        for row in try tx.rows("SELECT name, value FROM setting") { values[try row.text(0)] = try row.text(1) }
        func text(_ name: Setting) throws -> String {
            guard let value = values[name.rawValue] else {
                throw SQLError.failed(message: "the setting \(name.rawValue) is missing")
            }
            return value
        }
        func integer(_ name: Setting) throws -> Int64 {
            let value = try text(name)
            guard let number = Int64(value) else {
                throw SQLError.failed(message: "the setting \(name.rawValue) is no number")
            }
            return number
        }
        let key = try text(.signingKey)
        let bytes = stride(from: 0, to: key.utf8.count - 1, by: 2).compactMap {
            UInt8(key.dropFirst($0).prefix(2), radix: 16)
        }
        guard bytes.count == 32 else { throw SQLError.failed(message: "the setting signing_key is not 32 bytes") }
        return Account(
            id: try integer(.id), uuid: try text(.uuid), name: try text(.name), subdomain: try text(.subdomain),
            createdMs: try integer(.created), timeZone: try text(.timeZone), signingKey: bytes,
            commonStorage: Storage.ID(try integer(.commonStorage)), crmFolder: Node.ID(try integer(.crmFolder)))
    }

    /// RFC 9562, section 5.5: the kind of UUID the vendor gives accounts.
    private static func version5(namespace: UUID, name: String) -> String {
        var hash = Insecure.SHA1()
        withUnsafeBytes(of: namespace.uuid) { hash.update(bufferPointer: $0) }
        hash.update(data: Data(name.utf8))
        var bytes = Array(hash.finalize().prefix(16))
        bytes[6] = bytes[6] & 0x0F | 0x50
        bytes[8] = bytes[8] & 0x3F | 0x80
        let hex = Hex.text(bytes)
        var text = ""
        for (index, digit) in hex.enumerated() {
            if [8, 12, 16, 20].contains(index) { text += "-" }
            text.append(digit)
        }
        return text
    }
}

/// Names of the rows of table `setting`.
enum Setting: String {
    case id = "account_id"
    case uuid = "account_uuid"
    case name = "account_name"
    case subdomain = "account_subdomain"
    case created = "account_created_ms"
    case timeZone = "account_time_zone"
    /// 64 hex digits.
    case signingKey = "signing_key"
    case commonStorage = "common_storage_id"
    case crmFolder = "crm_folder_id"
    /// `claimed:MS` while the first secrets are being made, `done` once they were handed out.
    case firstSecrets = "first_secrets"
    /// A `PortalState`; no row: open.
    case portalState = "portal_state"
}

extension Drive {
    /// Claims the making of the account's first secrets; of several servers that start at once, one gets it. A claim
    /// whose server died before `firstSecretsHandedOut` can be taken over.
    /// - Parameter staleAfterMs: age at which a claim counts as abandoned.
    package func claimFirstSecrets(staleAfterMs: Int64) async throws -> Bool {
        try await database.write { [now] tx in
            let instant = now()
            let name = Setting.firstSecrets.rawValue
            let claim = "claimed:\(instant)"
            if try tx.exists(
                """
                INSERT INTO setting (name, value) VALUES (\(name), \(claim))
                ON CONFLICT (name) DO NOTHING RETURNING name
                """)
            {
                return true
            }
            guard let state = try tx.row("SELECT value FROM setting WHERE name = \(name)").map({ try $0.text(0) }),
                state.hasPrefix("claimed:"), let since = Int64(state.dropFirst(8)), instant - since >= staleAfterMs
            else { return false }
            try tx.run("UPDATE setting SET value = \(claim) WHERE name = \(name)")
            return true
        }
    }

    /// Notes that the first secrets are durably where their owner finds them.
    package func firstSecretsHandedOut() async throws {
        _ = try await database.write { tx in
            try tx.run("UPDATE setting SET value = 'done' WHERE name = \(Setting.firstSecrets.rawValue)")
        }
    }
}
