import AmoDialect
import ArgumentParser
import DriveCore

struct TokenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token", abstract: "Create, list and revoke access tokens.",
        subcommands: [Create.self, List.self, Revoke.self])

    enum Door: String, ExpressibleByArgument, CaseIterable { case amocrm, bitrix24 }

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Create an access token; it is printed this once.")

        @Argument(help: "The door it opens: amocrm (a JWT) or bitrix24 (opaque).") var door: Door
        @Option(help: "Id of the user it acts for.") var user: Int64 = 1
        @Option(help: "Id of the application it is given to. (default: the first that is not revoked)")
        var application: Int64?
        @Option(help: "What it is for.") var title = "Token"
        @Option(
            help: ArgumentHelp(
                "What it may use, separated by commas. (default: crm,files,files_delete or disk,im,task,user)",
                valueName: "scopes"))
        var scopes: String?
        @Option(
            help: ArgumentHelp(
                "How long it works, such as 30d. (default: five years for amocrm, until revoked for bitrix24)",
                valueName: "time"))
        var lifetime: TimeSpan?
        @Option(help: ArgumentHelp("Where the server answers; named in amoCRM tokens.", valueName: "url"))
        var publicUrl: String?
        @OptionGroup(title: "Data") var data: DataOptions

        func run() async throws {
            let settings = try await Settings(data)
            let origin = try ServeSettings.origin(publicURL: publicUrl, settings)
            say(try await House.with(settings) { drive in try await make(drive, origin: origin) })
        }

        private func make(_ drive: Drive, origin: String) async throws -> String {
            let applications = try await drive.applications().filter { !$0.isRevoked }
            let chosen = application.map { id in applications.first { $0.id.rawValue == id } } ?? applications.first
            guard let chosen else {
                throw Complaint("there is no such application, or it was revoked: see `dossier application list`")
            }
            let person = try await drive.person(Person.ID(user))
            let now = drive.now()
            var expires = lifetime.map { now + $0.seconds * 1000 }
            let token: String
            let kind: Credential.Kind
            let scopes: Set<String>
            switch door {
            case .amocrm:
                kind = .amocrm
                scopes = self.scopes.map(scopeSet) ?? FirstSecrets.amoScopes
                let end = expires ?? now + FirstSecrets.amoTokenLifetimeMs
                expires = end
                token = try AccessToken.make(
                    account: drive.account, person: person.id, application: chosen, scopes: scopes,
                    apiDomain: origin.split(separator: "/").last.map(String.init) ?? "", issuedMs: now, expiresMs: end)
            case .bitrix24:
                kind = .bitrix24
                scopes = self.scopes.map(scopeSet) ?? FirstSecrets.webhookScopes
                token = Drive.newTokenText()
            }
            _ = try await drive.registerToken(
                token, kind: kind, person: person.id, application: chosen.id, title: title, scopes: scopes,
                expiresMs: expires)
            return token
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List every access token, without its text.")
        @OptionGroup(title: "Data") var data: DataOptions
        func run() async throws { try await listCredentials(data) { $0 != .webhook } }
    }

    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "End an access token for good.")
        @Argument(help: "The token's id, as `dossier token list` shows it.") var id: Int64
        @OptionGroup(title: "Data") var data: DataOptions
        func run() async throws { try await revokeCredential(id, data) { $0 != .webhook } }
    }
}
