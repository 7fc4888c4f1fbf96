import DriveCore
import HTTPEdge
import Hummingbird
import NIOCore
import Testing

@Suite("How calls come in and answers go out")
struct TransportTests {
    @Test("query, form, multipart and JSON make the same call")
    func encodings() async throws {
        try await Door.open { door in
            let storage = try await door.drive.personalStorage(of: Person.ID(1))
            for name in ["Folder", "Folder 2", "Else"] {
                _ = try await door.drive.addFolder(named: FileName(name), in: storage.root, as: door.administrator)
            }
            let form =
                "id=\(storage.id)&filter[NAME]=%25Folder%25&filter%5B%3E%3DID%5D=1&order[NAME]=DESC&start=0&unknown=1"
            let parts = [
                ("id", "\(storage.id)"), ("filter[NAME]", "%Folder%"), ("filter[>=ID]", "1"), ("order[NAME]", "DESC"),
                ("start", "0"),
            ].map { "--cut\r\nContent-Disposition: form-data; name=\"\($0)\"\r\n\r\n\($1)\r\n" }.joined()
            let method = door.webhook + "disk.storage.getchildren"
            let replies = [
                try await door.call(
                    "disk.storage.getchildren",
                    [
                        "id": .int(storage.id.rawValue), "filter": ["NAME": "%Folder%", ">=ID": 1],
                        "order": ["NAME": "DESC"], "start": 0,
                    ]),
                try await door.send(.get, method + "?" + form),
                try await door.form("disk.storage.getchildren", form),
                try await door.send(.post, method, body: ByteBuffer(string: form)),
                try await door.send(
                    .post, method, headers: [.contentType: "multipart/form-data; boundary=cut"],
                    body: ByteBuffer(string: parts + "--cut--\r\n")),
                try await door.send(
                    .post, method + "?start=50&order[NAME]=DESC", headers: [.contentType: "application/json"],
                    body: ByteBuffer(
                        string: #"{"id":"\#(storage.id)","filter":{"NAME":"%Folder%",">=ID":"1"},"start":"0"}"#)),
            ]
            for reply in replies {
                #expect(reply.status == 200)
                #expect(reply.result.names == ["Folder 2", "Folder"])
                #expect(reply.json["total"] == 2)
            }
        }
    }

    @Test(
        "any letter case, suffix and slash of a method's path reaches it",
        arguments: [
            "disk.storage.getTypes", "DISK.STORAGE.GETTYPES", "disk.storage.gettypes.json", "disk.storage.gettypes/",
            "disk%2estorage%2egettypes", "/disk.storage.gettypes.JSON/",
        ])
    func paths(method: String) async throws {
        try await Door.open { (door) async throws in
            #expect(try await door.send(.get, door.webhook + method).result == ["user", "common", "group"])
            #expect(
                try await door.send(.get, "/rest/" + method + "?auth=" + door.token).result
                    == ["user", "common", "group"])
        }
    }

    @Test("a list as the whole body is no parameters")
    func emptyList() async throws {
        try await Door.open { door in
            let reply = try await door.call("server.time", [])
            #expect(reply.status == 200)
        }
    }

    @Test("the time of an answer has all eight members, of the page's types")
    func time() async throws {
        try await Door.open(timeZone: "Europe/Helsinki") { door in
            let time = try await door.call("server.time").json["time"] ?? .null
            #expect(
                time.keys == [
                    "start", "finish", "duration", "processing", "date_start", "date_finish", "operating_reset_at",
                    "operating",
                ])
            #expect(time["start"] == 1_790_000_000)
            #expect(time["operating_reset_at"] == 1_790_000_600)
            #expect(time["date_start"] == "2026-09-21T17:13:20+03:00")
        }
    }

    @Test("the auth parameter wins over the header, in query and body alike")
    func bearer() async throws {
        try await Door.open { (door) async throws in
            let bearer: HTTPFields = [.authorization: "Bearer \(door.token)"]
            #expect(try await door.send(.get, "/rest/profile", headers: bearer).status == 200)
            #expect(
                try await door.send(.get, "/rest/profile?auth=wrong", headers: bearer).failure == "401 NO_AUTH_FOUND")
            let wrong: HTTPFields = [.authorization: "Bearer wrong", .contentType: "application/json"]
            let body = ByteBuffer(string: #"{"auth":"\#(door.token)"}"#)
            #expect(try await door.send(.post, "/rest/profile", headers: wrong, body: body).status == 200)
        }
    }

