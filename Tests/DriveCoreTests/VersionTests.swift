import SQLStore
import TestSupport
import Testing

@testable import DriveCore

@Suite("Contents and versions")
struct VersionTests {
    @Test("contents below, at and above the row limit come back byte for byte", arguments: Engine.allCases)
    func sizes(engine: Engine) async throws {
        try await withDrive(engine) { drive, _ in
            let people = try await TwoPeople(drive)
            let root = try await drive.personalStorage(of: people.ann.person).root
            let limit = Drive.smallContentLimit
            for size in [0, 1, limit - 1, limit, limit + 1, 3_000_000] {
                let bytes = pattern(size)
                let file = try await drive.addFile(
                    named: FileName("f\(size)"), in: root, content: drive.staged(bytes, chunk: 7001), as: people.ann)
                #expect(file.content?.sizeBytes == Int64(size))
                #expect(try await drive.bytes(of: file, as: people.ann) == bytes)
            }
            #expect(try await drive.check(repair: false).isClean)
        }
    }

    @Test("equal bytes are kept once and belong to each file alone", arguments: Engine.allCases)
    func equalBytes(engine: Engine) async throws {
        try await withDrive(engine) { drive, _ in
            let people = try await TwoPeople(drive)
            let root = try await drive.personalStorage(of: people.ann.person).root
            let bytes = pattern(100_000)
            let a = try await drive.addFile(
                named: FileName("a"), in: root, content: drive.staged(bytes), as: people.ann)
            let b = try await drive.addFile(
                named: FileName("b"), in: root, content: drive.staged(bytes), as: people.ann)
            #expect(a.content?.version != b.content?.version)
            #expect(try await drive.database.read { tx in try tx.int("SELECT count(*) FROM blob") } == 1)
        }
    }

    @Test(
        "a new content is active at once, keeps the name, and the old one can be made active again",
        arguments: Engine.allCases)
    func activate(engine: Engine) async throws {
        try await withDrive(engine) { drive, _ in
            let people = try await TwoPeople(drive)
            let root = try await drive.personalStorage(of: people.ann.person).root
            let first = try await drive.addFile(
                named: FileName("a.txt"), in: root, content: .text("one"), as: people.ann)
            let second = try await drive.addVersion(to: first.id, content: .text("number two"), as: people.ann)
            #expect(second.name == "a.txt")
            #expect(second.content?.number == 2)
            #expect(second.content?.versionCount == 2)
            #expect(second.content?.sizeBytes == 10)
            let versions = try await drive.versions(of: first.id, Listing(), as: people.ann)
            #expect(versions.rows.map(\.number) == [2, 1])
            #expect(versions.rows.map(\.isActive) == [true, false])

            let back = try await drive.activate(
                versionUUID: first.content!.versionUUID, ofFile: first.uuid, as: people.ann)
            #expect(back.content?.version == first.content?.version)
            #expect(back.content?.number == 2)
            #expect(try await drive.bytes(of: back, as: people.ann) == Array("one".utf8))
            let other = try await drive.addFile(named: FileName("b.txt"), in: root, content: .text("b"), as: people.ann)
            await #expect(throws: DriveError.versionOfAnotherFile) {
                try await drive.activate(versionUUID: other.content!.versionUUID, ofFile: first.uuid, as: people.ann)
            }
        }
    }

    @Test("a storage limit refuses what would pass it and counts copies", arguments: Engine.allCases)
    func limit(engine: Engine) async throws {
        try await withDrive(engine, settings: { $0.storageLimit = 25 }) { drive, _ in
            let people = try await TwoPeople(drive)
            let root = try await drive.personalStorage(of: people.ann.person).root
            let file = try await drive.addFile(
                named: FileName("a"), in: root, content: .text("0123456789"), as: people.ann)
            _ = try await drive.copy(file: file.id, to: root, uniqueName: true, as: people.ann)
            await #expect(throws: DriveError.noSpace) {
                try await drive.copy(file: file.id, to: root, uniqueName: true, as: people.ann)
            }
            await #expect(throws: DriveError.noSpace) {
                try await drive.addVersion(to: file.id, content: .text("0123456789"), as: people.ann)
            }
            #expect(try await drive.children(of: root, Listing(), as: people.ann).total == 2)
        }
    }

    @Test("a one-time ticket makes one file", arguments: Engine.allCases)
    func ticket(engine: Engine) async throws {
        try await withDrive(engine) { drive, clock in
            let people = try await TwoPeople(drive)
            let root = try await drive.personalStorage(of: people.ann.person).root
            let ticket = OneTimeTicket(nonce: "n", expiresMs: clock.now + 1000)
            _ = try await drive.addFile(
                named: FileName("a"), in: root, content: .text("a"), ticket: ticket, as: people.ann)
            await #expect(throws: DriveError.ticketUsed) {
                try await drive.addFile(
                    named: FileName("b"), in: root, content: .text("b"), ticket: ticket, as: people.ann)
            }
        }
    }

    @Test(
        "trashed files come back with their versions, numbered when the name was taken meanwhile",
        arguments: Engine.allCases)
    func trash(engine: Engine) async throws {
        try await withDrive(engine) { drive, clock in
            let people = try await TwoPeople(drive)
            let root = try await drive.personalStorage(of: people.ann.person).root
            let file = try await drive.addFile(
                named: FileName("a.txt"), in: root, content: .text("one"), as: people.ann)
            _ = try await drive.addVersion(to: file.id, content: .text("two"), as: people.ann)
            clock.advance(ms: 5000)
            try await drive.trash(files: [file.uuid, file.uuid, "unknown"], as: people.ann)
            let trashed = try await drive.node(file.id, as: people.ann)
            #expect(trashed.deletion == .trashed)
            #expect(trashed.deletedMs == clock.now)
            await #expect(throws: DriveError.notFound(.file(uuid: file.uuid))) {
                try await drive.file(uuid: file.uuid, as: people.ann)
            }
            #expect(try await drive.children(of: root, Listing(), as: people.ann).total == 0)
            _ = try await drive.addFile(named: FileName("A.TXT"), in: root, content: .text("new"), as: people.ann)

            let restored = try await drive.restore(files: [file.uuid], as: people.ann)
            #expect(restored.map(\.name) == ["a (1).txt"])
            #expect(restored.first?.content?.versionCount == 2)
            #expect(try await drive.bytes(of: restored[0], as: people.ann) == Array("two".utf8))
        }
    }
}
