import DriveCore
import Foundation
import HTTPEdge
import Hummingbird
import NIOCore
import SQLStore
import Testing

@testable import BitrixDialect

@Suite("im.v2.File.upload and download")
struct MessengerFileTests {
    private func params(_ scene: ChatScene, name: Value = "a.txt", content: Value) -> Value {
        ["dialogId": .string("chat\(scene.chat)"), "fields": ["name": name, "content": content, "message": "Scan"]]
    }

    /// Everything a refused call must leave as it was.
    private func state(_ scene: ChatScene) async throws -> [Value] {
        let files = try await scene.door.call("disk.folder.getchildren", ["id": .int(scene.folder)])
        let history = try await scene.door.call(
            "im.dialog.messages.get", ["DIALOG_ID": .string("chat\(scene.chat)")])
        let report = try await scene.door.drive.check(repair: false)
        return [
            .array(files.result.names.map(Value.string)), history.result["messages"] ?? .null,
            .int(Int64(report.unreferenced.count)),
        ]
    }

    @Test("one call stores the file, sends it, and tells of both", arguments: Engine.allCases)
    func upload(engine: Engine) async throws {
        try await Door.open(engine) { door in
            let scene = try await ChatScene(door)
            let reply = try await door.call(
                "im.v2.File.upload", params(scene, name: "image.jpg", content: "SGVsbG8gV29ybGQh"),
                webhook: scene.annsWebhook)
            #expect(reply.status == 200)
            #expect(reply.result.keys == ["file", "messageId", "chatId", "dialogId"])
            // `image.jpg` lies there already.
            #expect(reply.result["file"]?["name"] == "image (1).jpg")
            #expect(reply.result["file"]?["size"] == 12)
            #expect(reply.result["file"]?["authorName"] == "ann")
            let history = try await door.call(
                "im.dialog.messages.get", ["DIALOG_ID": .string("chat\(scene.chat)")]
            ).result
            let message = history["messages"]?.array.first
            #expect(message?["id"] == reply.result["messageId"])
            #expect(message?["author_id"] == .int(scene.ann.id.rawValue))
            #expect(message?["text"] == "Scan")
            #expect(message?["params"] == ["FILE_ID": [reply.result["file"]?["id"] ?? .null]])
            let bytes = try await door.fetch(reply.result["file"]?["urlDownload"]?.string ?? "")
            #expect(bytes.text == "Hello World!")
        }
    }

    @Test("a form, a multipart body, a private dialog and a command of a batch do the same")
    func encodings() async throws {
        try await Door.open { door in
            let scene = try await ChatScene(door)
            let form = try await door.form(
                "im.v2.file.upload",
                "dialogId=chat\(scene.chat)&fields[name]=f.txt&fields[content]=aGVs%0D%0AbG8%3D")
            let parts = [
                ("dialogId", "chat\(scene.chat)"), ("fields[name]", "m.txt"), ("fields[content]", "aGVsbG8"),
            ].map { "--cut\r\nContent-Disposition: form-data; name=\"\($0)\"\r\n\r\n\($1)\r\n" }.joined()
            let multipart = try await door.send(
                .post, door.webhook + "im.v2.File.upload",
                headers: [.contentType: "multipart/form-data; boundary=cut"],
                body: ByteBuffer(string: parts + "--cut--\r\n"))
            let dialog = try await door.call(
                "im.v2.File.upload",
                ["dialogId": .int(scene.ann.id.rawValue), "fields": ["name": "p.txt", "content": "aGVsbG8="]])
            #expect(dialog.result["dialogId"] == .string(scene.ann.id.description))
            #expect(dialog.result["chatId"] != .int(scene.chat))
            let batch = try await door.call(
                "batch",
                [
                    "cmd": [
                        "up": .string(
                            "im.v2.File.upload?dialogId=chat\(scene.chat)&fields[name]=b.txt&fields[content]=aGVsbG8%3D"
                        ),
                        "bad": .string(
                            "im.v2.File.upload?dialogId=chat\(scene.chat)&fields[name]=c.txt&fields[content]=a-b"),
                    ]
                ])
            #expect(batch.result["result_error"]?["bad"]?["error"] == "FILE_INVALID_CONTENT")
            for result in [
                form.result, multipart.result, dialog.result, batch.result["result"]?["up"] ?? .null,
            ] {
                let bytes = try await door.fetch(result["file"]?["urlDownload"]?.string ?? "")
                #expect(bytes.text == "hello", "\(result)")
            }
        }
    }

