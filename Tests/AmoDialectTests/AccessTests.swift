import DriveCore
import Foundation
import HTTPEdge
import Hummingbird
import Testing

@testable import AmoDialect

@Suite("Who may call what")
struct AccessTests {
    @Test("a token missing, garbage, expired, revoked or of another account is 401 on both hosts")
    func unauthorized() async throws {
        try await Door.with { door async throws in
            let expiring = try await door.token(lifetimeMs: 1000)
            door.clock.advance(ms: 2000)
            let foreign = try AccessToken.make(
                account: door.drive.account, person: Person.ID(1), application: door.application,
                scopes: ["crm", "files"],
                issuedMs: door.clock.now, expiresMs: door.clock.now + 1_000_000)
            let revoked = try await door.token()
            let credential = try #require(try await door.drive.credentials(kind: .amocrm).last)
            _ = try await door.drive.revokeCredential(credential.id)
            for token in ["", "garbage", "a b", expiring, foreign, revoked, String(repeating: "x", count: 5000)] {
                let files = try await door.get("/v1.0/files", token: token)
                #expect(files.status == 401 && files.type == "application/json")
                let account = try await door.get("/api/v4/account", token: token)
                #expect(account.status == 401 && account.type == "application/problem+json")
                #expect(
                    account.json?["title"] == "Unauthorized" && account.json?["type"] == "https://httpstatus.es/401")
                #expect(account.json?["status"] == 401 && account.json?["detail"]?.text != nil)
            }
            let basic = try await door.send(.get, "/v1.0/files", token: "", headers: ["Authorization": "Basic abc"])
            #expect(basic.status == 401)
        }
    }

    @Test("files without files_delete may do everything but delete")
    func scopes() async throws {
        try await Door.with { door async throws in
            let files = try await door.token(scopes: ["files"])
            let crm = try await door.token(scopes: ["crm"])
            let uuid = try #require(try await door.upload("a.txt", token: files)["uuid"]?.text)
            let list = #"[{"uuid":"\#(uuid)"}]"#
            for (method, target, body) in [
                (HTTPRequest.Method.delete, "/v1.0/files", list), (.delete, "/v1.0/files/\(uuid)", ""),
            ] {
                let reply = try await door.send(method, target, json: body, token: files)
                #expect(
                    reply.status == 403 && reply.json?["detail"] == "Invalid scope" && reply.type == "application/json")
            }
            #expect(try await door.send(.post, "/v1.0/files/restore", json: list, token: files).status == 200)
            #expect(
                try await door.send(.patch, "/v1.0/files/\(uuid)", json: #"{"name":"b"}"#, token: files).status == 200)
            for target in ["/v1.0/files", "/v1.0/files/\(uuid)", "/v1.0/files/\(uuid)/versions"] {
                #expect(try await door.get(target, token: files).status == 200)
                #expect(try await door.get(target, token: crm).status == 403)
            }
            #expect(try await door.session("a.txt", size: 1, token: crm).status == 403)
            #expect(try await door.get("/api/v4/account", token: files).status == 403)
            let lead = try await door.newEntity()
            let link = #"[{"file_uuid":"\#(uuid)"}]"#
            #expect(try await door.send(.put, "/api/v4/leads/\(lead)/files", json: link, token: crm).status == 202)
        }
    }

    @Test("unknown paths are 404 and wrong verbs 405 with Allow, each in its host's type")
    func routes() async throws {
        try await Door.with { door async throws in
            for target in [
                "/v1.0/", "/v1.0/nothing", "/v1.0/files/a/b/c/d", "/api/v4/", "/api/v4/catalogs", "/upload/",
            ] {
                let reply = try await door.get(target)
                #expect(reply.status == 404, "\(target)")
                #expect(reply.type == (target.hasPrefix("/api") ? "application/problem+json" : "application/json"))
            }
            for (method, target, allow) in [
                (HTTPRequest.Method.put, "/v1.0/files", "GET, DELETE"), (.get, "/v1.0/sessions", "POST"),
                (.delete, "/api/v4/leads/1", "GET, PATCH"), (.post, "/api/v4/account", "GET"),
                (.post, "/download/a/b/c", "GET, HEAD"), (.post, "/api/v4/leads/1/files", "GET, PUT, DELETE"),
            ] {
                let reply = try await door.send(method, target)
                #expect(reply.status == 405 && reply.headers[.allow] == allow, "\(target)")
            }
            #expect(try await door.get("/api/v4/account/").status == 200)
            #expect(try await door.get("//v1.0//files").status == 204)
        }
    }

    @Test("the access token is a JWT with the claims clients read")
    func claims() async throws {
        try await Door.with { door async throws in
            let parts = door.token.split(separator: ".")
            func decoded(_ part: Substring) throws -> Value {
                var text = part.replacing("-", with: "+").replacing("_", with: "/")
                while text.count % 4 != 0 { text += "=" }
                return try Value.json(.init(data: try #require(Data(base64Encoded: String(text)))))
            }
            #expect(try decoded(parts[0]) == ["alg": "HS256", "typ": "JWT"])
            let claims = try decoded(parts[1])
            #expect(claims["aud"] == .string(door.application.clientID) && claims["sub"] == "1")
            #expect(claims["account_id"] == .int(door.drive.account.id))
            #expect(claims["scopes"] == ["crm", "files", "files_delete"])
            #expect(claims["iat"] == .int(door.clock.now / 1000) && claims["nbf"] == claims["iat"])
            #expect(claims["exp"] == .int(door.clock.now / 1000 + 365 * 86_400))
            for key in ["jti", "base_domain", "api_domain"] { #expect(claims[key]?.text != nil) }
            #expect(try await door.token() != door.token())
        }
    }
}

@Suite("The account")
struct AccountTests {
    @Test("everything the PHP library reads is there; extras come with `with`")
    func account() async throws {
        try await Door.with { door async throws in
            let plain = try await door.get("/api/v4/account")
            #expect(plain.status == 200 && plain.type == "application/hal+json")
            let model = try #require(plain.json)
            for key in [
                "id", "created_at", "updated_at", "created_by", "updated_by", "current_user_id",
                "mobile_feature_version", "contact_name_display_order",
            ] {
                #expect(model[key]?.integer != nil, "\(key)")
            }
            for key in ["name", "subdomain", "country", "currency", "currency_symbol", "customers_mode", "language"] {
                #expect(model[key]?.text != nil, "\(key)")
            }
            for key in ["is_unsorted_on", "is_loss_reason_enabled", "is_helpbot_enabled", "is_technical_account"] {
                guard case .bool = model[key] else {
                    Issue.record("\(key) is no bool")
                    continue
                }
            }
            #expect(model["drive_url"] == nil && model["_embedded"] == .object([]))
            #expect(model["id"] == .int(door.drive.account.id) && model["current_user_id"] == 1)
            #expect(model.at("_links.self.href") == .string("\(door.origin)/api/v4/account"))

            let drive = try await door.get("/api/v4/account?with=drive_url")
            #expect(drive.json?["drive_url"] == "https://drive-b.amocrm.ru")

            let all = try await door.get(
                "/api/v4/account?with=amojo_id,uuid,amojo_rights,users_groups,task_types,version,entity_names,"
                    + "datetime_settings,drive_url,is_api_filter_enabled,invoices_settings,unknown")
            for key in [
                "amojo_id", "uuid", "version", "entity_names", "drive_url", "is_api_filter_enabled",
                "invoices_settings",
            ] {
                #expect(all.json?[key] != nil, "\(key)")
            }
            for key in ["amojo_rights", "users_groups", "task_types", "datetime_settings"] {
                #expect(all.json?["_embedded"]?[key] != nil, "\(key)")
            }
            #expect(all.json?.at("_embedded.datetime_settings.timezone") == "Europe/Moscow")
            #expect(all.json?.at("_embedded.datetime_settings.timezone_offset") == "+03:00")
            #expect(all.json?["uuid"] == .string(door.drive.account.uuid))
        }
    }

    @Test(
        "the zone's offset has its sign and minutes",
        arguments: [("Asia/Kolkata", "+05:30"), ("America/St_Johns", "-02:30"), ("UTC", "+00:00")])
    func offset(zone: String, expected: String) async throws {
        try await Door.with(timeZone: zone) { door async throws in
            let reply = try await door.get("/api/v4/account?with[]=datetime_settings")
            #expect(reply.json?.at("_embedded.datetime_settings.timezone_offset") == .string(expected))
        }
    }
}
