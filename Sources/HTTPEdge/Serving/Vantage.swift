import Hummingbird
import NIOCore

/// Where a request came from and which origin its client used, as far as it can be believed.
struct Vantage {
    let origin: String
    let isTrustedTransport: Bool
    /// Nil: a socket without one.
    let client: HostAddress?

    /// - Parameter authority: the `Host` header.
    /// - Parameter local: where the connection was accepted.
    init(
        settings: EdgeSettings, trustedProxies: [AddressBlock], headers: HTTPFields, authority: String?,
        peer: Peer, local: SocketAddress?
    ) {
        // The last element is what the believed proxy itself saw; those before it came from its client.
        let forwardedScheme = peer.isTrustedProxy ? Self.last(headers, Forwarding.scheme)?.lowercased() : nil
        let forwardedHost = peer.isTrustedProxy ? Self.last(headers, Forwarding.host) : nil

        let ownScheme = settings.tls == nil ? "http" : "https"
        let scheme = forwardedScheme.flatMap { $0 == "http" || $0 == "https" ? $0 : nil } ?? ownScheme
        func believable(_ host: String?) -> String? { host.flatMap { Self.isHost($0) ? $0 : nil } }
        let host = believable(forwardedHost) ?? believable(authority)
        origin = settings.publicURL ?? scheme + "://" + (host ?? Self.listening(settings, local))

        isTrustedTransport =
            settings.tls != nil || settings.allowsPlainHTTP || forwardedScheme == "https"
            || (peer.isLoopback && !headers.contains { Forwarding.all.contains($0.name) })

        var client = peer.address
        if peer.isTrustedProxy {
            for text in Self.list(headers, Forwarding.address).reversed() {
                guard let address = HostAddress(text) else { break }
                client = address
                if !trustedProxies.cover(address) { break }
            }
        }
        self.client = client
    }

    private typealias FieldName = HTTPFields.Element.Name

    /// What proxies tell of the request they pass on.
    private enum Forwarding {
        static let address = FieldName("X-Forwarded-For")!
        static let scheme = FieldName("X-Forwarded-Proto")!
        static let host = FieldName("X-Forwarded-Host")!
        static let all = [address, scheme, host, FieldName("Forwarded")!]
    }

    private static func list(_ headers: HTTPFields, _ name: FieldName) -> [String] {
        headers[values: name].flatMap { $0.split(separator: ",") }.map { $0.filter { $0 != " " && $0 != "\t" } }
    }

    private static func last(_ headers: HTTPFields, _ name: FieldName) -> String? { list(headers, name).last }

    private static func listening(_ settings: EdgeSettings, _ local: SocketAddress?) -> String {
        let isEverywhere = settings.host == "0.0.0.0" || settings.host == "::" || settings.host.isEmpty
        let name = isEverywhere ? "localhost" : settings.host.contains(":") ? "[\(settings.host)]" : settings.host
        return "\(name):\(local?.port ?? settings.port)"
    }

    /// True for `name`, `name:port`, `[v6]` and `[v6]:port`, and for nothing that could break out of a link.
    static func isHost(_ text: String) -> Bool {
        guard 1...260 ~= text.utf8.count else { return false }
        var text = text
        return text.withUTF8 { bytes in
            let end: Int
            if bytes.first == UInt8(ascii: "[") {
                guard let bracket = bytes.firstIndex(of: UInt8(ascii: "]")),
                    let address = HostAddress(String(decoding: bytes[1..<bracket], as: UTF8.self)),
                    address.bytes.count == 16
                else { return false }
                end = bracket + 1
            } else {
                let name = bytes.prefix { $0 != UInt8(ascii: ":") }
                guard !name.isEmpty, name.allSatisfy(isOfName) else { return false }
                end = name.endIndex
            }
            return end == bytes.count || isPort(bytes[end...])
        }
    }

    private static func isOfName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
            true
        default: false
        }
    }

    /// A colon and a number from 1 to 65535.
    private static func isPort(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        let digits = bytes.dropFirst()
        return bytes.first == UInt8(ascii: ":")
            && digits.allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
            && UInt16(String(decoding: digits, as: UTF8.self)).map { $0 > 0 } ?? false
    }
}