    @Test(
        "what is no file, no name or not base64 is refused and leaves nothing",
        arguments: [
            ("a.txt", "", "400 FILE_EMPTY"), ("a.txt", nil, "400 FILE_EMPTY"), ("", "aGk=", "400 FILE_EMPTY"),
            (nil, "aGk=", "400 FILE_EMPTY"), (["a"], "aGk=", "400 FILE_EMPTY"), ("a.txt", [], "400 FILE_EMPTY"),
            ("a.txt", "\r\n", "400 FILE_EMPTY"), ("a.txt", 5, "400 FILE_INVALID_CONTENT"),
            ("a.txt", ["x", "aGk="], "400 FILE_INVALID_CONTENT"), ("a.txt", "not base64!", "400 FILE_INVALID_CONTENT"),
            ("a.txt", "data:text/plain;base64,aGk=", "400 FILE_INVALID_CONTENT"),
            ("a.txt", "aGk==", "400 FILE_INVALID_CONTENT"), ("a.txt", "====", "400 FILE_INVALID_CONTENT"),
            ("a.txt", "aGk=aGk=", "400 FILE_INVALID_CONTENT"), ("a.txt", "aGkxM", "400 FILE_INVALID_CONTENT"),
            ("a.txt", "aGk-_w==", "400 FILE_INVALID_CONTENT"), ("a/b", "aGk=", "400 ERROR_ARGUMENT"),
            ("a.txt", "aGk\u{0436}", "400 FILE_INVALID_CONTENT"),
        ] as [(Value, Value, String)])
    func refused(name: Value, content: Value, failure: String) async throws {
        try await Door.open { door in
            let scene = try await ChatScene(door)
            let before = try await state(scene)
            let reply = try await door.call("im.v2.File.upload", params(scene, name: name, content: content))
            #expect(reply.failure == failure, "\(reply.text)")
            #expect(try await state(scene) == before)
        }
    }

    @Test("a chat that is not there and one that is closed are told apart; the page's texts")
    func chats() async throws {
        try await Door.open { door in
            let scene = try await ChatScene(door)
            let fields: Value = ["name": "a.txt", "content": "aGk="]
            for dialog in ["chat999999", "999", "sg7", "x", "", nil, ["chat1"]] as [Value] {
                let reply = try await door.call("im.v2.File.upload", ["dialogId": dialog, "fields": fields])
                #expect(reply.failure == "400 CHAT_NOT_FOUND")
                #expect(reply.json["error_description"] == "CHAT_NOT_FOUND")
            }
            let closed = try await door.call(
                "im.v2.File.upload", params(scene, content: "aGk="), webhook: scene.bensWebhook)
            #expect(closed.failure == "403 ACCESS_DENIED")
            #expect(closed.json["error_description"] == "Access denied")
            let empty = try await door.call("im.v2.File.upload")
            #expect(empty.json["error_description"] == "File name and content are required")
            let invalid = try await door.call("im.v2.File.upload", params(scene, content: "?"))
            #expect(invalid.json["error_description"] == "Invalid base64 content")
        }
    }

