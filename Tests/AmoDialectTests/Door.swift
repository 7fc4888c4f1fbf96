import DriveCore
import Foundation
import HTTPEdge
import Hummingbird
import Logging
import NIOCore
import SQLStore
import TestSupport
import Testing

@testable import AmoDialect

/// The amoCRM door over a fresh drive, called without a socket.
struct Door {
    let drive: Drive
    let clock: TestClock
    private(set) var surface: AmoSurface
    let application: DriveCore.Application
    /// The administrator's token with every scope.
    let token: String
    var origin = "https://drive-b.amocrm.ru"

    static func with(
        _ engine: Engine = .sqlite, timeZone: String = "Europe/Moscow",
        settings: Drive.Settings = Drive.Settings(), dataFolder: String? = nil,
        _ body: (Door) async throws -> Void
    ) async throws {
        let change: (inout Drive.Settings) -> Void = { $0 = settings }
        try await withDrive(engine, timeZone: timeZone, dataFolder: dataFolder, settings: change) { drive, clock in
            try await body(try await Door(drive, clock))
        }
    }

    private init(_ drive: Drive, _ clock: TestClock) async throws {
        self.drive = drive
        self.clock = clock
        surface = AmoSurface(drive: drive)
        application = try await drive.createApplication(
            title: "Test", scopes: Set(AccessToken.scopes), redirectURI: ""
        ).application
        token = try await Self.issue(
            drive, application, Person.ID(1), Set(AccessToken.scopes), lifetimeMs: 365 * 86_400_000)
    }

    /// The same door after the server process was replaced: nothing but the database and the blobs is left.
    func restarted() -> Door {
        var door = self
        door.surface = AmoSurface(
            drive: Drive(
                database: drive.database, blobs: drive.blobs, settings: drive.settings, account: drive.account,
                log: drive.log, now: drive.now))
        return door
    }

    /// The same door with a limit on how much an integration may ask of it.
    func limited(to requestsPerSecond: Int64) -> Door {
        var door = self
        door.surface = AmoSurface(drive: drive, requestsPerSecond: requestsPerSecond)
        return door
    }

    private static func issue(
        _ drive: Drive, _ application: DriveCore.Application, _ person: Person.ID, _ scopes: Set<String>,
        lifetimeMs: Int64
    ) async throws -> String {
        let now = drive.now()
        let token = try AccessToken.make(
            account: drive.account, person: person, application: application, scopes: scopes, issuedMs: now,
            expiresMs: now + lifetimeMs)
        _ = try await drive.registerToken(
            token, kind: .amocrm, person: person, application: application.id, title: "Test", scopes: scopes,
            expiresMs: now + lifetimeMs)
        return token
    }

    func token(
        for person: Person.ID = Person.ID(1), scopes: Set<String> = Set(AccessToken.scopes),
        lifetimeMs: Int64 = 86_400_000
    ) async throws -> String {
        try await Self.issue(drive, application, person, scopes, lifetimeMs: lifetimeMs)
    }

    /// A person without special rights, and a token for them.
    func newUser(_ login: String) async throws -> (id: Person.ID, token: String) {
        let person = try await drive.addPerson(NewPerson(login: login), as: .system)
        return (person.id, try await token(for: person.id))
    }

