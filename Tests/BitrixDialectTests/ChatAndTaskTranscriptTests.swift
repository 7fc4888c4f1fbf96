import DriveCore
import Foundation
import HTTPEdge
import Testing

@Suite("Conversations about chats and tasks from the vendor's pages")
struct ChatAndTaskTranscriptTests {
    private static let folder = "chats-and-tasks/"
    private static let names = Transcript.names(in: folder)

    /// A chat of the administrator with `image.jpg` in its folder, a task of theirs, and a file in their own drive.
    @Test("the answer is what the page says, down to types and nulls", arguments: names)
    func answers(name: String) async throws {
        try await Door.open(timeZone: "Europe/Helsinki") { door in
            let chat = try await door.call("im.chat.add").result.number
            let folder = try await door.call("im.disk.folder.get", ["CHAT_ID": .int(chat)]).result["ID"]?.number ?? 0
            let file = try await door.upload("image.jpg", to: folder)
            let own = try await door.uploadToOwnDrive("contract.txt")
            let task = try await door.addTask(["TITLE": "Task Example", "RESPONSIBLE_ID": 1])
            let values = [
                "webhook": door.webhook, "token": door.token, "chat": String(chat), "folder": String(folder),
                "file": String(file), "own": String(own), "task": String(task), "nexttask": String(task + 1),
            ]
            try await door.hold(to: Transcript(named: name, values))
        }
    }

    @Test("there are conversations to compare with")
    func found() { #expect(Self.names.count >= 15) }
}

extension Door {
    /// A new file with that name as its content.
    func upload(_ name: String, to folder: Int64, content: String? = nil, webhook: String? = nil) async throws -> Int64
    {
        let bytes = Data((content ?? name).utf8).base64EncodedString()
        let reply = try await call(
            "disk.folder.uploadFile",
            [
                "id": .int(folder), "data": ["NAME": .string(name)],
                "fileContent": [.string(name), .string(bytes)],
            ], webhook: webhook)
        return reply.result["ID"]?.number ?? 0
    }

    func uploadToOwnDrive(
        _ name: String, of person: Person.ID = Person.ID(1), webhook: String? = nil
    ) async throws -> Int64 {
        let root = try await drive.personalStorage(of: person).root
        return try await upload(name, to: root.rawValue, webhook: webhook)
    }

    func addTask(_ fields: Value, webhook: String? = nil) async throws -> Int64 {
        try await call("tasks.task.add", ["fields": fields], webhook: webhook).result["task"]?["id"]?.number ?? 0
    }
}
