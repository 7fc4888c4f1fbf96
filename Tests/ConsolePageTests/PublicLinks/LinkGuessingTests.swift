import DriveCore
import Hummingbird
import SQLStore
import TestSupport
import Testing

@Suite("Passwords and guesses at public links")
struct LinkGuessingTests {
    private static let password = "open sesame"
    private static let form = "password=open+sesame"

    @Test("a password opens its link, for this browser and half a day", arguments: Engine.allCases)
    func opening(engine: Engine) async throws {
        try await LinkScene.open(engine) { scene in
            let (path, id) = try await scene.link(to: scene.top, password: Self.password)
            let target = "\(path)/\(scene.a.uuid)/download"
            for closed in [path, "\(path)/\(scene.a.uuid)", "\(path)/no-such-thing", target] {
                let asked = try await scene.ask(closed)
                #expect(asked.status == (closed.hasSuffix("thing") ? 404 : 403))
                #expect(!asked.text.contains("a.txt") && !asked.text.contains("<bdi>top</bdi>"))
            }
            let page = try await scene.ask(path)
            #expect(page.text.contains("<form method=\"post\" action=\"\(path)\">"))
            #expect(page.text.contains("type=\"password\""))
            let told = try await scene.ask(target, isBrowser: false)
            #expect(told.status == 403 && told.text.hasPrefix("{\"error\":\"password_required\""))
            #expect(try await scene.downloads(of: id) == 0)

            let wrong = try await scene.ask(path, .post, form: "password=open")
            #expect(wrong.status == 403 && wrong.text.contains("That is not the password."))
            #expect(wrong.headers[.setCookie] == nil)

            let right = try await scene.ask("\(path)/\(scene.inner.uuid)", .post, form: Self.form)
            #expect(right.status == 303 && right.headers[.location] == "\(path)/\(scene.inner.uuid)")
            let cookie = try #require(right.cookie)
            let setting = try #require(right.headers[.setCookie])
            #expect(setting.hasSuffix("; Path=\(path); Max-Age=43200; HttpOnly; SameSite=Lax; Secure"))
            #expect(!setting.contains("sesame"))
            let plain = try await scene.ask(path, .post, form: Self.form, origin: "http://localhost:8080")
            #expect(plain.headers[.setCookie]?.hasSuffix("SameSite=Lax") == true)

            #expect(try await scene.ask(path, headers: [.cookie: "x=y; \(cookie); z"]).status == 200)
            #expect(try await scene.ask(target, headers: [.cookie: cookie]).text == "0123456789")
            scene.clock.advance(ms: 43_199_999)
            #expect(try await scene.ask(path, headers: [.cookie: cookie]).status == 200)
            scene.clock.advance(ms: 1)
            #expect(try await scene.ask(path, headers: [.cookie: cookie]).status == 403)
        }
    }

    @Test("a cookie that is forged, of another link or of an older password opens nothing")
    func cookies() async throws {
        try await LinkScene.open { scene in
            let (path, id) = try await scene.link(to: scene.a, password: Self.password)
            let other = try await scene.link(to: scene.a, password: Self.password).path
            let cookie = try #require(try await scene.ask(path, .post, form: Self.form).cookie)
            #expect(try await scene.ask(path, headers: [.cookie: cookie]).status == 200)
            #expect(try await scene.ask(other, headers: [.cookie: cookie]).status == 403)
            let value = cookie.dropFirst("dossier_link=".count)
            for forged in [
                "dossier_link=", "dossier_link=\(value.dropLast())A", "dossier_link=\(value.split(separator: ".")[0]).",
                "dossier_link=\(value)x", "dossier_resume=\(value)", "dossier_link=x.\(value)",
            ] where forged != cookie {
                #expect(try await scene.ask(path, headers: [.cookie: forged]).status == 403, "\(forged)")
            }
            var changes = PublicLinkChanges()
            changes.password = .set(Self.password)
            _ = try await scene.drive.changePublicLink(id, changes)
            #expect(try await scene.ask(path, headers: [.cookie: cookie]).status == 403)
            changes.password = .clear
            _ = try await scene.drive.changePublicLink(id, changes)
            #expect(try await scene.ask(path).status == 200)
        }
    }

    @Test("ten wrong passwords and the eleventh must wait, at this link and from this address only")
    func wrongPasswords() async throws {
        try await LinkScene.open { scene in
            let path = try await scene.link(to: scene.a, password: Self.password).path
            let other = try await scene.link(to: scene.a, password: Self.password).path
            // Too long to be hashed, which keeps the test quick.
            let wrong = "password=" + String(repeating: "x", count: 1025)
            for _ in 1...10 { #expect(try await scene.ask(path, .post, form: wrong).status == 403) }
            let refused = try await scene.ask(path, .post, form: Self.form)
            #expect(refused.status == 429 && refused.headers[.retryAfter] == "10" && refused.cookie == nil)
            #expect(try await scene.ask(path).status == 403)
            #expect(try await scene.ask(other, .post, form: Self.form).status == 303)
            #expect(try await scene.ask(path, .post, form: Self.form, from: "192.0.2.2").status == 303)
            scene.clock.advance(ms: 10_000)
            #expect(try await scene.ask(path, .post, form: Self.form).status == 303)
        }
    }

    @Test("thirty wrong codes and the next must wait, whatever it is; right ones never fill the measure")
    func wrongCodes() async throws {
        try await LinkScene.open { scene in
            let path = try await scene.link(to: scene.a).path
            for _ in 1...100 { #expect(try await scene.ask(path).status == 200) }
            for index in 1...30 { #expect(try await scene.ask("/~guess\(index)").status == 404) }
            for target in ["/~guess31", path, path + "/download"] {
                let refused = try await scene.ask(target)
                #expect(refused.status == 429 && refused.headers[.retryAfter] == "10")
                #expect(refused.text.contains("Please wait"))
            }
            let told = try await scene.ask(path, isBrowser: false)
            #expect(told.status == 429 && told.text.hasPrefix("{\"error\":\"too_many_requests\""))
            #expect(try await scene.ask(path, from: "192.0.2.2").status == 200)
            scene.clock.advance(ms: 10_000)
            #expect(try await scene.ask(path).status == 200)
            #expect(try await scene.ask("/~guess32").status == 404)
            #expect(try await scene.ask("/~guess33").status == 429)
        }
    }

    @Test("an IPv6 client is limited with its whole /64, however it spells its address")
    func wideAddresses() async throws {
        try await LinkScene.open { scene in
            for index in 1...30 {
                let guess = try await scene.ask("/~guess", from: "2001:db8:0:1::\(index)")
                #expect(guess.status == 404)
            }
            let neighbour = try await scene.ask("/~guess", from: "2001:0db8::1:ffff:0:0:9")
            #expect(neighbour.status == 429)
            let stranger = try await scene.ask("/~guess", from: "2001:db8:0:2::1")
            #expect(stranger.status == 404)
        }
    }

    @Test("a form that cannot be read opens nothing", arguments: ["", "password", "password[]=open+sesame", "other=1"])
    func forms(form: String) async throws {
        try await LinkScene.open { scene in
            let path = try await scene.link(to: scene.a, password: Self.password).path
            #expect(try await scene.ask(path, .post, form: form).status == 403)
        }
    }
}
