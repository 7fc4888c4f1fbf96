import DriveCore
import Foundation
import HTTPEdge
import Hummingbird
import SQLStore
import Testing

/// Lifetimes, fields and hints as amoCRM's documentation and clients know them.
@Suite("The amoCRM token endpoint")
struct AmoTokenTests {
    static func target(_ house: House, _ more: String = "&state=s%201&mode=popup") -> String {
        "/oauth?client_id=\(house.application.clientID)\(more)"
    }

    static func code(_ house: House, as login: String = "ann") async throws -> String {
        var browser = Browser(house)
        try await browser.signIn(login, at: target(house))
        return try await browser.press("allow").redirected("code") ?? ""
    }

    static func fields(
        _ house: House, _ grant: String, _ shown: String, _ change: [String: String?] = [:]
    ) -> [(String, String)] {
        let name = grant == "refresh_token" ? "refresh_token" : "code"
        return [
            ("grant_type", grant), ("client_id", house.application.clientID), ("client_secret", house.secret),
            (name, shown), ("redirect_uri", House.redirectURI),
        ].compactMap { pair -> (String, String)? in
            guard let changed = change[pair.0] else { return pair }
            return changed.map { (pair.0, $0) }
        }
    }

    static func token(
        _ house: House, _ shown: String, _ change: [String: String?] = [:], grant: String = "authorization_code",
        address: String = "192.0.2.1"
    ) async throws -> Reply {
        let members = fields(house, grant, shown, change).map { "\"\($0.0)\":\"\($0.1)\"" }
        return try await house.send(
            .post, "/oauth2/access_token", "{\(members.joined(separator: ","))}",
            headers: [.contentType: "application/json"], address: address)
    }

    /// `401 Token has been revoked`
    static func hint(_ reply: Reply) -> String {
        #expect(reply.headers[.contentType] == "application/problem+json")
        #expect(reply.json["status"] == .int(Int64(reply.status)))
        #expect(reply.json["title"] == "Некорректный запрос")
        #expect(reply.json["type"] == "https://developers.amocrm.ru/v3/errors/OAuthProblemJson")
        #expect(reply.json["detail"] == "В запросе отсутствует ряд параметров или параметры невалидны")
        return "\(reply.status) \(reply.string("hint"))"
    }

    static func call(_ house: House, _ token: String, as user: String? = nil) async throws -> Reply {
        var headers: HTTPFields = [.authorization: "Bearer \(token)"]
        headers[.init("X-Context-User-ID")!] = user
        return try await house.send(.get, "/api/v4/account", headers: headers)
    }

