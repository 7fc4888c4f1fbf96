import ArgumentParser
import DriveCore

struct ApplicationCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "application", abstract: "Create, list and revoke applications.",
        subcommands: [Create.self, List.self, Revoke.self])

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
            var table = TextTable("ID", "CLIENT ID", "TITLE", "SCOPES", "REDIRECT URI", "CREATED", "STATE")
            try await House.with(try await Settings(data)) { drive in
                for application in try await drive.applications() {
                    table.rows.append([
                        application.id.description, application.clientID, application.title,
                        application.scopes.sorted().joined(separator: ","),
                        application.redirectURI.isEmpty ? "-" : application.redirectURI,
                        instant(application.createdMs), application.isRevoked ? "revoked" : "active",
                    ])
                }
            }
            say(table.text)
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
