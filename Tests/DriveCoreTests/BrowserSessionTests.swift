import SQLStore
import TestSupport
import Testing

@testable import DriveCore

@Suite("Browser sessions and the people behind them")
struct BrowserSessionTests {
    @Test("a session ends with its time, a sign-out, another password and a block", arguments: Engine.allCases)
    func endings(engine: Engine) async throws {
        try await withDrive(engine) { drive, clock in
            let ann = try await drive.addPerson(NewPerson(login: "ann"), as: .system).id
            func open() async throws -> String { try await drive.openBrowserSession(of: ann, lifetimeMs: 1000) }
            func person(_ secret: String) async throws -> Person.ID? {
                try await drive.person(withBrowserSession: secret)?.id
            }
            let first = try await open()
            #expect(try await person(first) == ann)
            #expect(try await person(first + "x") == nil)
            let second = try await open()
            try await drive.closeBrowserSession(first)
            try await drive.closeBrowserSession(first)
            #expect(try await person(first) == nil)
            #expect(try await person(second) == ann)
            try await drive.setPassword("correct horse", of: ann)
            #expect(try await person(second) == nil)
            let third = try await open()
            try await drive.setActive(false, ann)
            #expect(try await person(third) == nil)
            try await drive.setActive(true, ann)
            #expect(try await person(third) == nil)
            let fourth = try await open()
            clock.advance(ms: 1000)
            #expect(try await person(fourth) == nil)
            #expect(try await drive.sweepSignIns() == 1)
            await #expect(throws: DriveError.notFound(.person(Person.ID(99)))) {
                try await drive.openBrowserSession(of: Person.ID(99), lifetimeMs: 1000)
            }
            await #expect(throws: DriveError.notFound(.person(Person.ID(99)))) {
                try await drive.setActive(false, Person.ID(99))
            }
        }
    }

    @Test("a blocked person does not sign in", arguments: Engine.allCases)
    func blocked(engine: Engine) async throws {
        try await withDrive(engine) { drive, _ in
            try await drive.setPassword("correct horse", of: Person.ID(1))
            try await drive.setActive(false, Person.ID(1))
            await #expect(throws: DriveError.credential(.personInactive)) {
                try await drive.signIn(login: "admin", password: "correct horse")
            }
            try await drive.setActive(true, Person.ID(1))
            #expect(try await drive.signIn(login: "admin", password: "correct horse").id == Person.ID(1))
            await #expect(throws: DriveError.credential(.unknown)) {
                try await drive.signIn(login: "admin", password: String(repeating: "x", count: 5000))
            }
        }
    }

    @Test("an application's card changes as a whole or not at all", arguments: Engine.allCases)
    func card(engine: Engine) async throws {
        try await withDrive(engine) { drive, _ in
            let application = try await drive.createApplication(title: "A", scopes: ["disk"], redirectURI: "")
                .application
            try await drive.updateApplication(application.id, redirectURI: "myapp://back")
            try await drive.updateApplication(application.id, title: "B")
            var found = try #require(try await drive.applications().first)
            #expect(found.title == "B" && found.redirectURI == "myapp://back" && found.scopes == ["disk"])
            for address in [
                "javascript:alert(1)", "data:text/html,x", "//evil.example", "https://", "https://a.example/#x",
                "https://a.example/ b", "https://a.example/\r\nSet-Cookie: a=b", "https://user:pass@a.example/",
                "https://a.example/\"><script>", "not an address", String(repeating: "a", count: 3000),
            ] {
                await #expect(throws: DriveError.invalidValue("redirect URI"), "\(address)") {
                    try await drive.updateApplication(application.id, title: "C", redirectURI: address)
                }
            }
            await #expect(throws: DriveError.notFound(.person(Person.ID(77)))) {
                try await drive.restrictApplication(application.id, to: [Person.ID(1), Person.ID(77)])
            }
            found = try #require(try await drive.applications().first)
            #expect(found.title == "B" && found.people == nil)
            try await drive.restrictApplication(application.id, to: [])
            #expect(try await drive.applications().first?.people == [])
            let none = Application.ID(999)
            await #expect(throws: DriveError.notFound(.application)) {
                try await drive.updateApplication(none, title: "")
            }
            await #expect(throws: DriveError.notFound(.application)) {
                try await drive.restrictApplication(none, to: nil)
            }
        }
    }
}
