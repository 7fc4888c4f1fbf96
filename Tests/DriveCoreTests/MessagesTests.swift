import NIOCore
import SQLStore
import TestSupport
import Testing

@testable import DriveCore

@Suite("Messages with files, changed and taken back")
struct MessagesTests {
    /// A chat that Ann owns, Ben takes part in and the administrator does not.
    private struct Scene {
        let people: TwoPeople
        let chat: Chat.ID

        init(_ drive: Drive) async throws {
            people = try await TwoPeople(drive)
            var new = NewChat()
            new.members = [people.ben.person]
            chat = try await drive.addChat(new, as: people.ann)
        }
    }

    @Test("new bytes become a file of the chat under a free name, and a message", arguments: Engine.allCases)
    func sending(engine: Engine) async throws {
        try await withDrive(engine) { drive, _ in
            let scene = try await Scene(drive)
            let first = try await drive.send(
                .text("one"), named: FileName("a.txt"), text: "look", to: .chat(scene.chat), as: scene.people.ben)
            let second = try await drive.send(
                .text("two"), named: FileName("A.txt"), text: "", to: .chat(scene.chat), as: scene.people.ann)
            #expect(first.files.map(\.name) == ["a.txt"])
            #expect(second.files.map(\.name) == ["A (1).txt"])
            #expect(try await drive.bytes(of: second.files[0], as: scene.people.ben) == Array("two".utf8))
            let read = try await drive.messages(in: scene.chat, .newest, limit: 9, as: scene.people.ben)
            #expect(read == [second, first])
            await #expect(throws: DriveError.denied(.chat)) {
                try await drive.send(
                    .text("x"), named: FileName("x"), text: "", to: .chat(scene.chat), as: scene.people.admin)
            }
            let file = first.files[0]
            #expect(try await drive.file(file.id, of: scene.chat, as: scene.people.ann).id == file.id)
            await #expect(throws: DriveError.denied(.chat)) {
                try await drive.file(file.id, of: scene.chat, as: scene.people.admin)
            }
            let other = try await drive.chat(.person(scene.people.ben.person), as: scene.people.ann)
            await #expect(throws: DriveError.notFound(.node(file.id))) {
                try await drive.file(file.id, of: other.id, as: scene.people.ann)
            }
        }
    }

    @Test("past the storage limit nothing is stored or said", arguments: Engine.allCases)
    func noSpace(engine: Engine) async throws {
        try await withDrive(engine, settings: { $0.storageLimit = 2 }) { drive, _ in
            let scene = try await Scene(drive)
            await #expect(throws: DriveError.noSpace) {
                try await drive.send(
                    .text("one"), named: FileName("a.txt"), text: "", to: .chat(scene.chat), as: scene.people.ann)
            }
            #expect(try await drive.messages(in: scene.chat, .newest, limit: 9, as: scene.people.ann).isEmpty)
        }
    }

    @Test("only its author changes a message, while they take part and see it", arguments: Engine.allCases)
    func editing(engine: Engine) async throws {
        try await withDrive(engine) { drive, _ in
            let scene = try await Scene(drive)
            let people = scene.people
            let id = try await drive.say("one", in: .chat(scene.chat), as: people.ben)
            let system = try await drive.say("joined", in: .chat(scene.chat), isFromSystem: true, as: people.ben)
            func text() async throws -> String? {
                try await drive.messages(in: scene.chat, .after(Message.ID(0)), limit: 9, as: people.ann).first?.text
            }
            for caller in [people.ann, people.admin] {
                await #expect(throws: DriveError.chat(.notYourMessage)) {
                    try await drive.editMessage(id, to: "x", as: caller)
                }
            }
            for unknown in [system, Message.ID(9999), Message.ID(0)] {
                await #expect(throws: DriveError.chat(.notYourMessage)) {
                    try await drive.editMessage(unknown, to: "x", as: people.ben)
                }
            }
            try await drive.editMessage(id, to: nil, as: people.ben)
            #expect(try await text() == "one")
            try await drive.editMessage(id, to: "two", as: people.ben)
            #expect(try await text() == "two")
            try await drive.removeMember(people.ben.person, from: scene.chat, as: people.ann)
            await #expect(throws: DriveError.chat(.notYourMessage)) {
                try await drive.editMessage(id, to: "x", as: people.ben)
            }
            // Let in again without the history, Ben does not see his old message.
            try await drive.addMembers([people.ben.person], to: scene.chat, hidingHistory: true, as: people.ann)
            await #expect(throws: DriveError.chat(.notYourMessage)) {
                try await drive.editMessage(id, to: "x", as: people.ben)
            }
            #expect(try await text() == "two")
        }
    }

    @Test("author and owner take a message back; its files stay where they are", arguments: Engine.allCases)
    func deleting(engine: Engine) async throws {
        try await withDrive(engine) { drive, _ in
            let scene = try await Scene(drive)
            let people = scene.people
            let anns = try await drive.say("mine", in: .chat(scene.chat), as: people.ann)
            let sent = try await drive.send(
                .text("one"), named: FileName("a.txt"), text: "look", to: .chat(scene.chat), as: people.ben)
            await #expect(throws: DriveError.chat(.notYourMessage)) {
                try await drive.deleteMessage(anns, as: people.ben)
            }
            await #expect(throws: DriveError.chat(.notYourMessage)) {
                try await drive.deleteMessage(sent.id, as: people.admin)
            }
            try await drive.deleteMessage(sent.id, as: people.ann)
            try await drive.deleteMessage(sent.id, as: people.ben)
            let read = try await drive.messages(in: scene.chat, .newest, limit: 1, as: people.ben)[0]
            #expect(read.isDeleted)
            #expect(read.text == "Message deleted")
            #expect(read.files.isEmpty)
            #expect(try await drive.node(sent.files[0].id, as: people.ann).deletion == .alive)
            await #expect(throws: DriveError.chat(.notYourMessage)) {
                try await drive.editMessage(sent.id, to: "again", as: people.ben)
            }
            // Who sent the file may still withdraw it, and nobody else.
            #expect(try await !drive.withdraw(sent.files[0].id, from: scene.chat, as: people.ann))
            #expect(try await drive.withdraw(sent.files[0].id, from: scene.chat, as: people.ben))

            // Ann made the chat of the two, and owns nothing in it but her own messages.
            let dialog = try await drive.chat(.person(people.ben.person), as: people.ann)
            #expect(dialog.owner == people.ann.person)
            let bens = try await drive.say("hi", in: .person(people.ann.person), as: people.ben)
            await #expect(throws: DriveError.chat(.notYourMessage)) {
                try await drive.deleteMessage(bens, as: people.ann)
            }
        }
    }

    @Test("an owner hands a chat over to a member, and nobody else does", arguments: Engine.allCases)
    func owners(engine: Engine) async throws {
        try await withDrive(engine) { drive, _ in
            let scene = try await Scene(drive)
            let people = scene.people
            let dialog = Dialog.chat(scene.chat)
            await #expect(throws: DriveError.chat(.notOwner)) {
                try await drive.setOwner(people.ben.person, of: dialog, as: people.ben)
            }
            await #expect(throws: DriveError.denied(.chat)) {
                try await drive.setOwner(people.admin.person, of: dialog, as: people.admin)
            }
            await #expect(throws: DriveError.chat(.notAMember)) {
                try await drive.setOwner(people.admin.person, of: dialog, as: people.ann)
            }
            await #expect(throws: DriveError.chat(.fixedMembers)) {
                try await drive.setOwner(people.ben.person, of: .person(people.ben.person), as: people.ann)
            }
            try await drive.setOwner(people.ben.person, of: dialog, as: people.ann)
            #expect(try await drive.chat(dialog, as: people.ann).owner == people.ben.person)
            await #expect(throws: DriveError.chat(.notOwner)) {
                try await drive.setOwner(people.ann.person, of: dialog, as: people.ann)
            }
        }
    }

    @Test("people of a chat are listed to those in it, no others", arguments: Engine.allCases)
    func people(engine: Engine) async throws {
        try await withDrive(engine) { drive, _ in
            let scene = try await Scene(drive)
            let page = try await drive.members(of: scene.chat, Listing(limit: 1), as: scene.people.ben)
            #expect(page.rows.map(\.id) == [scene.people.ann.person])
            #expect(page.hasMore)
            #expect(page.total == 2)
            await #expect(throws: DriveError.denied(.chat)) {
                try await drive.members(of: scene.chat, Listing(), as: scene.people.admin)
            }
        }
    }

    @Test("a ticket is spent with the first fetch, and not by one that is refused", arguments: Engine.allCases)
    func tickets(engine: Engine) async throws {
        try await withDrive(engine) { drive, clock in
            let scene = try await Scene(drive)
            let file = try await drive.send(
                .text("one"), named: FileName("a.txt"), text: "", to: .chat(scene.chat), as: scene.people.ann
            ).files[0]
            let ticket = OneTimeTicket(nonce: "n", expiresMs: clock.now + 1000)
            func fetch(_ caller: Caller, _ ticket: OneTimeTicket) async throws {
                _ = try await drive.content(of: file.id, allowTrashed: false, spending: ticket, as: caller)
            }
            await #expect(throws: DriveError.denied(.node(file.id))) { try await fetch(scene.people.admin, ticket) }
            try await fetch(scene.people.ben, ticket)
            await #expect(throws: DriveError.ticketUsed) { try await fetch(scene.people.ben, ticket) }
            let late = OneTimeTicket(nonce: "late", expiresMs: clock.now)
            await #expect(throws: DriveError.ticketUsed) { try await fetch(scene.people.ben, late) }
        }
    }

    @Test("groups of a person are those they are in and those they own", arguments: Engine.allCases)
    func groups(engine: Engine) async throws {
        try await withDrive(engine) { drive, _ in
            let people = try await TwoPeople(drive)
            let one = try await drive.addGroup(
                named: "One", owner: people.ann.person, members: [people.ben.person], as: people.admin)
            let two = try await drive.addGroup(named: "Two", owner: people.ben.person, as: people.admin)
            #expect(try await drive.groups(of: people.ann.person) == [one.id])
            #expect(try await drive.groups(of: people.ben.person) == [one.id, two.id])
            #expect(try await drive.groups(of: people.admin.person) == [])
        }
    }
}
