import SQLStore
import TestSupport
import Testing

@testable import DriveCore

@Suite("Moving, copying, trashing and removing trees")
struct TreeTests {
    /// `top/inner/deep.txt`, `top/a.txt`, `top/old.txt` in Ann's drive.
    private struct Tree {
        let root: Node.ID
        let top, inner, deep, a, old: Node

        init(_ drive: Drive, _ ann: Caller) async throws {
            root = try await drive.personalStorage(of: ann.person).root
            top = try await drive.addFolder(named: FileName("top"), in: root, as: ann)
            inner = try await drive.addFolder(named: FileName("inner"), in: top.id, as: ann)
            deep = try await drive.addFile(named: FileName("deep.txt"), in: inner.id, content: .text("deep"), as: ann)
            a = try await drive.addFile(named: FileName("a.txt"), in: top.id, content: .text("a"), as: ann)
            old = try await drive.addFile(named: FileName("old.txt"), in: top.id, content: .text("old"), as: ann)
        }
    }

    private func names(in folder: Node.ID, _ drive: Drive, _ caller: Caller) async throws -> [String] {
        try await drive.children(of: folder, Listing(order: [.init(.name)]), as: caller).rows.map(\.name)
    }

    @Test("a copied tree has the same bytes, new ids, one version each, and moves no bytes", arguments: Engine.allCases)
    func copy(engine: Engine) async throws {
        try await withDrive(engine) { drive, clock in
            let people = try await TwoPeople(drive)
            let tree = try await Tree(drive, people.ann)
            _ = try await drive.addVersion(to: tree.deep.id, content: .text("deeper"), as: people.ann)
            for index in 0..<230 {
                _ = try await drive.addFile(
                    named: FileName("many \(index)"), in: tree.inner.id, content: .text("x"), as: people.ann)
            }
            let blobs = try await drive.database.read { tx in try tx.int("SELECT count(*) FROM blob") }
            clock.advance(ms: 1000)
            let common = try await drive.storage(drive.account.commonStorage, as: people.ann).root
            let copy = try await drive.copy(folder: tree.top.id, to: common, as: people.ann)
            #expect(copy.name == "top")
            #expect(copy.createdMs == clock.now)
            #expect(try await names(in: copy.id, drive, people.ann) == ["a.txt", "inner", "old.txt"])
            let inner = try await drive.children(
                of: copy.id, Listing(conditions: [.equals(.kind, .text("folder"))]), as: people.ann
            )
            .rows[0]
            let deep = try await drive.children(
                of: inner.id, Listing(conditions: [.equals(.name, .text("deep.txt"))]), as: people.ann
            ).rows[0]
            #expect(deep.id != tree.deep.id)
            #expect(deep.content?.number == 1)
            #expect(try await drive.bytes(of: deep, as: people.ann) == Array("deeper".utf8))
            #expect(try await drive.children(of: inner.id, Listing(), as: people.ann).total == 231)
            #expect(try await drive.database.read { tx in try tx.int("SELECT count(*) FROM blob") } == blobs)
            #expect(try await drive.check(repair: false).isClean)
            await #expect(throws: DriveError.nameTaken(.folder)) {
                try await drive.copy(folder: tree.top.id, to: common, as: people.ann)
            }
            await #expect(throws: DriveError.intoItself) {
                try await drive.copy(folder: tree.top.id, to: tree.inner.id, as: people.ann)
            }
        }
    }

    @Test("a move keeps ids and times, stays in its drive and cannot make a circle", arguments: Engine.allCases)
    func move(engine: Engine) async throws {
        try await withDrive(engine) { drive, clock in
            let people = try await TwoPeople(drive)
            let tree = try await Tree(drive, people.ann)
            let other = try await drive.addFolder(named: FileName("other"), in: tree.root, as: people.ann)
            clock.advance(ms: 1000)
            let moved = try #require(try await drive.move(tree.inner.id, kind: .folder, to: other.id, as: people.ann))
            #expect(moved.id == tree.inner.id)
            #expect(moved.parent == other.id)
            #expect(moved.updatedMs == tree.inner.updatedMs)
            #expect(try await drive.node(tree.deep.id, as: people.ann).place.folders == ["other", "inner"])

            await #expect(throws: DriveError.intoItself) {
                try await drive.move(other.id, kind: .folder, to: tree.inner.id, as: people.ann)
            }
            await #expect(throws: DriveError.isRootFolder) {
                try await drive.move(tree.root, kind: .folder, to: other.id, as: people.ann)
            }
            _ = try await drive.addFile(named: FileName("A.TXT"), in: other.id, content: .text("1"), as: people.ann)
            await #expect(throws: DriveError.nameTaken(.file)) {
                try await drive.move(tree.a.id, kind: .file, to: other.id, as: people.ann)
            }
            let common = try await drive.storage(drive.account.commonStorage, as: people.ann).root
            #expect(try await drive.move(tree.a.id, kind: .file, to: common, as: people.ann) == nil)
            #expect(try await drive.node(tree.a.id, as: people.ann).parent == tree.top.id)
        }
    }

    @Test("a trashed folder takes along what lives in it and gives back exactly that", arguments: Engine.allCases)
    func trash(engine: Engine) async throws {
        try await withDrive(engine) { drive, _ in
            let people = try await TwoPeople(drive)
            let tree = try await Tree(drive, people.ann)
            _ = try await drive.trash(tree.old.id, kind: .file, as: people.ann)
            let trashed = try await drive.trash(tree.top.id, kind: .folder, as: people.ann)
            #expect(trashed.deletion == .trashed)
            var states: [Node.Deletion] = []
            for node in [tree.inner, tree.deep, tree.a, tree.old] {
                states.append(try await drive.node(node.id, as: people.ann).deletion)
            }
            #expect(states == [.trashedWithParent, .trashedWithParent, .trashedWithParent, .trashed])
            await #expect(throws: DriveError.trashed(.node(tree.top.id))) {
                try await drive.restore(tree.old.id, kind: .file, as: people.ann)
            }
            await #expect(throws: DriveError.denied(.node(tree.top.id))) {
                try await drive.restore(tree.top.id, kind: .folder, as: people.ann)
            }
            _ = try await drive.addFolder(named: FileName("TOP"), in: tree.root, as: people.ann)
            let restored = try await drive.restore(tree.top.id, kind: .folder, as: people.admin)
            #expect(restored.node.name == "top (1)")
            #expect(try await names(in: tree.top.id, drive, people.ann) == ["a.txt", "inner"])
            #expect(try await names(in: tree.inner.id, drive, people.ann) == ["deep.txt"])
            #expect(try await drive.restore(tree.old.id, kind: .file, as: people.ann).node.deletion == .alive)
            #expect(try await drive.check(repair: false).isClean)
        }
    }

    @Test("removing a tree removes everything below, alive or trashed, and nothing else", arguments: Engine.allCases)
    func purge(engine: Engine) async throws {
        try await withDrive(engine) { drive, _ in
            let people = try await TwoPeople(drive)
            let tree = try await Tree(drive, people.ann)
            _ = try await drive.trash(tree.inner.id, kind: .folder, as: people.ann)
            try await drive.purge(tree.top.id, kind: .folder, as: people.ann)
            for node in [tree.top, tree.inner, tree.deep, tree.a, tree.old] {
                await #expect(throws: DriveError.notFound(.node(node.id))) {
                    try await drive.node(node.id, as: people.ann)
                }
            }
            #expect(try await drive.node(tree.root, as: people.ann).id == tree.root)
            #expect(try await drive.check(repair: false).isClean)
            await #expect(throws: DriveError.isRootFolder) {
                try await drive.purge(tree.root, kind: .folder, as: people.ann)
            }
        }
    }

    @Test("an older content brought back is a new version", arguments: Engine.allCases)
    func restoreVersion(engine: Engine) async throws {
        try await withDrive(engine) { drive, _ in
            let people = try await TwoPeople(drive)
            let tree = try await Tree(drive, people.ann)
            _ = try await drive.addVersion(to: tree.a.id, content: .text("second"), as: people.ann)
            let back = try await drive.restore(version: tree.a.content!.version, of: tree.a.id, as: people.ann)
            #expect(back.content?.number == 3)
            #expect(back.content?.version != tree.a.content?.version)
            #expect(try await drive.bytes(of: back, as: people.ann) == Array("a".utf8))
            await #expect(throws: DriveError.versionOfAnotherFile) {
                try await drive.restore(version: tree.deep.content!.version, of: tree.a.id, as: people.ann)
            }
        }
    }
}
