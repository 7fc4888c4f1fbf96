import DriveCore
import HTTPEdge
import Hummingbird

/// Which of the vendor's two hosts a path belongs to. One server answers for both; they differ in content types.
enum Host: Sendable {
    /// `drive_url`: `/v1.0/`, `/upload/`, `/download/`, `/preview/`.
    case files
    /// `/api/v4/`, `/oauth2/`.
    case account

    init(path: String) {
        let path = path.drop { $0 == "/" }
        self = path.hasPrefix("api/") || path.hasPrefix("oauth2/") ? .account : .files
    }

    var successType: String { self == .files ? "application/json" : "application/hal+json" }
    var errorType: String { self == .files ? "application/json" : "application/problem+json" }
}

/// What a route answers.
enum Answer: Sendable {
    /// 200 with JSON.
    case value(Value)
    /// 201 with JSON.
    case created(Value)
    /// 202 or 204 without a body.
    case empty(HTTPResponse.Status)
    /// A download.
    case file(Response)
    /// An answer of another type than its host's.
    case other(Response)
}

/// A request nobody has vouched for: the URL itself is the credential.
struct Visit: Sendable {
    let drive: Drive
    let request: EdgeRequest
    /// What stood in the pattern's braces, percent-decoded.
    let captures: [String: String]
    let clientFailures: FailureLimit

    /// What stood there as a UUID in lower case.
    /// - Throws: 404 when it is none: no such thing can exist.
    func uuid(_ name: String) throws -> String {
        guard let uuid = captures[name].flatMap(UUIDText.init) else { throw Failure.notFound }
        return uuid.text
    }

    /// The query as a tree; an empty object without one.
    func query() throws -> Value { try Value.query(request.query) }
}

/// A request of an authenticated caller with the route's scopes.
struct Call: Sendable {
    let visit: Visit
    let caller: Caller

    var drive: Drive { visit.drive }
    var request: EdgeRequest { visit.request }
    var links: Links { Links(origin: request.origin, account: drive.account) }
}

/// One line of the routes table.
struct Route: Sendable {
    enum Action: Sendable {
        case open(@Sendable (Visit) async throws -> Answer)
        /// Needs a bearer token with all of these scopes.
        case scoped([String], @Sendable (Call) async throws -> Answer)
    }

    let method: HTTPRequest.Method
    /// `/v1.0/files/{uuid}`; a last `{name...}` takes any number of segments, none too.
    let pattern: String
    let action: Action
    private let segments: [Segment]

    private enum Segment: Sendable {
        case literal(String)
        case capture(String)
        case rest
    }

    init(_ method: HTTPRequest.Method, _ pattern: String, _ action: Action) {
        self.method = method
        self.pattern = pattern
        self.action = action
        segments = pattern.split(separator: "/").map { part in
            guard part.hasPrefix("{") else { return .literal(String(part)) }
            return part.hasSuffix("...}") ? .rest : .capture(String(part.dropFirst().dropLast()))
        }
    }

    static func files(
        _ method: HTTPRequest.Method, _ pattern: String, scopes: [String] = ["files"],
        _ run: @escaping @Sendable (Call) async throws -> Answer
    ) -> Route { Route(method, pattern, .scoped(scopes, run)) }

    static func account(
        _ method: HTTPRequest.Method, _ pattern: String, _ run: @escaping @Sendable (Call) async throws -> Answer
    ) -> Route { Route(method, pattern, .scoped(["crm"], run)) }

    static func open(
        _ method: HTTPRequest.Method, _ pattern: String, _ run: @escaping @Sendable (Visit) async throws -> Answer
    ) -> Route { Route(method, pattern, .open(run)) }

    /// The captures when the pattern fits the path's segments.
    func match(_ path: [String]) -> [String: String]? {
        var captures: [String: String] = [:]
        for (index, segment) in segments.enumerated() {
            if case .rest = segment { return captures }
            guard index < path.count else { return nil }
            switch segment {
            case .literal(let text): if path[index] != text { return nil }
            case .capture(let name): captures[name] = path[index]
            case .rest: break
            }
        }
        return path.count == segments.count ? captures : nil
    }
}
