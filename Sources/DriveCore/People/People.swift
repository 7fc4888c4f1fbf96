import SQLStore

extension Drive {
    /// A new person with a personal drive.
    /// - Throws: `.taken` when the login is, `.invalidValue`, `.denied` when `caller` is no administrator.
    package func addPerson(_ new: NewPerson, as caller: Caller) async throws -> Person {
        guard caller.isAdministrator else { throw DriveError.denied(.person(caller.person)) }
        let new = try new.checked()
        let hash = try new.password.map { try PasswordHash(of: $0).text } ?? ""
        return try await database.write { [now] tx in
            try tx.person(try tx.insertPerson(new, passwordHash: hash, atMs: now()))
        }
    }

    /// - Throws: `.notFound(.person)`.
    package func person(_ id: Person.ID) async throws -> Person {
        try await database.read { tx in try tx.person(id) }
    }

    /// The active person with that login and password.
    /// - Throws: `.credential(.unknown)` for a wrong login and a wrong password alike, `.credential(.personInactive)`.
    package func signIn(login: String, password: String) async throws -> Person {
        guard password.utf8.count <= PasswordHash.length.upperBound else { throw DriveError.credential(.unknown) }
        let found = try await database.read { tx in
            try tx.row("SELECT id, password_hash FROM person WHERE login = \(FileName.fold(login))")
        }
        // An unknown login, and one without a password, cost the same time as a wrong password.
        let kept = try found?.text(1) ?? ""
        guard let found, !kept.isEmpty else {
            _ = try PasswordHash(of: password)
            throw DriveError.credential(.unknown)
        }
        guard PasswordHash(stored: kept).matches(password) else { throw DriveError.credential(.unknown) }
        let person = try await person(Person.ID(try found.int(0)))
        guard person.isActive else { throw DriveError.credential(.personInactive) }
        return person
    }

    /// Gives a person another password and signs their browsers out.
    /// - Throws: `.notFound(.person)`, `.invalidValue` when it is too short or too long.
    package func setPassword(_ password: String, of person: Person.ID) async throws {
        try NewPerson.check(password: password)
        let hash = try PasswordHash(of: password).text
        try await database.write { tx in
            let changed = try tx.run("UPDATE person SET password_hash = \(hash) WHERE id = \(person)")
            if changed == 0 { throw DriveError.notFound(.person(person)) }
            try tx.closeBrowserSessions(of: person)
        }
    }

    /// Blocks a person, or lets them in again. While blocked they cannot sign in, and their webhooks and tokens open
    /// nothing, except what an administrator gave for good (`Consent`); their browsers are signed out.
    /// - Throws: `.notFound(.person)`.
    package func setActive(_ isActive: Bool, _ person: Person.ID) async throws {
        try await database.write { tx in
            let changed = try tx.run("UPDATE person SET is_active = \(isActive) WHERE id = \(person)")
            if changed == 0 { throw DriveError.notFound(.person(person)) }
            if !isActive { try tx.closeBrowserSessions(of: person) }
        }
    }

    package func people(_ listing: Listing<PersonField>) async throws -> Page<Person> {
        try await database.read { tx in
            try tx.page(listing, columns: Person.columns, from: "person p", where: "1 = 1", id: "p.id") { row in
                try Person(row, departments: try tx.departments(of: Person.ID(try row.int(0))))
            }
        }
    }
}

extension Transaction {
    /// - Throws: `.notFound(.person)`.
    func person(_ id: Person.ID) throws -> Person {
        guard let row = try row("SELECT \(raw: Person.columns) FROM person p WHERE p.id = \(id)") else {
            throw DriveError.notFound(.person(id))
        }
        return try Person(row, departments: departments(of: id))
    }

    func departments(of id: Person.ID) throws -> [Int64] {
        try rows("SELECT department_id FROM person_department WHERE person_id = \(id) ORDER BY department_id")
            .map { try $0.int(0) }
    }

    /// A person with a personal drive named after them. `new` has been checked.
    /// - Throws: `.taken` when the login is.
    func insertPerson(_ new: NewPerson, passwordHash: String, atMs now: Int64) throws -> Person.ID {
        let inserted = try row(
            """
            INSERT INTO person (
                login, email, name, last_name, work_position, email_fold, name_fold, last_name_fold,
                work_position_fold, gender, time_zone, is_admin, is_active, password_hash,
                created_ms)
            VALUES (
                \(FileName.fold(new.login)), \(new.email), \(new.name), \(new.lastName), \(new.workPosition),
                \(FileName.fold(new.email)), \(FileName.fold(new.name)), \(FileName.fold(new.lastName)),
                \(FileName.fold(new.workPosition)), \(new.gender), \(new.timeZone), \(new.isAdministrator), 1, \(passwordHash), \(now))
            ON CONFLICT (login) DO NOTHING RETURNING id
            """)
        guard let inserted else { throw DriveError.taken("login") }
        let id = Person.ID(try inserted.int(0))
        for department in Set(new.departments).sorted() {
            try run("INSERT INTO person_department (person_id, department_id) VALUES (\(id), \(department))")
        }
        let name = try person(id).fullName
        _ = try insertStorage(kind: .user, ownerID: id.rawValue, name: name, by: id, atMs: now)
        return id
    }
}

extension Person {
    /// The columns `init(_:departments:)` reads, of table `person p`.
    static let columns = """
        p.id, p.login, p.email, p.name, p.last_name, p.work_position, p.gender, p.time_zone, p.is_admin, p.is_active, \
        p.created_ms
        """

    init(_ row: Row, departments: [Int64]) throws {
        self.init(
            id: ID(try row.int(0)), login: try row.text(1), email: try row.text(2), name: try row.text(3),
            lastName: try row.text(4), workPosition: try row.text(5), gender: try row.text(6),
            timeZone: try row.text(7), isAdministrator: try row.bool(8), isActive: try row.bool(9),
            departments: departments, createdMs: try row.int(10))
    }
}
