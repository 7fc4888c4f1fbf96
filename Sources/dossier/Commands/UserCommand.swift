import ArgumentParser
import DriveCore

struct UserCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "user", abstract: "Add, list, block and unblock the people of the account.",
        subcommands: [Add.self, List.self, Block.self, Unblock.self, Password.self])

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Add a person with a personal drive; prints the new user's id.")

        @Argument(help: "What the person signs in with.") var login: String
        @Option(help: "Given name.") var name = ""
        @Option(help: "Family name.") var lastName = ""
        @Option(help: "Mail address.") var email = ""
        @Option(help: "Work position.") var position = ""
        @Option(help: "IANA time zone. (default: the account's)") var timeZone = ""
        @Flag(help: "Make the person an administrator.") var admin = false
        @Flag(help: "Read the password, 8 bytes at least, from the first line of standard input.")
        var passwordStdin = false
        @OptionGroup(title: "Data") var data: DataOptions

        func run() async throws {
            var new = NewPerson(login: login)
            new.name = name
            new.lastName = lastName
            new.email = email
            new.workPosition = position
            new.timeZone = timeZone
            new.isAdministrator = admin
            if passwordStdin { new.password = try passwordLine() }
            let person = try await House.with(try await Settings(data)) { [new] drive in
                try await drive.addPerson(new, as: .system)
            }
            say(person.id.description)
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List everybody.")

        @OptionGroup(title: "Data") var data: DataOptions

        func run() async throws {
            var table = TextTable("ID", "LOGIN", "NAME", "EMAIL", "ROLE", "STATE")
            try await House.with(try await Settings(data)) { drive in
                var listing = Listing<PersonField>(limit: 500, wantsTotal: false)
                while true {
                    let page = try await drive.people(listing)
                    for person in page.rows {
                        table.rows.append([
                            person.id.description, person.login, person.fullName, person.email,
                            person.isAdministrator ? "administrator" : "employee",
                            person.isActive ? "active" : "inactive",
                        ])
                    }
                    guard page.hasMore, let last = page.rows.last else { break }
                    listing.conditions = [.greater(.id, .integer(last.id.rawValue))]
                }
            }
            say(table.text)
        }
    }

    struct Block: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Keep a person out: no sign-in, and their webhooks and tokens open nothing.",
            discussion: """
                Takes effect at once and is undone by `dossier user unblock`. What they own stays. Access that an \
                administrator gave at the amoCRM door outlives them, as on amoCRM: end it with `dossier token revoke`.
                """)

        @Argument(help: "The user's id, as `dossier user list` shows it.") var id: Int64
        @OptionGroup(title: "Data") var data: DataOptions

        func run() async throws {
            try await House.with(try await Settings(data)) { try await $0.setActive(false, Person.ID(id)) }
            say("blocked")
        }
    }

    struct Unblock: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Let a person in again; their webhooks and tokens work as before.")

        @Argument(help: "The user's id, as `dossier user list` shows it.") var id: Int64
        @OptionGroup(title: "Data") var data: DataOptions

        func run() async throws {
            try await House.with(try await Settings(data)) { try await $0.setActive(true, Person.ID(id)) }
            say("unblocked")
        }
    }

    struct Password: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Give a person another password, and sign their browsers out.",
            discussion: "Without --password-stdin a password is made up and printed this once.")

        @Argument(help: "The user's id, as `dossier user list` shows it.") var id: Int64
        @Flag(help: "Read the password, 8 bytes at least, from the first line of standard input.")
        var passwordStdin = false
        @OptionGroup(title: "Data") var data: DataOptions

        func run() async throws {
            let password = passwordStdin ? try passwordLine() : Drive.newPassword()
            try await House.with(try await Settings(data)) { try await $0.setPassword(password, of: Person.ID(id)) }
            say(passwordStdin ? "changed" : password)
        }
    }
}

private func passwordLine() throws -> String {
    guard let line = readLine() else { throw Complaint("there is no password on standard input") }
    return line
}
