import SQLStore
import TestSupport
import Testing

@testable import DriveCore

@Suite("Chats")
struct ChatsTests {
    @Test(
        "whoever makes a chat owns it and takes part in it, with those asked in who exist", arguments: Engine.allCases)
    func adding(engine: Engine) async throws {
        try await withDrive(engine) { drive, _ in
            let people = try await TwoPeople(drive)
            var new = NewChat()
            new.title = "Contract"
            new.members = [people.ben.person, people.ben.person, Person.ID(999), Person.ID(-4)]
            new.message = "Hello"
            let id = try await drive.addChat(new, as: people.ann)
            let chat = try await drive.chat(.chat(id), as: people.ben)
            #expect(chat.owner == people.ann.person)
            #expect(chat.title == "Contract")
            #expect(try await drive.members(of: id, as: people.ann) == [people.ann.person, people.ben.person])
            let messages = try await drive.messages(in: id, .newest, limit: 5, as: people.ben)
            #expect(messages.map(\.text) == ["Hello"])
            #expect(messages.map(\.author) == [people.ann.person])
        }
    }

    @Test("a chat without a title gets one with its colour and number", arguments: Engine.allCases)
    func titles(engine: Engine) async throws {
        try await withDrive(engine) { drive, _ in
            let people = try await TwoPeople(drive)
            var new = NewChat()
            new.color = .lightBlue
            let id = try await drive.addChat(new, as: people.ann)
            #expect(try await drive.chat(.chat(id), as: people.ann).title == "Light blue chat №\(id)")
        }
    }

