import BlobStorage
import Foundation
import SQLStore
import TestSupport
import Testing

@testable import DriveCore

@Suite("Bytes nothing points at any more")
struct GarbageTests {
    private static let day: Int64 = 86_400_000
    private static var realNow: Int64 { Int64(Date().timeIntervalSince1970 * 1000) }

    private func count(_ drive: Drive, _ table: String) async throws -> Int64 {
        try await drive.database.read { tx in try tx.int("SELECT count(*) FROM \(raw: table)") }
    }

    @Test("go after the grace time, small ones and large ones, and never before", arguments: Engine.allCases)
    func grace(engine: Engine) async throws {
        try await withDrive(engine) { drive, clock in
            clock.set(Self.realNow)
            let people = try await TwoPeople(drive)
            let root = try await drive.personalStorage(of: people.ann.person).root
            let large = try await drive.addFile(
                named: FileName("large"), in: root, content: drive.staged(pattern(50_000)), as: people.ann)
            _ = try await drive.addFile(named: FileName("s"), in: root, content: .text("small"), as: people.ann)
            let small = try await drive.file(named: "s", in: root, as: people.ann)
            try await drive.purge(large.id, kind: .file, as: people.ann)
            try await drive.purge(small.id, kind: .file, as: people.ann)
            clock.advance(ms: Self.day - 1)
            #expect(try await drive.collectGarbage(graceMs: Self.day) == GarbageReport())
            #expect(try await count(drive, "blob") == 2)
            clock.advance(ms: 60_000)
            let expected = try await drive.collectGarbage(graceMs: Self.day, dryRun: true)
            #expect(expected.contents == 2)
            #expect(expected.contentBytes == 50_005)
            #expect(try await count(drive, "blob") == 2)
            #expect(try await drive.collectGarbage(graceMs: Self.day) == expected)
            #expect(try await count(drive, "blob") == 0)
            #expect(try await count(drive, "blob_garbage") == 0)
            try await drive.blobs.forEach { Issue.record("\($0.key.rawValue) is still there") }
        }
    }

    @Test("what another file, a version or an upload still needs stays", arguments: Engine.allCases)
    func shared(engine: Engine) async throws {
        try await withDrive(engine) { drive, clock in
            clock.set(Self.realNow)
            let people = try await TwoPeople(drive)
            let root = try await drive.personalStorage(of: people.ann.person).root
            let bytes = pattern(50_000)
            let one = try await drive.addFile(
                named: FileName("one"), in: root, content: drive.staged(bytes), as: people.ann)
            let other = try await drive.addFile(
                named: FileName("other"), in: root, content: drive.staged(bytes), as: people.ann)
            // An older version counts as much as the active one.
            _ = try await drive.addVersion(to: other.id, content: .text("new"), as: people.ann)
            try await drive.purge(one.id, kind: .file, as: people.ann)
            clock.advance(ms: 2 * Self.day)
            #expect(try await drive.collectGarbage(graceMs: Self.day).contents == 0)
            #expect(try await count(drive, "blob_garbage") == 0)
            #expect(try await drive.check(repair: false).isClean)

            try await drive.purge(other.id, kind: .file, as: people.ann)
            clock.advance(ms: Self.day / 2)
            // Equal bytes come in again before the grace time is over.
            let third = try await drive.addFile(
                named: FileName("third"), in: root, content: drive.staged(bytes), as: people.ann)
            clock.advance(ms: 2 * Self.day)
            #expect(try await drive.collectGarbage(graceMs: Self.day).contents == 1)
            #expect(try await drive.bytes(of: third, as: people.ann) == bytes)
            #expect(try await drive.check(repair: false).isClean)
        }
    }

