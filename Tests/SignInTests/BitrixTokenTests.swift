import DriveCore
import Foundation
import HTTPEdge
import Hummingbird
import SQLStore
import Testing

/// Values of vendor pages `settings/oauth`: lifetimes, fields, errors and their statuses.
@Suite("The Bitrix24 token endpoint")
struct BitrixTokenTests {
    /// A code as a browser would bring it.
    static func code(_ house: House) async throws -> String {
        var browser = Browser(house)
        try await browser.signIn(at: ConsentPageTests.target(house))
        return try await browser.press("allow").redirected("code") ?? ""
    }

    @Test("code, tokens, call, refresh, call: the whole way", arguments: Engine.allCases)
    func wholeWay(engine: Engine) async throws {
        try await House.open(engine) { house in
            let first = try await house.exchange(Self.code(house))
            #expect(first.status == 200 && first.headers[.cacheControl] == "no-store")
            #expect(first.headers[.contentType]?.hasPrefix("application/json") == true)
            let now = house.clock.now / 1000
            func common(_ reply: Reply) {
                #expect(reply.json["expires_in"] == 3600 && reply.json["expires"] == .int(now + 3600))
                #expect(reply.json["client_endpoint"] == "https://files.example:8443/rest/")
                #expect(reply.json["server_endpoint"] == "https://files.example:8443/rest/")
                #expect(reply.json["domain"] == "files.example:8443" && reply.json["status"] == "L")
                #expect(reply.json["scope"] == "disk,im,task,user")
                #expect(reply.string("member_id").wholeMatch(of: /[0-9a-f]{32}/) != nil)
            }
            common(first)
            #expect(first.json["user_id"] == nil)
            let call = try await house.send(.get, "/rest/user.current?auth=\(first.string("access_token"))")
            #expect(call.json["result"]?["ID"] == .string("\(house.ann)"))
            let second = try await house.refresh(first.string("refresh_token"))
            #expect(second.status == 200 && second.json["user_id"] == .int(house.ann.rawValue))
            common(second)
            #expect(second.string("member_id") == first.string("member_id"))
            #expect(try await house.call(second.string("access_token")) == "200")
            house.clock.advance(ms: 3_600_000)
            #expect(try await house.call(second.string("access_token")) == "401 expired_token")
        }
    }

    @Test("a lost answer is given again for a minute, a replayed code ends everything")
    func replays() async throws {
        try await House.open { house in
            let code = try await Self.code(house)
            let first = try await house.exchange(code)
            let second = try await house.refresh(first.string("refresh_token"))
            house.clock.advance(ms: 20_000)
            let again = try await house.refresh(first.string("refresh_token"))
            #expect(again.string("access_token") == second.string("access_token"))
            #expect(again.string("refresh_token") == second.string("refresh_token"))
            #expect(again.json["expires"] == second.json["expires"] && again.json["expires_in"] == 3580)
            house.clock.advance(ms: 40_000)
            #expect(try await house.refresh(first.string("refresh_token")).outcome == "400 invalid_grant")
            #expect(try await house.exchange(code).outcome == "400 invalid_grant")
            #expect(try await house.call(second.string("access_token")) == "401 NO_AUTH_FOUND")
            #expect(try await house.refresh(second.string("refresh_token")).outcome == "400 invalid_grant")
        }
    }

    @Test("a code lives thirty seconds")
    func lateCode() async throws {
        try await House.open { house in
            let code = try await Self.code(house)
            house.clock.advance(ms: 30_000)
            #expect(try await house.exchange(code).outcome == "400 invalid_grant")
        }
    }

    @Test("every encoding, both verbs, with and without the slash")
    func encodings() async throws {
        try await House.open { house in
            func fields(_ code: String) -> [(String, String)] {
                [
                    ("grant_type", "authorization_code"), ("client_id", house.application.clientID),
                    ("client_secret", house.secret), ("code", code), ("bx24_request_id", "x"),
                ]
            }
            let form = House.form(fields(try await Self.code(house)))
            #expect(try await house.send(.get, "/oauth/token?\(form)").status == 200)
            let posted = House.form(fields(try await Self.code(house)))
            #expect(try await house.send(.post, "/oauth/token/", posted).status == 200)
            let json = fields(try await Self.code(house)).map { "\"\($0.0)\":\"\($0.1)\"" }.joined(separator: ",")
            let asJSON = try await house.send(
                .post, "/oauth/token", "{\(json)}", headers: [.contentType: "application/json"])
            #expect(asJSON.status == 200)
            let parts = fields(try await Self.code(house)).map {
                "--cut\r\nContent-Disposition: form-data; name=\"\($0.0)\"\r\n\r\n\($0.1)\r\n"
            }.joined()
            let multipart = try await house.send(
                .post, "//oauth//token//", parts + "--cut--\r\n",
                headers: [.contentType: "multipart/form-data; boundary=cut"])
            #expect(multipart.status == 200)
        }
    }

