import DriveCore
import HTTPEdge
import Testing

@Suite("Files of chats on the wire")
struct ChatFileMethodsTests {
    @Test("a committed file comes back with the page's members and types")
    func commit() async throws {
        try await Door.open { door in
            let scene = try await ChatScene(door)
            let reply = try await door.call(
                "im.disk.file.commit",
                ["CHAT_ID": .int(scene.chat), "FILE_ID": .int(scene.file), "MESSAGE": "Scan"])
            let key = "upload\(scene.file)"
            #expect(reply.result.keys == ["FILES", "DISK_ID", "FILE_MODELS", "MESSAGE_ID"])
            #expect(reply.result["DISK_ID"] == [.string(String(scene.file))])
            let file = try #require(reply.result["FILES"]?[key])
            #expect(
                file.keys == [
                    "id", "chatId", "date", "type", "name", "extension", "size", "image", "status", "progress",
                    "authorId", "authorName", "urlPreview", "urlShow", "urlDownload", "viewerAttrs", "mediaUrl",
                    "isTranscribable", "isVideoNote", "isVoiceNote",
                ])
            #expect(file["id"] == .int(scene.file))
            #expect(file["chatId"] == .int(scene.chat))
            #expect(file["date"] == .object([]))
            #expect(file["type"] == "image")
            #expect(file["extension"] == "jpg")
            #expect(file["size"] == 9)
            #expect(file["image"] == false)
            #expect(file["authorName"] == "Administrator")
            #expect(file["viewerAttrs"]?["objectId"] == .string(String(scene.file)))
            let bytes = try await door.fetch(file["urlDownload"]?.string ?? "")
            #expect(bytes.text == "image.jpg")

            let model = try #require(reply.result["FILE_MODELS"]?[key])
            #expect(model["createTime"] == .object([]))
            #expect(model["deleteTime"] == .null)
            #expect(model["xmlId"] == .null)
            #expect(model["parentId"] == .int(scene.folder))
            #expect(model["createdBy"] == "1")
            #expect(model["deletedBy"] == "0")
            #expect(model["typeFile"] == 2)
            #expect(model["etag"]?.string?.count == 32)
            #expect(model["links"]?["download"]?.string?.hasPrefix("/rest/") == true)

            let history = try await door.call(
                "im.dialog.messages.get", ["DIALOG_ID": .string("chat\(scene.chat)")], webhook: scene.annsWebhook
            ).result
            #expect(history.keys == ["chat_id", "messages", "users", "files"])
            let message = try #require(history["messages"]?.array.first)
            #expect(message["id"] == reply.result["MESSAGE_ID"])
            #expect(message["text"] == "Scan")
            #expect(message["params"] == ["FILE_ID": [.int(scene.file)]])
            #expect(history["users"]?.array.map { $0["id"] } == [1])
            #expect(history["files"]?.array.first?["date"] == "2026-09-21T14:13:20+00:00")
        }
    }

    @Test("a file from elsewhere is copied in, and a parameter left empty hides no other")
    func commitFromElsewhere() async throws {
        try await Door.open { door in
            let scene = try await ChatScene(door)
            let own = try await door.uploadToOwnDrive("image.jpg")
            let reply = try await door.call(
                "im.disk.file.commit",
                [
                    "CHAT_ID": "", "DIALOG_ID": .string("chat\(scene.chat)"), "FILE_ID": "", "UPLOAD_ID": "",
                    "DISK_ID": [.string(String(own))],
                ])
            let id = reply.result["DISK_ID"]?.array.first?.number ?? 0
            #expect(id != own)
            #expect(reply.result["FILES"]?["upload\(id)"]?["name"] == "image (1).jpg")
            let read = try await door.call("disk.file.get", ["id": .int(id)], webhook: scene.annsWebhook)
            #expect(read.result["NAME"] == "image (1).jpg")
            let closed = try await door.call("disk.file.get", ["id": .int(own)], webhook: scene.annsWebhook)
            #expect(closed.failure == "400 ACCESS_DENIED")
        }
    }

    @Test("somebody else's file cannot be sent to a chat")
    func commitForeign() async throws {
        try await Door.open { door in
            let scene = try await ChatScene(door)
            let own = try await door.uploadToOwnDrive("secret.txt")
            let reply = try await door.call(
                "im.disk.file.commit", ["CHAT_ID": .int(scene.chat), "FILE_ID": .int(own)], webhook: scene.annsWebhook)
            #expect(reply.failure == "400 SAVE_ERROR")
        }
    }

    @Test("two saves make one Saved Files and two names; each person has their own")
    func save() async throws {
        try await Door.open { door in
            let scene = try await ChatScene(door)
            let params: Value = ["FILE_ID": .int(scene.file)]
            let first = try await door.call("im.disk.file.save", params).result
            let second = try await door.call("im.disk.file.save", params).result
            let anns = try await door.call("im.disk.file.save", params, webhook: scene.annsWebhook).result
            #expect(first["folder"] == second["folder"])
            #expect(second["file"]?["name"] == "image (1).jpg")
            #expect(anns["folder"]?["name"] == "Saved Files")
            #expect(anns["folder"]?["id"] != first["folder"]?["id"])
            let file = try await door.call(
                "disk.file.get", ["id": anns["file"]?["id"] ?? .null], webhook: scene.annsWebhook
            ).result
            #expect(try await door.fetch(file["DOWNLOAD_URL"]?.string ?? "").text == "image.jpg")
        }
    }

    @Test("nothing is saved without room, from the trash, or for somebody who has left")
    func notSaved() async throws {
        try await Door.open(storageLimit: 10) { door in
            let scene = try await ChatScene(door)
            let reply = try await door.call("im.disk.file.save", ["FILE_ID": .int(scene.file)])
            #expect(reply.failure == "400 FILE_SAVE_ERROR")
            let children = try await door.drive.personalStorage(of: Person.ID(1))
            let page = try await door.call("disk.storage.getchildren", ["id": .int(children.id.rawValue)])
            #expect(page.json["total"] == 0)
        }
        try await Door.open { door in
            let scene = try await ChatScene(door)
            let params: Value = ["FILE_ID": .int(scene.file)]
            _ = try await door.call("im.chat.leave", ["CHAT_ID": .int(scene.chat)], webhook: scene.annsWebhook)
            let left = try await door.call("im.disk.file.save", params, webhook: scene.annsWebhook)
            #expect(left.failure == "400 FILE_SAVE_ERROR")
            let uuid = try await door.drive.node(Node.ID(scene.file), as: door.administrator).uuid
            try await door.drive.trash(files: [uuid], as: door.administrator)
            let trashed = try await door.call("im.disk.file.save", params)
            #expect(trashed.failure == "400 FILE_SAVE_ERROR")
        }
    }

    @Test("only the sender deletes a file, and everybody is told true")
    func delete() async throws {
        try await Door.open { door in
            let scene = try await ChatScene(door)
            let params: Value = ["CHAT_ID": .int(scene.chat), "FILE_ID": .int(scene.file)]
            _ = try await door.call("im.disk.file.commit", params)
            #expect(try await door.call("im.disk.file.delete", params, webhook: scene.bensWebhook).result == false)
            let unknown: Value = ["CHAT_ID": .int(scene.chat), "FILE_ID": 999_999]
            #expect(try await door.call("im.disk.file.delete", unknown).result == false)
            let otherChat: Value = ["CHAT_ID": 999_999, "FILE_ID": .int(scene.file)]
            #expect(try await door.call("im.disk.file.delete", otherChat).result == false)
            #expect(try await door.call("im.disk.file.delete", params, webhook: scene.annsWebhook).result == true)
            #expect(try await door.call("disk.file.get", ["id": .int(scene.file)]).status == 200)
            #expect(try await door.call("im.disk.file.delete", params).result == true)
            #expect(try await door.call("disk.file.get", ["id": .int(scene.file)]).failure == "400 ERROR_NOT_FOUND")
            let history = try await door.call(
                "im.dialog.messages.get", ["DIALOG_ID": .string("chat\(scene.chat)")]
            ).result
            #expect(history["messages"]?.array.first?["text"] == "Message deleted")
            #expect(history["messages"]?.array.first?["params"] == ["IS_DELETED": "Y"])
            #expect(history["files"] == [])
        }
    }

    @Test("the folder of a private dialog is the same from both ends, and nobody else's")
    func dialogFolder() async throws {
        try await Door.open { door in
            let scene = try await ChatScene(door)
            let one = try await door.call("im.disk.folder.get", ["DIALOG_ID": .int(scene.ann.id.rawValue)])
            let other = try await door.call("im.disk.folder.get", ["DIALOG_ID": "1"], webhook: scene.annsWebhook)
            #expect(one.result == other.result)
            #expect(one.result != ["ID": .int(scene.folder)])
            let closed = try await door.call(
                "disk.folder.get", ["id": one.result["ID"] ?? .null], webhook: scene.bensWebhook)
            #expect(closed.failure == "400 ACCESS_DENIED")
        }
    }
}
