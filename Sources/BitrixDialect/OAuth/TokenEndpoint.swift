import DriveCore
import HTTPEdge
import Hummingbird

/// `/oauth/token/`: exchanges codes and refresh tokens (vendor pages `settings/oauth`). On the vendor's side this is a
/// server of its own; here it is the portal's own host, as `server_endpoint` says.
struct TokenEndpoint: Sendable {
    private let drive: Drive
    private let terms: TokenTerms
    /// Requests with a wrong client id or secret, by address.
    private let failures = FailureLimit(.init(capacity: 50, drainPerSecond: 0.5))

    private static let accessLifetimeMs: Int64 = 3600 * 1000
    private static let refreshLifetimeMs: Int64 = 180 * 86_400 * 1000

    init(drive: Drive) {
        self.drive = drive
        terms = TokenTerms(
            kind: .bitrix24, accessLifetimeMs: Self.accessLifetimeMs, refreshLifetimeMs: Self.refreshLifetimeMs
        ) { draft in draft.id }
    }

    /// With and without a slash at the end, or too many of them. Asked of every request, so it looks at the first letter
    /// before it takes the path apart.
    static func claims(_ path: String) -> Bool {
        guard path.utf8.first(where: { $0 != UInt8(ascii: "/") }) == UInt8(ascii: "o") else { return false }
        let steps = path.utf8.split(separator: UInt8(ascii: "/"))
        return steps.count == 2 && steps[0].elementsEqual("oauth".utf8) && steps[1].elementsEqual("token".utf8)
    }

    func response(to request: EdgeRequest) async throws -> Response {
        do {
            guard request.isTrustedTransport else { throw Failure.system(.httpsRequired) }
            guard request.method == .get || request.method == .post else { throw Failure.system(.verbNotAllowed) }
            return .json(.ok, try await answer(request))
        } catch let error as CancellationError {
            throw error
        } catch {
            let failure = failure(error, request)
            var response = Response.json(.init(code: failure.status), Envelope.failure(failure))
            if failure.status == 405 { response.headers[.allow] = "GET, POST" }
            if let limit = error as? FailureLimit.Reached { response.headers[.retryAfter] = "\(limit.seconds)" }
            return response
        }
    }

    private func failure(_ error: any Error, _ request: EdgeRequest) -> Failure {
        switch error {
        case is FailureLimit.Reached: .system(.queryLimitExceeded)
        case let error as ParsingError: Failure(400, "invalid_request", Failure(error).text)
        default: Failure(error, log: request.log)
        }
    }

    private func answer(_ request: EdgeRequest) async throws -> Value {
        let form = TokenForm(try await request.parameters(limits: .form, diversion: nil).tree)
        let grantType = try form.text("grant_type")
        let client = ClientProof(id: try form.text("client_id"), secret: try form.text("client_secret"))
        switch grantType {
        case "authorization_code":
            let code = try form.text("code")
            let pair = try await limited(request) { try await drive.tokens(forCode: code, by: client, terms) }
            return wire(pair, isRefreshed: false, request)
        case "refresh_token":
            let token = try form.text("refresh_token")
            let pair = try await limited(request) { try await drive.tokens(forRefreshToken: token, by: client, terms) }
            return wire(pair, isRefreshed: true, request)
        default: throw Failure(400, "invalid_request", "The grant_type is not supported")
        }
    }

    /// Refuses an address that has shown too many wrong secrets.
    private func limited(
        _ request: EdgeRequest, _ exchange: () async throws -> TokenPair
    ) async throws -> TokenPair {
        try await failures.counting(
            request.remoteAddress, atMs: drive.now(),
            when: { error in
                let error = error as? DriveError
                return error == .token(.unknownClient) || error == .token(.wrongSecret)
            }, exchange)
    }

    /// - Parameter isRefreshed: the user is named in the answer to a refresh only.
    private func wire(_ pair: TokenPair, isRefreshed: Bool, _ request: EdgeRequest) -> Value {
        let host = Portal.host(of: request.origin)
        var members: [Value.Member] = [
            .init("access_token", .string(pair.accessToken)),
            .init("refresh_token", .string(pair.refreshToken)),
            .init("expires_in", .int(pair.secondsLeft(atMs: drive.now()))),
            .init("expires", .int(pair.accessExpiresMs / 1000)),
            .init("client_endpoint", .string(request.origin + "/rest/")),
            .init("server_endpoint", .string(request.origin + "/rest/")),
            .init("domain", .string(host)),
            .init("member_id", .string(Portal.memberID(of: drive.account))),
            .init("scope", .string(Portal.text(of: pair.scopes))),
            .init("status", "L"),
        ]
        if isRefreshed { members.append(.init("user_id", .int(pair.person.rawValue))) }
        return .object(members)
    }
}

/// The fields of a token request.
private struct TokenForm {
    private let tree: Value

    init(_ tree: Value) { self.tree = tree }

    /// - Throws: `Failure` when the field is missing, empty or no text.
    func text(_ name: String) throws -> String {
        guard let text = tree[name]?.text, !text.isEmpty else {
            throw Failure(400, "invalid_request", "The parameter \(name) is missing")
        }
        return text
    }
}