    @Test("each error has its code and status")
    func errors() async throws {
        try await House.open { house in
            let (id, secret) = (house.application.clientID, house.secret)
            let other = try await house.drive.createApplication(
                title: "Other", scopes: ["disk"], redirectURI: "https://other.example/")
            func ask(
                _ type: String, _ id: String, _ secret: String, _ fields: [(String, String)]
            ) async throws -> String {
                try await house.token(
                    [("grant_type", type), ("client_id", id), ("client_secret", secret)] + fields
                ).outcome
            }
            let grant = "authorization_code"
            let code = try await Self.code(house)
            #expect(try await ask(grant, "nobody", secret, [("code", code)]) == "200 wrong_client")
            #expect(try await ask(grant, id, "wrong", [("code", code)]) == "400 invalid_client")
            #expect(
                try await ask(grant, other.application.clientID, other.secret, [("code", code)]) == "400 invalid_grant")
            for (type, fields) in [
                (grant, []), (grant, [("code", "")]), ("refresh_token", []), ("refresh_token", [("code", code)]),
                ("password", [("code", code)]), ("client_credentials", []), ("", [("code", code)]),
                (grant, [("code[]", code)]),
            ] as [(String, [(String, String)])] {
                #expect(try await ask(type, id, secret, fields) == "400 invalid_request")
            }
            #expect(try await ask(grant, "", secret, [("code", code)]) == "400 invalid_request")
            #expect(try await ask(grant, id, "", [("code", code)]) == "400 invalid_request")
            #expect(try await ask("refresh_token", id, secret, [("refresh_token", code)]) == "400 invalid_grant")
            // None of that used the code up.
            let pair = try await house.exchange(code)
            #expect(pair.status == 200)
            let refresh = pair.string("refresh_token")
            #expect(try await ask(grant, id, secret, [("code", refresh)]) == "400 invalid_grant")
            let waiting = try await Self.code(house)
            try await house.drive.updateApplication(house.application.id, scopes: ["disk"])
            #expect(try await house.exchange(waiting).outcome == "403 insufficient_scope")
            #expect(try await house.refresh(refresh).outcome == "403 insufficient_scope")
            _ = try await house.drive.revokeApplication(house.application.id)
            #expect(try await house.refresh(refresh).outcome == "401 NOT_INSTALLED")
            #expect(try await house.call(pair.string("access_token")) == "401 NO_AUTH_FOUND")
        }
    }

    @Test("blocked people and those the application is not for are refused at every call")
    func people() async throws {
        try await House.open { house in
            let pair = try await house.exchange(Self.code(house))
            let (access, refresh) = (pair.string("access_token"), pair.string("refresh_token"))
            try await house.drive.setActive(false, house.ann)
            #expect(try await house.call(access) == "401 authorization_error")
            #expect(try await house.refresh(refresh).outcome == "400 invalid_grant")
            try await house.drive.setActive(true, house.ann)
            try await house.drive.restrictApplication(house.application.id, to: [Person.ID(1)])
            #expect(try await house.call(access) == "403 user_access_error")
            #expect(try await house.refresh(refresh).outcome == "400 invalid_grant")
            try await house.drive.restrictApplication(house.application.id, to: nil)
            #expect(try await house.call(access) == "200")
            #expect(try await house.refresh(refresh).status == 200)
        }
    }

    @Test("an address that shows wrong secrets must wait, another need not")
    func throttling() async throws {
        try await House.open { house in
            let fields = [
                ("grant_type", "refresh_token"), ("client_id", house.application.clientID), ("client_secret", "guess"),
                ("refresh_token", "x"),
            ]
            for _ in 1...50 { #expect(try await house.token(fields).outcome == "400 invalid_client") }
            let limited = try await house.token(fields)
            #expect(limited.outcome == "503 QUERY_LIMIT_EXCEEDED" && limited.headers[.retryAfter] == "2")
            #expect(try await house.token(fields, address: "192.0.2.2").outcome == "400 invalid_client")
            house.clock.advance(ms: 2000)
            #expect(try await house.refresh("x").outcome == "400 invalid_grant")
        }
    }

    @Test("hostile requests are refused in the endpoint's words")
    func hostile() async throws {
        try await House.open { house in
            let json: HTTPFields = [.contentType: "application/json"]
            let long = String(repeating: "x", count: 40_000)
            for (method, target, body, headers) in [
                (.get, "/oauth/token/", "", [:]), (.get, "/oauth/token/?%", "", [:]),
                (.get, "/oauth/token/?client_id=%00&grant_type=a&client_secret=b", "", [:]),
                (.get, "/oauth/token/?grant_type=%FF", "", [:]),
                (.post, "/oauth/token/", "{", json), (.post, "/oauth/token/", "[1,2,3]", json),
                (.post, "/oauth/token/", #"{"grant_type":{"a":1},"client_id":[],"client_secret":null}"#, json),
                (.post, "/oauth/token/", #"{"grant_type":"a\u0000","client_id":"b","client_secret":"c"}"#, json),
                (.post, "/oauth/token/", long + "=1&" + long + "=2", [:]),
                (.post, "/oauth/token/", String(repeating: "[", count: 10_000), json),
            ] as [(HTTPRequest.Method, String, String, HTTPFields)] {
                let reply = try await house.send(method, target, body, headers: headers)
                #expect(reply.outcome == "400 invalid_request", "\(target) \(body.prefix(40))")
            }
            let wrongVerb = try await house.send(.put, "/oauth/token/")
            #expect(wrongVerb.status == 405 && wrongVerb.headers[.allow] == "GET, POST")
            #expect(try await house.send(.get, "/oauth/token/", isTrusted: false).outcome == "400 INVALID_REQUEST")
            let strange = try await house.token([
                ("grant_type", "refresh_token"), ("client_id", "'; DROP TABLE consent; --"),
                ("client_secret", "я🙂"), ("refresh_token", String(repeating: "f", count: 20_000)),
            ])
            #expect(strange.outcome == "200 wrong_client")
        }
    }
}
