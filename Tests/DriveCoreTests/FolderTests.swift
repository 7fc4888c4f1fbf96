import SQLStore
import TestSupport
import Testing

@testable import DriveCore

@Suite("Folders and names in them")
struct FolderTests {
    @Test("two writers race for one name: one of them gets the conflict", arguments: Engine.allCases)
    func race(engine: Engine) async throws {
        try await withDrive(engine) { drive, _ in
            let people = try await TwoPeople(drive)
            let root = try await drive.personalStorage(of: people.ann.person).root
            let names = ["Résumé", "RÉSUMÉ", "re\u{301}sume\u{301}", "résumé"]
            let made = await withTaskGroup(of: Bool.self) { group in
                for name in names {
                    group.addTask {
                        do {
                            _ = try await drive.addFolder(named: FileName(name), in: root, as: people.ann)
                            return true
                        } catch DriveError.nameTaken(.folder) {
                            return false
                        } catch {
                            Issue.record(error)
                            return false
                        }
                    }
                }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(made == 1)
            #expect(try await drive.children(of: root, Listing(), as: people.ann).total == 1)
        }
    }

    @Test(
        "files that race for one name with unique naming all get in, under different names", arguments: Engine.allCases)
    func uniqueNames(engine: Engine) async throws {
        try await withDrive(engine) { drive, _ in
            let people = try await TwoPeople(drive)
            let root = try await drive.personalStorage(of: people.ann.person).root
            try await withThrowingTaskGroup(of: Void.self) { group in
                for index in 0..<12 {
                    group.addTask {
                        _ = try await drive.addFile(
                            named: FileName("a.txt"), in: root, content: .text("\(index)"), uniqueName: true,
                            as: people.ann)
                    }
                }
                try await group.waitForAll()
            }
            let names = try await drive.children(of: root, Listing(order: [.init(.id)]), as: people.ann).rows.map(
                \.name)
            #expect(Set(names) == Set(["a.txt"] + (1...11).map { "a (\($0)).txt" }))
        }
    }

    @Test("where equal names are allowed they stand side by side", arguments: Engine.allCases)
    func equalNames(engine: Engine) async throws {
        try await withDrive(engine) { drive, _ in
            let people = try await TwoPeople(drive)
            for _ in 0..<2 {
                _ = try await drive.addFile(
                    named: FileName("scan.pdf"), in: drive.account.crmFolder, content: .text("x"), as: people.ann)
            }
            let names = try await drive.children(of: drive.account.crmFolder, Listing(), as: people.ann).rows.map(
                \.name)
            #expect(names == ["scan.pdf", "scan.pdf"])
        }
    }

    @Test("a root folder keeps its name", arguments: Engine.allCases)
    func root(engine: Engine) async throws {
        try await withDrive(engine) { drive, _ in
            let people = try await TwoPeople(drive)
            let root = try await drive.personalStorage(of: people.ann.person).root
            await #expect(throws: DriveError.isRootFolder) {
                try await drive.rename(root, to: FileName("mine"), as: people.ann)
            }
        }
    }

    @Test("a place names the folders between root and node", arguments: Engine.allCases)
    func places(engine: Engine) async throws {
        try await withDrive(engine) { drive, _ in
            let people = try await TwoPeople(drive)
            let root = try await drive.personalStorage(of: people.ann.person).root
            let outer = try await drive.addFolder(named: FileName("outer"), in: root, as: people.ann)
            let inner = try await drive.addFolder(named: FileName("inner"), in: outer.id, as: people.ann)
            let file = try await drive.addFile(named: FileName("f"), in: inner.id, content: .text("1"), as: people.ann)
            #expect(
                outer.place
                    == Place(storageKind: .user, ownerID: people.ann.person.rawValue, root: root, folders: []))
            #expect(file.place.folders == ["outer", "inner"])
        }
    }
}
