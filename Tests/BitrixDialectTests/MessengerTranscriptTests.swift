import DriveCore
import HTTPEdge
import Testing

@Suite("Conversations about chats, messages and people from the vendor's pages")
struct MessengerTranscriptTests {
    private static let chatNames = Transcript.names(in: "messenger/")
    private static let serviceNames = Transcript.names(in: "service/")

    /// A chat of the administrator and Catherine with `image.png`, 72 by 61, in its folder and one message; Ben is
    /// outside.
    @Test("of chats: the answer is what the page says, down to types and nulls", arguments: chatNames)
    func chats(name: String) async throws {
        try await Door.open(timeZone: "Europe/Helsinki") { door in
            var catherine = NewPerson(login: "catherine")
            (catherine.name, catherine.lastName) = ("Catherine", "Peterson")
            (catherine.workPosition, catherine.gender) = ("Business Analyst", "F")
            catherine.email = "c.peterson@mail.com"
            let ann = try await door.drive.addPerson(catherine, as: door.administrator)
            let ben = try await door.person("ben")
            let chat = try await door.call(
                "im.chat.add",
                [
                    "TITLE": "Deal Chat", "DESCRIPTION": "Discussion about the deal", "COLOR": "PINK",
                    "USERS": [.int(ann.id.rawValue)], "ENTITY_TYPE": "CRM", "ENTITY_ID": "DEAL|1663",
                ]
            ).result.number
            let folder = try await door.call("im.disk.folder.get", ["CHAT_ID": .int(chat)]).result["ID"]?.number ?? 0
            let file = try await door.call(
                "disk.folder.uploadFile",
                [
                    "id": .int(folder), "data": ["NAME": "image.png"],
                    // The signature and the first 16 bytes of a header chunk (PNG specification, section 11.2.1).
                    "fileContent": "iVBORw0KGgoAAAANSUhEUgAAAEgAAAA9",
                ]
            ).result["ID"]?.number
            let message = try await door.call(
                "im.message.add",
                ["DIALOG_ID": .string("chat\(chat)"), "MESSAGE": "We are very happy to have you!"]
            ).result.number
            let values = [
                "webhook": door.webhook, "token": door.token, "chat": String(chat), "folder": String(folder),
                "file": String(file ?? 0), "message": String(message), "ann": ann.id.description,
                "ben": ben.id.description,
            ]
            try await door.hold(to: Transcript(named: name, values))
        }
    }

    /// The administrator and John Doe.
    @Test("of the service: the answer is what the page says, down to types and nulls", arguments: serviceNames)
    func service(name: String) async throws {
        try await Door.open(timeZone: "Europe/Helsinki") { door in
            var john = NewPerson(login: "john")
            (john.name, john.lastName, john.email) = ("John", "Doe", "test@gmail.com")
            let person = try await door.drive.addPerson(john, as: door.administrator)
            let application = try await door.drive.applications()[0]
            let values = [
                "webhook": door.webhook, "token": door.token, "john": person.id.description,
                "application": application.id.description, "client": application.clientID,
            ]
            try await door.hold(to: Transcript(named: name, values))
        }
    }

    @Test("there are conversations to compare with")
    func found() {
        #expect(Self.chatNames.count >= 30)
        #expect(Self.serviceNames.count >= 20)
    }
}
