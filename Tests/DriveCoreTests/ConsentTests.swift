import SQLStore
import TestSupport
import Testing

@testable import DriveCore

/// An application with an address, Ann who may consent, and the terms of a door.
struct ConsentScene {
    let drive: Drive
    let clock: TestClock
    let application: Application
    let client: ClientProof
    let ann: Person.ID
    var consentTerms = ConsentTerms(kind: .bitrix24, scopes: ["disk", "im"], codeLifetimeMs: 30_000)
    var terms = TokenTerms(kind: .bitrix24, accessLifetimeMs: 3_600_000, refreshLifetimeMs: 15_552_000_000) { $0.id }

    static func open(_ engine: Engine = .sqlite, _ body: (ConsentScene) async throws -> Void) async throws {
        try await withDrive(engine) { drive, clock in
            let (application, secret) = try await drive.createApplication(
                title: "Sync", scopes: ["crm", "disk"], redirectURI: "https://app.example/back")
            let ann = try await drive.addPerson(NewPerson(login: "ann"), as: .system).id
            try await body(
                ConsentScene(
                    drive: drive, clock: clock, application: application,
                    client: ClientProof(id: application.clientID, secret: secret), ann: ann))
        }
    }

    func code(of person: Person.ID? = nil) async throws -> String {
        try await drive.giveConsent(clientID: application.clientID, by: person ?? ann, consentTerms).code
    }

    func pair(forCode code: String) async throws -> TokenPair {
        try await drive.tokens(forCode: code, by: client, terms)
    }

    func pair(after token: String) async throws -> TokenPair {
        try await drive.tokens(forRefreshToken: token, by: client, terms)
    }

    func firstPair() async throws -> TokenPair { try await pair(forCode: try await code()) }

    func use(_ pair: TokenPair) async throws -> Grant {
        try await drive.authenticate(token: pair.accessToken, kind: terms.kind)
    }
}

