import Console
import DriveCore
import HTTPEdge
import Hummingbird
import Logging
import NIOCore
import SQLStore
import TestSupport

/// A folder `top` with a file `a.txt` ("0123456789") and a folder `inner` holding `deep.txt`, and `outside.txt` beside it,
/// behind the surface of public links.
struct LinkScene {
    let drive: Drive
    let clock: TestClock
    let surface: PublicLinkSurface
    let top, inner, a, deep, outside: Node

    static func open(
        _ engine: Engine = .sqlite, timeZone: String = "UTC", _ body: (LinkScene) async throws -> Void
    ) async throws {
        try await withDrive(engine, timeZone: timeZone) { drive, clock in
            try await body(LinkScene(drive, clock))
        }
    }

    private init(_ drive: Drive, _ clock: TestClock) async throws {
        self.drive = drive
        self.clock = clock
        surface = PublicLinkSurface(drive: drive)
        let root = try await drive.personalStorage(of: Person.ID(1)).root
        top = try await drive.addFolder(named: FileName("top"), in: root, as: .system)
        inner = try await drive.addFolder(named: FileName("inner"), in: top.id, as: .system)
        a = try await Self.add("a.txt", "0123456789", to: top, drive)
        deep = try await Self.add("deep.txt", "deep", to: inner, drive)
        outside = try await Self.add("outside.txt", "out", to: drive.node(root, as: .system), drive)
    }

    private static func add(_ name: String, _ text: String, to folder: Node, _ drive: Drive) async throws -> Node {
        let stage = drive.stageContent()
        try await stage.write(ByteBuffer(string: text))
        return try await drive.addFile(
            named: FileName(name), in: folder.id, content: stage.finish(), as: .system)
    }

    func add(_ name: String, to folder: Node) async throws -> Node {
        try await Self.add(name, "text of \(name)", to: folder, drive)
    }

    /// A link's path.
    func link(
        to node: Node, password: String? = nil, expiresMs: Int64? = nil, maxDownloads: Int64? = nil
    ) async throws -> (path: String, id: PublicLink.ID) {
        let made = try await drive.createPublicLink(
            to: node.id, .init(password: password, expiresMs: expiresMs, maxDownloads: maxDownloads), as: .system)
        return ("/~" + made.code, made.link.id)
    }

    func downloads(of id: PublicLink.ID) async throws -> Int64? {
        try await drive.publicLinks().first { $0.id == id }?.downloads
    }

    /// - Parameter isBrowser: the client asks for HTML.
    func ask(
        _ target: String, _ method: HTTPRequest.Method = .get, headers: HTTPFields = [:], form: String? = nil,
        isBrowser: Bool = true, from address: String = "192.0.2.1", origin: String = "https://files.example"
    ) async throws -> Answer {
        let halves = target.split(separator: "?", maxSplits: 1).map(String.init)
        var headers = headers
        if isBrowser { headers[.accept] = "text/html,application/xhtml+xml,*/*;q=0.8" }
        var body = ByteBuffer()
        if let form {
            body.writeString(form)
            headers[.contentType] = "application/x-www-form-urlencoded"
            headers[.contentLength] = String(body.readableBytes)
        }
        let request = EdgeRequest(
            method: method, path: halves[0], query: halves.count > 1 ? halves[1] : "", headers: headers,
            body: RequestBody(buffer: body), origin: origin, isTrustedTransport: true, remoteAddress: address,
            id: "test", log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let response = try await surface.respond(to: request)
        let collector = Collector()
        try await response.body.write(collector)
        return Answer(
            status: Int(response.status.code), headers: response.headers, text: String(buffer: collector.buffer))
    }
}

/// What came back.
struct Answer {
    let status: Int
    let headers: HTTPFields
    let text: String

    /// The page without what differs from one answer to the next.
    var page: String { text.replacing(/nonce="[a-z0-9]+"/, with: "") }

    /// What a browser sends back of `Set-Cookie`.
    var cookie: String? { headers[.setCookie]?.split(separator: ";").first.map(String.init) }
}

/// Keeps what a response body writes. `@unchecked Sendable`: one test writes and then reads it.
private final class Collector: ResponseBodyWriter, @unchecked Sendable {
    var buffer = ByteBuffer()
    func write(_ part: ByteBuffer) async throws { buffer.writeImmutableBuffer(part) }
    consuming func finish(_ trailingHeaders: HTTPFields?) async throws {}
}
