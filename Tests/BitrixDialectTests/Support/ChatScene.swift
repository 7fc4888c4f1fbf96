import DriveCore
import HTTPEdge

/// The administrator (person 1) and Ann share a chat with one file in its folder; Ben is outside.
struct ChatScene {
    let door: Door
    let ann: Person
    let ben: Person
    let annsWebhook: String
    let bensWebhook: String
    let chat: Int64
    let folder: Int64
    let file: Int64

    init(_ door: Door) async throws {
        self.door = door
        ann = try await door.person("ann")
        ben = try await door.person("ben")
        annsWebhook = try await door.webhook(of: ann.id)
        bensWebhook = try await door.webhook(of: ben.id)
        chat = try await door.call("im.chat.add", ["USERS": [.int(ann.id.rawValue)], "TITLE": "Deal"]).result.number
        folder = try await door.call("im.disk.folder.get", ["CHAT_ID": .int(chat)]).result["ID"]?.number ?? 0
        file = try await door.upload("image.jpg", to: folder)
    }

    /// `{chat}`, `{file}` ... in texts of `params` stand for this scene's ids.
    func value(_ json: String) throws -> Value {
        var json = json
        for (name, id) in [
            ("chat", chat), ("file", file), ("folder", folder), ("ann", ann.id.rawValue), ("ben", ben.id.rawValue),
        ] {
            json = json.replacing("{\(name)}", with: String(id))
        }
        return try Value.json(.init(string: json))
    }
}
