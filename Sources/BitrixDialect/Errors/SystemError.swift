/// Errors that any call may get, with the status, code and text of the table every method page ends with, and below
/// them those the service gives without listing them there. The one place where their statuses stand.
enum SystemError: CaseIterable, Sendable {
    case internalServerError, unexpectedAnswer, queryLimitExceeded, batchMethodNotAllowed, batchLengthExceeded
    case noAuthFound, httpsRequired, overloadLimit, commercialPlansOnly, invalidCredentials, manifestNotAvailable
    case insufficientWebhookScope, expiredToken, userAccessError, portalDeleted

    case operationTimeLimit, methodNotFound, invalidToken, userNotAuthorized, insufficientTokenScope,
        applicationContextRequired
    case verbNotAllowed

    var failure: Failure {
        switch self {
        case .internalServerError: Failure(500, "INTERNAL_SERVER_ERROR", "Internal server error")
        case .unexpectedAnswer: Failure(500, "ERROR_UNEXPECTED_ANSWER", "Server returned an unexpected response")
        case .queryLimitExceeded: Failure(503, "QUERY_LIMIT_EXCEEDED", "Too many requests")
        case .batchMethodNotAllowed:
            Failure(405, "ERROR_BATCH_METHOD_NOT_ALLOWED", "Method is not allowed for batch usage")
        case .batchLengthExceeded: Failure(400, "ERROR_BATCH_LENGTH_EXCEEDED", "Max batch length exceeded")
        case .noAuthFound: Failure(401, "NO_AUTH_FOUND", "Wrong authorization data")
        case .httpsRequired: Failure(400, "INVALID_REQUEST", "Https required")
        case .overloadLimit: Failure(503, "OVERLOAD_LIMIT", "REST API is blocked due to overload")
        case .commercialPlansOnly: Failure(403, "ACCESS_DENIED", "REST API is available only on commercial plans")
        case .invalidCredentials: Failure(403, "INVALID_CREDENTIALS", "Invalid request credentials")
        case .manifestNotAvailable: Failure(404, "ERROR_MANIFEST_IS_NOT_AVAILABLE", "Manifest is not available")
        case .insufficientWebhookScope:
            Failure(
                403, "insufficient_scope",
                "The request requires higher privileges than provided by the webhook token")
        case .expiredToken: Failure(401, "expired_token", "The access token provided has expired")
        case .userAccessError:
            Failure(403, "user_access_error", "The user does not have access to the application")
        case .portalDeleted: Failure(500, "PORTAL_DELETED", "Portal was deleted")
        case .operationTimeLimit:
            Failure(429, "OPERATION_TIME_LIMIT", "Method is blocked due to operation time limit.")
        case .methodNotFound: Failure(404, "ERROR_METHOD_NOT_FOUND", "Method not found!")
        case .invalidToken: Failure(401, "invalid_token", "Unable to get application by token")
        case .userNotAuthorized: Failure(401, "authorization_error", "Unable to authorize user")
        case .insufficientTokenScope:
            Failure(
                403, "insufficient_scope", "The request requires higher privileges than provided by the access token")
        case .applicationContextRequired:
            Failure(403, "ACCESS_DENIED", "Access denied! Application context required")
        case .verbNotAllowed: Failure(405, "INVALID_REQUEST", "This request method is not served here")
        }
    }
}
