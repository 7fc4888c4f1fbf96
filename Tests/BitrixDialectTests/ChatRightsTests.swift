import DriveCore
import HTTPEdge
import Testing

@testable import BitrixDialect

/// What one call gives to those outside a chat, to somebody in it, and to its owner.
private struct Row: CustomTestStringConvertible, Sendable {
    let method: String
    let params: String
    let outside: String
    let member: String
    let owner: String

    init(_ method: String, _ params: String, outside: String, member: String, owner: String) {
        (self.method, self.params, self.outside, self.member, self.owner) = (method, params, outside, member, owner)
    }

    var testDescription: String { method }
}

@Suite("Who may do what in a chat")
struct ChatRightsTests {
    private static let rows: [Row] = [
        Row("im.disk.folder.get", #"{"CHAT_ID":{chat}}"#, outside: "403 ACCESS_ERROR", member: "200", owner: "200"),
        Row(
            "im.disk.file.commit", #"{"CHAT_ID":{chat},"FILE_ID":{file}}"#, outside: "403 ACCESS_ERROR", member: "200",
            owner: "200"),
        Row(
            "im.disk.record.share", #"{"DIALOG_ID":"chat{chat}","DISK_ID":{file}}"#, outside: "403 ACCESS_ERROR",
            member: "true", owner: "true"),
        Row("im.disk.file.save", #"{"FILE_ID":{file}}"#, outside: "400 FILE_SAVE_ERROR", member: "200", owner: "200"),
        Row(
            "im.disk.file.delete", #"{"CHAT_ID":{chat},"FILE_ID":{file}}"#, outside: "false", member: "true",
            owner: "true"),
        Row(
            "im.v2.File.upload", #"{"dialogId":"chat{chat}","fields":{"name":"a","content":"aGk="}}"#,
            outside: "403 ACCESS_DENIED", member: "200", owner: "200"),
        Row(
            "im.v2.File.download", #"{"dialogId":"chat{chat}","fileId":{file}}"#, outside: "403 ACCESS_DENIED",
            member: "200", owner: "200"),
        Row("im.chat.get", #"{"ENTITY_TYPE":"LINK","ENTITY_ID":"1"}"#, outside: "200", member: "200", owner: "200"),
        Row(
            "im.chat.updateTitle", #"{"CHAT_ID":{chat},"TITLE":"x"}"#, outside: "403 ACCESS_ERROR", member: "true",
            owner: "true"),
        Row(
            "im.chat.setOwner", #"{"CHAT_ID":{chat},"USER_ID":{member}}"#, outside: "403 ACCESS_ERROR",
            member: "400 WRONG_REQUEST", owner: "true"),
        Row(
            "im.chat.user.add", #"{"CHAT_ID":{chat},"USERS":[1]}"#, outside: "403 ACCESS_DENIED_EXTEND",
            member: "true", owner: "true"),
        Row(
            "im.chat.user.delete", #"{"CHAT_ID":{chat},"USER_ID":{owner}}"#, outside: "403 ACCESS_DENIED_KICK",
            member: "403 ACCESS_DENIED_KICK", owner: "true"),
        Row("im.chat.user.list", #"{"CHAT_ID":{chat}}"#, outside: "[]", member: "200", owner: "200"),
        Row("im.chat.leave", #"{"CHAT_ID":{chat}}"#, outside: "403 ACCESS_DENIED_KICK", member: "true", owner: "true"),
        Row(
            "im.dialog.get", #"{"DIALOG_ID":"chat{chat}"}"#, outside: "403 ACCESS_ERROR", member: "200", owner: "200"),
        Row(
            "im.dialog.users.list", #"{"DIALOG_ID":"chat{chat}"}"#, outside: "403 ACCESS_ERROR", member: "200",
            owner: "200"),
        Row(
            "im.dialog.messages.get", #"{"DIALOG_ID":"chat{chat}"}"#, outside: "403 ACCESS_ERROR", member: "200",
            owner: "200"),
        Row(
            "im.message.add", #"{"DIALOG_ID":"chat{chat}","MESSAGE":"x"}"#, outside: "403 ACCESS_ERROR",
            member: "200", owner: "200"),
        Row(
            "im.message.update", #"{"MESSAGE_ID":{message},"MESSAGE":"x"}"#, outside: "403 CANT_EDIT_MESSAGE",
            member: "403 CANT_EDIT_MESSAGE", owner: "true"),
        Row(
            "im.message.delete", #"{"MESSAGE_ID":{message}}"#, outside: "403 CANT_EDIT_MESSAGE",
            member: "403 CANT_EDIT_MESSAGE", owner: "true"),
    ]

    /// Dora made the chat and left it, so that Ann, who came in first, owns it; Eve is in it; Carl was put out; Ben and
    /// the administrator (person 1) were never in it. File and message are Ann's.
    @Test("outsiders, administrators, who was put out and an owner who left; members; the owner", arguments: rows)
    private func rights(row: Row) async throws {
        try await Door.open { door in
            var webhooks: [String: String] = [:]
            var ids: [String: Person.ID] = [:]
            for login in ["ann", "ben", "carl", "dora", "eve"] {
                let person = try await door.person(login)
                ids[login] = person.id
                webhooks[login] = try await door.webhook(of: person.id)
            }
            func id(_ login: String) -> Value { .int(ids[login]?.rawValue ?? 0) }
            let chat = try await door.call(
                "im.chat.add", ["ENTITY_TYPE": "LINK", "ENTITY_ID": "1", "USERS": [id("ann")]],
                webhook: webhooks["dora"]
            ).result
            door.clock.advance(ms: 1)
            _ = try await door.call(
                "im.chat.user.add", ["CHAT_ID": chat, "USERS": [id("carl"), id("eve")]], webhook: webhooks["dora"])
            _ = try await door.call(
                "im.chat.user.delete", ["CHAT_ID": chat, "USER_ID": id("carl")], webhook: webhooks["dora"])
            _ = try await door.call("im.chat.leave", ["CHAT_ID": chat], webhook: webhooks["dora"])
            let folder = try await door.call("im.disk.folder.get", ["CHAT_ID": chat], webhook: webhooks["ann"])
            let file = try await door.upload(
                "a.txt", to: folder.result["ID"]?.number ?? 0, webhook: webhooks["ann"])
            let message = try await door.call(
                "im.message.add", ["DIALOG_ID": .string("chat\(chat.number)"), "MESSAGE": "Hello"],
                webhook: webhooks["ann"])
            var params = row.params
            for (name, number) in [
                ("chat", chat.number), ("file", file), ("message", message.result.number),
                ("member", id("eve").number), ("owner", id("ann").number),
            ] {
                params = params.replacing("{\(name)}", with: String(number))
            }
            let body = try Value.json(.init(string: params))
            func summary(_ webhook: String?) async throws -> String {
                let reply = try await door.call(row.method, body, webhook: webhook)
                if reply.status != 200 { return reply.failure }
                let plain: [(Value, String)] = [(true, "true"), (false, "false"), ([], "[]")]
                return plain.first { $0.0 == reply.result }?.1 ?? "200"
            }
            for outsider in ["ben", "carl", "dora"] {
                #expect(try await summary(webhooks[outsider]) == row.outside, "\(outsider)")
            }
            #expect(try await summary(nil) == row.outside, "administrator")
            #expect(try await summary(webhooks["eve"]) == row.member, "member")
            #expect(try await summary(webhooks["ann"]) == row.owner, "owner")
        }
    }

    @Test("every method about one chat is in the table")
    func complete() {
        let named = Set(Self.rows.map { $0.method.lowercased() })
        let about = Set(MethodTable.all.map { $0.name.lowercased() }.filter { $0.hasPrefix("im.") })
        #expect(about.subtracting(named) == ["im.chat.add"])
    }
}
