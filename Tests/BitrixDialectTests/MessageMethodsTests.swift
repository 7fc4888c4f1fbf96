import DriveCore
import HTTPEdge
import Testing

@Suite("Messages changed and taken back, owners and people of a chat")
struct MessageMethodsTests {
    private func sent(_ scene: ChatScene) async throws -> Value {
        try await scene.door.call(
            "im.disk.file.commit",
            ["CHAT_ID": .int(scene.chat), "FILE_ID": .int(scene.file), "MESSAGE": "Scan"], webhook: scene.annsWebhook
        ).result["MESSAGE_ID"] ?? .null
    }

    private func history(_ scene: ChatScene) async throws -> Value {
        try await scene.door.call("im.dialog.messages.get", ["DIALOG_ID": .string("chat\(scene.chat)")]).result
    }

    @Test("a new text replaces the old one, no text changes nothing, an empty one takes the message back")
    func update() async throws {
        try await Door.open { door in
            let scene = try await ChatScene(door)
            let id = try await sent(scene)
            func update(_ params: [Value.Member]) async throws -> Reply {
                try await door.call(
                    "im.message.update", .object([.init("MESSAGE_ID", id)] + params), webhook: scene.annsWebhook)
            }
            #expect(
                try await update([.init("MESSAGE", "New"), .init("KEYBOARD", "N"), .init("MENU", "")]).result == true)
            #expect(try await history(scene)["messages"]?.array.first?["text"] == "New")
            for kept in [[], [.init("MESSAGE", nil)], [.init("URL_PREVIEW", "N")]] as [[Value.Member]] {
                #expect(try await update(kept).result == true)
            }
            #expect(try await history(scene)["messages"]?.array.first?["text"] == "New")
            #expect(try await history(scene)["files"]?.array.count == 1)
            #expect(try await update([.init("MESSAGE", ["x"])]).failure == "400 PARAMS_ERROR")
            #expect(
                try await update([.init("MESSAGE", "x"), .init("ATTACH", [["MESSAGE": "y"]])]).failure
                    == "400 ATTACH_ERROR")
            #expect(try await history(scene)["messages"]?.array.first?["text"] == "New")

