import AmoDialect
import DriveCore
import Foundation

/// What the first start hands to whoever started the server: one of everything that lets a caller in.
struct FirstSecrets {
    let credentials: Credentials
    private let caFile: String?

    static let webhookScopes: Set<String> = ["disk", "im", "task", "user"]
    static let amoScopes: Set<String> = ["crm", "files", "files_delete"]
    /// The longest the vendor offers.
    static let amoTokenLifetimeMs: Int64 = 5 * 365 * 86_400_000

    /// Makes the secrets of user 1.
    /// - Parameter origin: what links are built on, without a trailing slash.
    /// - Parameter caFile: the CA clients must trust, with --dev-tls.
    init(drive: Drive, origin: String, caFile: String?) async throws {
        let person = Person.ID(1)
        let (application, secret) = try await drive.createApplication(
            title: "First application", scopes: Self.webhookScopes.union(Self.amoScopes), redirectURI: "")
        let (_, code) = try await drive.createWebhook(
            for: person, title: "First webhook", scopes: Self.webhookScopes, expiresMs: nil)
        let bitrixToken = Drive.newTokenText()
        _ = try await drive.registerToken(
            bitrixToken, kind: .bitrix24, person: person, application: application.id, title: "First token",
            scopes: Self.webhookScopes, expiresMs: nil)
        let issued = drive.now()
        let expires = issued + Self.amoTokenLifetimeMs
        let amoToken = try AccessToken.make(
            account: drive.account, person: person, application: application, scopes: Self.amoScopes,
            apiDomain: origin.split(separator: "/").last.map(String.init) ?? "", issuedMs: issued, expiresMs: expires)
        _ = try await drive.registerToken(
            amoToken, kind: .amocrm, person: person, application: application.id, title: "First token",
            scopes: Self.amoScopes, expiresMs: expires)
        let password = Drive.newPassword()
        try await drive.setPassword(password, of: person)
        self.caFile = caFile
        credentials = Credentials(
            portalURL: origin,
            bitrix24: .init(
                webhookURL: "\(origin)/rest/\(person)/\(code)/", userID: person.rawValue, accessToken: bitrixToken,
                clientID: application.clientID, clientSecret: secret),
            amocrm: .init(
                baseURL: origin, driveURL: origin, accessToken: amoToken, clientID: application.clientID,
                clientSecret: secret),
            console: .init(url: origin + "/", login: "admin", password: password), caFile: caFile)
    }

    /// Shown on the first start and never again.
    func announcement(file: String) -> String {
        let ca = caFile.map { " --cacert '\($0)'" } ?? ""
        return """

            This is the first start of this account. Its secrets are shown once and kept in
              \(file)

              Bitrix24 webhook        \(credentials.bitrix24.webhookURL)
              Bitrix24 access token   \(credentials.bitrix24.accessToken)
              amoCRM base URL         \(credentials.amocrm.baseURL)
              amoCRM access token     \(credentials.amocrm.accessToken)
              client id               \(credentials.bitrix24.clientID)
              client secret           \(credentials.bitrix24.clientSecret)
              console                 \(credentials.console.url)   login \(credentials.console.login), \
            password \(credentials.console.password)

            Try it:
              curl -sS\(ca) '\(credentials.bitrix24.webhookURL)disk.storage.getlist'
              curl -sS\(ca) -H 'Authorization: Bearer \(credentials.amocrm.accessToken)' \
            '\(credentials.amocrm.baseURL)/api/v4/account?with=drive_url'

            """
    }
}

/// `credentials.json`: a contract with the tools that read it.
struct Credentials: Encodable {
    struct Bitrix24: Encodable {
        let webhookURL: String
        let userID: Int64
        let accessToken: String
        let clientID: String
        let clientSecret: String

        enum CodingKeys: String, CodingKey {
            case webhookURL = "webhook_url"
            case userID = "user_id"
            case accessToken = "access_token"
            case clientID = "client_id"
            case clientSecret = "client_secret"
        }
    }

    struct AmoCRM: Encodable {
        let baseURL: String
        let driveURL: String
        let accessToken: String
        let clientID: String
        let clientSecret: String

        enum CodingKeys: String, CodingKey {
            case baseURL = "base_url"
            case driveURL = "drive_url"
            case accessToken = "access_token"
            case clientID = "client_id"
            case clientSecret = "client_secret"
        }
    }

    struct Console: Encodable {
        let url: String
        let login: String
        let password: String
    }

    let portalURL: String
    let bitrix24: Bitrix24
    let amocrm: AmoCRM
    let console: Console
    /// Left out without --dev-tls.
    let caFile: String?

    enum CodingKeys: String, CodingKey {
        case bitrix24, amocrm, console
        case portalURL = "portal_url"
        case caFile = "ca_file"
    }

    func write(to path: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try DurableFile.write(Array(try encoder.encode(self)) + [UInt8(ascii: "\n")], to: path, mode: 0o600)
    }
}
