import ArgumentParser
import DriveCore

struct WebhookCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "webhook", abstract: "Create, list and revoke Bitrix24 incoming webhooks.",
        subcommands: [Create.self, List.self, Revoke.self])

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Create a webhook; prints its URL, which is shown this once.")

        @Option(help: "Id of the user it acts for.") var user: Int64 = 1
        @Option(help: "What it is for.") var title = "Webhook"
        @Option(
            help: ArgumentHelp("What it may use, separated by commas.", valueName: "scopes"))
        var scopes = "disk,im,task,user"
        @Option(help: ArgumentHelp("How long it works, such as 30d. (default: until revoked)", valueName: "time"))
        var lifetime: TimeSpan?
        @Option(help: ArgumentHelp("What the printed URL begins with.", valueName: "url")) var publicUrl: String?
        @OptionGroup(title: "Data") var data: DataOptions

        func run() async throws {
            let settings = try await Settings(data)
            let origin = try ServeSettings.origin(publicURL: publicUrl, settings)
            let code = try await House.with(settings) { drive in
                try await drive.createWebhook(
                    for: Person.ID(user), title: title, scopes: scopeSet(scopes),
                    expiresMs: lifetime.map { drive.now() + $0.seconds * 1000 }
                ).code
            }
            say("\(origin)/rest/\(user)/\(code)/")
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List every webhook, without its code.")
        @OptionGroup(title: "Data") var data: DataOptions
        func run() async throws { try await listCredentials(data) { $0 == .webhook } }
    }

    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "End a webhook for good.")
        @Argument(help: "The webhook's id, as `dossier webhook list` shows it.") var id: Int64
        @OptionGroup(title: "Data") var data: DataOptions
        func run() async throws { try await revokeCredential(id, data) { $0 == .webhook } }
    }
}

/// `a,b c` as a set.
func scopeSet(_ text: String) -> Set<String> {
    Set(text.split { $0 == "," || $0 == " " }.map(String.init))
}

/// Prints the credentials of the kinds that `isShown` holds for.
func listCredentials(_ options: DataOptions, _ isShown: (Credential.Kind) -> Bool) async throws {
    var table = TextTable("ID", "KIND", "USER", "APPLICATION", "TITLE", "SCOPES", "CREATED", "EXPIRES", "STATE")
    try await House.with(try await Settings(options)) { drive in
        for credential in try await drive.credentials(kind: nil) where isShown(credential.kind) {
            let isExpired = credential.expiresMs.map { $0 <= drive.now() } ?? false
            table.rows.append([
                credential.id.description, credential.kind.rawValue, credential.person.description,
                credential.application?.description ?? "-", credential.title,
                credential.scopes.sorted().joined(separator: ","), instant(credential.createdMs),
                credential.expiresMs.map(instant) ?? "never",
                credential.isRevoked ? "revoked" : isExpired ? "expired" : "active",
            ])
        }
    }
    say(table.text)
}

/// Ends the credential with that id if it is of a kind that `isMeant` holds for.
func revokeCredential(_ id: Int64, _ options: DataOptions, _ isMeant: (Credential.Kind) -> Bool) async throws {
    try await House.with(try await Settings(options)) { drive in
        let id = Credential.ID(id)
        let isThere = try await drive.credentials(kind: nil).contains { $0.id == id && isMeant($0.kind) }
        guard isThere, try await drive.revokeCredential(id) else { throw Complaint("there is none with id \(id)") }
    }
    say("revoked")
}
