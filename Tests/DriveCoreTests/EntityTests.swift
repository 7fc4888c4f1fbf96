import SQLStore
import TestSupport
import Testing

@testable import DriveCore

@Suite("Entities and the files tied to them")
struct EntityTests {
    private func add(
        _ name: String?, _ drive: Drive, kind: CRMEntity.Kind = .leads, as caller: Caller,
        responsible: Person.ID? = nil
    ) async throws -> CRMEntity {
        var change = EntityChange()
        change.name = name
        change.responsible = responsible
        return try #require(try await drive.addEntities([change], kind: kind, as: caller).first)
    }

    private func file(_ name: String, _ drive: Drive, as caller: Caller) async throws -> Node {
        try await drive.addFile(
            named: try FileName(name), in: drive.account.crmFolder, content: .text(name), as: caller)
    }

    @Test("a nameless lead is called after its id, a contact after its names", arguments: Engine.allCases)
    func names(engine: Engine) async throws {
        try await withDrive(engine) { drive, _ in
            let people = try await TwoPeople(drive)
            let lead = try await add(nil, drive, as: people.ann)
            #expect(lead.name == "Сделка #\(lead.id)")
            #expect(try await drive.entity(lead.id, kind: .leads, as: people.ann) == lead)
            var change = EntityChange()
            (change.firstName, change.lastName) = ("Ann", "Lee")
            let contact = try #require(try await drive.addEntities([change], kind: .contacts, as: people.ann).first)
            #expect(contact.name == "Ann Lee")
            #expect(try await add(nil, drive, kind: .companies, as: people.ann).name == "")
        }
    }

