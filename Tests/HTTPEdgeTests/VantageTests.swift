import Hummingbird
import NIOCore
import Testing

@testable import HTTPEdge

@Suite("Where a request came from")
struct VantageTests {
    static func vantage(
        peer: String = "127.0.0.1", host: String? = "files.example.test", _ headers: HTTPFields = [:],
        change: (inout EdgeSettings) -> Void = { _ in }
    ) throws -> Vantage {
        var settings = EdgeSettings()
        change(&settings)
        let local = try SocketAddress(ipAddress: "127.0.0.1", port: 8123)
        let proxies = settings.trustedProxies.compactMap(AddressBlock.init)
        return Vantage(
            settings: settings, trustedProxies: proxies, headers: headers, authority: host,
            peer: Peer(try SocketAddress(ipAddress: peer, port: 40_000), trustedProxies: proxies), local: local)
    }

    static let proto = HTTPFields.Element.Name("X-Forwarded-Proto")!
    static let host = HTTPFields.Element.Name("X-Forwarded-Host")!
    static let forwardedFor = HTTPFields.Element.Name("X-Forwarded-For")!

    @Test(
        "the origin is what the client used, if that is an origin",
        arguments: [
            ("files.example.test", "http://files.example.test"), ("127.0.0.1:8080", "http://127.0.0.1:8080"),
            ("[::1]:8080", "http://[::1]:8080"), ("a_b-c.d", "http://a_b-c.d"),
            ("evil.test/x", "http://127.0.0.1:8123"),
            ("evil.test\"", "http://127.0.0.1:8123"), ("a@b", "http://127.0.0.1:8123"),
            ("a:0", "http://127.0.0.1:8123"),
            ("a:70000", "http://127.0.0.1:8123"), ("a:", "http://127.0.0.1:8123"), ("", "http://127.0.0.1:8123"),
            ("[x]", "http://127.0.0.1:8123"), ("[::1]\u{301}:80", "http://127.0.0.1:8123"),
            ("[\u{301}::1]", "http://127.0.0.1:8123"), ("a b", "http://127.0.0.1:8123"), (nil, "http://127.0.0.1:8123"),
        ] as [(String?, String)])
    func origins(host: String?, origin: String) throws {
        #expect(try Self.vantage(host: host).origin == origin)
    }

    @Test("forwarded headers of strangers are not believed")
    func strangers() throws {
        let forwarded: HTTPFields = [Self.proto: "https", Self.host: "evil.test", Self.forwardedFor: "1.2.3.4"]
        let vantage = try Self.vantage(peer: "203.0.113.9", forwarded) { $0.trustedProxies = ["10.0.0.0/8"] }
        #expect(vantage.origin == "http://files.example.test")
        #expect(!vantage.isTrustedTransport)
        #expect(vantage.client?.description == "203.0.113.9")
    }

    @Test("forwarded headers of trusted proxies are")
    func proxies() throws {
        let forwarded: HTTPFields = [
            Self.proto: "https", Self.host: "drive.example.test", Self.forwardedFor: "6.6.6.6, 203.0.113.9, 10.1.1.1",
        ]
        let vantage = try Self.vantage(peer: "10.0.0.7", forwarded) { $0.trustedProxies = ["10.0.0.0/8"] }
        #expect(vantage.origin == "https://drive.example.test")
        #expect(vantage.isTrustedTransport)
        #expect(vantage.client?.description == "203.0.113.9")
        let plain = try Self.vantage(peer: "10.0.0.7", [Self.proto: "http"]) { $0.trustedProxies = ["10.0.0.0/8"] }
        #expect(!plain.isTrustedTransport)
    }

    @Test("plain HTTP is trusted on loopback, not for whom something forwards there")
    func loopback() throws {
        #expect(try Self.vantage().isTrustedTransport)
        #expect(try Self.vantage(peer: "::1").isTrustedTransport)
        #expect(try Self.vantage(peer: "::ffff:127.0.0.1").isTrustedTransport)
        #expect(try !Self.vantage(peer: "192.168.1.5").isTrustedTransport)
        #expect(try !Self.vantage([Self.forwardedFor: "1.2.3.4"]).isTrustedTransport)
        #expect(try Self.vantage(peer: "192.168.1.5") { $0.allowsPlainHTTP = true }.isTrustedTransport)
        #expect(try Self.vantage(peer: "192.168.1.5") { $0.tls = ("c", "k") }.isTrustedTransport)
        #expect(try Self.vantage { $0.tls = ("c", "k") }.origin == "https://files.example.test")
        #expect(try Self.vantage { $0.publicURL = "https://p.test" }.origin == "https://p.test")
    }

    @Test(
        "address blocks",
        arguments: [
            ("10.0.0.0/8", "10.255.0.1", true), ("10.0.0.0/8", "11.0.0.1", false),
            ("192.168.1.128/25", "192.168.1.200", true),
            ("192.168.1.128/25", "192.168.1.100", false), ("1.2.3.4", "1.2.3.4", true), ("1.2.3.4", "1.2.3.5", false),
            ("0.0.0.0/0", "8.8.8.8", true), ("0.0.0.0/0", "::1", false), ("2001:db8::/33", "2001:db8:7fff::1", true),
            ("2001:db8::/33", "2001:db8:8000::1", false), ("::/0", "::1", true),
            ("127.0.0.1", "::ffff:127.0.0.1", true),
        ])
    func blocks(block: String, address: String, contains: Bool) throws {
        #expect(try #require(AddressBlock(block)).contains(try #require(HostAddress(address))) == contains)
    }

    @Test(
        "texts that are no block",
        arguments: ["", "x", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/", "::1/129", "10.0.0.0/8/8", "10.0.0/8"])
    func noBlocks(text: String) {
        #expect(AddressBlock(text) == nil)
        var settings = EdgeSettings()
        settings.trustedProxies = [text]
        #expect(throws: EdgeSettingsError.self) {
            try EdgeServer(settings: settings, surfaces: [], log: .init(label: "t"))
        }
    }

    @Test(
        "request targets",
        arguments: [
            ("/a?b=c?d", "/a", "b=c?d"), ("/", "/", ""), ("//a//b/", "//a//b/", ""), ("/a%2Fb?", "/a%2Fb", ""),
            ("http://h.test/a?b", "/a", "b"), ("HTTPS://h.test?b", "/", "b"), ("/a#f?b", "/a", ""),
        ])
    func targets(text: String, path: String, query: String) {
        let target = RequestTarget(text)
        #expect(target?.path == path)
        #expect(target?.query == query)
    }

    @Test("what is no target", arguments: ["*", "", "a/b", "h.test:443"])
    func noTargets(text: String) { #expect(RequestTarget(text) == nil) }
}
