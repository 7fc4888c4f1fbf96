import Hummingbird
import Logging

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
    package var remoteAddress: String { address() }
    private let address: @Sendable () -> String
    /// Unique per request; in every log line and in `X-Request-Id`.
    package let id: String
    private let serverLog: Logger
    /// Called when the body is first asked for: a client that waits for `100 Continue` is told to go on.
    let whenBodyWanted: @Sendable () -> Void
    /// Returns once what was written so far has reached the connection's own queue.
    let settled: @Sendable () async throws -> Void
    /// Hands files to the kernel; nil where the bytes must pass through this program (TLS).
    let transfer: FileTransfer?

    /// Every line of it names the request. Made when it is asked for: most requests write no line.
    package var log: Logger {
        var log = serverLog
        log[metadataKey: "request"] = "\(id)"
        return log
    }

    package convenience init(
        method: HTTPRequest.Method, path: String, query: String, headers: HTTPFields, body: RequestBody, origin: String,
        isTrustedTransport: Bool, remoteAddress: @autoclosure @escaping @Sendable () -> String, id: String, log: Logger,
        whenBodyWanted: @escaping @Sendable () -> Void = {},
        settled: @escaping @Sendable () async throws -> Void = {}
    ) {
        self.init(
            method: method, path: path, query: query, headers: headers, body: body, origin: origin,
            hasBody: true, isTrustedTransport: isTrustedTransport, remoteAddress: remoteAddress(), id: id, log: log,
            whenBodyWanted: whenBodyWanted, settled: settled, transfer: nil)
    }

    init(
        method: HTTPRequest.Method, path: String, query: String, headers: HTTPFields, body: RequestBody, origin: String,
        hasBody: Bool, isTrustedTransport: Bool, remoteAddress: @autoclosure @escaping @Sendable () -> String,
        id: String, log: Logger, whenBodyWanted: @escaping @Sendable () -> Void,
        settled: @escaping @Sendable () async throws -> Void, transfer: FileTransfer?
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self.body = body
        self.hasBody = hasBody
        self.origin = origin
        self.isTrustedTransport = isTrustedTransport
        address = remoteAddress
        self.id = id
        serverLog = log
        self.whenBodyWanted = whenBodyWanted
        self.settled = settled
        self.transfer = transfer
    }
}

/// A family of paths with its own manners: a dialect, the console, the health probes.
package protocol Surface: Sendable {
    /// - Parameter path: as in `EdgeRequest.path`.
    func claims(_ path: String) -> Bool
    /// Answers every request, errors included; throws only when the connection is beyond answering.
    func respond(to request: EdgeRequest) async throws -> Response
}
