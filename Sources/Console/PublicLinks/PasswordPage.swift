import HTTPEdge
import Hummingbird

/// What a link with a password shows instead of itself: nothing of what it leads to. 403, so that a program does not take
/// it for the file.
struct PasswordPage {
    /// Path of the page to see.
    let action: String
    let wasWrong: Bool

    func response(to request: EdgeRequest) -> Response {
        guard LinkPage.isWanted(by: request) else {
            return .json(
                .forbidden,
                wasWrong
                    ? ["error": "wrong_password", "error_description": "That is not the password."]
                    : ["error": "password_required", "error_description": "This link asks for a password."])
        }
        let trouble = wasWrong ? "<p class=\"trouble\" role=\"alert\">That is not the password.</p>" : ""
        return LinkPage.response(
            .forbidden, title: "Password",
            body: """
                <h1>Password</h1>
                <p class="lead">Whoever shared this with you has set a password for it.</p>
                <section>
                \(trouble)
                <form method="post" action="\(PageFrame.escaped(action))">
                <label for="password">Password</label>
                <input id="password" name="password" type="password" autocomplete="off" required autofocus>
                <button class="button">Open</button>
                </form>
                </section>
                """,
            hasForm: true)
    }
}
