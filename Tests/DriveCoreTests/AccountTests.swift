import Foundation
import SQLStore
import TestSupport
import Testing

@testable import DriveCore

@Suite("The account and its first secrets")
struct AccountTests {
    @Test("a first start makes the administrator, the company drive and CRM files", arguments: Engine.allCases)
    func firstStart(engine: Engine) async throws {
        try await withDrive(engine, timeZone: "Europe/Moscow") { drive, clock in
            let admin = try await drive.person(Person.ID(1))
            #expect(admin.login == "admin")
            #expect(admin.isAdministrator && admin.isActive)
            #expect(drive.account.timeZone == "Europe/Moscow")
            #expect(drive.account.createdMs == clock.now)
            #expect(drive.account.signingKey.count == 32)
            // RFC 9562: the version is the first digit of the third group, the variant the first of the fourth.
            let isVersion5 = drive.account.uuid.wholeMatch(
                of: /[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/)
            #expect(isVersion5 != nil)
            let caller = Caller(person: admin.id, isAdministrator: true)
            let storages = try await drive.storages(Listing(), as: caller).rows
            #expect(storages.map(\.kind) == [.user, .common])
            #expect(storages.first?.name == admin.fullName)
            #expect(storages.last?.id == drive.account.commonStorage)
            let crm = try await drive.node(drive.account.crmFolder, as: caller)
            #expect(crm.name == "CRM files")
            #expect(crm.parent == storages.last?.root)
        }
    }

    @Test("opened again, by several at once, it is the same account", arguments: Engine.allCases)
    func opensOnce(engine: Engine) async throws {
        try await withDatabase(engine) { database in
            try await Schema.migrator.migrate(database)
            let opened = try await withThrowingTaskGroup(of: (account: Account, isNew: Bool).self) { group in
                for _ in 0..<6 {
                    group.addTask { try await Account.open(in: database, timeZone: "UTC", now: { 1_790_000_000_000 }) }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(opened.filter(\.isNew).count == 1)
            #expect(Set(opened.map(\.account.uuid)).count == 1)
            #expect(Set(opened.map(\.account.signingKey)).count == 1)
            let people = try await database.read { tx in try tx.int("SELECT count(*) FROM person") }
            #expect(people == 1)
            let again = try await Account.open(in: database, timeZone: "Asia/Tokyo", now: { 1_790_000_001_000 })
            #expect(!again.isNew)
            #expect(again.account.timeZone == "UTC")
            #expect(again.account.id == opened[0].account.id)
        }
    }

    @Test("an unknown time zone is refused and nothing is made", arguments: ["Foo/Bar", "", "../etc/passwd"])
    func unknownZone(zone: String) async throws {
        try await withDatabase(.sqlite) { database in
            try await Schema.migrator.migrate(database)
            await #expect(throws: DriveError.invalidValue("time zone")) {
                try await Account.open(in: database, timeZone: zone, now: { 0 })
            }
            let settings = try await database.read { tx in try tx.int("SELECT count(*) FROM setting") }
            #expect(settings == 0)
        }
    }

    @Test("the first secrets are claimed once, and again when whoever claimed them died", arguments: Engine.allCases)
    func firstSecrets(engine: Engine) async throws {
        try await withDrive(engine) { drive, clock in
            #expect(try await drive.claimFirstSecrets(staleAfterMs: 60_000))
            #expect(try await !drive.claimFirstSecrets(staleAfterMs: 60_000))
            clock.advance(ms: 60_000)
            #expect(try await drive.claimFirstSecrets(staleAfterMs: 60_000))
            try await drive.firstSecretsHandedOut()
            clock.advance(ms: 600_000)
            #expect(try await !drive.claimFirstSecrets(staleAfterMs: 0))
        }
    }
}
