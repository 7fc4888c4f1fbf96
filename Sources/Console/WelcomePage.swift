/// The page at `/`.
struct WelcomePage {
    /// As in `EdgeRequest.origin`.
    let origin: String

    func html(nonce: String) -> String {
        let origin = PageFrame.escaped(origin)
        return PageFrame.html(
            title: "Dossier",
            body: """
                <h1>Dossier</h1>
                <p class="lead">A file service for your own server: one drive behind two doors. Integrations written for
                Bitrix24 files or for the amoCRM Files API work here once their base URL is changed.</p>
                <section>
                <h2>The Bitrix24 door</h2>
                <dl>
                <dt>Incoming webhook</dt><dd><code>\(origin)/rest/<var>USER</var>/<var>CODE</var>/</code></dd>
                <dt>Application with an access token</dt><dd><code>\(origin)/rest/</code></dd>
                <dt>Consent and tokens (OAuth 2.0)</dt><dd><code>\(origin)/oauth/authorize/</code>,
                <code>\(origin)/oauth/token/</code></dd>
                </dl>
                <pre>curl '\(origin)/rest/<var>USER</var>/<var>CODE</var>/disk.storage.getlist'</pre>
                </section>
                <section>
                <h2>The amoCRM door</h2>
                <dl>
                <dt>Files (the drive URL)</dt><dd><code>\(origin)/v1.0/</code></dd>
                <dt>Account and entities</dt><dd><code>\(origin)/api/v4/</code></dd>
                <dt>Consent and tokens (OAuth 2.0)</dt><dd><code>\(origin)/oauth/</code>,
                <code>\(origin)/oauth2/access_token</code></dd>
                </dl>
                <pre>curl -H 'Authorization: Bearer <var>TOKEN</var>' '\(origin)/v1.0/files?limit=5'</pre>
                </section>
                <section>
                <h2>Where the secrets are</h2>
                <p>Webhook codes and tokens were printed at the first start and written to <code>credentials.json</code>
                in the data folder. <code>dossier webhook create</code> and <code>dossier token create</code> make new
                ones.</p>
                </section>
                <footer><a href="/healthz">Is it alive?</a> &middot; <a href="/readyz">Is it ready?</a></footer>
                """,
            nonce: nonce)
    }
}
