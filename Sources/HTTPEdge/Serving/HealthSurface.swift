import Hummingbird

/// `/healthz`: the process answers. `/readyz`: everything it needs answers too.
package struct HealthSurface: Surface {
    /// Something the server cannot work without.
    package struct Part: Sendable {
        let name: String
        let check: @Sendable () async throws -> Void

        /// - Parameter check: throws when the part does not answer.
        package init(_ name: String, check: @escaping @Sendable () async throws -> Void) {
            self.name = name
            self.check = check
        }
    }

    private let parts: [Part]

    package init(parts: [Part]) { self.parts = parts }

    package func claims(_ path: String) -> Bool { path == "/healthz" || path == "/readyz" }

    package func respond(to request: EdgeRequest) async throws -> Response {
        guard request.method == .get || request.method == .head else {
            var response = Response.refusal(
                .methodNotAllowed, "method_not_allowed", "Only GET and HEAD are answered here.")
            response.headers[.allow] = "GET, HEAD"
            return response
        }
        guard request.path == "/readyz" else {
            let headers: HTTPFields = [.contentType: "text/plain; charset=utf-8", .cacheControl: "no-store"]
            return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(string: "ok\n")))
        }
        var states: [Value.Member] = []
        var isReady = true
        for part in parts {
            do {
                try await part.check()
                states.append(Value.Member(part.name, "ok"))
            } catch {
                request.log.warning("not ready", metadata: ["part": "\(part.name)", "error": "\(error)"])
                states.append(Value.Member(part.name, "failed"))
                isReady = false
            }
        }
        let status: Value = isReady ? "ready" : "not ready"
        return .json(isReady ? .ok : .serviceUnavailable, ["status": status, "parts": .object(states)])
    }
}
