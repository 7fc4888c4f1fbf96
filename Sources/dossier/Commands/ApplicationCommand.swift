import ArgumentParser
import DriveCore

struct ApplicationCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "application", abstract: "Create, list, change and revoke applications.",
        subcommands: [Create.self, List.self, Update.self, Restrict.self, Revoke.self])

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Create an application; prints its client id and secret, shown this once.")

        @Argument(help: "What it is called.") var title: String
        @Option(
            help: ArgumentHelp("What its tokens may use, separated by commas.", valueName: "scopes"))
        var scopes = "crm,disk,files,files_delete,im,task,user"
        @Option(help: ArgumentHelp("Where consent leads back to.", valueName: "uri")) var redirectUri = ""
        @OptionGroup(title: "Data") var data: DataOptions

        func run() async throws {
            let (application, secret) = try await House.with(try await Settings(data)) { drive in
                try await drive.createApplication(title: title, scopes: scopeSet(scopes), redirectURI: redirectUri)
            }
            say("id             \(application.id)")
            say("client_id      \(application.clientID)")
            say("client_secret  \(secret)")
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List every application, without its secret.")

        @OptionGroup(title: "Data") var data: DataOptions

        func run() async throws {
            var table = TextTable("ID", "CLIENT ID", "TITLE", "SCOPES", "REDIRECT URI", "USERS", "CREATED", "STATE")
            try await House.with(try await Settings(data)) { drive in
                for application in try await drive.applications() {
                    table.rows.append([
                        application.id.description, application.clientID, application.title,
                        application.scopes.sorted().joined(separator: ","),
                        application.redirectURI.isEmpty ? "-" : application.redirectURI,
                        application.people.map { $0.sorted().map(\.description).joined(separator: ",") } ?? "everyone",
                        instant(application.createdMs), application.isRevoked ? "revoked" : "active",
                    ])
                }
            }
            say(table.text)
        }
    }

    struct Update: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Change an application's title, scopes or redirect URI.",
            discussion: """
                Tokens given before keep their scopes until they expire; when the application has lost one of them, \
                they are not renewed and people must consent again.
                """)

        @Argument(help: "The application's id, as `dossier application list` shows it.") var id: Int64
        @Option(help: "What it is called.") var title: String?
        @Option(help: ArgumentHelp("What its tokens may use, separated by commas.", valueName: "scopes"))
        var scopes: String?
        @Option(help: ArgumentHelp("Where consent leads back to; empty for nowhere.", valueName: "uri"))
        var redirectUri: String?
        @OptionGroup(title: "Data") var data: DataOptions

        func validate() throws {
            if title == nil, scopes == nil, redirectUri == nil {
                throw ValidationError("say what to change: --title, --scopes or --redirect-uri")
            }
        }

        func run() async throws {
            try await House.with(try await Settings(data)) { drive in
                try await drive.updateApplication(
                    Application.ID(id), title: title, scopes: scopes.map(scopeSet), redirectURI: redirectUri)
            }
            say("changed")
        }
    }

    struct Restrict: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say who may use an application; counts from the next call on.")

        @Argument(help: "The application's id, as `dossier application list` shows it.") var id: Int64
        @Option(name: .customLong("user"), help: ArgumentHelp("Id of a user who may; repeat it.", valueName: "id"))
        var users: [Int64] = []
        @Flag(help: "Everybody may.") var everyone = false
        @OptionGroup(title: "Data") var data: DataOptions

        func validate() throws {
            if users.isEmpty != everyone { throw ValidationError("say either --user, once or more, or --everyone") }
        }

        func run() async throws {
            try await House.with(try await Settings(data)) { drive in
                try await drive.restrictApplication(
                    Application.ID(id), to: everyone ? nil : Set(users.map { Person.ID($0) }))
            }
            say(everyone ? "open to everyone" : "restricted")
        }
    }

    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "End an application for good, and every token it was given.")

        @Argument(help: "The application's id, as `dossier application list` shows it.") var id: Int64
        @OptionGroup(title: "Data") var data: DataOptions

        func run() async throws {
            try await House.with(try await Settings(data)) { drive in
                guard try await drive.revokeApplication(Application.ID(id)) else {
                    throw Complaint("there is none with id \(id)")
                }
            }
            say("revoked")
        }
    }
}
