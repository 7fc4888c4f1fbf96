import DriveCore
import Foundation
import HTTPEdge
import Hummingbird
import Testing

@Suite("Signing in and consenting in a browser")
struct ConsentPageTests {
    static func target(_ house: House, _ more: String = "&state=a%26b%20%D1%8F") -> String {
        "/oauth/authorize/?client_id=\(house.application.clientID)\(more)"
    }

    @Test("sign in, consent, and the browser is sent to the registered address with a code")
    func consent() async throws {
        try await House.open { house in
            var browser = Browser(house)
            let form = try await browser.open(Self.target(house))
            #expect(form.status == 200)
            #expect(form.text.contains("Sync &amp; &lt;i&gt;Co&lt;/i&gt;") && !form.text.contains("<i>Co"))
            for piece in [
                #"<label for="login">"#, #"<label for="password">"#, #"autocomplete="username""#,
                #"autocomplete="current-password""#, "<html lang=\"en\">", "name=\"viewport\"",
            ] {
                #expect(form.text.contains(piece), "\(piece)")
            }
            let asked = try await browser.press("sign-in", [("login", "ANN"), ("password", House.password)])
            #expect(asked.status == 303)
            let next = try #require(asked.headers[.location])
            #expect(next == Self.target(house))
            let consent = try await browser.open(next)
            #expect(consent.status == 200)
            #expect(consent.text.contains("Ann &lt;b&gt;Lee&lt;/b&gt;") && consent.text.contains("app.example"))
            #expect(consent.text.contains("files and folders") && !consent.text.contains("called crm"))

            let answer = try await browser.press("allow")
            #expect(answer.status == 303)
            #expect(answer.headers[.location]?.hasPrefix("https://app.example/back?keep=1&code=") == true)
            #expect(
                answer.redirect.map(\.name)
                    == ["keep", "code", "state", "domain", "member_id", "scope", "server_domain"])
            #expect(answer.redirected("state") == "a&b я")
            #expect(answer.redirected("domain") == "files.example:8443")
            #expect(answer.redirected("server_domain") == "files.example:8443")
            #expect(answer.redirected("scope") == "disk,im,task,user")
            #expect(answer.redirected("member_id")?.wholeMatch(of: /[0-9a-f]{32}/) != nil)
            #expect(try await house.exchange(answer.redirected("code") ?? "").status == 200)
            // Signed in once, asked again each time.
            #expect(try await browser.open(Self.target(house, "")).text.contains("value=\"allow\""))
            let plain = try await browser.press("allow")
            #expect(plain.redirected("state") == nil && plain.redirected("code") != answer.redirected("code"))
        }
    }

    @Test("a refusal is told by the portal and to nobody else")
    func refusal() async throws {
        try await House.open { house in
            var browser = Browser(house)
            try await browser.signIn(at: Self.target(house))
            let reply = try await browser.press("refuse")
            #expect(reply.status == 200 && reply.headers[.location] == nil)
            #expect(reply.text.contains("Access was not given"))
        }
    }

    @Test("pages cannot be framed, scripted or cached, and forms lead where the redirect does")
    func headers() async throws {
        try await House.open { house in
            var browser = Browser(house)
            func policy(_ reply: Reply) -> String { reply.headers[.contentSecurityPolicy] ?? "" }
            let form = try await browser.open(Self.target(house))
            #expect(policy(form).contains("form-action 'self';") && policy(form).hasPrefix("default-src 'none';"))
            let consent = try await browser.signIn(at: Self.target(house))
            #expect(policy(consent).contains("form-action 'self' https:;"))
            let notice = try await browser.open("/oauth/authorize?client_id=nobody")
            #expect(policy(notice).contains("form-action 'none';"))
            for reply in [form, consent, notice] {
                #expect(policy(reply).contains("frame-ancestors 'none'") && !policy(reply).contains("unsafe"))
                #expect(reply.headers[.cacheControl] == "no-store")
                #expect(reply.headers[.init("Referrer-Policy")!] == "no-referrer")
                #expect(reply.headers[.contentType] == "text/html; charset=utf-8")
                #expect(!reply.text.contains("<script"))
            }
        }
    }

    @Test(
        "the form may lead wherever the address sends the browser on, and to a program's own scheme",
        arguments: [
            ("https://app.example/cb", "https:"), ("http://127.0.0.1:3000/cb", "https: http:"),
            ("myapp://back", "https: myapp:"), ("com.example.app:/cb", "https: com.example.app:"),
        ])
    func formAction(address: String, source: String) async throws {
        try await House.open(redirectURI: address) { house in
            var browser = Browser(house)
            let page = try await browser.signIn(at: Self.target(house))
            #expect(page.headers[.contentSecurityPolicy]?.contains("form-action 'self' \(source);") == true)
            let reply = try await browser.press("allow")
            #expect(reply.headers[.location]?.hasPrefix("\(address)?code=") == true)
        }
    }

    @Test("the cookie is out of reach of scripts, other sites and plain http")
    func cookie() async throws {
        try await House.open { house in
            let reply = try await house.send(.get, Self.target(house))
            let secure = try #require(reply.headers[.setCookie])
            #expect(secure.hasPrefix("__Host-dossier="))
            for attribute in ["; Path=/", "; HttpOnly", "; SameSite=Lax", "; Secure", "; Max-Age=43200"] {
                #expect(secure.contains(attribute))
            }
            #expect(!secure.contains("Domain"))
            let local = try await house.send(.get, Self.target(house), origin: "http://127.0.0.1:8080")
            let plain = try #require(local.headers[.setCookie])
            #expect(plain.hasPrefix("dossier=") && !plain.contains("Secure"))
            let refused = try await house.send(.get, Self.target(house), isTrusted: false)
            #expect(refused.status == 400 && refused.headers[.setCookie] == nil)
        }
    }

    @Test("a sign-in gives another secret, and a sign-out ends the one there was")
    func sessions() async throws {
        try await House.open { house in
            var browser = Browser(house)
            try await browser.open(Self.target(house))
            let before = browser.cookie
            try await browser.signIn(at: Self.target(house))
            let session = try #require(browser.cookie)
            #expect(session != before)
            let out = try await browser.press("sign-out")
            #expect(out.status == 303 && browser.cookie != session)
            #expect(try await browser.open(Self.target(house)).text.contains("value=\"sign-in\""))
            // The old cookie is still well signed; the drive knows it no more.
            browser.cookie = session
            #expect(try await browser.open(Self.target(house)).text.contains("value=\"sign-in\""))
            try await browser.signIn(at: Self.target(house))
            house.clock.advance(ms: 12 * 3_600_000)
            #expect(try await browser.open(Self.target(house)).text.contains("value=\"sign-in\""))
        }
    }

    @Test("an application nobody knows, without an address, revoked or with nothing to give leads nowhere")
    func notices() async throws {
        try await House.open { house in
            func heading(_ target: String) async throws -> String {
                let reply = try await house.send(.get, target)
                #expect(reply.status == 400 && reply.headers[.location] == nil && reply.headers[.setCookie] == nil)
                return try #require(reply.text.firstMatch(of: /<h1>(.*)<\/h1>/)).output.1.description
            }
            for target in [
                "/oauth/authorize/", "/oauth/authorize/?client_id=", "/oauth/authorize?client_id=0",
                "/oauth/authorize/?client_id=nobody&redirect_uri=https://evil.example/",
                "/oauth/authorize/?client_id=" + String(repeating: "x", count: 5000),
            ] {
                #expect(try await heading(target) == "Unknown application")
            }
            let id = house.application.clientID
            for target in [
                "/oauth/authorize/?client_id[]=\(id)", "/oauth/authorize/?client_id=\(id)&state[a]=1",
                "/oauth/authorize/?client_id=\(id)%00", "/oauth/authorize/?client_id=%FF", "/oauth/authorize/?%",
            ] {
                #expect(try await heading(target) == "Cannot be read")
            }
            try await house.drive.updateApplication(house.application.id, redirectURI: "")
            #expect(try await heading(Self.target(house)) == "Not set up yet")
            try await house.drive.updateApplication(
                house.application.id, scopes: ["files"], redirectURI: "https://app.example/")
            var browser = Browser(house)
            #expect(try await browser.signIn(at: Self.target(house)).text.contains("Nothing to allow"))
            _ = try await house.drive.revokeApplication(house.application.id)
            #expect(try await heading(Self.target(house)) == "No longer allowed")
            #expect(try await house.send(.put, Self.target(house)).status == 405)
        }
    }

    @Test("only the registered address is ever led to")
    func openRedirects() async throws {
        try await House.open { house in
            for evil in [
                "&redirect_uri=https://evil.example/", "&redirect_uri[]=//evil.example", "&server_domain=evil.example",
                "&state=https://evil.example/", "&domain=evil.example%0d%0aLocation:%20https://evil.example",
            ] {
                var browser = Browser(house)
                let page = try await browser.signIn(at: Self.target(house, evil))
                #expect(page.text.contains("action=\"/oauth/authorize/?"))
                let reply = try await browser.press("allow")
                #expect(reply.headers[.location]?.hasPrefix("https://app.example/back?keep=1&code=") == true)
                #expect(reply.redirected("domain") == "files.example:8443")
            }
            for path in ["//evil.example/oauth/authorize", "//oauth/authorize", "/oauth/authorize//"] {
                #expect(try await house.send(.get, path + "?client_id=x").status == 404)
            }
        }
    }

    @Test("a form that was not shown to this browser, about this application, does nothing")
    func forgery() async throws {
        try await House.open { house in
            let other = try await house.drive.createApplication(
                title: "Other", scopes: ["disk"], redirectURI: "https://other.example/"
            ).application
            var victim = Browser(house)
            try await victim.signIn(at: Self.target(house))
            let genuine = try #require(victim.hidden("form"))

            var attacker = Browser(house)
            try await attacker.signIn(at: Self.target(house))
            let stolen = try #require(attacker.hidden("form"))
            for token in ["", "x", stolen, genuine + "A", String(genuine.dropLast(3)), "a.b"] {
                let reply = try await victim.press("allow", token: token)
                #expect(reply.status == 403 && reply.headers[.location] == nil)
            }
            // The page shown after it is a good one, of the same application.
            let aboutOther = try await house.send(
                .post, "/oauth/authorize/?client_id=\(other.clientID)",
                House.form([("form", genuine), ("do", "allow")]),
                headers: [.cookie: victim.cookie ?? ""])
            #expect(aboutOther.status == 403)
            for button in ["", "admin", "ALLOW"] { #expect(try await victim.press(button).status == 403) }
            let bare = try await house.send(
                .post, Self.target(house), House.form([("form", genuine), ("do", "allow")]))
            #expect(bare.status == 403 && bare.text.contains("value=\"sign-in\""))
            let inQuery = try await house.send(
                .get, Self.target(house) + "&do=allow&form=\(genuine)", headers: [.cookie: victim.cookie ?? ""])
            #expect(inQuery.status == 200 && inQuery.headers[.location] == nil)
            #expect(try await victim.press("allow").status == 303)
        }
    }

    @Test("a forged, stale or foreign cookie is a stranger's")
    func forgedCookies() async throws {
        try await House.open { house in
            var browser = Browser(house)
            try await browser.signIn(at: Self.target(house))
            let good = try #require(browser.cookie)
            let value = good.dropFirst("__Host-dossier=".count)
            for cookie in [
                "__Host-dossier=", "__Host-dossier=a.b", "__Host-dossier=\(value.dropLast())", "dossier=\(value)",
                "__Host-dossier=\(value)x", "x\(good)", "__Host-dossier",
                "__Host-dossier="
                    + LinkSealer(key: [UInt8](repeating: 7, count: 32)).seal(
                        purpose: "console visitor", fields: ["1", "9999999999999"]),
            ] {
                let reply = try await house.send(.get, Self.target(house), headers: [.cookie: cookie])
                #expect(reply.text.contains("value=\"sign-in\""), "\(cookie)")
            }
            let among = try await house.send(
                .get, Self.target(house), headers: [.cookie: "a=b; \(good); c=d"])
            #expect(among.text.contains("value=\"allow\""))
        }
    }

    @Test("wrong passwords are all answered alike, blocked people and strangers to the application are told so")
    func refusals() async throws {
        try await House.open { house in
            var browser = Browser(house)
            let target = Self.target(house)
            for (login, password) in [("ann", "wrong"), ("nobody", House.password), ("", ""), ("admin", "")] {
                let reply = try await browser.signIn(login, password, at: target)
                #expect(reply.status == 403 && reply.text.contains("The login or the password is wrong."))
            }
            try await house.drive.setActive(false, house.ann)
            #expect(try await browser.signIn(at: target).text.contains("This user is blocked."))
            try await house.drive.setActive(true, house.ann)
            try await house.drive.restrictApplication(house.application.id, to: [Person.ID(1)])
            let other = Browser(house)
            browser = other
            let closed = try await browser.signIn(at: target)
            #expect(closed.status == 403 && closed.text.contains("Not for you"))
            #expect(try await browser.press("sign-out").status == 303)
            try await house.drive.restrictApplication(house.application.id, to: [house.ann])
            try await browser.signIn(at: target)
            try await house.drive.restrictApplication(house.application.id, to: [])
            let late = try await browser.press("allow")
            #expect(late.status == 400 && late.headers[.location] == nil)
            try await house.drive.restrictApplication(house.application.id, to: nil)
            try await browser.signIn(at: target)
            try await house.drive.setActive(false, house.ann)
            #expect(try await browser.press("allow").status == 403)
        }
    }

    @Test("a login, and an address, may be wrong so often and then wait")
    func throttling() async throws {
        try await House.open { house in
            var browser = Browser(house)
            let target = Self.target(house)
            try await browser.open(target)
            func attempt(_ login: String, _ password: String, _ address: String) async throws -> Reply {
                try await browser.press("sign-in", [("login", login), ("password", password)], address: address)
            }
            for _ in 1...5 { #expect(try await attempt("ann", "wrong", "192.0.2.1").status == 403) }
            let limited = try await attempt("ANN", House.password, "192.0.2.9")
            #expect(limited.status == 429 && limited.headers[.retryAfter] == "60")
            #expect(limited.text.contains("try again in 60 seconds"))
            house.clock.advance(ms: 60_000)
            #expect(try await attempt("ann", House.password, "192.0.2.9").status == 303)
            // Thirty from one address, whatever the logins.
            browser = Browser(house)
            try await browser.open(target)
            for number in 1...30 { #expect(try await attempt("user\(number)", "x", "192.0.2.7").status == 403) }
            #expect(try await attempt("ann", House.password, "192.0.2.7").status == 429)
            #expect(try await attempt("ann", House.password, "192.0.2.8").status == 303)
        }
    }

    @Test("forms that are no forms are refused")
    func hostileForms() async throws {
        try await House.open { house in
            var browser = Browser(house)
            try await browser.open(Self.target(house))
            let headers: HTTPFields = [.cookie: browser.cookie ?? ""]
            for body in ["login=%00", "login=%FF", "%", "a[" + String(repeating: "[a]", count: 200) + "=1"] {
                let reply = try await house.send(.post, Self.target(house), body, headers: headers)
                #expect(reply.status == 400 || reply.status == 403, "\(body.prefix(20))")
            }
            let large = try await house.send(
                .post, Self.target(house), "login=" + String(repeating: "x", count: 100_000), headers: headers)
            #expect(large.status == 400)
            let odd = try await browser.press("sign-in", [("login[]", "ann"), ("password[a]", "b")])
            #expect(odd.status == 403)
        }
    }
}
