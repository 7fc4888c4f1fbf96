import Hummingbird
import Logging
import NIOCore

/// What a responder needs to know of the connection.
struct ConnectionContext: InitializableFromSource {
    let channel: any Channel
    init(source: ApplicationRequestContextSource) { channel = source.channel }
}

/// Makes an `EdgeRequest` of what arrived and hands it to the first surface that claims its path.
struct EdgeResponder: HTTPResponder {
    let settings: EdgeSettings
    let trustedProxies: [AddressBlock]
    let surfaces: [any Surface]
    let log: Logger

    func respond(to request: Request, context: ConnectionContext) async throws -> Response {
        let id = RandomHex.text(words: 1)
        let start = ContinuousClock.now
        var response = await answer(request, id: id, channel: context.channel)
        response.headers.append(HTTPFields.Element(name: .requestID, value: id))
        // Never the path: webhook codes and signed links are in it.
        log.debug(
            "answered",
            metadata: [
                "request": "\(id)", "method": "\(request.method)", "status": "\(response.status.code)",
                "duration": "\(ContinuousClock.now - start)",
            ])
        return request.method == .head ? Self.withoutBody(response) : response
    }

    private func answer(_ request: Request, id: String, channel: any Channel) async -> Response {
        guard let target = RequestTarget(request.head.path) else {
            return .refusal(.badRequest, "bad_request", "The request target is not a path.")
        }
        guard let surface = surfaces.first(where: { $0.claims(target.path) }) else {
            return .refusal(.notFound, "not_found", "There is nothing at this address.")
        }
        let vantage = Vantage(
            settings: settings, trustedProxies: trustedProxies, headers: request.headers,
            authority: request.head.authority, peer: channel.remoteAddress, local: channel.localAddress)
        // Without a length and a transfer coding there is none (RFC 9112 section 6.3), and nothing to wait for.
        let hasBody = request.headers[.contentLength] != nil || request.headers[.transferEncoding] != nil
        let expectsContinue = request.headers[.expect] != nil
        let edgeRequest = EdgeRequest(
            method: request.method, path: target.path, query: target.query, headers: request.headers,
            body: hasBody ? request.body : RequestBody(buffer: ByteBuffer()), origin: vantage.origin, hasBody: hasBody,
            isTrustedTransport: vantage.isTrustedTransport, remoteAddress: vantage.remoteAddress, id: id, log: log,
            whenBodyWanted: {
                if expectsContinue { channel.triggerUserOutboundEvent(BodyWanted(), promise: nil) }
            },
            settled: { try await channel.eventLoop.submit {}.get() },
            transfer: settings.tls == nil ? FileTransfer(channel: channel) : nil)
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