@Suite("Consents, codes and tokens")
struct ConsentTests {
    @Test("a code gives a pair for its person, application and the scopes the door knows", arguments: Engine.allCases)
    func exchange(engine: Engine) async throws {
        try await ConsentScene.open(engine) { scene in
            let code = try await scene.code()
            #expect(code.wholeMatch(of: /[A-Za-z0-9]{32,}/) != nil)
            let pair = try await scene.pair(forCode: code)
            #expect(pair.scopes == ["disk"] && pair.person == scene.ann && pair.application == scene.application)
            #expect(pair.issuedMs == scene.clock.now && pair.accessExpiresMs == scene.clock.now + 3_600_000)
            for token in [pair.accessToken, pair.refreshToken] {
                #expect(token.wholeMatch(of: /[0-9a-f]{64}/) != nil)
            }
            let left = [0, 1, 999, 1000, 3_600_000, 4_000_000].map { pair.secondsLeft(atMs: scene.clock.now + $0) }
            #expect(left == [3600, 3600, 3600, 3599, 0, 0])
            let grant = try await scene.use(pair)
            #expect(
                grant.caller
                    == Caller(
                        person: scene.ann, isAdministrator: false, application: scene.application.id, departments: [1]))
            #expect(grant.scopes == ["disk"])
            scene.clock.advance(ms: 3_600_000)
            await #expect(throws: DriveError.credential(.expired)) { try await scene.use(pair) }
        }
    }

    @Test("a code shown twice is refused, and what it gave ends", arguments: Engine.allCases)
    func replayedCode(engine: Engine) async throws {
        try await ConsentScene.open(engine) { scene in
            let code = try await scene.code()
            let first = try await scene.pair(forCode: code)
            let second = try await scene.pair(after: first.refreshToken)
            await #expect(throws: DriveError.token(.used)) { try await scene.pair(forCode: code) }
            for pair in [first, second] {
                await #expect(throws: DriveError.credential(.revoked)) { try await scene.use(pair) }
            }
            await #expect(throws: DriveError.token(.ended)) { try await scene.pair(after: second.refreshToken) }
        }
    }

    @Test("a code ends with its time, and belongs to one application and one door", arguments: Engine.allCases)
    func wrongCode(engine: Engine) async throws {
        try await ConsentScene.open(engine) { scene in
            let (other, secret) = try await scene.drive.createApplication(
                title: "Other", scopes: ["disk"], redirectURI: "https://other.example/")
            let code = try await scene.code()
            let stranger = ClientProof(id: other.clientID, secret: secret)
            await #expect(throws: DriveError.token(.unknown)) {
                try await scene.drive.tokens(forCode: code, by: stranger, scene.terms)
            }
            var elsewhere = scene
            elsewhere.terms = TokenTerms(kind: .amocrm, accessLifetimeMs: 1, refreshLifetimeMs: 1) { $0.id }
            let there = elsewhere
            await #expect(throws: DriveError.token(.unknown)) { try await there.pair(forCode: code) }
            await #expect(throws: DriveError.token(.unknown)) { try await scene.pair(forCode: "nonsense") }
            // None of that used it up.
            scene.clock.advance(ms: 29_999)
            let pair = try await scene.pair(forCode: code)
            await #expect(throws: DriveError.token(.unknown)) {
                try await scene.drive.tokens(forRefreshToken: pair.refreshToken, by: stranger, scene.terms)
            }
            let late = try await scene.code()
            scene.clock.advance(ms: 30_000)
            await #expect(throws: DriveError.token(.expired)) { try await scene.pair(forCode: late) }
        }
    }

    @Test("who shows a wrong secret, an unknown id or another address gets nothing", arguments: Engine.allCases)
    func clients(engine: Engine) async throws {
        try await ConsentScene.open(engine) { scene in
            let code = try await scene.code()
            let id = scene.application.clientID
            let proofs: [(ClientProof, DriveError.TokenProblem)] = [
                (ClientProof(id: id, secret: "wrong"), .wrongSecret), (ClientProof(id: id, secret: ""), .wrongSecret),
                (ClientProof(id: "nobody", secret: "x"), .unknownClient),
                (
                    ClientProof(id: id, secret: scene.client.secret, redirectURI: "https://evil.example/"),
                    .redirectDiffers
                ),
            ]
            for (proof, problem) in proofs {
                await #expect(throws: DriveError.token(problem)) {
                    try await scene.drive.tokens(forCode: code, by: proof, scene.terms)
                }
            }
            let right = ClientProof(id: id, secret: scene.client.secret, redirectURI: scene.application.redirectURI)
            let pair = try await scene.drive.tokens(forCode: code, by: right, scene.terms)
            #expect(try await scene.drive.revokeApplication(scene.application.id))
            await #expect(throws: DriveError.token(.clientRevoked)) { try await scene.pair(after: pair.refreshToken) }
            await #expect(throws: DriveError.credential(.revoked)) { try await scene.use(pair) }
            await #expect(throws: DriveError.token(.clientRevoked)) { try await scene.code() }
        }
    }

    @Test("a refresh retires its token, which gives the same pair for a minute", arguments: Engine.allCases)
    func refresh(engine: Engine) async throws {
        try await ConsentScene.open(engine) { scene in
            let first = try await scene.firstPair()
            scene.clock.advance(ms: 1000)
            let second = try await scene.pair(after: first.refreshToken)
            #expect(second.accessToken != first.accessToken && second.refreshToken != first.refreshToken)
            scene.clock.advance(ms: 59_999)
            #expect(try await scene.pair(after: first.refreshToken) == second)
            #expect(try await scene.use(second).scopes == ["disk"])
            // The access token of before lives on until its own time: clients race.
            _ = try await scene.use(first)
            scene.clock.advance(ms: 1)
            await #expect(throws: DriveError.token(.used)) { try await scene.pair(after: first.refreshToken) }
            let third = try await scene.pair(after: second.refreshToken)
            _ = try await scene.use(third)
        }
    }

    @Test("only the immediately preceding token has a grace", arguments: Engine.allCases)
    func grace(engine: Engine) async throws {
        try await ConsentScene.open(engine) { scene in
            let first = try await scene.firstPair()
            let second = try await scene.pair(after: first.refreshToken)
            let third = try await scene.pair(after: second.refreshToken)
            await #expect(throws: DriveError.token(.used)) { try await scene.pair(after: first.refreshToken) }
            #expect(try await scene.pair(after: second.refreshToken) == third)
        }
    }

    @Test("of refreshes that race all get the one new pair", arguments: Engine.allCases)
    func race(engine: Engine) async throws {
        try await ConsentScene.open(engine) { scene in
            let first = try await scene.firstPair()
            let pairs = try await withThrowingTaskGroup(of: TokenPair.self) { group in
                for _ in 0..<6 { group.addTask { try await scene.pair(after: first.refreshToken) } }
                return try await group.reduce(into: Set<TokenPair>()) { $0.insert($1) }
            }
            #expect(pairs.count == 1)
            let credentials = try await scene.drive.credentials(kind: .bitrix24)
            #expect(credentials.count == 2)
        }
    }

    @Test("a refresh token ends with its own time", arguments: Engine.allCases)
    func lastRefresh(engine: Engine) async throws {
        try await ConsentScene.open(engine) { scene in
            let first = try await scene.firstPair()
            scene.clock.advance(ms: 15_552_000_000 - 1)
            let second = try await scene.pair(after: first.refreshToken)
            scene.clock.advance(ms: 15_552_000_000)
            await #expect(throws: DriveError.token(.expired)) { try await scene.pair(after: second.refreshToken) }
        }
    }

    @Test("blocking, restricting, revoking and a smaller card end what follows", arguments: Engine.allCases)
    func endings(engine: Engine) async throws {
        try await ConsentScene.open(engine) { scene in
            let drive = scene.drive
            let pair = try await scene.firstPair()
            func refuses(
                _ call: DriveError.CredentialProblem?, _ refresh: DriveError.TokenProblem,
                _ offer: DriveError.TokenProblem?
            ) async throws {
                if let call {
                    await #expect(throws: DriveError.credential(call)) { try await scene.use(pair) }
                } else {
                    _ = try await scene.use(pair)
                }
                await #expect(throws: DriveError.token(refresh)) { try await scene.pair(after: pair.refreshToken) }
                if let offer { await #expect(throws: DriveError.token(offer)) { try await scene.code() } }
            }
            try await drive.setActive(false, scene.ann)
            try await refuses(.personInactive, .ended, .noAccess)
            try await drive.setActive(true, scene.ann)
            try await drive.restrictApplication(scene.application.id, to: [Person.ID(1)])
            try await refuses(.noAccess, .noAccess, .noAccess)
            try await drive.restrictApplication(scene.application.id, to: [scene.ann])
            _ = try await scene.use(pair)
            try await drive.restrictApplication(scene.application.id, to: nil)
            try await drive.updateApplication(scene.application.id, scopes: ["crm"])
            try await refuses(nil, .scopesExceedCard, .scopesExceedCard)
            try await drive.updateApplication(scene.application.id, scopes: ["disk", "im"], redirectURI: "")
            await #expect(throws: DriveError.token(.redirectDiffers)) { try await scene.code() }
            let next = try await scene.pair(after: pair.refreshToken)
            #expect(next.scopes == ["disk"])
            let credential = try #require(try await drive.credentials(kind: .bitrix24).first)
            #expect(try await drive.revokeCredential(credential.id))
            for pair in [pair, next] {
                await #expect(throws: DriveError.credential(.revoked)) { try await scene.use(pair) }
            }
            await #expect(throws: DriveError.token(.ended)) { try await scene.pair(after: next.refreshToken) }
        }
    }

    @Test("what an administrator gives for good outlives them, and nothing else does", arguments: Engine.allCases)
    func full(engine: Engine) async throws {
        try await ConsentScene.open(engine) { scene in
            let root = Person.ID(1)
            let plain = try await scene.pair(forCode: scene.code(of: root))
            var lasting = scene
            lasting.consentTerms = ConsentTerms(
                kind: .bitrix24, scopes: ["disk"], codeLifetimeMs: 30_000, isFullFromAdministrator: true)
            let full = try await scene.pair(forCode: lasting.code(of: root))
            let anns = try await scene.pair(forCode: lasting.code())
            #expect(try await !scene.use(anns).caller.isAdministrator)
            try await scene.drive.setActive(false, root)
            try await scene.drive.setActive(false, scene.ann)
            #expect(try await scene.use(full).caller.isAdministrator)
            let next = try await scene.pair(after: full.refreshToken)
            #expect(try await scene.use(next).caller.person == root)
            for pair in [plain, anns] {
                await #expect(throws: DriveError.credential(.personInactive)) { try await scene.use(pair) }
                await #expect(throws: DriveError.token(.ended)) { try await scene.pair(after: pair.refreshToken) }
            }
        }
    }

    @Test("no code and no token stands in the database")
    func onlyHashes() async throws {
        try await ConsentScene.open { scene in
            let code = try await scene.code()
            let first = try await scene.pair(forCode: code)
            let second = try await scene.pair(after: first.refreshToken)
            let session = try await scene.drive.openBrowserSession(of: scene.ann, lifetimeMs: 1000)
            let kept = try await scene.drive.database.read { tx in
                try ["consent", "refresh_token", "credential", "browser_session"].flatMap { table in
                    try tx.rows("SELECT * FROM \(raw: table)").map { "\($0)" }
                }
            }.joined()
            let secrets = [code, session] + [first, second].flatMap { [$0.accessToken, $0.refreshToken] }
            for secret in secrets { #expect(!kept.contains(secret)) }
        }
    }

    @Test("the sweep keeps what an application needs to learn that it must refresh", arguments: Engine.allCases)
    func sweep(engine: Engine) async throws {
        try await ConsentScene.open(engine) { scene in
            var pair = try await scene.firstPair()
            let day: Int64 = 86_400_000
            for _ in 0..<3 {
                scene.clock.advance(ms: 1000)
                pair = try await scene.pair(after: pair.refreshToken)
            }
            _ = try await scene.code()
            let last = pair
            #expect(try await scene.drive.sweepSignIns() == 0)
            scene.clock.advance(ms: 100 * day)
            // Three access tokens that were replaced, and the consent nobody exchanged a code of.
            #expect(try await scene.drive.sweepSignIns() == 4)
            await #expect(throws: DriveError.credential(.expired)) { try await scene.use(last) }
            pair = try await scene.pair(after: last.refreshToken)
            _ = try await scene.use(pair)
            scene.clock.advance(ms: 211 * day)
            // Five refresh tokens, two access tokens, one consent.
            #expect(try await scene.drive.sweepSignIns() == 8)
            await #expect(throws: DriveError.token(.unknown)) { try await scene.pair(after: last.refreshToken) }
        }
    }
}
