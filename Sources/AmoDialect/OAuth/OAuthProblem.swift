import DriveCore
import HTTPEdge
import Hummingbird

/// Why no tokens were given, in the one envelope the vendor's token endpoint has for it. Clients read `hint` first.
struct OAuthProblem: Error, Equatable {
    /// What was exchanged; the hints differ.
    enum Grant: String, Sendable {
        case code = "authorization_code"
        case refresh = "refresh_token"
    }

    let status: Int
    let hint: String
    /// Seconds; nil: trying again will not help.
    var retryAfter: Int64?

    init(_ status: Int, _ hint: String) {
        self.status = status
        self.hint = hint
    }

    /// A field that is missing or wrong.
    static func check(_ field: String) -> OAuthProblem { OAuthProblem(400, "Check the `\(field)` parameter") }

    init(_ limit: FailureLimit.Reached) {
        self.init(429, "Too many requests")
        retryAfter = limit.seconds
    }

    init(_ problem: DriveError.TokenProblem, _ grant: Grant) {
        switch (problem, grant) {
        case (.unknownClient, _), (.wrongSecret, _), (.clientRevoked, _): self.init(401, "Invalid client")
        case (.redirectDiffers, _): self = .check("redirect_uri")
        case (.unknown, .code): self.init(400, "Cannot decrypt the authorization code")
        case (.expired, .code): self.init(400, "Authorization code has expired")
        case (.used, .code), (.ended, .code), (.noAccess, .code), (.scopesExceedCard, .code):
            self.init(400, "Authorization code has been revoked")
        case (.unknown, .refresh): self.init(401, "Cannot decrypt the refresh token")
        case (.expired, .refresh): self.init(401, "Token has expired")
        case (.used, .refresh), (.ended, .refresh), (.noAccess, .refresh), (.scopesExceedCard, .refresh):
            self.init(401, "Token has been revoked")
        }
    }

    var response: Response {
        var response = Response.json(
            .init(code: status),
            [
                "title": "Некорректный запрос",
                "type": "https://developers.amocrm.ru/v3/errors/OAuthProblemJson",
                "status": .int(Int64(status)),
                "detail": "В запросе отсутствует ряд параметров или параметры невалидны",
                "hint": .string(hint),
            ])
        response.headers[.contentType] = "application/problem+json"
        if let retryAfter { response.headers[.retryAfter] = "\(retryAfter)" }
        return response
    }
}
