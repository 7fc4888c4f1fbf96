import DriveCore
import HTTPEdge
import Logging

/// An error in Bitrix24's words.
struct Failure: Error, Equatable {
    let status: Int
    /// The `error` member; may be empty.
    let code: String
    /// The `error_description` member.
    let text: String

    init(_ status: Int, _ code: String, _ text: String) {
        self.status = status
        self.code = code
        self.text = text
    }

    /// A method's own error: 400 unless its page says otherwise.
    static func method(_ code: String, _ text: String) -> Failure { Failure(400, code, text) }
}
