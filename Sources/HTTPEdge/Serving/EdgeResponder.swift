import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1

/// Makes an `EdgeRequest` of what arrived and hands it to the first surface that claims its path.
struct EdgeResponder: Sendable {
    let settings: EdgeSettings
    let trustedProxies: [AddressBlock]
    let surfaces: [any Surface]
    let log: Logger

    /// - Throws: when the connection is beyond answering.
    func respond(to request: Request, of connection: Connection, _ writer: consuming ResponseWriter) async throws {
        let id = RandomHex.text(words: 1)
        // Nobody looks at the clock where nobody reads how long it took.
        let start = log.logLevel <= .debug ? ContinuousClock.now : nil
        var response = await answer(request, id: id, connection)
        response.headers.append(HTTPFields.Element(name: .requestID, value: id))
        response.headers.append(HTTPFields.Element(name: .date, value: HTTPDate.now))
        if let start {
            // Never the path: webhook codes and signed links are in it.
            log.debug(
                "answered",
                metadata: [
                    "request": "\(id)", "method": "\(request.method)", "status": "\(response.status.code)",
                    "duration": "\(ContinuousClock.now - start)",
                ])
        }
        if request.method == .head { response = Self.withoutBody(response) }
        // Unsafe in name only: the framework's `write` leaves its caller's isolation, and the writer goes with it.
        nonisolated(unsafe) let writer = writer
        do {
            try await writer.write(response: response.head, body: response.body)
        } catch is HTTPParserError {
            // Whoever called would take it for the request's and answer a second time.
            throw AnswerCutShort()
        }
    }

    private func answer(_ request: Request, id: String, _ connection: Connection) async -> Response {
        guard let target = RequestTarget(request.head.path) else {
            return .refusal(.badRequest, "bad_request", "The request target is not a path.")
        }
        guard let surface = surfaces.first(where: { $0.claims(target.path) }) else {
            return .refusal(.notFound, "not_found", "There is nothing at this address.")
        }
        let edgeRequest = EdgeRequest(
            request, target, of: connection,
            Vantage(
                settings: settings, trustedProxies: trustedProxies, headers: request.headers,
                authority: request.head.authority, peer: connection.peer, local: connection.local),
            id: id, log: log)
        do {
            return try await surface.respond(to: edgeRequest)
        } catch is CancellationError {
            return .refusal(.serviceUnavailable, "shutting_down", "The server is stopping.")
        } catch let error as ParsingError {
            edgeRequest.log.debug("request could not be read", metadata: ["error": "\(error)"])
            return .refusal(.badRequest, "bad_request", "The request could not be read.")
        } catch {
            edgeRequest.log.error("unexpected failure", metadata: ["error": "\(error)"])
            return .refusal(.internalServerError, "internal_error", "The server failed; its log knows why.")
        }
    }

    private static func withoutBody(_ response: Response) -> Response {
        var headers = response.headers
        // Without a length the encoder would announce chunks and write an end to them.
        if headers[.contentLength] == nil { headers[.contentLength] = "0" }
        return Response(status: response.status, headers: headers)
    }
}

/// What followed the request cannot be read, found out while it was answered.
private struct AnswerCutShort: Error {}

/// The path and query of a request line.
struct RequestTarget: Equatable {
    let path: String
    let query: String

    /// Takes origin form and absolute form (RFC 9112 section 3.2); nil for anything else.
    init?(_ target: String?) {
        guard var rest = target else { return nil }
        if rest.utf8.first != UInt8(ascii: "/") { rest = String(Self.originForm(rest[...])) }
        let parts = rest.withUTF8 { bytes -> (path: String, query: String)? in
            guard bytes.first == UInt8(ascii: "/") else { return nil }
            let line = bytes.prefix { $0 != UInt8(ascii: "#") }
            let path = line.prefix { $0 != UInt8(ascii: "?") }
            return (
                String(decoding: UnsafeBufferPointer(rebasing: path), as: UTF8.self),
                String(decoding: UnsafeBufferPointer(rebasing: line[path.endIndex...].dropFirst()), as: UTF8.self)
            )
        }
        guard let parts else { return nil }
        (path, query) = parts
    }

    /// What follows the host in an absolute form; anything else as it is.
    private static func originForm(_ target: Substring) -> Substring {
        let lower = target.prefix(8).lowercased()
        guard let scheme = ["http://", "https://"].first(where: lower.hasPrefix) else { return target }
        let rest = target.dropFirst(scheme.count).drop { $0 != "/" && $0 != "?" }
        return rest.first == "/" ? rest : "/" + rest
    }
}

extension Response {
    /// A small JSON answer of the edge itself.
    static func refusal(_ status: HTTPResponse.Status, _ code: String, _ text: String) -> Response {
        .json(status, ["error": .string(code), "error_description": .string(text)])
    }

    /// `value` as an answer that no cache keeps.
    package static func json(_ status: HTTPResponse.Status, _ value: Value) -> Response {
        var buffer = ByteBuffer()
        value.writeJSON(into: &buffer)
        let headers: HTTPFields = [.contentType: "application/json; charset=utf-8", .cacheControl: "no-store"]
        return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: buffer))
    }
}

extension HTTPFields.Element.Name {
    static let requestID = Self("X-Request-Id")!
}
