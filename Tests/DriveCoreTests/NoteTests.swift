import SQLStore
import TestSupport
import Testing

@testable import DriveCore

@Suite("Notes of entities")
struct NoteTests {
    private func note(_ text: String, of entity: CRMEntity.ID? = nil) -> NoteChange {
        var change = NoteChange()
        change.body = .params(text, kind: .common)
        change.entity = entity
        return change
    }

    private func lead(_ drive: Drive, as caller: Caller) async throws -> CRMEntity {
        try #require(try await drive.addEntities([EntityChange()], kind: .leads, as: caller).first)
    }

    @Test("notes are stored all or none, and come back as they were", arguments: Engine.allCases)
    func allOrNone(engine: Engine) async throws {
        try await withDrive(engine) { drive, clock in
            let people = try await TwoPeople(drive)
            let (own, hidden) = (try await lead(drive, as: people.ann), try await lead(drive, as: people.admin))
            await #expect(throws: DriveError.item(index: 1, .note(.noSuchEntity))) {
                try await drive.addNotes(
                    [note("a", of: own.id), note("b", of: hidden.id)], kind: .leads, entity: nil, as: people.ann)
            }
            await #expect(throws: DriveError.notFound(.entity)) {
                try await drive.addNotes([note("a")], kind: .leads, entity: hidden.id, as: people.ann)
            }
            var stranger = note("a")
            stranger.createdBy = 999
            await #expect(throws: DriveError.item(index: 0, .noSuchPerson(.createdBy))) {
                try await drive.addNotes([stranger], kind: .leads, entity: own.id, as: people.ann)
            }
            let made = try await drive.addNotes(
                [note("{}"), note("{\"text\":\"я\"}")], kind: .leads, entity: own.id, as: people.ann)
            #expect(made.map(\.content) == [.params("{}"), .params("{\"text\":\"я\"}")])
            #expect(made.allSatisfy { $0.createdMs == clock.now && $0.createdBy == people.ann.person.rawValue })
            let page = try await drive.notes(kind: .leads, entity: nil, Listing(), as: people.ann)
            #expect(page.rows == made && page.total == 2)
            #expect(try await drive.notes(kind: .contacts, entity: nil, Listing(), as: people.ann).rows.isEmpty)
            #expect(try await drive.note(made[0].id, kind: .leads, as: people.ben) == nil)
        }
    }

    @Test("a change touches what it names; a note of another entity is unknown", arguments: Engine.allCases)
    func changes(engine: Engine) async throws {
        try await withDrive(engine) { drive, clock in
            let people = try await TwoPeople(drive)
            let (own, other) = (try await lead(drive, as: people.ann), try await lead(drive, as: people.ann))
            let made = try await drive.addNotes([note("a")], kind: .leads, entity: own.id, as: people.ann)
            clock.advance(ms: 5000)
            var change = NoteChange()
            change.id = made[0].id
            change.responsible = people.ben.person
            let changed = try await drive.updateNotes([change], kind: .leads, entity: nil, as: people.admin)
            #expect(changed[0].content == .params("a") && changed[0].responsible == people.ben.person)
            #expect(changed[0].updatedMs == clock.now && changed[0].updatedBy == 1)
            #expect(changed[0].createdMs == made[0].createdMs && changed[0].createdBy == made[0].createdBy)
            await #expect(throws: DriveError.item(index: 0, .note(.unknown))) {
                try await drive.updateNotes([change], kind: .leads, entity: other.id, as: people.admin)
            }
            change.entity = other.id
            await #expect(throws: DriveError.item(index: 0, .note(.noSuchEntity))) {
                try await drive.updateNotes([change], kind: .leads, entity: nil, as: people.admin)
            }
            #expect(try await drive.pin(made[0].id, kind: .leads, isPinned: true, as: people.ann))
            #expect(try await drive.note(made[0].id, kind: .leads, as: people.ann)?.isPinned == true)
            #expect(try await !drive.pin(made[0].id, kind: .contacts, isPinned: true, as: people.ann))
        }
    }

    @Test("an attachment ties the file, follows or keeps its version, and outlives it", arguments: Engine.allCases)
    func attachments(engine: Engine) async throws {
        try await withDrive(engine) { drive, _ in
            let people = try await TwoPeople(drive)
            let own = try await lead(drive, as: people.ann)
            let file = try await drive.addFile(
                named: try FileName("a.txt"), in: drive.account.crmFolder, content: .text("a"), as: people.ann)
            let old = try #require(file.content?.versionUUID)
            var (following, keeping) = (NoteChange(), NoteChange())
            following.body = .file(FileReference(fileUUID: file.uuid), text: nil)
            keeping.body = .file(FileReference(fileUUID: file.uuid, versionUUID: old, name: "b"), text: "t")
            let made = try await drive.addNotes([following, keeping], kind: .leads, entity: own.id, as: people.ann)
            #expect(
                made[1].content
                    == .file(.init(fileUUID: file.uuid, versionUUID: old, name: "b", text: "t")))
            #expect(try await drive.links(of: own.id, kind: .leads, limit: 9, as: people.ann).count == 1)
            let new = try await drive.addVersion(to: file.id, content: .text("new"), as: people.ann)
            func version(_ index: Int) async throws -> String? {
                guard
                    case .file(let attached) = try await drive.note(made[index].id, kind: .leads, as: people.ann)?
                        .content
                else { return nil }
                return attached.versionUUID
            }
            #expect(try await version(0) == new.content?.versionUUID)
            #expect(try await version(1) == old)
            // A note that is sent back as it was read is taken, though its file is in the trash.
            try await drive.trash(files: [file.uuid], as: people.ann)
            keeping.id = made[1].id
            _ = try await drive.updateNotes([keeping], kind: .leads, entity: nil, as: people.ann)
            #expect(try await version(1) == old)
            try await drive.purge(file.id, kind: .file, as: people.admin)
            #expect(try await version(0) != nil)
            #expect(try await version(1) == old)
            await #expect(throws: DriveError.item(index: 1, .note(.noSuchFile))) {
                try await drive.addNotes([note("x"), following], kind: .leads, entity: own.id, as: people.ann)
            }
            #expect(try await drive.notes(kind: .leads, entity: own.id, Listing(), as: people.ann).rows.count == 2)
        }
    }
}
