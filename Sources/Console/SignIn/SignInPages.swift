import DriveCore

/// Asks who is there.
struct SignInPage {
    let application: Application
    /// What was typed before.
    let login: String
    /// What went wrong; nil: nothing yet.
    let trouble: String?
    /// Where the form is sent.
    let action: String
    let formToken: String

    func html(nonce: String) -> String {
        PageFrame.html(
            title: "Sign in - Dossier",
            body: """
                <h1>Sign in</h1>
                <p class="lead"><strong>\(PageFrame.escaped(application.title))</strong> asks for access to your
                files here.</p>
                <section>
                \(PageFrame.trouble(trouble))<form method="post" action="\(PageFrame.escaped(action))">
                <input type="hidden" name="form" value="\(formToken)">
                <label for="login">Login</label>
                <input id="login" name="login" type="text" value="\(PageFrame.escaped(login))" maxlength="255"
                autocomplete="username" autocapitalize="none" spellcheck="false" required autofocus>
                <label for="password">Password</label>
                <input id="password" name="password" type="password" maxlength="1024"
                autocomplete="current-password" required>
                <button type="submit" name="do" value="sign-in">Sign in</button>
                </form>
                </section>
                """,
            nonce: nonce)
    }
}

/// Asks a person who signed in whether an application may act for them.
struct ConsentPage {
    let offer: ConsentOffer
    /// What the application would be able to do, in plain words.
    let abilities: [String]
    let trouble: String?
    /// The host the browser is sent to.
    let destination: String
    let action: String
    let formToken: String

    func html(nonce: String) -> String {
        let application = PageFrame.escaped(offer.application.title)
        let items = abilities.map { "<li>\(PageFrame.escaped($0))</li>" }.joined(separator: "\n")
        return PageFrame.html(
            title: "Allow access? - Dossier",
            body: """
                <h1>Allow access?</h1>
                <p class="lead"><strong>\(application)</strong> wants to act for
                <strong>\(PageFrame.escaped(offer.person.fullName))</strong>
                (\(PageFrame.escaped(offer.person.login))).</p>
                <section>
                \(PageFrame.trouble(trouble))<h2>It would be able to</h2>
                <ul>
                \(items)
                </ul>
                <p class="quiet">Allowing it takes you to <code>\(PageFrame.escaped(destination))</code>. An
                administrator can end its access at any time.</p>
                <form method="post" action="\(PageFrame.escaped(action))">
                <input type="hidden" name="form" value="\(formToken)">
                <button type="submit" name="do" value="allow">Allow</button>
                <button type="submit" name="do" value="refuse" class="second">Refuse</button>
                </form>
                </section>
                \(PageFrame.signOut(action: action, formToken: formToken))
                """,
            nonce: nonce)
    }
}

/// Tells a person that an application is not for them.
struct NoAccessPage {
    let application: Application
    let person: Person
    let action: String
    let formToken: String

    func html(nonce: String) -> String {
        PageFrame.html(
            title: "No access - Dossier",
            body: """
                <h1>Not for you</h1>
                <p class="lead">\(PageFrame.escaped(person.fullName)) may not use
                <strong>\(PageFrame.escaped(application.title))</strong>. An administrator decides who may.</p>
                \(PageFrame.signOut(action: action, formToken: formToken))
                """,
            nonce: nonce)
    }
}

extension PageFrame {
    fileprivate static func trouble(_ text: String?) -> String {
        text.map { "<p class=\"trouble\" role=\"alert\">\(escaped($0))</p>\n" } ?? ""
    }

    fileprivate static func signOut(action: String, formToken: String) -> String {
        """
        <footer>
        <form method="post" action="\(escaped(action))">
        <input type="hidden" name="form" value="\(formToken)">
        <button type="submit" name="do" value="sign-out" class="link">Sign out and use another account</button>
        </form>
        </footer>
        """
    }
}
