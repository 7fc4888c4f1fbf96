import DriveCore
import HTTPEdge
import Hummingbird

/// `/oauth2/...`: exchanges codes and refresh tokens, and tells whose account a token is of.
enum TokenRoutes {
    static let all: [Route] = [
        .open(.post, "/oauth2/access_token", exchange),
        .open(.get, "/oauth2/account/current/subdomain", accountOfRefreshToken),
        Route(.get, "/oauth2/account/subdomain", .scoped([], accountOfAccessToken)),
    ]

    @Sendable private static func exchange(_ visit: Visit) async throws -> Answer {
        do {
            var response = Response.json(.ok, try await tokens(visit))
            response.headers[.contentType] = "application/json"
            return .other(response)
        } catch let problem as OAuthProblem {
            return .other(problem.response)
        } catch let limit as FailureLimit.Reached {
            return .other(OAuthProblem(limit).response)
        } catch is ParsingError {
            return .other(OAuthProblem(400, "The request could not be read").response)
        }
    }

    private static func tokens(_ visit: Visit) async throws -> Value {
        let tree = try await visit.request.parameters(limits: .form, diversion: nil).tree
        func field(_ name: String) throws -> String {
            guard let text = tree[name]?.text, !text.isEmpty else { throw OAuthProblem.check(name) }
            return text
        }
        guard let grant = OAuthProblem.Grant(rawValue: try field("grant_type")) else {
            throw OAuthProblem.check("grant_type")
        }
        let id = try field("client_id")
        let secret = try field("client_secret")
        let shown = try field(grant == .code ? "code" : "refresh_token")
        let client = ClientProof(id: id, secret: secret, redirectURI: try field("redirect_uri"))
        let drive = visit.drive
        let terms = AccessToken.terms(of: drive.account, apiDomain: AccountHost(visit.request.origin).name)
        do {
            let pair = try await visit.clientFailures.counting(
                visit.request.remoteAddress, atMs: drive.now(), when: isGuess
            ) {
                switch grant {
                case .code: try await drive.tokens(forCode: shown, by: client, terms)
                case .refresh: try await drive.tokens(forRefreshToken: shown, by: client, terms)
                }
            }
            let now = drive.now()
            return [
                "token_type": "Bearer", "expires_in": .int(pair.secondsLeft(atMs: now)),
                "server_time": .int(now / 1000), "access_token": .string(pair.accessToken),
                "refresh_token": .string(pair.refreshToken),
            ]
        } catch DriveError.token(let problem) {
            throw OAuthProblem(problem, grant)
        }
    }

    private static func isGuess(_ error: any Error) -> Bool {
        let error = error as? DriveError
        return error == .token(.unknownClient) || error == .token(.wrongSecret)
    }

    /// A client whose refresh was refused asks this before it tries again: an old token is as good as a new one.
    @Sendable private static func accountOfRefreshToken(_ visit: Visit) async throws -> Answer {
        guard let token = visit.request.headers[.refreshToken],
            try await visit.drive.knowsRefreshToken(token, kind: .amocrm)
        else { throw Failure.unauthorized }
        return account(visit)
    }

    @Sendable private static func accountOfAccessToken(_ call: Call) async throws -> Answer { account(call.visit) }

    private static func account(_ visit: Visit) -> Answer {
        let (account, host) = (visit.drive.account, AccountHost(visit.request.origin))
        var response = Response.json(
            .ok,
            [
                "id": .int(account.id), "subdomain": .string(account.subdomain), "domain": .string(host.name),
                "top_level_domain": .string(host.topLevelDomain),
            ])
        response.headers[.contentType] = "application/json"
        return .other(response)
    }
}

extension HTTPFields.Element.Name {
    fileprivate static let refreshToken = Self("X-Refresh-Token")!
}
