import SQLStore
import TestSupport
import Testing

@testable import DriveCore

@Suite("Files of chats")
struct ChatFilesTests {
    /// A chat of Ann and Ben with one file of Ann's.
    private struct Scene {
        let people: TwoPeople
        let chat: Chat.ID
        let folder: Node.ID
        let file: Node

        init(_ drive: Drive) async throws {
            people = try await TwoPeople(drive)
            var new = NewChat()
            new.members = [people.ben.person]
            chat = try await drive.addChat(new, as: people.ann)
            folder = try await drive.folder(of: .chat(chat), as: people.ann)
            file = try await drive.addFile(
                named: FileName("image.jpg"), in: folder, content: .text("picture"), as: people.ann)
        }
    }

    @Test("a chat's folder is made once, however many ask for it at once", arguments: Engine.allCases)
    func oneFolder(engine: Engine) async throws {
        try await withDrive(engine) { drive, _ in
            let people = try await TwoPeople(drive)
            var new = NewChat()
            new.members = [people.ben.person]
            let chat = try await drive.addChat(new, as: people.ann)
            let folders = try await withThrowingTaskGroup(of: Node.ID.self) { group in
                for turn in 0..<12 {
                    group.addTask {
                        try await drive.folder(of: .chat(chat), as: turn.isMultiple(of: 2) ? people.ann : people.ben)
                    }
                }
                return try await group.reduce(into: Set<Node.ID>()) { $0.insert($1) }
            }
            #expect(folders.count == 1)
            let made = try await drive.database.read { tx in
                try tx.int(
                    "SELECT count(*) FROM node n JOIN storage s ON s.root_id = n.parent_id WHERE s.kind = 'chat'")
            }
            #expect(made == 1)
        }
    }

    @Test("a file already in the chat's folder is sent as it is, another one as a copy", arguments: Engine.allCases)
    func sending(engine: Engine) async throws {
        try await withDrive(engine) { drive, _ in
            let scene = try await Scene(drive)
            let home = try await drive.personalStorage(of: scene.people.ann.person).root
            let own = try await drive.addFile(
                named: FileName("image.jpg"), in: home, content: .text("other"), as: scene.people.ann)
            let message = try await drive.send(
                files: [scene.file.id, own.id, own.id], text: "look", to: .chat(scene.chat), as: scene.people.ann)
            #expect(message.files.map(\.name) == ["image.jpg", "image (1).jpg"])
            #expect(message.files[0].id == scene.file.id)
            #expect(message.files[1].id != own.id)
            #expect(message.files[1].parent == scene.folder)
            #expect(try await drive.bytes(of: message.files[1], as: scene.people.ben) == Array("other".utf8))
            let read = try await drive.messages(in: scene.chat, .newest, limit: 1, as: scene.people.ben)
            #expect(read == [message])
        }
    }

