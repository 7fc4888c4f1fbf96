import DriveCore
import HTTPEdge
import Hummingbird
import NIOCore
import Testing

/// Section 13 of the protocol reference. Its points 1, 2, 3 and 9 are `EncodingMatrixTests`, point 7 is in
/// `BatchEdgeTests`, and point 10 is Tests/clients.
@Suite("Checklist of the transport")
struct TransportChecklistTests {
    @Test("point 3: telemetry never reaches a method")
    func telemetry() async throws {
        try await Door.open { door in
            let bare = try await door.send(.get, door.webhook + "methods?scope=task")
            let told = try await door.send(.get, door.webhook + "methods?" + CallForm.telemetry + "&scope=task")
            #expect(told.result == bare.result && told.result != [])
            // A parameter of a list that is telemetry would be refused as a field nobody knows.
            let users = try await door.send(.get, door.webhook + "user.get?" + CallForm.telemetry + "&ID=1")
            #expect(users.json["total"] == 1)
        }
    }

    @Test(
        "point 4: each trouble with a credential has its status and code",
        arguments: [
            ("/rest/profile", "401 NO_AUTH_FOUND"), ("/rest/1/wrongcode/profile", "401 NO_AUTH_FOUND"),
            ("/rest/profile?auth=wrong", "401 NO_AUTH_FOUND"), ("{expired}profile", "401 expired_token"),
            ("/rest/profile?auth=expiredtoken", "401 expired_token"),
            ("{chatonly}disk.storage.getlist", "403 insufficient_scope"),
            ("/rest/disk.storage.getlist?auth=chatonlytoken", "403 insufficient_scope"),
            ("{webhook}no.such.method", "404 ERROR_METHOD_NOT_FOUND"),
            ("/rest/no.such.method?auth={token}", "404 ERROR_METHOD_NOT_FOUND"),
            ("{webhook}", "404 ERROR_METHOD_NOT_FOUND"), ("{webhook}disk.trash.list", "404 ERROR_METHOD_NOT_FOUND"),
        ])
    func credentials(target: String, failure: String) async throws {
        try await Door.open { door in
            let person = door.administrator.person
            let application = try #require(try await door.drive.applications().first?.id)
            for (token, scopes, expires) in [
                ("expiredtoken", Door.allScopes, door.clock.now - 1), ("chatonlytoken", ["im"], nil),
            ] as [(String, Set<String>, Int64?)] {
                _ = try await door.drive.registerToken(
                    token, kind: .bitrix24, person: person, application: application, title: "", scopes: scopes,
                    expiresMs: expires)
            }
            let target = target.replacing(
                "{expired}", with: try await door.webhook(of: person, expiresMs: door.clock.now - 1)
            ).replacing("{chatonly}", with: try await door.webhook(of: person, scopes: ["im"]))
                .replacing("{webhook}", with: door.webhook).replacing("{token}", with: door.token)
            let reply = try await door.send(.get, target)
            #expect(reply.failure == failure)
            #expect(reply.json.keys == ["error", "error_description"])
        }
    }

    @Test("point 5: https, credentials, method, scope, application, arguments, rights: the first trouble is told")
    func order() async throws {
        try await Door.open { door in
            let ann = try await door.person("ann").id
            let (poor, hers) = (try await door.webhook(of: ann, scopes: ["im"]), try await door.webhook(of: ann))
            func failure(_ target: String, isTrusted: Bool = true) async throws -> String {
                try await door.send(.get, target, isTrusted: isTrusted).failure
            }
            #expect(try await failure("/rest/1/wrong/no.such", isTrusted: false) == "400 INVALID_REQUEST")
            #expect(try await failure("/rest/1/wrong/no.such") == "401 NO_AUTH_FOUND")
            #expect(try await failure(poor + "no.such") == "404 ERROR_METHOD_NOT_FOUND")
            #expect(try await failure(poor + "disk.storage.rename") == "403 insufficient_scope")
            #expect(try await failure(hers + "disk.storage.rename") == "403 ACCESS_DENIED")
            #expect(try await failure(hers + "disk.folder.get") == "400 ERROR_ARGUMENT")
            #expect(try await failure(hers + "disk.folder.get?id=999999") == "400 ERROR_NOT_FOUND")
            let root = try await door.drive.personalStorage(of: door.administrator.person).root
            #expect(try await failure(hers + "disk.folder.deletetree?id=\(root)") == "400 ACCESS_DENIED")
        }
    }

    /// Where the references print `[]` for a map without entries and `{}` for a date that got lost.
    @Test("point 8: an empty map is a list, a chat file's date an empty object")
    func emptyMaps() async throws {
        try await Door.open { door in
            let scene = try await SampleScene(door)
            let plain = try await door.addTask(["TITLE": "Nothing in it", "RESPONSIBLE_ID": .int(scene.ann)])
            let task = try await door.call("tasks.task.get", ["taskId": .int(plain)]).result["task"] ?? .null
            for name in ["group", "accomplicesData", "auditorsData", "checklist", "accomplices", "auditors"] {
                #expect(task[name] == .array([]), "\(name)")
            }
            #expect(try await door.call("tasks.task.get", ["taskId": 999_999]).result == .array([]))
            let said = try await door.call(
                "im.message.add", ["DIALOG_ID": .string("chat\(scene.chat)"), "MESSAGE": "x"])
            let list = try await door.call("im.dialog.messages.get", ["DIALOG_ID": .string("chat\(scene.chat)")])
            let messages = list.result["messages"]?.array ?? []
            let unaccompanied = messages.first { $0["id"] == said.result }
            let withFile = messages.first { $0["id"] == .int(scene.message) }
            #expect(unaccompanied?["params"] == .array([]))
            #expect(withFile?["params"] == ["FILE_ID": [.int(scene.chatFile)]])
            let sent = try await door.call(
                "im.disk.file.commit", ["CHAT_ID": .int(scene.chat), "UPLOAD_ID": .int(scene.chatFile)]
            ).result
            let key = "upload\(scene.chatFile)"
            #expect(sent["FILES"]?[key]?["date"] == .object([]))
            #expect(sent["FILE_MODELS"]?[key]?["createTime"] == .object([]))
            #expect(sent["FILE_MODELS"]?[key]?["updateTime"] == .object([]))
            let nothing = try await door.call("batch", ["cmd": ["x": "user.admin"]])
            #expect(nothing.result["result_error"] == .array([]))
        }
    }
}
