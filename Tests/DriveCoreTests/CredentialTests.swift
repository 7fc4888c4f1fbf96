import SQLStore
import TestSupport
import Testing

@testable import DriveCore

@Suite("Webhooks, tokens, applications")
struct CredentialTests {
    @Test("a webhook's code lets its person in with its scopes, and no other person", arguments: Engine.allCases)
    func webhook(engine: Engine) async throws {
        try await withDrive(engine) { drive, _ in
            var new = NewPerson(login: "ann")
            new.departments = [5, 2]
            let ann = try await drive.addPerson(new, as: .system).id
            let (credential, code) = try await drive.createWebhook(
                for: ann, title: "CRM", scopes: ["disk", "im"], expiresMs: nil)
            #expect(code.wholeMatch(of: /[A-Za-z0-9]{32,}/) != nil)
            let grant = try await drive.authenticate(webhook: code, of: ann)
            #expect(grant.caller == Caller(person: ann, isAdministrator: false, departments: [2, 5]))
            #expect(grant.scopes == ["disk", "im"])
            #expect(grant.credential == credential)
            for (code, person) in [(code, Person.ID(1)), (code.lowercased() + "x", ann), ("", ann)] {
                await #expect(throws: DriveError.credential(.unknown)) {
                    try await drive.authenticate(webhook: code, of: person)
                }
            }
            await #expect(throws: DriveError.credential(.unknown)) {
                try await drive.authenticate(token: code, kind: .bitrix24)
            }
        }
    }

    @Test("an expired, a revoked and an inactive person's credential are told apart", arguments: Engine.allCases)
    func endings(engine: Engine) async throws {
        try await withDrive(engine) { drive, clock in
            let person = Person.ID(1)
            let expiring = try await drive.createWebhook(
                for: person, title: "", scopes: [], expiresMs: clock.now + 1000)
            _ = try await drive.authenticate(webhook: expiring.code, of: person)
            clock.advance(ms: 1000)
            await #expect(throws: DriveError.credential(.expired)) {
                try await drive.authenticate(webhook: expiring.code, of: person)
            }
            let (credential, code) = try await drive.createWebhook(for: person, title: "", scopes: [], expiresMs: nil)
            _ = try await drive.authenticate(webhook: code, of: person)
            #expect(try await drive.revokeCredential(credential.id))
            #expect(try await drive.revokeCredential(credential.id))
            #expect(try await !drive.revokeCredential(Credential.ID(999)))
            await #expect(throws: DriveError.credential(.revoked)) {
                try await drive.authenticate(webhook: code, of: person)
            }
            let last = try await drive.createWebhook(for: person, title: "", scopes: [], expiresMs: nil)
            _ = try await drive.authenticate(webhook: last.code, of: person)
            _ = try await drive.database.write { tx in try tx.run("UPDATE person SET is_active = 0 WHERE id = 1") }
            await #expect(throws: DriveError.credential(.personInactive)) {
                try await drive.authenticate(webhook: last.code, of: person)
            }
            #expect(try await drive.credentials(kind: .webhook).map(\.isRevoked) == [false, true, false])
            #expect(try await drive.credentials(kind: .amocrm).isEmpty)
        }
    }

    @Test("a token acts for its application and ends with it", arguments: Engine.allCases)
    func token(engine: Engine) async throws {
        try await withDrive(engine) { drive, _ in
            let (application, secret) = try await drive.createApplication(
                title: "Sync", scopes: ["disk"], redirectURI: "https://example.com/back")
            #expect(secret.wholeMatch(of: /[A-Za-z0-9]{64}/) != nil)
            #expect(try await drive.applications() == [application])
            func register(_ token: String) async throws {
                _ = try await drive.registerToken(
                    token, kind: .bitrix24, person: Person.ID(1), application: application.id, title: "",
                    scopes: ["disk"], expiresMs: nil)
            }
            try await register("opaque")
            await #expect(throws: DriveError.taken("token")) { try await register("opaque") }
            let grant = try await drive.authenticate(token: "opaque", kind: .bitrix24)
            #expect(grant.caller.application == application.id)
            #expect(grant.caller.isAdministrator)
            #expect(try await drive.revokeApplication(application.id))
            await #expect(throws: DriveError.credential(.revoked)) {
                try await drive.authenticate(token: "opaque", kind: .bitrix24)
            }
            await #expect(throws: DriveError.notFound(.application)) { try await register("another") }
            #expect(try await drive.applications().map(\.isRevoked) == [true])
        }
    }

    @Test("no code, token or secret stands in the database")
    func onlyHashes() async throws {
        try await withDrive { drive, _ in
            let (_, secret) = try await drive.createApplication(title: "", scopes: [], redirectURI: "")
            let (_, code) = try await drive.createWebhook(for: Person.ID(1), title: "", scopes: [], expiresMs: nil)
            let kept = try await drive.database.read { tx in
                try tx.rows("SELECT secret_hash FROM credential").map { try $0.text(0) }
                    + tx.rows("SELECT secret_hash FROM application").map { try $0.text(0) }
            }
            #expect(kept.count == 2)
            for hash in kept { #expect(hash.wholeMatch(of: /[0-9a-f]{64}/) != nil && hash != secret && hash != code) }
        }
    }

    @Test("titles, scopes and people that cannot be are refused", arguments: Engine.allCases)
    func refusals(engine: Engine) async throws {
        try await withDrive(engine) { drive, _ in
            await #expect(throws: DriveError.notFound(.person(Person.ID(99)))) {
                try await drive.createWebhook(for: Person.ID(99), title: "", scopes: [], expiresMs: nil)
            }
            for scopes in [["Disk"], ["a b"], [""], [String(repeating: "a", count: 65)]] {
                await #expect(throws: DriveError.invalidValue("scope")) {
                    try await drive.createWebhook(for: Person.ID(1), title: "", scopes: Set(scopes), expiresMs: nil)
                }
            }
            await #expect(throws: DriveError.invalidValue("title")) {
                try await drive.createWebhook(for: Person.ID(1), title: "a\u{0}", scopes: [], expiresMs: nil)
            }
            await #expect(throws: DriveError.invalidValue("redirect URI")) {
                try await drive.createApplication(title: "", scopes: [], redirectURI: "not an address")
            }
        }
    }
}
