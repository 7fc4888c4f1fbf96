import SQLStore
import TestSupport
import Testing

@testable import DriveCore

@Suite("Totals of folders that are kept")
struct FolderCountTests {
    @Test(
        "the total of a folder is what lies in it, whatever was put in, taken out, moved or copied",
        arguments: Engine.allCases)
    func follows(engine: Engine) async throws {
        try await withDrive(engine) { drive, _ in
            let people = try await TwoPeople(drive)
            let root = try await drive.personalStorage(of: people.ann.person).root
            func total(_ folder: Node.ID) async throws -> Int64? {
                // One row a page: longer lists than that have their total from what is kept.
                let page = try await drive.children(of: folder, Listing(limit: 1), as: people.ann)
                #expect(try await drive.check(repair: false).inconsistent == [])
                return page.total
            }
            let (one, two) = (
                try await drive.addFolder(named: FileName("one"), in: root, as: people.ann).id,
                try await drive.addFolder(named: FileName("two"), in: root, as: people.ann).id
            )
            var files: [Node] = []
            for name in ["a", "b", "c"] {
                files.append(
                    try await drive.addFile(named: FileName(name), in: one, content: .text(name), as: people.ann))
            }
            let inner = try await drive.addFolder(named: FileName("inner"), in: one, as: people.ann).id
            _ = try await drive.addFile(named: FileName("deep"), in: inner, content: .text("deep"), as: people.ann)
            #expect(try await total(one) == 4)
            await #expect(throws: DriveError.nameTaken(.file)) {
                try await drive.addFile(named: FileName("A"), in: one, content: .text("A"), as: people.ann)
            }
            #expect(try await total(one) == 4)
            _ = try await drive.move(files[0].id, kind: .file, to: two, as: people.ann)
            _ = try await drive.copy(file: files[1].id, to: two, as: people.ann)
            #expect(try await total(one) == 3)
            #expect(try await total(two) == 2)
            _ = try await drive.copy(folder: one, to: two, as: people.ann)
            #expect(try await total(two) == 3)
            _ = try await drive.trash(files[1].id, kind: .file, as: people.ann)
            #expect(try await total(one) == 2)
            _ = try await drive.restore(files[1].id, kind: .file, as: people.ann)
            #expect(try await total(one) == 3)
            _ = try await drive.trash(one, kind: .folder, as: people.ann)
            #expect(try await total(root) == 1)
            _ = try await drive.restore(one, kind: .folder, as: people.admin)
            #expect(try await total(one) == 3)
            #expect(try await total(root) == 2)
            try await drive.purge(inner, kind: .folder, as: people.ann)
            #expect(try await total(one) == 2)
            _ = try await drive.trash(files[2].id, kind: .file, as: people.ann)
            try await drive.purge(files[2].id, kind: .file, as: people.ann)
            #expect(try await total(one) == 1)
            try await drive.purge(two, kind: .folder, as: people.ann)
            #expect(try await total(root) == 1)
            let gone = try await drive.database.read { tx in
                try tx.int(
                    """
                    SELECT count(*) FROM folder_count k LEFT JOIN node n ON n.id = k.folder_id WHERE n.id IS NULL
                    """)
            }
            #expect(gone == 0)
        }
    }

    @Test("many who write into one folder at once lose no count", arguments: Engine.allCases)
    func atOnce(engine: Engine) async throws {
        try await withDrive(engine) { drive, _ in
            let people = try await TwoPeople(drive)
            let folder = drive.account.crmFolder
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<24 {
                    group.addTask {
                        let file = try await drive.addFile(
                            named: FileName("f\(number)"), in: folder, content: .text("\(number)"), as: people.ann)
                        if number.isMultiple(of: 3) {
                            _ = try await drive.trash(file.id, kind: .file, as: people.ann)
                        }
                    }
                }
                try await group.waitForAll()
            }
            let page = try await drive.children(of: folder, Listing(limit: 1), as: people.ann)
            #expect(page.total == 16)
            #expect(try await drive.check(repair: false).isClean)
        }
    }

    @Test("a wrong count is told", arguments: Engine.allCases)
    func check(engine: Engine) async throws {
        try await withDrive(engine) { drive, _ in
            let storage = drive.account.commonStorage
            let root = try await drive.database.write { tx in
                let root = try tx.storage(storage).root
                try tx.run("UPDATE folder_count SET living = living + 1 WHERE folder_id = \(root)")
                return root
            }
            #expect(
                try await drive.check(repair: false).inconsistent == ["node \(root) counts what lies in it wrongly"])
        }
    }
}