    @Test("more than 100 MB once decoded is too large and kept nowhere")
    func tooLarge() async throws {
        try await Door.open { door in
            let scene = try await ChatScene(door)
            let before = try await state(scene)
            // 104,857,600 bytes are 34,952,533 groups of three and one byte more.
            var body = ByteBuffer(string: #"{"dialogId":"chat\#(scene.chat)","fields":{"name":"a","content":""#)
            body.writeRepeatingByte(UInt8(ascii: "A"), count: 34_952_533 * 4)
            body.writeString(#"AAA="}}"#)
            let over = try await door.send(
                .post, door.webhook + "im.v2.File.upload", headers: [.contentType: "application/json"], body: body)
            #expect(over.failure == "400 FILE_TOO_LARGE")
            #expect(over.json["error_description"] == "File is too large")
            #expect(try await state(scene) == before)
        }
    }

    @Test("a method's limit holds to the byte, for content that comes in and for text of a batch")
    func limit() async throws {
        #expect(MethodTable.method(named: "im.v2.file.upload")?.contentLimit == 104_857_600)
        try await Door.open { door in
            let method = Method("x", scope: "", content: ContentPaths(["FILE", "CONTENT"]), contentLimit: 3) { _, _ in
                Answer(true)
            }
            let intake = Intake(drive: door.drive)
            let diversion = try #require(intake.base64(for: method))
            #expect(diversion.isBase64(["FILE", "CONTENT"]) && !diversion.isBase64(["FILE"]))
            let receiver = try await diversion.makeReceiver(["FILE", "CONTENT"])
            try await receiver.write(ByteBuffer(string: "abc"))
            await #expect(throws: DriveError.tooLarge(limit: 3)) { try await receiver.write(ByteBuffer(string: "d")) }
            #expect(intake.base64(for: MethodTable.method(named: "user.get")) == nil)
            let most = try await IncomingContent("YWJj")?.finish(in: door.drive, sizeLimit: 3)
            #expect(most?.sizeBytes == 3)
            await #expect(throws: DriveError.tooLarge(limit: 3)) {
                try await IncomingContent("YWJjZA==")?.finish(in: door.drive, sizeLimit: 3)
            }
        }
    }

    @Test("without room the upload fails in the page's words")
    func noSpace() async throws {
        try await Door.open(storageLimit: 12) { door in
            let scene = try await ChatScene(door)
            let reply = try await door.call("im.v2.File.upload", params(scene, content: "aGVsbG8="))
            #expect(reply.failure == "400 UPLOAD_FAILED")
            #expect(reply.json["error_description"] == "File upload failed")
            let history = try await door.call(
                "im.dialog.messages.get", ["DIALOG_ID": .string("chat\(scene.chat)")])
            #expect(history.result["messages"] == [])
        }
    }

    @Test(
        "a download link needs nothing else, works once, and asks for rights when it is used",
        arguments: Engine.allCases)
    func download(engine: Engine) async throws {
        try await Door.open(engine) { door in
            let scene = try await ChatScene(door)
            func link(_ webhook: String? = nil) async throws -> String {
                let params: Value = ["dialogId": .string("chat\(scene.chat)"), "fileId": .int(scene.file)]
                let reply = try await door.call("im.v2.File.download", params, webhook: webhook)
                return reply.result["downloadUrl"]?.string ?? ""
            }
            let url = try await link()
            #expect(url.hasPrefix("https://files.example/rest/download.json?token=im%7C"))
            #expect(!url.contains("auth="))
            #expect(try await door.fetch(url, verb: .head).status == 200)
            #expect(try await door.fetch(url).text == "image.jpg")
            #expect(try await door.fetch(url).failure == "403 ACCESS_DENIED")
            // Tokens of one kind of link open no other.
            #expect(try await door.fetch(url.replacing("im%7C", with: "disk%7C")).failure == "401 NO_AUTH_FOUND")
            let disk = try await door.call("disk.file.get", ["id": .int(scene.file)]).result["DOWNLOAD_URL"]?.string
            let token = try #require(disk?.split(separator: "%7C").last)
            let forged = "https://files.example/rest/download.json?token=im%7C\(token)"
            #expect(try await door.fetch(forged).failure == "401 invalid_token")
            #expect(try await door.fetch(try await link() + "x").failure == "401 invalid_token")

            let anns = try await link(scene.annsWebhook)
            let late = try await link()
            _ = try await door.call("im.chat.leave", ["CHAT_ID": .int(scene.chat)], webhook: scene.annsWebhook)
            #expect(try await door.fetch(anns).failure == "403 ACCESS_DENIED")
            door.clock.advance(ms: door.drive.settings.linkLifetimeMs + 1)
            #expect(try await door.fetch(late).failure == "401 expired_token")
        }
    }

    @Test("of many who use one link at once, one gets the bytes", arguments: Engine.allCases)
    func race(engine: Engine) async throws {
        try await Door.open(engine) { door in
            let scene = try await ChatScene(door)
            let url = try await door.call(
                "im.v2.File.download", ["dialogId": .string("chat\(scene.chat)"), "fileId": .int(scene.file)]
            ).result["downloadUrl"]?.string
            let link = try #require(url)
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<8 { group.addTask { try await door.fetch(link).status } }
                return try await group.reduce(into: [Int]()) { $0.append($1) }
            }
            #expect(statuses.sorted() == [200] + Array(repeating: 403, count: 7))
        }
    }

    @Test("no link is given to a file that is not in that chat")
    func noLink() async throws {
        try await Door.open { door in
            let scene = try await ChatScene(door)
            let own = try await door.uploadToOwnDrive("own.txt")
            let chat = Value.string("chat\(scene.chat)")
            for (dialog, file, failure) in [
                (chat, .int(own), "400 FILE_NOT_FOUND"), (chat, .int(scene.folder), "400 FILE_NOT_FOUND"),
                (chat, 999_999, "400 FILE_NOT_FOUND"), (chat, nil, "400 FILE_NOT_FOUND"),
                (chat, "x", "400 FILE_NOT_FOUND"), (chat, .double(1e30), "400 FILE_NOT_FOUND"),
                (.int(scene.ann.id.rawValue), .int(scene.file), "400 FILE_NOT_FOUND"),
                ("chat999999", .int(scene.file), "403 ACCESS_DENIED"), (nil, .int(scene.file), "403 ACCESS_DENIED"),
            ] as [(Value, Value, String)] {
                let reply = try await door.call("im.v2.File.download", ["dialogId": dialog, "fileId": file])
                #expect(reply.failure == failure, "\(dialog) \(file)")
            }
            let uuid = try await door.drive.node(Node.ID(scene.file), as: door.administrator).uuid
            try await door.drive.trash(files: [uuid], as: door.administrator)
            let trashed = try await door.call("im.v2.File.download", ["dialogId": chat, "fileId": .int(scene.file)])
            #expect(trashed.failure == "400 FILE_NOT_FOUND")
            #expect(trashed.json["error_description"] == "File not found")
        }
    }
}