    @Test("one wrong item refuses a whole list", arguments: Engine.allCases)
    func allOrNothing(engine: Engine) async throws {
        try await withDrive(engine) { drive, _ in
            let people = try await TwoPeople(drive)
            var good = EntityChange()
            good.name = "good"
            var bad = EntityChange()
            bad.responsible = Person.ID(999)
            await #expect(throws: DriveError.item(index: 1, .noSuchPerson(.responsible))) {
                try await drive.addEntities([good, bad], kind: .leads, as: people.admin)
            }
            #expect(try await drive.entities(kind: .leads, Listing(), as: people.admin).rows.isEmpty)
            let lead = try await add("kept", drive, as: people.admin)
            for id in [CRMEntity.ID(999), try await add("other kind", drive, kind: .contacts, as: people.admin).id] {
                await #expect(throws: DriveError.item(index: 1, .noSuchEntity)) {
                    try await drive.updateEntities([(lead.id, good), (id, good)], kind: .leads, as: people.admin)
                }
            }
            #expect(try await drive.entity(lead.id, kind: .leads, as: people.admin).name == "kept")
        }
    }

    @Test("a change touches only what it names, and closes a lead in a final status", arguments: Engine.allCases)
    func changes(engine: Engine) async throws {
        try await withDrive(engine) { drive, clock in
            let people = try await TwoPeople(drive)
            let lead = try await add("A", drive, as: people.ann)
            clock.advance(ms: 5000)
            var won = EntityChange()
            won.status = 142
            let closed = try #require(
                try await drive.updateEntities([(lead.id, won)], kind: .leads, as: people.admin).first)
            #expect(closed.closedMs == clock.now && closed.updatedMs == clock.now && closed.name == "A")
            #expect(closed.createdBy == people.ann.person.rawValue && closed.updatedBy == 1)
            var reopened = EntityChange()
            reopened.status = 1
            let open = try await drive.updateEntities([(lead.id, reopened)], kind: .leads, as: people.admin).first
            #expect(open?.closedMs == nil)
        }
    }

    @Test("a person sees what they are responsible for or created", arguments: Engine.allCases)
    func visibility(engine: Engine) async throws {
        try await withDrive(engine) { drive, _ in
            let people = try await TwoPeople(drive)
            let hidden = try await add("h", drive, as: people.admin)
            let given = try await add("g", drive, as: people.admin, responsible: people.ann.person)
            let own = try await add("o", drive, as: people.ann, responsible: people.ben.person)
            let seen = try await drive.entities(kind: .leads, Listing(order: [.init(.id)]), as: people.ann)
            #expect(seen.rows.map(\.id) == [given.id, own.id] && seen.total == 2)
            #expect(try await drive.entities(kind: .leads, Listing(), as: people.admin).total == 3)
            await #expect(throws: DriveError.notFound(.entity)) {
                try await drive.entity(hidden.id, kind: .leads, as: people.ann)
            }
            await #expect(throws: DriveError.notFound(.entity)) {
                try await drive.entity(given.id, kind: .contacts, as: people.ann)
            }
        }
    }

    @Test(
        "linking twice keeps the link; trash hides it and restore brings the same one back", arguments: Engine.allCases)
    func links(engine: Engine) async throws {
        try await withDrive(engine) { drive, _ in
            let people = try await TwoPeople(drive)
            let lead = try await add("A", drive, as: people.ann)
            let (a, b) = (
                try await file("a.txt", drive, as: people.ann), try await file("b.txt", drive, as: people.ann)
            )
            func list(before: EntityLink.ID? = nil, limit: Int64 = 50) async throws -> [EntityLink] {
                try await drive.links(of: lead.id, kind: .leads, before: before, limit: limit, as: people.ann)
            }
            for _ in 0..<2 {
                try await drive.link(files: [a.uuid, b.uuid, a.uuid], to: lead.id, kind: .leads, as: people.ann)
            }
            let both = try await list()
            #expect(both.map(\.fileUUID) == [b.uuid, a.uuid])
            #expect(both[0].id > both[1].id)
            #expect(try await list(before: both[0].id) == [both[1]])
            #expect(try await list(limit: 1) == [both[0]])
            try await drive.trash(files: [b.uuid], as: people.ann)
            #expect(try await list() == [both[1]])
            _ = try await drive.restore(files: [b.uuid], as: people.ann)
            #expect(try await list() == both)
            #expect(try await drive.entities(ofFile: a.uuid, as: people.ann).map(\.id) == [lead.id])
            for _ in 0..<2 {
                try await drive.unlink(files: [a.uuid, "unknown"], from: lead.id, kind: .leads, as: people.ann)
            }
            #expect(try await list() == [both[0]])
            #expect(try await drive.entities(ofFile: a.uuid, as: people.ann).isEmpty)
        }
    }

    @Test("an unknown, trashed or unreadable file refuses the whole list", arguments: Engine.allCases)
    func refusals(engine: Engine) async throws {
        try await withDrive(engine) { drive, _ in
            let people = try await TwoPeople(drive)
            let lead = try await add("A", drive, as: people.ann)
            let good = try await file("a.txt", drive, as: people.ann)
            let trashed = try await file("b.txt", drive, as: people.ann)
            try await drive.trash(files: [trashed.uuid], as: people.ann)
            let foreign = try await drive.addFile(
                named: try FileName("c.txt"), in: try await drive.personalStorage(of: people.ben.person).root,
                content: .text("c"), as: people.ben)
            for bad in ["00000000-0000-4000-8000-000000000000", trashed.uuid, foreign.uuid] {
                await #expect(throws: DriveError.item(index: 1, .noSuchFile)) {
                    try await drive.link(files: [good.uuid, bad], to: lead.id, kind: .leads, as: people.ann)
                }
            }
            #expect(try await drive.links(of: lead.id, kind: .leads, limit: 9, as: people.ann).isEmpty)
            await #expect(throws: DriveError.notFound(.entity)) {
                try await drive.link(files: [good.uuid], to: lead.id, kind: .leads, as: people.ben)
            }
        }
    }

    @Test("the account's files can be found by the name of what they are tied to", arguments: Engine.allCases)
    func term(engine: Engine) async throws {
        try await withDrive(engine) { drive, _ in
            let people = try await TwoPeople(drive)
            let lead = try await add("Ремонт КРЫШИ", drive, as: people.ann)
            let tied = try await file("a.txt", drive, as: people.ann)
            _ = try await file("b.txt", drive, as: people.ann)
            try await drive.link(files: [tied.uuid], to: lead.id, kind: .leads, as: people.ann)
            let term = Listing<NodeField>(
                conditions: [.any([.contains(.name, "крыши"), .contains(.linkedEntityName, "крыши")])])
            #expect(try await drive.accountFiles(term, as: people.ann).rows.map(\.uuid) == [tied.uuid])
            #expect(try await drive.accountFiles(term, as: people.admin).rows.map(\.uuid) == [tied.uuid])
            // Somebody else's lead is not told by the files that are found.
            #expect(try await drive.accountFiles(term, as: people.ben).rows.isEmpty)
            let byName = try await drive.accountFiles(
                Listing(conditions: [.equals(.foldedName, .text("A.TXT"))]), as: people.ann)
            #expect(byName.rows.map(\.uuid) == [tied.uuid])
        }
    }
}