    /// - Parameter target: path with query, or an absolute URL on the door's origin.
    /// - Parameter token: nil for the administrator's, empty for none.
    func send(
        _ method: HTTPRequest.Method, _ target: String, _ body: [UInt8] = [], token: String? = nil,
        headers: [String: String] = [:], chunked: Bool = false
    ) async throws -> Reply {
        let local = target.hasPrefix(origin) ? String(target.dropFirst(origin.count)) : target
        let halves = local.split(separator: "?", maxSplits: 1)
        var fields = HTTPFields()
        for (name, value) in headers {
            if let name = HTTPFields.Element.Name(name) { fields[name] = value }
        }
        let bearer = token ?? self.token
        if !bearer.isEmpty { fields[.authorization] = "Bearer \(bearer)" }
        if !chunked, !body.isEmpty { fields[.contentLength] = "\(body.count)" }
        let request = EdgeRequest(
            method: method, path: String(halves[0]), query: halves.count > 1 ? String(halves[1]) : "", headers: fields,
            body: RequestBody(buffer: ByteBuffer(bytes: body)), origin: origin, isTrustedTransport: true,
            remoteAddress: "127.0.0.1", id: "test", log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        #expect(surface.claims(request.path))
        return try await Reply(try await surface.respond(to: request))
    }

    func send(_ method: HTTPRequest.Method, _ target: String, json: String, token: String? = nil) async throws -> Reply
    {
        try await send(method, target, Array(json.utf8), token: token, headers: ["Content-Type": "application/json"])
    }

    func get(_ target: String, token: String? = nil) async throws -> Reply {
        try await send(.get, target, token: token)
    }

    /// Opens a session and answers it.
    func session(
        _ name: String, size: Int, file: String? = nil, type: String? = nil, token: String? = nil,
        wantsPreview: Bool = false
    ) async throws -> Reply {
        var members: [Value.Member] = [
            .init("file_name", .string(name)), .init("file_size", .int(Int64(size))),
        ]
        if let file { members.append(.init("file_uuid", .string(file))) }
        if let type { members.append(.init("content_type", .string(type))) }
        if wantsPreview { members.append(.init("with_preview", true)) }
        var buffer = ByteBuffer()
        Value.object(members).writeJSON(into: &buffer)
        return try await send(.post, "/v1.0/sessions", Array(buffer.readableBytesView), token: token)
    }

    /// Uploads a whole file and returns its model.
    @discardableResult
    func upload(
        _ name: String, _ bytes: [UInt8] = Array("hello".utf8), file: String? = nil, type: String? = nil,
        token: String? = nil, wantsPreview: Bool = false
    ) async throws -> Value {
        var reply = try await session(
            name, size: bytes.count, file: file, type: type, token: token, wantsPreview: wantsPreview)
        #expect(reply.status == 200)
        var url = try reply.text("upload_url")
        var rest = bytes[...]
        while true {
            let part = Array(rest.prefix(524_288))
            reply = try await send(.post, url, part, token: "")
            #expect(reply.status == 200)
            rest = rest.dropFirst(part.count)
            guard let next = reply.json?["next_url"]?.text else { break }
            url = next
        }
        return try #require(reply.json)
    }

    /// A custom field of type `file`.
    func newField(_ kind: String = "leads", _ more: String = "") async throws -> Int64 {
        let reply = try await send(
            .post, "/api/v4/\(kind)/custom_fields", json: #"[{"type":"file","name":"Contract"\#(more)}]"#)
        #expect(reply.status == 201)
        return try #require(reply.embedded.first?["id"]?.integer)
    }

    func newNote(_ path: String, _ json: String, token: String? = nil) async throws -> Int64 {
        let reply = try await send(.post, "/api/v4/\(path)/notes", json: json, token: token)
        #expect(reply.status == 200)
        return try #require(reply.embedded.first?["id"]?.integer)
    }

    /// The UUIDs of a file and of its active version.
    func uploaded(
        _ name: String, file: String? = nil, token: String? = nil
    ) async throws -> (
        file: String, version: String
    ) {
        let model = try await upload(name, file: file, token: token)
        return (try #require(model["uuid"]?.text), try #require(model["version_uuid"]?.text))
    }

    func newEntity(_ kind: String = "leads", _ json: String = "[{}]", token: String? = nil) async throws -> Int64 {
        let reply = try await send(.post, "/api/v4/\(kind)", json: json, token: token)
        #expect(reply.status == 200)
        return try #require(reply.json?["_embedded"]?[kind]?.elements.first?["id"]?.integer)
    }
}

extension Drive.Settings {
    static func maxPartSize(_ bytes: Int64) -> Self {
        var settings = Self()
        settings.maxPartSize = bytes
        return settings
    }

    static func storageLimit(_ bytes: Int64) -> Self {
        var settings = Self()
        settings.storageLimit = bytes
        return settings
    }
}

/// An answer with its body read.
struct Reply {
    let status: Int
    let type: String?
    let headers: HTTPFields
    let bytes: [UInt8]
    /// Nil when the body is no JSON.
    let json: Value?

    init(_ response: Response) async throws {
        let collector = Collector()
        try await response.body.write(collector)
        status = response.status.code
        headers = response.headers
        type = response.headers[.contentType]
        bytes = collector.sink.bytes
        json = bytes.isEmpty ? nil : try? Value.json(ByteBuffer(bytes: bytes))
    }

    func text(_ key: String) throws -> String { try #require(json?[key]?.text) }

    /// The elements of the one embedded list.
    var embedded: [Value] {
        guard case .object(let members) = json?["_embedded"], let first = members.first else { return [] }
        return first.value.elements
    }

    /// Codes and paths of the violations.
    var violations: [String] {
        (json?["validation-errors"]?.elements ?? []).flatMap { group in
            (group["errors"]?.elements ?? []).map { "\($0["code"]?.text ?? "") \($0["path"]?.text ?? "")" }
        }
    }

    private struct Collector: ResponseBodyWriter {
        // `@unchecked Sendable`: one body writes into it, one call after another.
        final class Sink: @unchecked Sendable { var bytes: [UInt8] = [] }
        let sink = Sink()
        func write(_ buffer: ByteBuffer) async throws { sink.bytes += buffer.readableBytesView }
        func finish(_ trailingHeaders: HTTPFields?) async throws {}
    }
}

extension Value {
    /// `a.b.0.c`
    func at(_ path: String) -> Value? {
        var value: Value? = self
        for step in path.split(separator: ".") {
            if case .array(let elements) = value, let index = Int(step) {
                value = elements.indices.contains(index) ? elements[index] : nil
            } else {
                value = value?[String(step)]
            }
        }
        return value
    }
}
