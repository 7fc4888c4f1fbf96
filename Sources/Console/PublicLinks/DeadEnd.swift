import HTTPEdge
import Hummingbird

/// Where a link leads that leads nowhere.
enum DeadEnd {
    /// One answer for everything that is not there, so that nobody learns what once was.
    case nothing
    /// Wrong too often; after so many seconds there may be another try.
    case tooMany(seconds: Int64)

    func response(to request: EdgeRequest) -> Response {
        switch self {
        case .nothing:
            guard LinkPage.isWanted(by: request) else {
                return .json(
                    .notFound, ["error": "not_found", "error_description": "There is nothing at this address."])
            }
            return LinkPage.response(
                .notFound, title: "Nothing here",
                body: """
                    <h1>Nothing here</h1>
                    <p class="lead">This link leads nowhere, or no longer does. It may have expired, been withdrawn or
                    been used as often as it could be, or lost a piece on its way to you: ask whoever sent it for a new
                    one.</p>
                    """)
        case .tooMany(let seconds):
            var response: Response
            if LinkPage.isWanted(by: request) {
                response = LinkPage.response(
                    .tooManyRequests, title: "Please wait",
                    body: """
                        <h1>Please wait</h1>
                        <p class="lead">There were too many wrong tries from where you are. Try again in
                        \(seconds) seconds.</p>
                        """)
            } else {
                response = .json(
                    .tooManyRequests,
                    ["error": "too_many_requests", "error_description": "Too many wrong tries: wait."])
            }
            response.headers[.retryAfter] = String(seconds)
            return response
        }
    }
}
