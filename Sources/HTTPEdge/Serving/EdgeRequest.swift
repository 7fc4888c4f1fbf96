import Hummingbird
import Logging
import NIOCore

/// A request as every surface sees it.
package final class EdgeRequest: Sendable {
    package let method: HTTPRequest.Method
    /// The path as sent, still percent-encoded, without the query; always starts with `/`.
    package let path: String
    /// The query as sent, without `?`; empty when there is none.
    package let query: String
    package let headers: HTTPFields
    package let body: RequestBody
    /// False when its framing says that there is none, and nothing is to be waited for.
    let hasBody: Bool
    /// `scheme://host[:port]` that links are built on: `--public-url`, or the origin the client used.
    package let origin: String
    /// True over TLS, behind a trusted proxy that says https, on loopback, or with `--allow-plain-http`.
    package let isTrustedTransport: Bool
    /// The client's address as far as trusted proxies tell it. Spelled out when it is asked for.
    package var remoteAddress: String {
        switch client {
        case .address(let address): address?.description ?? "unknown"
        case .text(let text): text
        }
    }
    private let client: Client
    /// Unique per request; in every log line and in `X-Request-Id`.
    package let id: String
    private let serverLog: Logger
    /// Nil: the request came from no socket, as in tests.
    private let connection: Connection?

    private enum Client {
        case address(HostAddress?)
        case text(String)
    }

    /// Every line of it names the request. Made when it is asked for: most requests write no line.
    package var log: Logger {
        var log = serverLog
        log[metadataKey: "request"] = "\(id)"
        return log
    }

    /// A request that came from no socket.
    package init(
        method: HTTPRequest.Method, path: String, query: String, headers: HTTPFields, body: RequestBody, origin: String,
        isTrustedTransport: Bool, remoteAddress: String, id: String, log: Logger
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self.body = body
        self.origin = origin
        self.isTrustedTransport = isTrustedTransport
        self.id = id
        hasBody = true
        client = .text(remoteAddress)
        serverLog = log
        connection = nil
    }

    init(
        _ request: Request, _ target: RequestTarget, of connection: Connection, _ vantage: Vantage, id: String,
        log: Logger
    ) {
        method = request.method
        path = target.path
        query = target.query
        headers = request.headers
        // Without a length and a transfer coding there is none (RFC 9112 section 6.3), and nothing to wait for.
        hasBody = headers[.contentLength] != nil || headers[.transferEncoding] != nil
        body = hasBody ? request.body : RequestBody(buffer: ByteBuffer())
        origin = vantage.origin
        isTrustedTransport = vantage.isTrustedTransport
        self.id = id
        client = .address(vantage.client)
        serverLog = log
        self.connection = connection
    }

    /// Called when the body is first asked for: a client that waits for `100 Continue` is told to go on.
    func wantBody() { if headers[.expect] != nil { connection?.wantBody() } }

    /// Returns once what was written so far has reached the connection's own queue.
    func settle() async throws { try await connection?.settle() }

    /// Hands files to the kernel; nil where the bytes must pass through this program.
    var transfer: FileTransfer? { connection?.transfer }
}

/// A family of paths with its own manners: a dialect, the console, the health probes.
package protocol Surface: Sendable {
    /// - Parameter path: as in `EdgeRequest.path`.
    func claims(_ path: String) -> Bool
    /// Answers every request, errors included; throws only when the connection is beyond answering.
    func respond(to request: EdgeRequest) async throws -> Response
}
