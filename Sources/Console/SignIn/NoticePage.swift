import DriveCore

/// Says that nothing comes of it, and why. The browser is sent nowhere.
struct NoticePage {
    let heading: String
    let text: String

    func html(nonce: String) -> String {
        PageFrame.html(
            title: "\(heading) - Dossier",
            body: """
                <h1>\(PageFrame.escaped(heading))</h1>
                <p class="lead">\(PageFrame.escaped(text))</p>
                """,
            nonce: nonce)
    }

    static let needsHTTPS = NoticePage(
        heading: "Not over plain HTTP",
        text: "A password must not travel unprotected. Open this page by its https address.")

    static let unreadable = NoticePage(
        heading: "Cannot be read", text: "Whatever sent you here did not say properly what it wants.")

    static func refused(_ application: String) -> NoticePage {
        NoticePage(
            heading: "Access was not given",
            text: "\(application) was told nothing and got nothing. You can close this page.")
    }

    private init(heading: String, text: String) {
        self.heading = heading
        self.text = text
    }

    init(_ problem: DriveError.TokenProblem) {
        switch problem {
        case .clientRevoked:
            self.init(heading: "No longer allowed", text: "This application's access was ended by an administrator.")
        case .redirectDiffers:
            self.init(
                heading: "Not set up yet",
                text: """
                    This application has no address to lead back to. An administrator sets it with \
                    dossier application update --redirect-uri.
                    """)
        case .scopesExceedCard:
            self.init(heading: "Nothing to allow", text: "This application is not meant to use this door.")
        case .noAccess, .ended:
            self.init(heading: "Not for you", text: "You may not use this application, or you were just blocked.")
        case .unknownClient, .wrongSecret, .unknown, .expired, .used:
            self.init(
                heading: "Unknown application", text: "Whatever sent you here is not registered with this server.")
        }
    }
}