    @Test("consent leads to the registered address with code, referer, state and client id; so does a refusal")
    func consent() async throws {
        try await House.open { house in
            var browser = Browser(house)
            let page = try await browser.signIn(at: Self.target(house))
            #expect(page.text.contains("leads, contacts") && page.text.contains("Delete files"))
            let granted = try await browser.press("allow")
            #expect(granted.status == 303)
            #expect(granted.redirect.map(\.name) == ["keep", "code", "referer", "state", "client_id"])
            #expect(granted.redirected("referer") == "files.example:8443" && granted.redirected("state") == "s 1")
            #expect(granted.redirected("client_id") == house.application.clientID)
            try await browser.open("/oauth/?client_id=\(house.application.clientID)&mode=post_message&state=x")
            let refused = try await browser.press("refuse")
            #expect(
                refused.headers[.location]
                    == "https://app.example/back?keep=1&error=access_denied&client_id=\(house.application.clientID)"
                    + "&state=x")
        }
    }

    @Test("code, tokens, call, refresh, replay within the grace: the whole way", arguments: Engine.allCases)
    func wholeWay(engine: Engine) async throws {
        try await House.open(engine) { house in
            let first = try await Self.token(house, try await Self.code(house))
            #expect(first.status == 200 && first.headers[.contentType] == "application/json")
            #expect(first.json["token_type"] == "Bearer" && first.json["expires_in"] == 86_400)
            #expect(first.json["server_time"] == .int(house.clock.now / 1000))
            let access = first.string("access_token")
            #expect(access.split(separator: ".").count == 3)
            #expect(try await Self.call(house, access).json["current_user_id"] == .int(house.ann.rawValue))
            #expect(try await house.send(.get, "/rest/profile?auth=\(access)").status == 401)

            let form = House.form(Self.fields(house, "refresh_token", first.string("refresh_token")))
            let second = try await house.send(.post, "/oauth2/access_token", form)
            #expect(second.status == 200)
            house.clock.advance(ms: 10_000)
            let again = try await Self.token(house, first.string("refresh_token"), grant: "refresh_token")
            #expect(again.string("access_token") == second.string("access_token"))
            #expect(again.string("refresh_token") == second.string("refresh_token"))
            #expect(again.json["expires_in"] == 86_390)
            #expect(try await Self.call(house, second.string("access_token")).status == 200)
            // The access token of before works until its own time.
            #expect(try await Self.call(house, access).status == 200)
            house.clock.advance(ms: 50_000)
            let late = try await Self.token(house, first.string("refresh_token"), grant: "refresh_token")
            #expect(Self.hint(late) == "401 Token has been revoked")
            house.clock.advance(ms: 86_400_000)
            #expect(try await Self.call(house, second.string("access_token")).status == 401)
        }
    }

    @Test("each trouble has its status and hint")
    func hints() async throws {
        try await House.open { house in
            func hint(
                _ shown: String, _ change: [String: String?] = [:], grant: String = "authorization_code"
            ) async throws -> String {
                Self.hint(try await Self.token(house, shown, change, grant: grant))
            }
            let code = try await Self.code(house)
            #expect(try await hint("garbage") == "400 Cannot decrypt the authorization code")
            #expect(try await hint("garbage", grant: "refresh_token") == "401 Cannot decrypt the refresh token")
            #expect(try await hint(code, ["client_secret": "wrong"]) == "401 Invalid client")
            #expect(try await hint(code, ["client_id": "nobody"]) == "401 Invalid client")
            for field in ["grant_type", "client_id", "client_secret", "code", "redirect_uri"] {
                #expect(try await hint(code, [field: nil]) == "400 Check the `\(field)` parameter")
                #expect(try await hint(code, [field: ""]) == "400 Check the `\(field)` parameter")
            }
            #expect(try await hint(code, grant: "password") == "400 Check the `grant_type` parameter")
            for address in ["https://app.example/back", "https://evil.example/", House.redirectURI + "/"] {
                #expect(try await hint(code, ["redirect_uri": address]) == "400 Check the `redirect_uri` parameter")
            }
            // None of that used it up.
            house.clock.advance(ms: 20 * 60_000 - 1)
            let pair = try await Self.token(house, code)
            #expect(pair.status == 200)
            #expect(try await hint(code) == "400 Authorization code has been revoked")
            #expect(try await Self.call(house, pair.string("access_token")).status == 401)
            #expect(
                try await hint(pair.string("refresh_token"), grant: "refresh_token") == "401 Token has been revoked")
            let late = try await Self.code(house)
            house.clock.advance(ms: 20 * 60_000)
            #expect(try await hint(late) == "400 Authorization code has expired")
            let last = try await Self.token(house, try await Self.code(house))
            house.clock.advance(ms: 92 * 86_400_000)
            #expect(try await hint(last.string("refresh_token"), grant: "refresh_token") == "401 Token has expired")
            _ = try await house.drive.revokeApplication(house.application.id)
            #expect(try await hint(last.string("refresh_token"), grant: "refresh_token") == "401 Invalid client")
        }
    }

    @Test("what an administrator gives survives them; what a user gives does not; both may be restricted")
    func people() async throws {
        try await House.open { house in
            try await house.drive.setPassword(House.password, of: Person.ID(1))
            let full = try await Self.token(house, try await Self.code(house, as: "admin"))
            let anns = try await Self.token(house, try await Self.code(house))
            let token = full.string("access_token")
            let asAnn = try await Self.call(house, token, as: "\(house.ann)")
            #expect(asAnn.json["current_user_id"] == .int(house.ann.rawValue))
            for user in ["99", "x", "-1", "99999999999999999999"] {
                #expect(try await Self.call(house, token, as: user).status == 403)
            }
            let ignored = try await Self.call(house, anns.string("access_token"), as: "1")
            #expect(ignored.json["current_user_id"] == .int(house.ann.rawValue))

            try await house.drive.setActive(false, Person.ID(1))
            #expect(try await Self.call(house, token).json["current_user_id"] == 1)
            let next = try await Self.token(house, full.string("refresh_token"), grant: "refresh_token")
            #expect(try await Self.call(house, next.string("access_token")).status == 200)
            #expect(try await Self.call(house, next.string("access_token"), as: "\(house.ann)").status == 200)
            try await house.drive.setActive(false, house.ann)
            #expect(try await Self.call(house, token, as: "\(house.ann)").status == 403)
            #expect(try await Self.call(house, anns.string("access_token")).status == 401)
            let ended = try await Self.token(house, anns.string("refresh_token"), grant: "refresh_token")
            #expect(Self.hint(ended) == "401 Token has been revoked")
            try await house.drive.setActive(true, house.ann)
            try await house.drive.restrictApplication(house.application.id, to: [Person.ID(1)])
            #expect(try await Self.call(house, anns.string("access_token")).status == 403)
        }
    }

    @Test("a client that lost its way learns whose account it is")
    func account() async throws {
        try await House.open { house in
            let pair = try await Self.token(house, try await Self.code(house))
            _ = try await Self.token(house, pair.string("refresh_token"), grant: "refresh_token")
            let name = try #require(HTTPFields.Element.Name("X-Refresh-Token"))
            let byRefresh = try await house.send(
                .get, "/oauth2/account/current/subdomain", headers: [name: pair.string("refresh_token")])
            let byAccess = try await house.send(
                .get, "/oauth2/account/subdomain",
                headers: [.authorization: "Bearer \(pair.string("access_token"))"])
            for reply in [byRefresh, byAccess] {
                #expect(reply.status == 200 && reply.headers[.contentType] == "application/json")
                #expect(
                    reply.json == [
                        "id": .int(house.drive.account.id), "subdomain": .string(house.drive.account.subdomain),
                        "domain": "files.example:8443", "top_level_domain": "example",
                    ])
            }
            let path = "/oauth2/account/current/subdomain"
            #expect(try await house.send(.get, path).status == 401)
            #expect(try await house.send(.get, path, headers: [name: "x"]).status == 401)
            #expect(try await house.send(.get, "/oauth2/account/subdomain").status == 401)
        }
    }

    @Test("hostile requests are refused in the endpoint's envelope, and guessing is slowed down")
    func hostile() async throws {
        try await House.open { house in
            let json: HTTPFields = [.contentType: "application/json"]
            for (body, headers) in [
                ("", [:]), ("{", json), ("[]", json), (#"{"grant_type":["a"]}"#, json),
                (#"{"grant_type":"authorization_code","client_id":5}"#, json), ("grant_type=%00", [:]),
                ("grant_type=%FF", [:]), (String(repeating: "[", count: 5000), json),
                (String(repeating: "x", count: 70_000) + "=1", [:]),
            ] as [(String, HTTPFields)] {
                let reply = try await house.send(.post, "/oauth2/access_token", body, headers: headers)
                #expect(Self.hint(reply).hasPrefix("400 "), "\(body.prefix(30))")
            }
            #expect(try await house.send(.get, "/oauth2/access_token").status == 405)
            #expect(try await house.send(.get, "/oauth2/nothing").status == 404)
            for _ in 1...50 {
                #expect(try await Self.token(house, "x", ["client_secret": "guess"]).status == 401)
            }
            let limited = try await Self.token(house, "x")
            #expect(limited.status == 429 && limited.headers[.retryAfter] == "2")
            #expect(try await Self.token(house, "x", address: "192.0.2.2").status == 400)
        }
    }
}
