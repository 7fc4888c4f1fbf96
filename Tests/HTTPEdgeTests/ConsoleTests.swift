import Console
import Hummingbird
import NIOCore
import Testing

@testable import HTTPEdge

@Suite("The console")
struct ConsoleTests {
    func ask(
        _ path: String, _ method: HTTPRequest.Method = .get, accept: String? = "text/html,*/*",
        origin: String = "https://drive.test"
    ) async throws -> (Response, String) {
        var headers: HTTPFields = [:]
        headers[.accept] = accept
        let request = EdgeRequest(
            method: method, path: path, query: "", headers: headers, body: RequestBody(buffer: ByteBuffer()),
            origin: origin,
            isTrustedTransport: true, remoteAddress: "127.0.0.1", id: "test", log: .init(label: "test"))
        let response = try await ConsoleSurface().respond(to: request)
        let collector = BodyCollector()
        try await response.body.write(CollectingWriter(collector: collector))
        return (response, String(decoding: await collector.bytes, as: UTF8.self))
    }

    @Test("the page shows both doors on the caller's origin and loads nothing")
    func welcome() async throws {
        let (response, html) = try await ask("/")
        #expect(response.status == .ok)
        #expect(html.contains("https://drive.test/rest/") && html.contains("https://drive.test/v1.0/"))
        #expect(html.contains("href=\"/healthz\""))
        #expect(!html.contains("<script") && !html.contains("src=") && !html.contains("url("))
        let policy = try #require(response.headers[.contentSecurityPolicy])
        #expect(policy.hasPrefix("default-src 'none';") && !policy.contains("unsafe"))
        let nonce = try #require(policy.split(separator: "'").first { $0.hasPrefix("nonce-") }).dropFirst(6)
        #expect(html.contains("<style nonce=\"\(nonce)\">"))
    }

    @Test("an origin cannot break out of the page")
    func escaping() async throws {
        let (_, html) = try await ask("/", origin: "http://a\"><script>'&")
        #expect(!html.contains("<script>"))
        #expect(html.contains("http://a&quot;&gt;&lt;script&gt;&#39;&amp;/rest/"))
    }

    @Test("unknown addresses are a page to browsers and JSON to others; other methods are refused")
    func refusals() async throws {
        let (page, html) = try await ask("/nowhere")
        #expect(page.status == .notFound && html.hasPrefix("<!DOCTYPE html>"))
        let (plain, json) = try await ask("/nowhere", .post, accept: "*/*")
        #expect(plain.status == .notFound && json.hasPrefix("{\"error\":\"not_found\""))
        #expect(try await ask("/", .post).0.status == .methodNotAllowed)
        #expect(try await ask("/favicon.ico").0.status == .noContent)
    }
}
