/// What a browser sees at an address that leads nowhere.
struct NotFoundPage {
    func html(nonce: String) -> String {
        PageFrame.html(
            title: "Not found - Dossier",
            body: """
                <h1>Nothing here</h1>
                <p class="lead">There is no page at this address. A download link may have expired, or lost a piece on
                its way to you: ask whoever sent it for a new one.</p>
                <footer><a href="/">What is this server?</a></footer>
                """,
            nonce: nonce)
    }
}
