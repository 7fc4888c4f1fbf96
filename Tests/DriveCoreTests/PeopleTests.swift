import SQLStore
import TestSupport
import Testing

@testable import DriveCore

@Suite("People and passwords")
struct PeopleTests {
    @Test("a new person has what was said, a drive of that name and trimmed texts", arguments: Engine.allCases)
    func added(engine: Engine) async throws {
        try await withDrive(engine) { drive, clock in
            var new = NewPerson(login: " Анна ")
            new.name = "Анна "
            new.lastName = "Каренина"
            new.email = "anna@example.com"
            new.timeZone = "Asia/Tokyo"
            new.gender = "F"
            new.departments = [3, 1, 3]
            let person = try await drive.addPerson(new, as: .system)
            #expect(person.login == "анна")
            #expect(person.fullName == "Анна Каренина")
            #expect(person.departments == [1, 3])
            #expect(person.createdMs == clock.now)
            #expect(try await drive.person(person.id) == person)
            let storage = try await drive.personalStorage(of: person.id)
            #expect(storage.name == "Анна Каренина")
            #expect(storage.ownerID == person.id.rawValue)
            let listed = try await drive.people(Listing(conditions: [.equals(.email, .text("anna@example.com"))]))
            #expect(listed.rows == [person])
        }
    }

    @Test("logins differ by more than letter case", arguments: Engine.allCases)
    func loginTaken(engine: Engine) async throws {
        try await withDrive(engine) { drive, _ in
            _ = try await drive.addPerson(NewPerson(login: "Straße"), as: .system)
            for login in ["straße", "STRASSE", "admin", "ADMIN"] {
                await #expect(throws: DriveError.taken("login")) {
                    try await drive.addPerson(NewPerson(login: login), as: .system)
                }
            }
        }
    }

    @Test("only an administrator adds people")
    func employeeDenied() async throws {
        try await withDrive { drive, _ in
            let people = try await TwoPeople(drive)
            await #expect(throws: DriveError.denied(.person(people.ann.person))) {
                try await drive.addPerson(NewPerson(login: "eve"), as: people.ann)
            }
        }
    }

    @Test("a field that cannot be is named, and nobody is added")
    func refused() async throws {
        let cases: [(field: String, change: (inout NewPerson) -> Void)] = [
            ("login", { $0.login = "" }), ("login", { $0.login = "two words" }),
            ("login", { $0.login = String(repeating: "x", count: 256) }), ("login", { $0.login = "a\u{0}b" }),
            ("email", { $0.email = "nobody" }), ("email", { $0.email = "a@b@c" }), ("email", { $0.email = "@b" }),
            ("name", { $0.name = String(repeating: "я", count: 128) }), ("last name", { $0.lastName = "a\u{7}" }),
            ("gender", { $0.gender = "X" }), ("time zone", { $0.timeZone = "Mars/Olympus" }),
            ("departments", { $0.departments = [0] }), ("departments", { $0.departments = Array(1...101) }),
            ("password", { $0.password = "seven77" }),
        ]
        try await withDrive { drive, _ in
            for (field, change) in cases {
                var new = NewPerson(login: "eve")
                change(&new)
                let changed = new
                await #expect(throws: DriveError.invalidValue(field)) {
                    try await drive.addPerson(changed, as: .system)
                }
            }
            let logins = try await drive.people(Listing()).rows.map(\.login)
            #expect(logins == ["admin"])
        }
    }

    @Test("a password lets in its person, in any case of the login, and nobody else", arguments: Engine.allCases)
    func signIn(engine: Engine) async throws {
        try await withDrive(engine) { drive, _ in
            var new = NewPerson(login: "ann")
            new.password = "correct horse"
            let ann = try await drive.addPerson(new, as: .system)
            #expect(try await drive.signIn(login: "ANN", password: "correct horse").id == ann.id)
            for (login, password) in [("ann", "correct horse "), ("ann", ""), ("bob", "correct horse"), ("admin", "")] {
                await #expect(throws: DriveError.credential(.unknown)) {
                    try await drive.signIn(login: login, password: password)
                }
            }
            try await drive.setPassword("battery staple", of: ann.id)
            await #expect(throws: DriveError.credential(.unknown)) {
                try await drive.signIn(login: "ann", password: "correct horse")
            }
            _ = try await drive.database.write { tx in
                try tx.run("UPDATE person SET is_active = 0 WHERE id = \(ann.id)")
            }
            await #expect(throws: DriveError.credential(.personInactive)) {
                try await drive.signIn(login: "ann", password: "battery staple")
            }
        }
    }

    @Test("equal passwords are kept as different hashes, and neither contains the password")
    func salted() throws {
        let (one, two) = (try PasswordHash(of: "correct horse"), try PasswordHash(of: "correct horse"))
        #expect(one.text != two.text)
        #expect(one.text.hasPrefix("scrypt$16384$8$1$"))
        #expect(!one.text.contains("correct"))
        #expect(!PasswordHash(stored: "").matches(""))
        #expect(!PasswordHash(stored: "scrypt$x").matches("x"))
    }
}
