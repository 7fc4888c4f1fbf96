import ArgumentParser
import DriveCore

struct UserCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "user", abstract: "Add and list the people of the account.", subcommands: [Add.self, List.self])

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
            if passwordStdin {
                guard let line = readLine() else { throw Complaint("there is no password on standard input") }
                new.password = line
            }
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
}