    @Test("a chat is closed to everyone else, administrators too", arguments: Engine.allCases)
    func outsiders(engine: Engine) async throws {
        try await withDrive(engine) { drive, _ in
            let people = try await TwoPeople(drive)
            let id = try await drive.addChat(NewChat(), as: people.ann)
            let folder = try await drive.folder(of: .chat(id), as: people.ann)
            for outsider in [people.ben, people.admin] {
                await #expect(throws: DriveError.denied(.chat)) { try await drive.chat(.chat(id), as: outsider) }
                await #expect(throws: DriveError.denied(.chat)) { try await drive.members(of: id, as: outsider) }
                await #expect(throws: DriveError.denied(.chat)) { try await drive.folder(of: .chat(id), as: outsider) }
                await #expect(throws: DriveError.denied(.chat)) {
                    try await drive.messages(in: id, .newest, limit: 1, as: outsider)
                }
                await #expect(throws: DriveError.denied(.chat)) {
                    try await drive.addMembers([outsider.person], to: id, hidingHistory: false, as: outsider)
                }
                await #expect(throws: DriveError.denied(.chat)) {
                    try await drive.say("x", in: .chat(id), as: outsider)
                }
                await #expect(throws: DriveError.denied(.node(folder))) { try await drive.node(folder, as: outsider) }
                #expect(try await drive.children(of: folder, Listing(), as: outsider).rows.isEmpty)
            }
            await #expect(throws: DriveError.notFound(.chat)) {
                try await drive.chat(.chat(Chat.ID(77)), as: people.ann)
            }
        }
    }

    @Test("members let others in; only the owner puts them out, and everyone may leave", arguments: Engine.allCases)
    func membership(engine: Engine) async throws {
        try await withDrive(engine) { drive, clock in
            let people = try await TwoPeople(drive)
            let carl = try await drive.addPerson(NewPerson(login: "carl"), as: .system).id
            let id = try await drive.addChat(NewChat(), as: people.ann)
            clock.advance(ms: 1)
            try await drive.addMembers([people.ben.person], to: id, hidingHistory: true, as: people.ann)
            clock.advance(ms: 1)
            try await drive.addMembers([carl], to: id, hidingHistory: true, as: people.ben)
            try await drive.addMembers([carl], to: id, hidingHistory: true, as: people.ben)
            #expect(try await drive.members(of: id, as: people.ben).count == 3)

            await #expect(throws: DriveError.chat(.notOwner)) {
                try await drive.removeMember(carl, from: id, as: people.ben)
            }
            try await drive.removeMember(carl, from: id, as: people.ann)
            await #expect(throws: DriveError.chat(.notAMember)) {
                try await drive.removeMember(carl, from: id, as: people.ann)
            }
            await #expect(throws: DriveError.notFound(.person(Person.ID(999)))) {
                try await drive.addMembers([Person.ID(999)], to: id, hidingHistory: true, as: people.ann)
            }
            try await drive.removeMember(people.ann.person, from: id, as: people.ann)
            #expect(try await drive.chat(.chat(id), as: people.ben).owner == people.ben.person)
            await #expect(throws: DriveError.denied(.chat)) { try await drive.chat(.chat(id), as: people.ann) }
        }
    }

    @Test("whoever leaves a chat loses its files, and whoever comes in gets them", arguments: Engine.allCases)
    func filesFollowMembership(engine: Engine) async throws {
        try await withDrive(engine) { drive, _ in
            let people = try await TwoPeople(drive)
            let id = try await drive.addChat(NewChat(), as: people.ann)
            let folder = try await drive.folder(of: .chat(id), as: people.ann)
            let file = try await drive.addFile(
                named: FileName("a.txt"), in: folder, content: .text("a"), as: people.ann)
            await #expect(throws: DriveError.denied(.node(file.id))) { try await drive.node(file.id, as: people.ben) }
            try await drive.addMembers([people.ben.person], to: id, hidingHistory: true, as: people.ann)
            #expect(try await drive.node(file.id, as: people.ben).name == "a.txt")
            #expect(try await drive.rename(file.id, to: FileName("b.txt"), as: people.ben).name == "b.txt")
            try await drive.removeMember(people.ben.person, from: id, as: people.ann)
            await #expect(throws: DriveError.denied(.node(file.id))) { try await drive.node(file.id, as: people.ben) }
        }
    }

    @Test(
        "the chat of two people is one, whoever names the other first; who takes part is fixed",
        arguments: Engine.allCases)
    func privateChats(engine: Engine) async throws {
        try await withDrive(engine) { drive, _ in
            let people = try await TwoPeople(drive)
            let one = try await drive.chat(.person(people.ben.person), as: people.ann)
            let other = try await drive.chat(.person(people.ann.person), as: people.ben)
            #expect(one.id == other.id)
            #expect(one.kind == .private)
            #expect(try await drive.members(of: one.id, as: people.ben) == [people.ann.person, people.ben.person])
            await #expect(throws: DriveError.denied(.chat)) { try await drive.chat(.chat(one.id), as: people.admin) }
            await #expect(throws: DriveError.chat(.fixedMembers)) {
                try await drive.addMembers([people.admin.person], to: one.id, hidingHistory: true, as: people.ann)
            }
            await #expect(throws: DriveError.chat(.fixedMembers)) {
                try await drive.removeMember(people.ann.person, from: one.id, as: people.ann)
            }
            let own = try await drive.chat(.person(people.ann.person), as: people.ann)
            #expect(try await drive.members(of: own.id, as: people.ann) == [people.ann.person])
            await #expect(throws: DriveError.notFound(.chat)) {
                try await drive.chat(.person(Person.ID(999)), as: people.ann)
            }
        }
    }

    @Test("a group's chat belongs to its people", arguments: Engine.allCases)
    func groupChats(engine: Engine) async throws {
        try await withDrive(engine) { drive, _ in
            let people = try await TwoPeople(drive)
            let group = try await drive.addGroup(
                named: "Sales", owner: people.ann.person, members: [people.ben.person], as: people.admin)
            let dialog = Dialog.group(group.id.rawValue)
            await #expect(throws: DriveError.denied(.chat)) { try await drive.chat(dialog, as: people.admin) }
            let chat = try await drive.chat(dialog, as: people.ben)
            #expect(chat.title == "Sales")
            #expect(try await drive.chat(dialog, as: people.ann).id == chat.id)
            #expect(try await drive.members(of: chat.id, as: people.ben) == [people.ann.person, people.ben.person])
            #expect(try await drive.chat(boundTo: "SONET_GROUP", "\(group.id)") == chat.id)
            await #expect(throws: DriveError.notFound(.chat)) { try await drive.chat(.group(55), as: people.ann) }
        }
    }

    @Test("a chat is found by what it is bound to, the newest of several", arguments: Engine.allCases)
    func binding(engine: Engine) async throws {
        try await withDrive(engine) { drive, _ in
            let people = try await TwoPeople(drive)
            var new = NewChat()
            new.entityType = "CRM"
            new.entityID = "DEAL|1663"
            _ = try await drive.addChat(new, as: people.ann)
            let second = try await drive.addChat(new, as: people.ben)
            #expect(try await drive.chat(boundTo: "CRM", "DEAL|1663") == second)
            #expect(try await drive.chat(boundTo: "CRM", "DEAL|1664") == nil)
        }
    }

    @Test("new members see earlier messages only when history is not hidden", arguments: Engine.allCases)
    func history(engine: Engine) async throws {
        try await withDrive(engine) { drive, _ in
            let people = try await TwoPeople(drive)
            let id = try await drive.addChat(NewChat(), as: people.ann)
            let first = try await drive.say("one", in: .chat(id), as: people.ann)
            try await drive.addMembers([people.ben.person], to: id, hidingHistory: true, as: people.ann)
            try await drive.addMembers([people.admin.person], to: id, hidingHistory: false, as: people.ann)
            let second = try await drive.say("two", in: .chat(id), as: people.ann)
            func seen(_ caller: Caller, _ window: MessageWindow) async throws -> [Message.ID] {
                try await drive.messages(in: id, window, limit: 20, as: caller).map(\.id)
            }
            #expect(try await seen(people.ben, .newest) == [second])
            #expect(try await seen(people.admin, .newest) == [second, first])
            #expect(try await seen(people.admin, .before(second)) == [first])
            #expect(try await seen(people.admin, .after(Message.ID(0))) == [first, second])
            #expect(try await seen(people.admin, .after(first)) == [second])
            #expect(try await seen(people.admin, .after(Message.ID(999))) == [])
        }
    }

    @Test("five thousand people are let in at once", arguments: Engine.allCases)
    func crowd(engine: Engine) async throws {
        try await withDrive(engine) { drive, _ in
            let people = try await TwoPeople(drive)
            var new = NewChat()
            new.members = (1...5000).map { Person.ID($0) }
            let id = try await drive.addChat(new, as: people.ann)
            #expect(
                try await drive.members(of: id, as: people.ann) == [people.admin, people.ann, people.ben].map(\.person))
        }
    }
}
