import HTTPEdge
import Hummingbird

/// What a person sees in a browser: a page that says what this server is and how to reach it, and the pages where they
/// sign in and consent. Claims every path, so it must be asked last; what it does not know is answered 404, as a page to
/// browsers and as JSON to everyone else.
package struct ConsoleSurface: Surface {
    private let authorization: AuthorizationPages?

    /// - Parameter authorization: nil: nobody can sign in.
    package init(authorization: AuthorizationPages? = nil) { self.authorization = authorization }

    package func claims(_ path: String) -> Bool { true }

    package func respond(to request: EdgeRequest) async throws -> Response {
        if let authorization, let door = authorization.door(at: request.path) {
            return try await authorization.response(to: request, at: door)
        }
        switch request.path {
        case "/", "/favicon.ico":
            guard request.method == .get || request.method == .head else {
                return Response(status: .methodNotAllowed, headers: [.allow: "GET, HEAD"])
            }
            if request.path == "/favicon.ico" {
                return Response(status: .noContent, headers: [.cacheControl: "public, max-age=86400"])
            }
            return PageResponse.page(.ok) { WelcomePage(origin: request.origin).html(nonce: $0) }
        default:
            guard request.headers[.accept]?.contains("text/html") == true else {
                return .json(
                    .notFound, ["error": "not_found", "error_description": "There is nothing at this address."])
            }
            return PageResponse.page(.notFound) { NotFoundPage().html(nonce: $0) }
        }
    }
}