    @Test("a file that cannot be sent stops the whole message", arguments: Engine.allCases)
    func refusedSending(engine: Engine) async throws {
        try await withDrive(engine) { drive, _ in
            let scene = try await Scene(drive)
            let home = try await drive.personalStorage(of: scene.people.ben.person).root
            let foreign = try await drive.addFile(
                named: FileName("secret"), in: home, content: .text("x"), as: scene.people.ben)
            for (file, error) in [
                (foreign.id, DriveError.denied(.node(foreign.id))),
                (Node.ID(9999), .notFound(.node(Node.ID(9999)))),
                (scene.folder, .notFound(.node(scene.folder))),
            ] {
                await #expect(throws: error) {
                    try await drive.send(
                        files: [scene.file.id, file], text: "", to: .chat(scene.chat), as: scene.people.ann)
                }
            }
            #expect(try await drive.messages(in: scene.chat, .newest, limit: 9, as: scene.people.ann).isEmpty)
            #expect(try await drive.children(of: scene.folder, Listing(), as: scene.people.ann).total == 1)
        }
    }

    @Test("a chat's file is kept in Saved Files, made when missing, under a free name", arguments: Engine.allCases)
    func saving(engine: Engine) async throws {
        try await withDrive(engine) { drive, _ in
            let scene = try await Scene(drive)
            let saved = try await drive.saveFromChat(scene.file.id, as: scene.people.ben)
            let root = try await drive.personalStorage(of: scene.people.ben.person).root
            #expect(saved.folder.name == "Saved Files")
            #expect(saved.folder.parent == root)
            #expect(saved.file.parent == saved.folder.id)
            #expect(saved.file.name == "image.jpg")
            #expect(saved.file.id != scene.file.id)
            #expect(try await drive.bytes(of: saved.file, as: scene.people.ben) == Array("picture".utf8))

            let again = try await drive.saveFromChat(scene.file.id, as: scene.people.ben)
            #expect(again.folder.id == saved.folder.id)
            #expect(again.file.name == "image (1).jpg")
            let blobs = try await drive.database.read { try $0.int("SELECT count(*) FROM blob") }
            #expect(blobs == 1)
        }
    }

    @Test("Saved Files is made once, however many files are saved at once", arguments: Engine.allCases)
    func oneSavedFilesFolder(engine: Engine) async throws {
        try await withDrive(engine) { drive, _ in
            let scene = try await Scene(drive)
            let saved = try await withThrowingTaskGroup(of: (folder: Node, file: Node).self) { group in
                for _ in 0..<12 {
                    group.addTask { try await drive.saveFromChat(scene.file.id, as: scene.people.ben) }
                }
                return try await group.reduce(into: [(folder: Node, file: Node)]()) { $0.append($1) }
            }
            #expect(Set(saved.map(\.folder.id)).count == 1)
            #expect(Set(saved.map(\.file.name)).count == 12)
            let root = try await drive.personalStorage(of: scene.people.ben.person).root
            #expect(try await drive.children(of: root, Listing(), as: scene.people.ben).total == 1)
        }
    }

    @Test("a new Saved Files is made when the old one is in the trash", arguments: Engine.allCases)
    func trashedFolder(engine: Engine) async throws {
        try await withDrive(engine) { drive, _ in
            let scene = try await Scene(drive)
            let saved = try await drive.saveFromChat(scene.file.id, as: scene.people.ben)
            try await drive.database.write { tx in
                try tx.run("UPDATE node SET deleted_type = 3 WHERE id = \(saved.folder.id)")
                try tx.run("UPDATE node SET deleted_type = 4 WHERE id = \(saved.file.id)")
            }
            let again = try await drive.saveFromChat(scene.file.id, as: scene.people.ben)
            #expect(again.folder.id != saved.folder.id)
            #expect(again.folder.name == "Saved Files")
        }
    }

    @Test("a file is kept only by those in the chat, and only a living file of a chat", arguments: Engine.allCases)
    func refusedSaving(engine: Engine) async throws {
        try await withDrive(engine) { drive, _ in
            let scene = try await Scene(drive)
            await #expect(throws: DriveError.denied(.chat)) {
                try await drive.saveFromChat(scene.file.id, as: scene.people.admin)
            }
            let home = try await drive.personalStorage(of: scene.people.ben.person).root
            let own = try await drive.addFile(
                named: FileName("own"), in: home, content: .text("x"), as: scene.people.ben)
            for id in [own.id, scene.folder, Node.ID(9999)] {
                await #expect(throws: DriveError.notFound(.node(id))) {
                    try await drive.saveFromChat(id, as: scene.people.ben)
                }
            }
            try await drive.trash(files: [scene.file.uuid], as: scene.people.ann)
            await #expect(throws: DriveError.trashed(.node(scene.file.id))) {
                try await drive.saveFromChat(scene.file.id, as: scene.people.ben)
            }
            #expect(try await drive.children(of: home, Listing(), as: scene.people.ben).total == 1)
        }
    }

    @Test("nothing is kept past the storage limit, and no folder is left behind", arguments: Engine.allCases)
    func noSpace(engine: Engine) async throws {
        try await withDrive(engine, settings: { $0.storageLimit = 10 }) { drive, _ in
            let scene = try await Scene(drive)
            await #expect(throws: DriveError.noSpace) {
                try await drive.saveFromChat(scene.file.id, as: scene.people.ben)
            }
            let home = try await drive.personalStorage(of: scene.people.ben.person).root
            #expect(try await drive.children(of: home, Listing(), as: scene.people.ben).total == 0)
        }
    }

    @Test("a file named Saved Files is in the way", arguments: Engine.allCases)
    func fileInTheWay(engine: Engine) async throws {
        try await withDrive(engine) { drive, _ in
            let scene = try await Scene(drive)
            let home = try await drive.personalStorage(of: scene.people.ben.person).root
            _ = try await drive.addFile(
                named: FileName("saved files"), in: home, content: .text("x"), as: scene.people.ben)
            await #expect(throws: DriveError.nameTaken(.folder)) {
                try await drive.saveFromChat(scene.file.id, as: scene.people.ben)
            }
        }
    }

    @Test("only whoever sent a file takes it back, and its message says so", arguments: Engine.allCases)
    func withdrawing(engine: Engine) async throws {
        try await withDrive(engine) { drive, _ in
            let scene = try await Scene(drive)
            let people = scene.people
            _ = try await drive.send(files: [scene.file.id], text: "look", to: .chat(scene.chat), as: people.ann)
            #expect(try await !drive.withdraw(scene.file.id, from: scene.chat, as: people.ben))
            #expect(try await drive.node(scene.file.id, as: people.ben).deletion == .alive)
            await #expect(throws: DriveError.denied(.chat)) {
                try await drive.withdraw(scene.file.id, from: scene.chat, as: people.admin)
            }
            #expect(try await drive.withdraw(scene.file.id, from: scene.chat, as: people.ann))
            await #expect(throws: DriveError.notFound(.node(scene.file.id))) {
                try await drive.withdraw(scene.file.id, from: scene.chat, as: people.ann)
            }
            let message = try await drive.messages(in: scene.chat, .newest, limit: 1, as: people.ben)[0]
            #expect(message.text == "Message deleted")
            #expect(message.isDeleted)
            #expect(message.files.isEmpty)
        }
    }

    @Test("a new folder is made for a chat whose folder was thrown away", arguments: Engine.allCases)
    func trashedChatFolder(engine: Engine) async throws {
        try await withDrive(engine) { drive, _ in
            let scene = try await Scene(drive)
            _ = try await drive.trash(scene.folder, kind: .folder, as: .system)
            let folder = try await drive.folder(of: .chat(scene.chat), as: scene.people.ben)
            #expect(folder != scene.folder)
            try await drive.purge(folder, kind: .folder, as: .system)
            #expect(try await drive.folder(of: .chat(scene.chat), as: scene.people.ben) != folder)
        }
    }
}
