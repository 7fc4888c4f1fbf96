import AmoDialect
import BitrixDialect
import Console
import DriveCore
import Foundation
import HTTPEdge
import Hummingbird
import Logging
import NIOCore
import SQLStore
import TestSupport
import Testing

/// A server without a socket: the surfaces `dossier serve` puts together, over a fresh drive with Ann in it.
struct House: Sendable {
    let drive: Drive
    let clock: TestClock
    let surfaces: [any Surface]
    let application: DriveCore.Application
    let secret: String
    let ann: Person.ID

    static let password = "correct horse"
    static let redirectURI = "https://app.example/back?keep=1"
    static let scopes: Set<String> = ["disk", "im", "task", "user", "crm", "files", "files_delete"]

    static func open(
        _ engine: Engine = .sqlite, redirectURI: String = House.redirectURI, _ body: (House) async throws -> Void
    ) async throws {
        try await withDrive(engine) { drive, clock in
            var new = NewPerson(login: "ann")
            new.name = "Ann <b>Lee</b>"
            new.password = password
            let ann = try await drive.addPerson(new, as: .system).id
            let (application, secret) = try await drive.createApplication(
                title: "Sync & <i>Co</i>", scopes: scopes, redirectURI: redirectURI)
            let console = ConsoleSurface(authorization: AuthorizationPages(drive: drive, doors: doors(drive.account)))
            try await body(
                House(
                    drive: drive, clock: clock,
                    surfaces: [BitrixSurface(drive: drive), AmoSurface(drive: drive), console],
                    application: application, secret: secret, ann: ann))
        }
    }

    /// As `dossier` glues them.
    private static func doors(_ account: Account) -> [AuthorizationDoor] {
        [
            AuthorizationDoor(
                path: BitrixConsent.path, terms: BitrixConsent.terms, words: BitrixConsent.words,
                granted: { code, scopes, ask in
                    BitrixConsent.redirect(
                        code: code, to: ask.application, scopes: scopes, state: ask.state, account: account,
                        origin: ask.origin)
                }),
            AuthorizationDoor(
                path: AmoConsent.path, terms: AmoConsent.terms, words: AmoConsent.words,
                granted: { code, _, ask in
                    AmoConsent.redirect(code: code, to: ask.application, state: ask.state, origin: ask.origin)
                },
                refused: { ask in AmoConsent.refusal(to: ask.application, state: ask.state) }),
        ]
    }

    func send(
        _ method: HTTPRequest.Method, _ target: String, _ body: String = "", headers: HTTPFields = [:],
        isTrusted: Bool = true, origin: String = "https://files.example:8443", address: String = "192.0.2.1"
    ) async throws -> Reply {
        let halves = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        var headers = headers
        if !body.isEmpty {
            headers[.contentLength] = "\(body.utf8.count)"
            if headers[.contentType] == nil { headers[.contentType] = "application/x-www-form-urlencoded" }
        }
        let request = EdgeRequest(
            method: method, path: String(halves[0]), query: halves.count > 1 ? String(halves[1]) : "",
            headers: headers, body: RequestBody(buffer: ByteBuffer(string: body)), origin: origin,
            isTrustedTransport: isTrusted, remoteAddress: address, id: "test",
            log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let surface = try #require(surfaces.first { $0.claims(request.path) })
        let response = try await surface.respond(to: request)
        let collector = Collector()
        try await response.body.write(collector)
        return Reply(
            status: response.status.code, headers: response.headers, text: String(buffer: collector.buffer))
    }

    /// A GET of the Bitrix24 token endpoint, as the vendor's page has it.
    func token(_ fields: [(String, String)], address: String = "192.0.2.1") async throws -> Reply {
        try await send(.get, "/oauth/token/?" + Self.form(fields), address: address)
    }

    func exchange(_ code: String) async throws -> Reply {
        try await token([
            ("grant_type", "authorization_code"), ("client_id", application.clientID), ("client_secret", secret),
            ("code", code),
        ])
    }

    func refresh(_ token: String) async throws -> Reply {
        try await self.token([
            ("grant_type", "refresh_token"), ("client_id", application.clientID), ("client_secret", secret),
            ("refresh_token", token),
        ])
    }

    /// `200`, or the status and the error of a call with that token.
    func call(_ accessToken: String) async throws -> String {
        try await send(.get, "/rest/user.current?auth=\(accessToken)").outcome
    }

    static func form(_ fields: [(String, String)]) -> String {
        RedirectAddress("").adding(fields.map { ($0.0, $0.1) }).replacing("?", with: "", maxReplacements: 1)
    }
}

/// What came back.
struct Reply {
    let status: Int
    let headers: HTTPFields
    let text: String