    @Test("the checks come in order: https, verb, credentials, method, scope, arguments")
    func order() async throws {
        try await Door.open { door in
            let plain = try await door.send(.put, "/rest/1/wrong/no.such", isTrusted: false)
            #expect(plain.failure == "400 INVALID_REQUEST")
            #expect(plain.json["error_description"] == "Https required")
            let put = try await door.send(.put, "/rest/1/wrong/no.such")
            #expect(put.status == 405)
            #expect(put.headers[.allow] == "GET, POST")
            #expect(try await door.send(.get, "/rest/1/wrong/no.such").failure == "401 NO_AUTH_FOUND")
            let poor = try await door.webhook(of: Person.ID(1), scopes: ["im"])
            #expect(try await door.send(.get, poor + "no.such").failure == "404 ERROR_METHOD_NOT_FOUND")
            let scope = try await door.send(.get, poor + "disk.file.get")
            #expect(scope.failure == "403 insufficient_scope")
            #expect(
                scope.json["error_description"]
                    == "The request requires higher privileges than provided by the webhook token")
            #expect(try await door.send(.get, door.webhook + "disk.file.get").failure == "400 ERROR_ARGUMENT")
            let third = "/rest/api" + door.webhook.dropFirst(5)
            #expect(try await door.send(.post, third + "tasks.task.get").failure == "404 ERROR_METHOD_NOT_FOUND")
            #expect(try await door.send(.get, "/rest/api/1/wrong/x").failure == "401 NO_AUTH_FOUND")
            #expect(
                try await door.send(.get, door.webhook + "no.such").json["error_description"] == "Method not found!")
        }
    }

    @Test("credentials that are missing, wrong, expired, revoked or of a wrong person are told apart as the page does")
    func credentials() async throws {
        try await Door.open { door in
            #expect(try await door.send(.get, "/rest/profile").failure == "401 NO_AUTH_FOUND")
            #expect(try await door.send(.get, "/rest/profile?auth=garbage").failure == "401 NO_AUTH_FOUND")
            #expect(try await door.send(.get, "/rest/profile?auth[]=x").failure == "401 NO_AUTH_FOUND")
            #expect(try await door.send(.get, "/rest/x/CODE/profile").failure == "401 NO_AUTH_FOUND")
            #expect(try await door.send(.get, "/rest/99999999999999999999/CODE/profile").failure == "401 NO_AUTH_FOUND")
            let code = door.webhook.split(separator: "/")[2]
            #expect(try await door.send(.get, "/rest/2/\(code)/profile").failure == "401 NO_AUTH_FOUND")
            let brief = try await door.webhook(of: Person.ID(1), expiresMs: door.clock.now + 1000)
            #expect(try await door.send(.get, brief + "profile").status == 200)
            door.clock.advance(ms: 1001)
            #expect(try await door.send(.get, brief + "profile").failure == "401 expired_token")
            for credential in try await door.drive.credentials(kind: nil) {
                _ = try await door.drive.revokeCredential(credential.id)
            }
            #expect(try await door.send(.get, door.webhook + "profile").failure == "401 NO_AUTH_FOUND")
            #expect(try await door.send(.get, "/rest/profile?auth=" + door.token).failure == "401 NO_AUTH_FOUND")
        }
    }

    @Test("an answer can be had as XML, errors too")
    func xml() async throws {
        try await Door.open { door in
            let reply = try await door.send(.get, door.webhook + "disk.storage.gettypes.xml")
            #expect(reply.headers[.contentType] == "application/xml; charset=utf-8")
            #expect(reply.text.contains("<result><item>user</item><item>common</item><item>group</item></result>"))
            let made = try await door.call("disk.storage.addfolder", ["id": 1, "data": ["NAME": "R&D"]])
            let folder = try await door.send(
                .get, door.webhook + "disk.folder.get.xml?id=\(made.result["ID"]?.number ?? 0)")
            #expect(folder.text.contains("<NAME>R&amp;D</NAME><CODE></CODE><STORAGE_ID>1</STORAGE_ID>"))
            // Numbers as JSON writes them.
            #expect(folder.text.contains("<processing>0</processing>"))
            #expect(folder.text.contains("<operating>0</operating>"))
            let wrong = try await door.send(.get, "/rest/1/wrong/profile.xml")
            #expect(wrong.status == 401)
            #expect(wrong.text.contains("<error>NO_AUTH_FOUND</error>"))
        }
    }

    @Test("only its own paths are claimed")
    func claims() async throws {
        try await Door.open { (door) async throws in
            #expect(door.surface.claims("/rest/1/x/y") && door.surface.claims("/rest"))
            #expect(door.surface.claims("/bitrix/tools/disk/uf.php"))
            #expect(
                !door.surface.claims("/restful") && !door.surface.claims("/") && !door.surface.claims("/v1.0/files"))
        }
    }
}
