import DriveCore
import HTTPEdge
import Testing

private struct Refusal: CustomTestStringConvertible, Sendable {
    let method: String
    let params: String
    let failure: String
    let text: String
    var asBen = false

    init(_ method: String, _ params: String, _ failure: String, _ text: String, asBen: Bool = false) {
        (self.method, self.params, self.failure, self.text, self.asBen) = (method, params, failure, text, asBen)
    }
    var testDescription: String { "\(method) \(params)\(asBen ? " (outsider)" : "")" }
}

@Suite("Chat methods")
struct ChatMethodsTests {
    private static let noChat = ("400 CHAT_ID_EMPTY", "Chat ID can't be empty")
    private static let noDialog = ("400 DIALOG_ID_EMPTY", "Dialog ID can't be empty")
    private static let noAccess = ("403 ACCESS_ERROR", "You do not have access to the specified dialog")
    private static let notSent = ("400 SAVE_ERROR", "Error during saving file to chat")
    private static let noFile = ("400 FILE_ID_EMPTY", "File ID can't be empty")
    private static let notSaved = ("400 FILE_SAVE_ERROR", "File ID can't be saved")

    private static let refusals: [Refusal] = [
        Refusal("im.disk.folder.get", "{}", noChat.0, noChat.1),
        Refusal("im.disk.folder.get", #"{"CHAT_ID":""}"#, noChat.0, noChat.1),
        Refusal("im.disk.folder.get", #"{"CHAT_ID":"abc"}"#, noChat.0, noChat.1),
        Refusal("im.disk.folder.get", #"{"CHAT_ID":[1]}"#, noChat.0, noChat.1),
        Refusal("im.disk.folder.get", #"{"CHAT_ID":-1}"#, noChat.0, noChat.1),
        Refusal("im.disk.folder.get", #"{"DIALOG_ID":""}"#, noDialog.0, noDialog.1),
        Refusal("im.disk.folder.get", #"{"DIALOG_ID":"chat"}"#, noDialog.0, noDialog.1),
        Refusal("im.disk.folder.get", #"{"DIALOG_ID":"chatx1"}"#, noDialog.0, noDialog.1),
        Refusal("im.disk.folder.get", #"{"DIALOG_ID":{"a":1}}"#, noDialog.0, noDialog.1),
        Refusal("im.disk.folder.get", #"{"CHAT_ID":999999}"#, noAccess.0, noAccess.1),
        Refusal("im.disk.folder.get", #"{"CHAT_ID":99999999999999999999999}"#, noAccess.0, noAccess.1),
        Refusal("im.disk.folder.get", #"{"DIALOG_ID":"chat99999999999999999999999"}"#, noAccess.0, noAccess.1),
        Refusal("im.disk.folder.get", #"{"DIALOG_ID":"sg77"}"#, noAccess.0, noAccess.1),
        Refusal("im.disk.folder.get", #"{"DIALOG_ID":"999"}"#, noAccess.0, noAccess.1),
        Refusal("im.disk.folder.get", #"{"CHAT_ID":{chat}}"#, noAccess.0, noAccess.1, asBen: true),
        Refusal("im.disk.folder.get", #"{"DIALOG_ID":"chat{chat}"}"#, noAccess.0, noAccess.1, asBen: true),

        Refusal("im.disk.file.commit", "{}", noChat.0, noChat.1),
        Refusal("im.disk.file.commit", #"{"DIALOG_ID":"x","FILE_ID":{file}}"#, noDialog.0, noDialog.1),
        Refusal(
            "im.disk.file.commit", #"{"CHAT_ID":{chat}}"#, "400 FILES_ERROR", "List of files is not specified"),
        Refusal("im.disk.file.commit", #"{"CHAT_ID":{chat},"FILE_ID":""}"#, notSent.0, notSent.1),
        Refusal("im.disk.file.commit", #"{"CHAT_ID":{chat},"UPLOAD_ID":[]}"#, notSent.0, notSent.1),
        Refusal("im.disk.file.commit", #"{"CHAT_ID":{chat},"FILE_ID":999999}"#, notSent.0, notSent.1),
        Refusal("im.disk.file.commit", #"{"CHAT_ID":{chat},"FILE_ID":{folder}}"#, notSent.0, notSent.1),
        Refusal("im.disk.file.commit", #"{"CHAT_ID":{chat},"FILE_ID":[{file},"x"]}"#, notSent.0, notSent.1),
        Refusal("im.disk.file.commit", #"{"CHAT_ID":{chat},"FILE_ID":[[{file}]]}"#, notSent.0, notSent.1),
        Refusal("im.disk.file.commit", #"{"CHAT_ID":{chat},"FILE_ID":{file}}"#, noAccess.0, noAccess.1, asBen: true),
        Refusal("im.disk.file.commit", #"{"CHAT_ID":999999,"FILE_ID":{file}}"#, noAccess.0, noAccess.1),

        Refusal("im.disk.file.save", "{}", noFile.0, noFile.1),
        Refusal("im.disk.file.save", #"{"FILE_ID":""}"#, noFile.0, noFile.1),
        Refusal("im.disk.file.save", #"{"FILE_ID":null}"#, noFile.0, noFile.1),
        Refusal("im.disk.file.save", #"{"FILE_ID":0}"#, noFile.0, noFile.1),
        Refusal("im.disk.file.save", #"{"FILE_ID":[{file}]}"#, noFile.0, noFile.1),
        Refusal("im.disk.file.save", #"{"FILE_ID":999999}"#, notSaved.0, notSaved.1),
        Refusal("im.disk.file.save", #"{"FILE_ID":99999999999999999999999}"#, notSaved.0, notSaved.1),
        Refusal("im.disk.file.save", #"{"FILE_ID":{folder}}"#, notSaved.0, notSaved.1),
        Refusal("im.disk.file.save", #"{"FILE_ID":{file}}"#, notSaved.0, notSaved.1, asBen: true),

        Refusal("im.disk.file.delete", #"{"FILE_ID":{file}}"#, noChat.0, noChat.1),
        Refusal("im.disk.file.delete", #"{"CHAT_ID":{chat}}"#, noFile.0, noFile.1),

        Refusal("im.chat.user.add", #"{"USERS":[1]}"#, noChat.0, noChat.1),
        Refusal("im.chat.user.add", #"{"CHAT_ID":999999,"USERS":[1]}"#, "403 ACCESS_ERROR", "Action unavailable"),
        Refusal(
            "im.chat.user.add", #"{"CHAT_ID":{chat},"USERS":[{ben}]}"#, "403 ACCESS_DENIED_EXTEND",
            "Insufficient permissions to add participants to the chat", asBen: true),
        Refusal("im.chat.user.list", "{}", noChat.0, noChat.1),
        Refusal("im.chat.user.delete", #"{"USER_ID":1}"#, noChat.0, noChat.1),
        Refusal(
            "im.chat.user.delete", #"{"CHAT_ID":{chat}}"#, "400 USER_ID_EMPTY", "User ID can't be empty"),
        Refusal(
            "im.chat.user.delete", #"{"CHAT_ID":{chat},"USER_ID":{ben}}"#, "400 USER_NOT_FOUND",
            "The specified user is not in the chat"),
        Refusal(
            "im.chat.user.delete", #"{"CHAT_ID":{chat},"USER_ID":{ann}}"#, "403 ACCESS_DENIED_KICK",
            "Insufficient rights to exclude participants from the chat", asBen: true),
        Refusal("im.chat.leave", "{}", noChat.0, noChat.1),
        Refusal(
            "im.chat.leave", #"{"CHAT_ID":{chat}}"#, "403 ACCESS_DENIED_KICK",
            "Access denied to kick user from chat", asBen: true),
        Refusal("im.chat.updateTitle", #"{"TITLE":"x"}"#, noChat.0, noChat.1),
        Refusal("im.chat.updateTitle", #"{"CHAT_ID":"chat{chat}","TITLE":"x"}"#, noChat.0, noChat.1),
        Refusal("im.chat.updateTitle", #"{"DIALOG_ID":"1","TITLE":"x"}"#, noDialog.0, noDialog.1),
        Refusal(
            "im.chat.updateTitle", #"{"CHAT_ID":{chat},"TITLE":"  "}"#, "400 TITLE_EMPTY", "Title can't be empty"),
        Refusal(
            "im.chat.updateTitle", #"{"CHAT_ID":{chat},"TITLE":"x"}"#, "403 ACCESS_ERROR", "Action unavailable",
            asBen: true),
        Refusal("im.dialog.get", "{}", noDialog.0, noDialog.1),
        Refusal("im.dialog.get", #"{"DIALOG_ID":"chat{chat}"}"#, noAccess.0, noAccess.1, asBen: true),
        Refusal("im.message.add", #"{"MESSAGE":"x"}"#, "400 USER_ID_EMPTY", "User ID can't be empty"),
        Refusal("im.message.add", #"{"DIALOG_ID":"chat{chat}"}"#, "400 MESSAGE_EMPTY", "Message can't be empty"),
        Refusal("im.message.add", #"{"DIALOG_ID":"999","MESSAGE":"x"}"#, "400 USER_NOT_FOUND", "User not found"),
        Refusal("im.message.add", #"{"DIALOG_ID":"chat999","MESSAGE":"x"}"#, "400 CHAT_ID", "Error creating message"),
        Refusal(
            "im.message.add", #"{"DIALOG_ID":"chat{chat}","MESSAGE":"x"}"#, "403 ACCESS_ERROR", "Action unavailable",
            asBen: true),
        Refusal(
            "im.message.add", #"{"DIALOG_ID":"chat{chat}","MESSAGE":"x","ATTACH":[{"MESSAGE":"y"}]}"#,
            "400 ATTACH_ERROR", "Incorrect attach params"),
        Refusal(
            "im.message.add", #"{"DIALOG_ID":"chat{chat}","MESSAGE":"x","KEYBOARD":{"BUTTONS":[1]}}"#,
            "400 KEYBOARD_ERROR", "Incorrect keyboard params"),
        Refusal(
            "im.message.add", #"{"DIALOG_ID":"chat{chat}","MESSAGE":"x","MENU":[1]}"#, "400 MENU_ERROR",
            "Incorrect menu params"),
        Refusal(
            "im.message.add", #"{"DIALOG_ID":"chat{chat}","MESSAGE":"x","REPLY_ID":"x"}"#, "400 PARAMS_ERROR",
            "Incorrect params"),
        Refusal(
            "im.message.add", #"{"DIALOG_ID":"chat{chat}","MESSAGE":"x","REPLY_ID":999999}"#,
            "403 REPLY_ACCESS_ERROR", "Action unavailable"),
        Refusal("im.dialog.messages.get", "{}", noDialog.0, noDialog.1),
        Refusal(
            "im.dialog.messages.get", #"{"DIALOG_ID":"chat{chat}","FIRST_ID":"x"}"#, "400 FIRST_ID_STRING",
            "First ID can't be string"),
        Refusal(
            "im.dialog.messages.get", #"{"DIALOG_ID":"chat{chat}","LAST_ID":"x"}"#, "400 LAST_ID_STRING",
            "Last ID can't be string"),
        Refusal("im.dialog.messages.get", #"{"DIALOG_ID":"chat{chat}"}"#, noAccess.0, noAccess.1, asBen: true),
    ]

    @Test("each refusal has its page's status, code and text, and changes nothing", arguments: refusals)
    private func refused(_ refusal: Refusal) async throws {
        try await Door.open { door in
            let scene = try await ChatScene(door)
            let reply = try await door.call(
                refusal.method, scene.value(refusal.params), webhook: refusal.asBen ? scene.bensWebhook : nil)
            #expect(reply.failure == refusal.failure)
            #expect(reply.json["error_description"] == .string(refusal.text))
            let members = try await door.call("im.chat.user.list", ["CHAT_ID": .int(scene.chat)]).result
            #expect(members == [1, .int(scene.ann.id.rawValue)])
            let messages = try await door.call(
                "im.dialog.messages.get", ["DIALOG_ID": .string("chat\(scene.chat)")]
            ).result
            #expect(messages["messages"] == [])
            let files = try await door.call("disk.folder.getchildren", ["id": .int(scene.folder)])
            #expect(files.json["total"] == 1)
        }
    }

    @Test("a missing chat and a closed one are an empty answer where the page says so")
    func emptyAnswers() async throws {
        try await Door.open { door in
            let scene = try await ChatScene(door)
            for id in [scene.chat, 999_999] {
                let list = try await door.call("im.chat.user.list", ["CHAT_ID": .int(id)], webhook: scene.bensWebhook)
                #expect(list.status == 200)
                #expect(list.result == [])
            }
            for params: Value in [
                [:], ["ENTITY_TYPE": "CRM"], ["ENTITY_ID": "1"], ["ENTITY_TYPE": ["x"], "ENTITY_ID": ["y"]],
                ["ENTITY_TYPE": "SONET_GROUP", "ENTITY_ID": "12"],
            ] {
                let reply = try await door.call("im.chat.get", params)
                #expect(reply.status == 200)
                #expect(reply.result == .null)
            }
        }
    }

    @Test("a chat made for an object is found by it")
    func binding() async throws {
        try await Door.open { door in
            let binding: Value = ["ENTITY_TYPE": "CRM", "ENTITY_ID": "DEAL|1663"]
            let id = try await door.call("im.chat.add", binding).result
            let found = try await door.call("im.chat.get", binding)
            #expect(found.result == ["ID": id])
        }
    }

    @Test("members come and go: letting in, putting out, leaving")
    func membership() async throws {
        try await Door.open { door in
            let scene = try await ChatScene(door)
            let chat = Value.int(scene.chat)
            let ben = scene.ben.id
            // From a form, every number is text.
            let added = try await door.form(
                "im.chat.user.add", "CHAT_ID=\(scene.chat)&USERS[]=\(ben)&HIDE_HISTORY=N", webhook: scene.annsWebhook)
            #expect(added.result == true)
            let nobody = try await door.call("im.chat.user.add", ["CHAT_ID": chat, "USERS": [9999]])
            #expect(nobody.failure == "400 WRONG_REQUEST")
            let byAnn = try await door.call(
                "im.chat.user.delete", ["CHAT_ID": chat, "USER_ID": .int(ben.rawValue)], webhook: scene.annsWebhook)
            #expect(byAnn.failure == "403 ACCESS_DENIED_KICK")
            let byOwner = try await door.call(
                "im.chat.user.delete", ["CHAT_ID": chat, "USER_ID": .string(ben.description)])
            #expect(byOwner.result == true)
            let left = try await door.call("im.chat.leave", ["CHAT_ID": chat], webhook: scene.annsWebhook)
            #expect(left.result == true)
            #expect(try await door.call("im.chat.user.list", ["CHAT_ID": chat]).result == [1])
        }
    }

    @Test("who takes part in a private chat cannot be changed")
    func privateChat() async throws {
        try await Door.open { door in
            let scene = try await ChatScene(door)
            let dialog = try await door.call("im.dialog.get", ["DIALOG_ID": .int(scene.ann.id.rawValue)]).result
            #expect(dialog["type"] == "private")
            #expect(dialog["name"] == "ann")
            #expect(dialog["message_type"] == "P")
            let chat = dialog["id"] ?? .null
            let add = try await door.call(
                "im.chat.user.add", ["CHAT_ID": chat, "USERS": [.int(scene.ben.id.rawValue)]])
            #expect(add.failure == "403 ACCESS_ERROR")
            #expect(add.json["error_description"] == "It is forbidden to add users to this chat")
            let delete = try await door.call("im.chat.user.delete", ["CHAT_ID": chat, "USER_ID": 1])
            #expect(delete.json["error_description"] == "It is forbidden to delete users of this chat")
            let list = try await door.call("im.chat.user.list", ["CHAT_ID": chat])
            #expect(list.failure == "403 ACCESS_ERROR")
            #expect(list.json["error_description"] == "Action unavailable")
        }
    }

    @Test("a message answers one of the same chat only")
    func replies() async throws {
        try await Door.open { door in
            let scene = try await ChatScene(door)
            let dialog = Value.string("chat\(scene.chat)")
            let first = try await door.call("im.message.add", ["DIALOG_ID": dialog, "MESSAGE": "Hello"]).result
            let answer = try await door.call(
                "im.message.add", ["DIALOG_ID": dialog, "MESSAGE": "Hi", "REPLY_ID": first],
                webhook: scene.annsWebhook)
            #expect(answer.status == 200)
            let history = try await door.call("im.dialog.messages.get", ["DIALOG_ID": dialog, "LIMIT": "1"]).result
            #expect(history["messages"]?.array.map { $0["id"] } == [answer.result])
            #expect(history["messages"]?.array.first?["params"] == ["REPLY_ID": first])
            let elsewhere = try await door.call(
                "im.message.add",
                ["DIALOG_ID": .int(scene.ann.id.rawValue), "MESSAGE": "x", "REPLY_ID": first])
            #expect(elsewhere.failure == "400 REPLY_FROM_OTHER_CHAT_ERROR")
        }
    }

    @Test("thousands of people in one call, most of them unknown, are sorted out")
    func crowd() async throws {
        try await Door.open { door in
            let scene = try await ChatScene(door)
            let crowd = Value.array((-100...5000).map { .int($0) } + [.null, "x", [1], .double(1e30)])
            let added = try await door.call("im.chat.user.add", ["CHAT_ID": .int(scene.chat), "USERS": crowd])
            #expect(added.result == true)
            let list = try await door.call("im.chat.user.list", ["CHAT_ID": .int(scene.chat)])
            #expect(list.result == [1, .int(scene.ann.id.rawValue), .int(scene.ben.id.rawValue)])
        }
    }
}
