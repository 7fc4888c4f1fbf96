/// An error in Bitrix24's words.
struct Failure: Error, Equatable {
    let status: Int
    /// The `error` member; may be empty.
    let code: String
    /// The `error_description` member.
    let text: String
    /// The `argument` member that pages about people show; nil: there is none.
    let argument: String?
    /// Sent as `Retry-After`; nil: there is none.
    private(set) var retryAfterSeconds: Int64?

    init(_ status: Int, _ code: String, _ text: String, argument: String? = nil) {
        self.status = status
        self.code = code
        self.text = text
        self.argument = argument
    }

    /// The same, telling when trying again may help.
    func retry(afterSeconds seconds: Int64) -> Failure {
        var failure = self
        failure.retryAfterSeconds = seconds
        return failure
    }

    /// A method's own error: 400 unless its page says otherwise.
    static func method(_ code: String, _ text: String) -> Failure { Failure(400, code, text) }

    /// A system error of the vendor's table.
    static func system(_ error: SystemError) -> Failure { error.failure }

    /// An argument whose trouble needs more than the page's fixed text.
    static func argument(_ name: String, _ trouble: String) -> Failure {
        .method("ERROR_ARGUMENT", "Invalid value of parameter `\(name)`: \(trouble)")
    }
}

/// A required parameter is missing or is not of its type. Each method has its own text for that (`Words`).
struct BadArgument: Error, Equatable {
    let name: String
    init(_ name: String) { self.name = name }
}