    /// The row goes first; equal bytes committed meanwhile are young, and their row comes a moment later.
    @Test("equal bytes that come in while their row is being removed are not lost", arguments: Engine.allCases)
    func comingAgain(engine: Engine) async throws {
        try await withDrive(engine) { drive, clock in
            clock.set(Self.realNow)
            let people = try await TwoPeople(drive)
            let root = try await drive.personalStorage(of: people.ann.person).root
            let bytes = pattern(50_000)
            let old = try await drive.addFile(
                named: FileName("old"), in: root, content: drive.staged(bytes), as: people.ann)
            try await drive.purge(old.id, kind: .file, as: people.ann)
            _ = try await drive.database.write { tx in try tx.run("UPDATE blob_garbage SET since_ms = 0") }
            // Committed again, not yet in a row, when the collection comes by.
            let content = try await drive.staged(bytes)
            #expect(try await drive.collectGarbage(graceMs: Self.day).contents == 1)
            let new = try await drive.addFile(named: FileName("new"), in: root, content: content, as: people.ann)
            #expect(try await drive.bytes(of: new, as: people.ann) == bytes)
            #expect(try await drive.check(repair: false).isClean)
        }
    }

    @Test("many uploads of the same bytes and many collections at once lose nothing", arguments: Engine.allCases)
    func race(engine: Engine) async throws {
        try await withDrive(engine) { drive, clock in
            clock.set(Self.realNow)
            let people = try await TwoPeople(drive)
            let root = try await drive.personalStorage(of: people.ann.person).root
            let bytes = pattern(50_000)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for writer in 0..<4 {
                    group.addTask {
                        for round in 0..<10 {
                            let file = try await drive.addFile(
                                named: FileName("\(writer) \(round)"), in: root, content: drive.staged(bytes),
                                as: people.ann)
                            #expect(try await drive.bytes(of: file, as: people.ann) == bytes)
                            if round % 3 != 0 { try await drive.purge(file.id, kind: .file, as: people.ann) }
                        }
                    }
                }
                group.addTask {
                    for _ in 0..<40 {
                        _ = try await drive.database.write { tx in try tx.run("UPDATE blob_garbage SET since_ms = 0") }
                        _ = try await drive.collectGarbage(graceMs: 60_000)
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await drive.check(repair: false).isClean)
        }
    }

    @Test("bytes without a row are found by a walk, those of an upload under way are not", arguments: Engine.allCases)
    func strays(engine: Engine) async throws {
        try await withDrive(engine) { drive, clock in
            clock.set(Self.realNow)
            _ = try await drive.staged(pattern(60_000))
            var report = GarbageReport()
            try await drive.removeStrays(graceMs: Self.day, into: &report)
            #expect(report.strays == 0)
            clock.advance(ms: 2 * Self.day)
            try await drive.removeStrays(graceMs: Self.day, dryRun: true, into: &report)
            #expect(report.strays == 1)
            #expect(report.strayBytes == 60_000)
            try await drive.removeStrays(graceMs: Self.day, into: &report)
            #expect(report.strays == 2)
            try await drive.blobs.forEach { Issue.record("\($0.key.rawValue) is still there") }
        }
    }
}

@Suite("Emptying the trash")
struct TrashRetentionTests {
    private static let day: Int64 = 86_400_000

