/// Errors of the older task methods (`task.commentitem.*`, `task.checklistitem.*`, `task.item.*`): they name the class,
/// the method and the argument, and end in a code of their own.
struct LegacyWords: Sendable {
    /// As the errors name it: `ctaskcommentitem::add()`.
    let method: String
    /// What the pages of that family print behind every text: `<br>` or nothing.
    let tail: String

    func missing(_ position: Int, _ name: String) -> Failure {
        wrongArguments("Param #\(position) (\(name)) expected by method \(method), but not given.")
    }

    func mistyped(_ position: Int, _ name: String, type: String) -> Failure {
        wrongArguments(
            "Param #\(position) (\(name)) for method \(method) expected to be of type \"\(type)\", but given something "
                + "else.")
    }

    func forbiddenKey(_ position: Int, _ name: String, key: String) -> Failure {
        wrongArguments("Param #\(position) (\(name)) for method \(method) must not contain key \"\(key)\".")
    }

    /// The caller may not, or there is nothing to do it to.
    func refused(_ text: String = "Action is not allowed") -> Failure {
        failure("#4; \(text); 4/TE/ACTION_NOT_ALLOWED")
    }

    func failed(_ text: String = "Action failed") -> Failure {
        failure("#8; \(text); 8/TE/ACTION_FAILED_TO_BE_PROCESSED")
    }

    var notFound: Failure {
        failure("#512; Check listitem not found or not accessible; 512/TE/ITEM_NOT_FOUND_OR_NOT_ACCESSIBLE")
    }

    /// An id that is no id.
    var assertion: Failure { .core("TASKS_ERROR_ASSERT_EXCEPTION\(tail)") }

    private func wrongArguments(_ text: String) -> Failure { failure("#256; \(text); 256/TE/WRONG_ARGUMENTS") }

    private func failure(_ text: String) -> Failure { .core("TASKS_ERROR_EXCEPTION_\(text)\(tail)") }
}
