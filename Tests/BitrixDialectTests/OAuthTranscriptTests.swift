import DriveCore
import HTTPEdge
import Testing

@testable import BitrixDialect

@Suite("Conversations about tokens from the vendor's pages")
struct OAuthTranscriptTests {
    private static let names = Transcript.names(in: "oauth/")

    @Test("the answer is what the page says, down to types and absences", arguments: names)
    func answers(name: String) async throws {
        try await Door.open { door in
            let (application, secret) = try await door.drive.createApplication(
                title: "Sync", scopes: Door.allScopes, redirectURI: "https://app.example/")
            func code() async throws -> String {
                try await door.drive.giveConsent(
                    clientID: application.clientID, by: Person.ID(1), BitrixConsent.terms
                ).code
            }
            let terms = TokenTerms(kind: .bitrix24, accessLifetimeMs: 1000, refreshLifetimeMs: 1000) { $0.id }
            let pair = try await door.drive.tokens(
                forCode: code(), by: ClientProof(id: application.clientID, secret: secret), terms)
            try await door.hold(
                to: Transcript(
                    named: name,
                    [
                        "client": application.clientID, "secret": secret, "code": try await code(),
                        "refresh": pair.refreshToken,
                    ]))
        }
    }

    @Test("there are conversations to compare with")
    func found() { #expect(Self.names.count >= 3) }
}