            #expect(try await update([.init("MESSAGE", "")]).result == true)
            try await expectTakenBack(scene)
            #expect(try await update([.init("MESSAGE", "again")]).failure == "403 CANT_EDIT_MESSAGE")
        }
    }

    @Test("a message taken back no longer shows its files; they stay in the chat's folder")
    func delete() async throws {
        try await Door.open { door in
            let scene = try await ChatScene(door)
            let id = try await sent(scene)
            let denied = try await door.call("im.message.delete", ["MESSAGE_ID": id], webhook: scene.bensWebhook)
            #expect(denied.failure == "403 CANT_EDIT_MESSAGE")
            #expect(
                denied.json["error_description"] == "Time has expired for modification or you don't have access")
            // The administrator owns this chat; the message is Ann's.
            #expect(try await door.form("im.message.delete", "MESSAGE_ID=\(id.number)").result == true)
            try await expectTakenBack(scene)
            #expect(try await door.call("im.message.delete", ["MESSAGE_ID": id]).result == true)
        }
    }

    private func expectTakenBack(_ scene: ChatScene) async throws {
        let history = try await history(scene)
        #expect(history["messages"]?.array.first?["text"] == "Message deleted")
        #expect(history["messages"]?.array.first?["params"] == ["IS_DELETED": "Y"])
        #expect(history["files"] == [])
        let kept = try await scene.door.call("disk.folder.getchildren", ["id": .int(scene.folder)])
        #expect(kept.result.names == ["image.jpg"])
    }

    @Test(
        "a message that cannot be named is an error of its own",
        arguments: [
            [:], ["MESSAGE_ID": ""], ["MESSAGE_ID": 0], ["MESSAGE_ID": -5], ["MESSAGE_ID": "x"], ["MESSAGE_ID": [1]],
        ]
            as [Value])
    func unnamed(params: Value) async throws {
        try await Door.open { door in
            for method in ["im.message.update", "im.message.delete"] {
                let reply = try await door.call(method, params)
                #expect(reply.failure == "400 MESSAGE_ID_ERROR")
                #expect(reply.json["error_description"] == "Message ID can't be empty")
            }
        }
    }

    @Test("the owner hands the chat over to another member, and then is one of them")
    func setOwner() async throws {
        try await Door.open { door in
            let scene = try await ChatScene(door)
            let chat = Value.int(scene.chat)
            let dialog = Value.string("chat\(scene.chat)")
            let ann = Value.int(scene.ann.id.rawValue)
            func set(_ params: Value, _ webhook: String? = nil) async throws -> Reply {
                try await door.call("im.chat.setOwner", params, webhook: webhook)
            }
            #expect(try await set(["USER_ID": ann]).failure == "400 CHAT_ID_EMPTY")
            #expect(try await set(["CHAT_ID": dialog, "USER_ID": ann]).failure == "400 CHAT_ID_EMPTY")
            #expect(try await set(["DIALOG_ID": ann, "USER_ID": ann]).failure == "400 DIALOG_ID_EMPTY")
            #expect(try await set(["CHAT_ID": chat]).failure == "400 USER_ID_EMPTY")
            #expect(try await set(["CHAT_ID": 999_999, "USER_ID": ann]).failure == "403 ACCESS_ERROR")
            let stranger = try await set(["CHAT_ID": chat, "USER_ID": .int(scene.ben.id.rawValue)])
            #expect(stranger.failure == "400 WRONG_REQUEST")
            #expect(
                stranger.json["error_description"] == "Change owner can only owner and user must be member in chat")
            #expect(try await set(["CHAT_ID": chat, "USER_ID": 999_999]).failure == "400 WRONG_REQUEST")
            let group = try await door.drive.addGroup(
                named: "Sales", owner: Person.ID(1), members: [scene.ann.id], as: door.administrator)
            #expect(
                try await set(["DIALOG_ID": .string("sg\(group.id)"), "USER_ID": ann]).failure == "403 ACCESS_ERROR")

            #expect(try await set(["DIALOG_ID": dialog, "USER_ID": ann]).result == true)
            let shown = try await door.call("im.dialog.get", ["DIALOG_ID": dialog]).result
            #expect(shown["owner"] == ann)
            #expect(shown["role"] == "member")
            #expect(try await set(["CHAT_ID": chat, "USER_ID": 1]).failure == "400 WRONG_REQUEST")
            #expect(try await set(["CHAT_ID": chat, "USER_ID": 1], scene.annsWebhook).result == true)
        }
    }

    @Test("people of a chat come page by page, by number to skip or by the last one seen")
    func people() async throws {
        try await Door.open { door in
            let scene = try await ChatScene(door)
            var ids = [1, scene.ann.id.rawValue]
            for index in 0..<4 { ids.append(try await door.person("p\(index)").id.rawValue) }
            _ = try await door.call(
                "im.chat.user.add", ["CHAT_ID": .int(scene.chat), "USERS": .array(ids.map(Value.int))])
            func page(_ params: [Value.Member]) async throws -> Reply {
                try await door.call(
                    "im.dialog.users.list",
                    .object([.init("DIALOG_ID", .string("chat\(scene.chat)"))] + params))
            }
            func found(_ reply: Reply) -> [Int64] { reply.result.array.compactMap { $0["id"]?.number } }
            let whole = try await page([])
            #expect(found(whole) == ids)
            #expect(whole.json["total"] == 6)
            #expect(whole.json["next"] == nil)
            let first = try await page([.init("LIMIT", 4)])
            #expect(found(first) == Array(ids[..<4]))
            #expect(first.json["next"] == 4)
            let second = try await page([.init("LIMIT", "4"), .init("OFFSET", "4"), .init("SKIP_EXTERNAL", "Y")])
            #expect(found(second) == Array(ids[4...]))
            #expect(second.json["total"] == 6)
            #expect(second.json["next"] == nil)
            let after = try await page([.init("LIMIT", 2), .init("LAST_ID", .int(ids[1]))])
            #expect(found(after) == Array(ids[2..<4]))
            #expect(after.json["total"] == 6)
            for odd in [
                [.init("LIMIT", 0)], [.init("LIMIT", "x")], [.init("OFFSET", -5)], [.init("LIMIT", 100_000)],
                [.init("LAST_ID", "")],
            ] as [[Value.Member]] {
                #expect(found(try await page(odd)) == ids)
            }
            let past = try await page([.init("OFFSET", .double(1e30)), .init("LAST_ID", .double(1e30))])
            #expect(past.result == [])
            let dialog = try await door.call("im.dialog.users.list", ["DIALOG_ID": .int(scene.ann.id.rawValue)])
            #expect(found(dialog) == [1, scene.ann.id.rawValue])
        }
    }

    @Test("a call's record is shared as a file is, and errors are those of a commit")
    func recordShare() async throws {
        try await Door.open { door in
            let scene = try await ChatScene(door)
            let dialog = Value.string("chat\(scene.chat)")
            let own = try await door.uploadToOwnDrive("call.mp3")
            let shared = try await door.call("im.disk.record.share", ["DIALOG_ID": dialog, "DISK_ID": .int(own)])
            #expect(shared.result == true)
            #expect(try await history(scene)["files"]?.array.first?["type"] == "audio")
            for (params, failure) in [
                (["DISK_ID": .int(own)], "400 CHAT_ID_EMPTY"), (["DIALOG_ID": dialog], "400 FILES_ERROR"),
                (["DIALOG_ID": dialog, "DISK_ID": 999_999], "400 SAVE_ERROR"),
                (["DIALOG_ID": "x", "DISK_ID": .int(own)], "400 DIALOG_ID_EMPTY"),
            ] as [(Value, String)] {
                #expect(try await door.call("im.disk.record.share", params).failure == failure)
            }
        }
    }

    @Test("AS_FILE shows an uploaded picture as a file, from then on, and says nothing about FILE_ID")
    func asFile() async throws {
        try await Door.open { door in
            let scene = try await ChatScene(door)
            func commit(_ name: String) async throws -> Value {
                try await door.call(
                    "im.disk.file.commit",
                    .object([
                        .init("CHAT_ID", .int(scene.chat)), .init(name, .int(scene.file)), .init("AS_FILE", "Y"),
                    ])
                ).result
            }
            let key = "upload\(scene.file)"
            let picture = try await commit("FILE_ID")
            #expect(picture["FILES"]?[key]?["type"] == "image")
            #expect(picture["FILE_MODELS"]?[key]?["code"] == .null)
            let file = try await commit("UPLOAD_ID")
            #expect(file["FILES"]?[key]?["type"] == "file")
            #expect(file["FILE_MODELS"]?[key]?["code"] == "media_original")
            #expect(try await history(scene)["files"]?.array.first?["type"] == "file")
        }
    }

    @Test("several files at once come as a list or as an object; with one of them withdrawn the others stay")
    func several() async throws {
        try await Door.open { door in
            let scene = try await ChatScene(door)
            let other = try await door.upload("b.txt", to: scene.folder)
            let reply = try await door.form(
                "im.disk.file.commit",
                "CHAT_ID=\(scene.chat)&UPLOAD_ID[a]=\(scene.file)&UPLOAD_ID[b]=\(other)&SILENT_MODE=Y&MESSAGE=Both")
            #expect(reply.result["DISK_ID"] == [.string(String(scene.file)), .string(String(other))])
            let withdrawn = try await door.call(
                "im.disk.file.delete", ["CHAT_ID": .int(scene.chat), "FILE_ID": .int(other)])
            #expect(withdrawn.result == true)
            let left = try await history(scene)
            #expect(left["messages"]?.array.first?["text"] == "Both")
            #expect(left["files"]?.array.map { $0["id"] } == [.int(scene.file)])
            let list = try await door.call(
                "im.disk.file.commit", ["CHAT_ID": .int(scene.chat), "FILE_ID": .string("\(scene.file),\(other)")])
            #expect(list.failure == "400 SAVE_ERROR")
        }
    }
}
