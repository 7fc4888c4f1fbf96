import HTTPEdge
import Hummingbird
import NIOCore

/// What a person sees in a browser: a page that says what this server is and how to reach it. Claims every path, so it
/// must be asked last; what it does not know is answered 404, as a page to browsers and as JSON to everyone else.
package struct ConsoleSurface: Surface {
    package init() {}

    package func claims(_ path: String) -> Bool { true }

    package func respond(to request: EdgeRequest) async throws -> Response {
        switch request.path {
        case "/", "/favicon.ico":
            guard request.method == .get || request.method == .head else {
                return Response(status: .methodNotAllowed, headers: [.allow: "GET, HEAD"])
            }
            if request.path == "/favicon.ico" {
                return Response(status: .noContent, headers: [.cacheControl: "public, max-age=86400"])
            }
            return Self.page(.ok) { WelcomePage(origin: request.origin).html(nonce: $0) }
        default:
            guard request.headers[.accept]?.contains("text/html") == true else {
                return .json(
                    .notFound, ["error": "not_found", "error_description": "There is nothing at this address."])
            }
            return Self.page(.notFound) { NotFoundPage().html(nonce: $0) }
        }
    }

    /// A page that may load nothing and run nothing; only its own style, named by the nonce, applies.
    private static func page(_ status: HTTPResponse.Status, html: (String) -> String) -> Response {
        let nonce =
            String(UInt64.random(in: .min ... .max), radix: 36) + String(UInt64.random(in: .min ... .max), radix: 36)
        let policy =
            "default-src 'none'; style-src 'nonce-\(nonce)'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        let headers: HTTPFields = [
            .contentType: "text/html; charset=utf-8", .contentSecurityPolicy: policy, .cacheControl: "no-store",
            .xContentTypeOptions: "nosniff",
        ]
        return Response(
            status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(string: html(nonce))))
    }
}
