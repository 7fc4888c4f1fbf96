import DriveCore
import HTTPEdge
import Testing

@Suite("Conversations from the vendor's pages")
struct TranscriptTests {
    /// The page's three folders in a personal drive, in an account whose clock stands two or three hours ahead of UTC.
    @Test("the answer is what the page says, down to types and nulls", arguments: Transcript.names)
    func answers(name: String) async throws {
        try await Door.open(timeZone: "Europe/Helsinki") { door in
            let storage = try await door.drive.personalStorage(of: Person.ID(1))
            var values = [
                "webhook": door.webhook, "token": door.token, "storage": storage.id.description,
                "root": storage.root.description,
            ]
            for (key, name) in [("inner", "Folder in folder"), ("folder", "Folder"), ("new", "New folder")] {
                let folder = try await door.drive.addFolder(
                    named: FileName(name), in: storage.root, as: door.administrator)
                values[key] = folder.id.description
            }
            let other = try await door.drive.addFolder(
                named: FileName("Other"), in: storage.root, as: door.administrator)
            values["file"] = String(try await door.upload("plan.txt", to: other.id.rawValue))
            try await door.hold(to: Transcript(named: name, values))
        }
    }

    @Test("there are conversations to compare with")
    func found() { #expect(Transcript.names.count >= 10) }
}
