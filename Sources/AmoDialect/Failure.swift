import DriveCore
import HTTPEdge
import Logging

/// An error in amoCRM's words; how it is written depends on the host that answers.
struct Failure: Error, Equatable {
    /// The statuses this dialect can fail with, and their titles.
    enum Status: Int, CaseIterable {
        case badRequest = 400
        case unauthorized = 401
        case forbidden = 403
        case notFound = 404
        case methodNotAllowed = 405
        case conflict = 409
        case tooLarge = 413
        case tooManyRequests = 429
        case internalError = 500

        var title: String {
            switch self {
            case .badRequest: "Bad Request"
            case .unauthorized: "Unauthorized"
            case .forbidden: "Forbidden"
            case .notFound: "Not Found"
            case .methodNotAllowed: "Method Not Allowed"
            case .conflict: "Conflict"
            case .tooLarge: "Payload Too Large"
            case .tooManyRequests: "Too Many Requests"
            case .internalError: "Internal Server Error"
            }
        }
    }

    /// One entry of `validation-errors`.
    struct Violation: Equatable {
        /// Which item of a list, counted from 0, or the client's own `request_id`.
        var item = "0"
        let code: String
        /// Dot notation with list positions.
        let path: String
        let detail: String

        /// What is wrong and where; the body as a whole has no path.
        fileprivate var sentence: String {
            path.isEmpty || detail.hasPrefix(path) ? detail : "\(path): \(detail)"
        }
    }

    let status: Status
    let detail: String
    var violations: [Violation] = []
    /// The verbs a route knows, for 405.
    var allowed: [String] = []
    /// Seconds after which the request may come again, for 429.
    var retryAfter: Int64?

    init(_ status: Status, _ detail: String) {
        self.status = status
        self.detail = detail
    }

    /// 400 with the fields that are wrong.
    init(_ violations: [Violation], detail: String? = nil) {
        status = .badRequest
        self.detail = detail ?? violations.first?.sentence ?? "Request validation failed"
        self.violations = violations
    }

    static let unauthorized = Failure(.unauthorized, "Неверный логин или пароль")
    static let invalidScope = Failure(.forbidden, "Invalid scope")
    static let notFound = Failure(.notFound, "Not found")

    /// The body both hosts share.
    var body: Value {
        var members: [Value.Member] = []
        if !violations.isEmpty {
            var items: [String] = []
            for violation in violations where !items.contains(violation.item) { items.append(violation.item) }
            let groups = items.map { item -> Value in
                let errors = violations.filter { $0.item == item }.map { error -> Value in
                    ["code": .string(error.code), "path": .string(error.path), "detail": .string(error.detail)]
                }
                return ["request_id": .string(item), "errors": .array(errors)]
            }
            members.append(.init("validation-errors", .array(groups)))
        }
        members += [
            .init("title", .string(status.title)),
            .init("type", .string("https://httpstatus.es/\(status.rawValue)")),
            .init("status", .int(Int64(status.rawValue))), .init("detail", .string(detail)),
        ]
        if let retryAfter { members.append(.init("retry_after", .int(retryAfter))) }
        return .object(members)
    }
}

extension Failure.Violation {
    static func missing(_ path: String, item: String = "0") -> Self {
        Self(item: item, code: "FieldMissing", path: path, detail: "This field is missing.")
    }
    static func wrongType(_ path: String, _ type: String, item: String = "0") -> Self {
        Self(item: item, code: "InvalidType", path: path, detail: "This value should be of type \(type).")
    }
    static func blank(_ path: String, item: String = "0") -> Self {
        Self(item: item, code: "NotBlank", path: path, detail: "This value should not be blank.")
    }
    static func tooLong(_ path: String, limit: Int, item: String = "0") -> Self {
        Self(
            item: item, code: "TooLong", path: path,
            detail: "This value is too long. It should have \(limit) characters or less.")
    }
    static func noChoice(_ path: String, item: String = "0") -> Self {
        Self(
            item: item, code: "NotSupportedChoice", path: path,
            detail: "The value you selected is not a valid choice.")
    }
    static func invalid(_ path: String, _ detail: String, item: String = "0") -> Self {
        Self(item: item, code: "InvalidValue", path: path, detail: detail)
    }

    /// - Parameter path: where the name stood in the request.
    static func name(_ problem: FileName.Problem, at path: String) -> Self {
        switch problem {
        case .empty: blank(path)
        case .tooLong: tooLong(path, limit: FileName.maxBytes)
        case .forbiddenCharacter: invalid(path, "The name contains a character that is not allowed.")
        case .reserved: invalid(path, "This name is reserved.")
        case .bidirectionalControl: invalid(path, "The name contains a control character that reorders text.")
        }
    }
}