    /// Null when the body is no JSON.
    var json: Value { (try? Value.json(ByteBuffer(string: text))) ?? .null }

    /// `400 invalid_grant`, or the status alone.
    var outcome: String {
        if case .string(let error) = json["error"] { "\(status) \(error)" } else { "\(status)" }
    }

    func string(_ key: String) -> String { if case .string(let text) = json[key] { text } else { "" } }

    /// The query of where the answer leads, in order.
    var redirect: [URLQueryItem] {
        headers[.location].flatMap { URLComponents(string: $0)?.queryItems } ?? []
    }

    func redirected(_ name: String) -> String? { redirect.first { $0.name == name }?.value }
}

/// A browser: keeps the cookie it is given and sends forms as they stand on the page.
struct Browser {
    let house: House
    var cookie: String?
    private(set) var page = Reply(status: 0, headers: [:], text: "")

    init(_ house: House) { self.house = house }

    @discardableResult
    mutating func open(_ target: String) async throws -> Reply { try await go(.get, target) }

    /// Presses a button of the page at hand.
    @discardableResult
    mutating func press(
        _ button: String, _ fields: [(String, String)] = [], token: String? = nil, address: String = "192.0.2.1"
    ) async throws -> Reply {
        let form = token ?? hidden("form") ?? ""
        let target = try #require(attribute("action"))
        return try await go(
            .post, target, House.form([("form", form)] + fields + [("do", button)]), address: address)
    }

    /// Signs in where asked to and follows to the page after.
    @discardableResult
    mutating func signIn(
        _ login: String = "ann", _ password: String = House.password, at target: String
    ) async throws -> Reply {
        try await open(target)
        let reply = try await press("sign-in", [("login", login), ("password", password)])
        guard let next = reply.headers[.location] else { return reply }
        return try await open(next)
    }

    func hidden(_ name: String) -> String? { first(#"name="\#(name)" value="([^"]*)""#) }
    private func attribute(_ name: String) -> String? {
        first(#"\#(name)="([^"]*)""#)?.replacing("&amp;", with: "&").replacing("&#39;", with: "'")
    }

    private func first(_ pattern: String) -> String? {
        guard let match = try? Regex(pattern).firstMatch(in: page.text), let text = match.output[1].substring else {
            return nil
        }
        return String(text)
    }

    private mutating func go(
        _ method: HTTPRequest.Method, _ target: String, _ body: String = "", address: String = "192.0.2.1"
    ) async throws -> Reply {
        var headers = HTTPFields()
        headers[.cookie] = cookie
        let reply = try await house.send(method, target, body, headers: headers, address: address)
        if let set = reply.headers[.setCookie] { cookie = String(set.prefix { $0 != ";" }) }
        if reply.status != 303 { page = reply }
        return reply
    }
}

/// Keeps what a response body writes. `@unchecked Sendable`: one test writes and then reads it.
private final class Collector: ResponseBodyWriter, @unchecked Sendable {
    var buffer = ByteBuffer()
    func write(_ part: ByteBuffer) async throws { buffer.writeImmutableBuffer(part) }
    consuming func finish(_ trailingHeaders: HTTPFields?) async throws {}
}
