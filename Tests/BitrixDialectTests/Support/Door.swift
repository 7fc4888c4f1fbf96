import BitrixDialect
import DriveCore
import HTTPEdge
import Hummingbird
import Logging
import NIOCore
import SQLStore
import TestSupport

/// The Bitrix24 door over a fresh drive, with a webhook and a token of the administrator.
struct Door {
    let drive: Drive
    let clock: TestClock
    let surface: BitrixSurface
    /// `/rest/1/CODE/`
    let webhook: String
    let token: String
    let administrator: Caller

    static let allScopes: Set<String> = ["disk", "im", "task", "user"]

    /// Runs `body` behind a door.
    static func open(
        _ engine: Engine = .sqlite, timeZone: String = "UTC", storageLimit: Int64? = nil,
        limits: BitrixLimits = .init(), _ body: (Door) async throws -> Void
    ) async throws {
        let settings: (inout Drive.Settings) -> Void = { $0.storageLimit = storageLimit }
        try await withDrive(engine, timeZone: timeZone, settings: settings) { drive, clock in
            let person = Person.ID(1)
            let (_, code) = try await drive.createWebhook(
                for: person, title: "tests", scopes: allScopes, expiresMs: nil)
            let (application, _) = try await drive.createApplication(
                title: "tests", scopes: allScopes, redirectURI: "")
            let token = "0123456789abcdef0123456789abcdef"
            _ = try await drive.registerToken(
                token, kind: .bitrix24, person: person, application: application.id, title: "tests",
                scopes: allScopes, expiresMs: nil)
            try await body(
                Door(
                    drive: drive, clock: clock, surface: BitrixSurface(drive: drive, limits: limits),
                    webhook: "/rest/1/\(code)/",
                    token: token, administrator: Caller(person: person, isAdministrator: true)))
        }
    }

    /// The path of a webhook of another person, made for it.
    func webhook(
        of person: Person.ID, scopes: Set<String> = allScopes, expiresMs: Int64? = nil
    ) async throws -> String {
        let made = try await drive.createWebhook(for: person, title: "", scopes: scopes, expiresMs: expiresMs)
        return "/rest/\(person)/\(made.code)/"
    }

    func person(_ login: String) async throws -> Person {
        try await drive.addPerson(NewPerson(login: login), as: administrator)
    }

    /// A call as JSON through a webhook.
    func call(_ method: String, _ params: Value = [:], webhook: String? = nil) async throws -> Reply {
        var body = ByteBuffer()
        params.writeJSON(into: &body)
        return try await send(
            .post, (webhook ?? self.webhook) + method, headers: [.contentType: "application/json"], body: body)
    }

    func send(
        _ verb: HTTPRequest.Method, _ target: String, headers: HTTPFields = [:], body: ByteBuffer = ByteBuffer(),
        isTrusted: Bool = true, from address: String = "127.0.0.1"
    ) async throws -> Reply {
        let (path, query) = Self.split(target)
        var headers = headers
        if body.readableBytes > 0, headers[.contentLength] == nil {
            headers[.contentLength] = String(body.readableBytes)
        }
        let log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let request = EdgeRequest(
            method: verb, path: path, query: query, headers: headers, body: RequestBody(buffer: body),
            origin: "https://files.example", isTrustedTransport: isTrusted, remoteAddress: address, id: "test",
            log: log)
        let response = try await surface.respond(to: request)
        let collector = Collector()
        try await response.body.write(collector)
        return Reply(status: response.status.code, headers: response.headers, body: collector.buffer)
    }

    /// Posts a form as PHP would build it.
    func form(_ method: String, _ form: String, webhook: String? = nil) async throws -> Reply {
        try await send(
            .post, (webhook ?? self.webhook) + method,
            headers: [.contentType: "application/x-www-form-urlencoded"], body: ByteBuffer(string: form))
    }

    /// Posts one file part as a two-step upload does.
    func post(file name: String, _ bytes: String, field: String = "file", to url: String) async throws -> Reply {
        let body = """
            --cut\r
            Content-Disposition: form-data; name="\(field)"; filename="\(name)"\r
            Content-Type: text/plain\r
            \r
            \(bytes)\r
            --cut--\r

            """
        return try await send(
            .post, Self.target(url), headers: [.contentType: "multipart/form-data; boundary=cut"],
            body: ByteBuffer(string: body))
    }

    func fetch(_ url: String, headers: HTTPFields = [:], verb: HTTPRequest.Method = .get) async throws -> Reply {
        try await send(verb, Self.target(url), headers: headers)
    }

    /// Path and query of a link this server gave.
    static func target(_ url: String) -> String { String(url.dropFirst("https://files.example".count)) }

    private static func split(_ target: String) -> (String, String) {
        guard let mark = target.firstIndex(of: "?") else { return (target, "") }
        return (String(target[..<mark]), String(target[target.index(after: mark)...]))
    }
}

/// What came back.
struct Reply {
    let status: Int
    let headers: HTTPFields
    let body: ByteBuffer

    var text: String { String(buffer: body) }
    /// Null when the body is no JSON.
    var json: Value { (try? Value.json(body)) ?? .null }
    var result: Value { json["result"] ?? .null }
    var error: String? { json["error"]?.string }

    /// `400 ERROR_ARGUMENT`
    var failure: String { "\(status) \(error ?? "-")" }
}

extension Value {
    var string: String? { if case .string(let text) = self { text } else { nil } }
    var array: [Value] { if case .array(let values) = self { values } else { [] } }
    var names: [String] { array.compactMap { $0["NAME"]?.string } }
    var keys: [String] { if case .object(let members) = self { members.map(\.key) } else { [] } }
    /// A number, or a number as text.
    var number: Int64 {
        switch self {
        case .int(let number): number
        case .string(let text): Int64(text) ?? -1
        default: -1
        }
    }
}

/// Keeps what a response body writes. `@unchecked Sendable`: one test writes and then reads it.
private final class Collector: ResponseBodyWriter, @unchecked Sendable {
    var buffer = ByteBuffer()
    func write(_ part: ByteBuffer) async throws { buffer.writeImmutableBuffer(part) }
    consuming func finish(_ trailingHeaders: HTTPFields?) async throws {}
}