    @Test(
        "what is older goes with all that lies in it, what is younger and what was restored stays",
        arguments: Engine.allCases)
    func ages(engine: Engine) async throws {
        try await withDrive(engine) { drive, clock in
            let people = try await TwoPeople(drive)
            let root = try await drive.personalStorage(of: people.ann.person).root
            let folder = try await drive.addFolder(named: FileName("folder"), in: root, as: people.ann)
            _ = try await drive.addFile(
                named: FileName("inside"), in: folder.id, content: .text("12345"), as: people.ann)
            let young = try await drive.addFile(named: FileName("young"), in: root, content: .text("y"), as: people.ann)
            let back = try await drive.addFile(named: FileName("back"), in: root, content: .text("b"), as: people.ann)
            _ = try await drive.trash(folder.id, kind: .folder, as: people.ann)
            _ = try await drive.trash(back.id, kind: .file, as: people.ann)
            clock.advance(ms: Self.day)
            _ = try await drive.trash(young.id, kind: .file, as: people.ann)
            _ = try await drive.restore(back.id, kind: .file, as: people.ann)
            clock.advance(ms: 29 * Self.day - 1)
            #expect(try await drive.purgeTrash(olderThanMs: 30 * Self.day) == TrashReport())
            clock.advance(ms: 1)
            let expected = try await drive.purgeTrash(olderThanMs: 30 * Self.day, dryRun: true)
            #expect(expected.files == 1)
            #expect(expected.folders == 1)
            #expect(expected.bytes == 5)
            _ = try await drive.node(folder.id, as: people.ann)
            #expect(try await drive.purgeTrash(olderThanMs: 30 * Self.day) == expected)
            await #expect(throws: DriveError.notFound(.node(folder.id))) {
                try await drive.node(folder.id, as: people.ann)
            }
            _ = try await drive.node(young.id, as: people.ann)
            _ = try await drive.node(back.id, as: people.ann)
            #expect(try await drive.check(repair: false).isClean)
        }
    }

    @Test("what is attached to a task stays until it is detached", arguments: Engine.allCases)
    func attached(engine: Engine) async throws {
        try await withDrive(engine) { drive, clock in
            let people = try await TwoPeople(drive)
            let root = try await drive.personalStorage(of: people.ann.person).root
            let folder = try await drive.addFolder(named: FileName("folder"), in: root, as: people.ann)
            let file = try await drive.addFile(
                named: FileName("contract"), in: folder.id, content: .text("c"), as: people.ann)
            var fields = TaskFields()
            fields.title = "Task"
            fields.responsible = people.ann.person
            fields.files = [.node(file.id)]
            let task = try await drive.addTask(fields, as: people.ann)
            _ = try await drive.trash(folder.id, kind: .folder, as: people.ann)
            clock.advance(ms: 31 * Self.day)
            let kept = try await drive.purgeTrash(olderThanMs: 30 * Self.day)
            #expect(kept.kept == 1)
            #expect(kept.files == 0)
            _ = try await drive.node(file.id, as: people.ann)
            try await drive.deleteTask(task.id, as: people.ann)
            #expect(try await drive.purgeTrash(olderThanMs: 30 * Self.day).files == 1)
        }
    }

    @Test("space that counts: every version, the trash too, and what open uploads declared", arguments: Engine.allCases)
    func space(engine: Engine) async throws {
        try await withDrive(engine) { drive, clock in
            let people = try await TwoPeople(drive)
            let root = try await drive.personalStorage(of: people.ann.person).root
            let file = try await drive.addFile(named: FileName("f"), in: root, content: .text("12345"), as: people.ann)
            _ = try await drive.addVersion(to: file.id, content: .text("123"), as: people.ann)
            _ = try await drive.copy(file: file.id, to: root, uniqueName: true, as: people.ann)
            #expect(try await drive.usedBytes() == 11)
            _ = try await drive.openUpload(NewUpload(name: FileName("u"), sizeBytes: 100), as: people.ann)
            #expect(try await drive.usedBytes() == 111)
            _ = try await drive.trash(file.id, kind: .file, as: people.ann)
            #expect(try await drive.usedBytes() == 111)
            try await drive.purge(file.id, kind: .file, as: people.ann)
            #expect(try await drive.usedBytes() == 103)
            clock.advance(ms: drive.settings.uploadLifetimeMs)
            try await drive.sweepUploads()
            #expect(try await drive.usedBytes() == 3)
        }
    }
}

extension Drive {
    fileprivate func file(named name: String, in folder: Node.ID, as caller: Caller) async throws -> Node {
        let page = try await children(of: folder, Listing(conditions: [.equals(.name, .text(name))]), as: caller)
        return try #require(page.rows.first)
    }
}
