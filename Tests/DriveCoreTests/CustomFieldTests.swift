import SQLStore
import TestSupport
import Testing

@testable import DriveCore

@Suite("Custom fields and what entities hold in them")
struct CustomFieldTests {
    private func field(
        _ name: String, code: String? = nil, _ drive: Drive, kind: CRMEntity.Kind = .leads, as caller: Caller
    ) async throws -> CustomField {
        var change = CustomFieldChange()
        (change.name, change.code) = (name, code)
        return try #require(try await drive.addCustomFields([change], kind: kind, as: caller).first)
    }

    private func file(_ name: String, _ drive: Drive, as caller: Caller) async throws -> Node {
        try await drive.addFile(
            named: try FileName(name), in: drive.account.crmFolder, content: .text(name), as: caller)
    }

    private func lead(
        holding file: FileReference?, in field: CustomField, _ drive: Drive, as caller: Caller
    ) async throws
        -> CRMEntity
    {
        var change = EntityChange()
        change.fields = [FieldChange(field: .id(field.id), file: file)]
        return try #require(try await drive.addEntities([change], kind: .leads, as: caller).first)
    }

    @Test("definitions stand one after the other; a code is one field's of its kind", arguments: Engine.allCases)
    func definitions(engine: Engine) async throws {
        try await withDrive(engine) { drive, _ in
            let people = try await TwoPeople(drive)
            let first = try await field("A", code: "X", drive, as: people.admin)
            let second = try await field("B", drive, as: people.admin)
            #expect(first.sort == 500 && second.sort == 501 && second.code == nil)
            _ = try await field("C", code: "X", drive, kind: .contacts, as: people.admin)
            var taken = CustomFieldChange()
            (taken.name, taken.code) = ("D", "X")
            await #expect(throws: DriveError.item(index: 1, .codeTaken)) {
                try await drive.addCustomFields([CustomFieldChange(), taken], kind: .leads, as: people.admin)
            }
            await #expect(throws: DriveError.item(index: 0, .codeTaken)) {
                try await drive.updateCustomFields([(second.id, taken)], kind: .leads, as: people.admin)
            }
            var stages = CustomFieldChange()
            stages.requiredStages = [.init(pipeline: 3, status: 142), .init(pipeline: 3, status: -1)]
            let changed = try await drive.updateCustomFields([(second.id, stages)], kind: .leads, as: people.admin)
            let page = try await drive.customFields(kind: .leads, Listing())
            #expect(page.rows == [first] + changed && page.total == 2)
            #expect(page.rows.last?.requiredStages == stages.requiredStages)
            #expect(try await drive.customField(first.id, kind: .contacts) == nil)
        }
    }

    @Test("only an administrator writes definitions", arguments: Engine.allCases)
    func rights(engine: Engine) async throws {
        try await withDrive(engine) { drive, _ in
            let people = try await TwoPeople(drive)
            let made = try await field("A", drive, as: people.admin)
            let change = CustomFieldChange()
            await #expect(throws: DriveError.denied(.entity)) {
                try await drive.addCustomFields([change], kind: .leads, as: people.ann)
            }
            await #expect(throws: DriveError.denied(.entity)) {
                try await drive.updateCustomFields([(made.id, change)], kind: .leads, as: people.ann)
            }
            await #expect(throws: DriveError.denied(.entity)) {
                try await drive.removeCustomField(made.id, kind: .leads, as: people.ann)
            }
            #expect(try await !drive.removeCustomField(made.id, kind: .contacts, as: people.admin))
            #expect(try await drive.removeCustomField(made.id, kind: .leads, as: people.admin))
            #expect(try await drive.customFields(kind: .leads, Listing()).rows.isEmpty)
        }
    }

    @Test(
        "a value follows the file or keeps a version; names and sizes are the client's or the file's",
        arguments: Engine.allCases)
    func versions(engine: Engine) async throws {
        try await withDrive(engine) { drive, _ in
            let people = try await TwoPeople(drive)
            let field = try await field("A", drive, as: people.admin)
            let node = try await file("a.txt", drive, as: people.ann)
            let old = try #require(node.content?.versionUUID)
            let following = try await lead(
                holding: FileReference(fileUUID: node.uuid, sizeBytes: 99), in: field, drive, as: people.ann)
            let keeping = try await lead(
                holding: FileReference(fileUUID: node.uuid, versionUUID: old, name: "b.txt", sizeBytes: 99), in: field,
                drive, as: people.ann)
            #expect(following.fields.first?.sizeBytes == 99 && following.fields.first?.fileName == "a.txt")
            let new = try await drive.addVersion(to: node.id, content: .text("longer text"), as: people.ann)
            let after = try #require(
                try await drive.entity(following.id, kind: .leads, as: people.ann).fields.first)
            // What the client said of the old version is not said of the new one.
            #expect(after.versionUUID == new.content?.versionUUID && after.sizeBytes == 11)
            let kept = try #require(try await drive.entity(keeping.id, kind: .leads, as: people.ann).fields.first)
            #expect(kept.versionUUID == old && kept.fileName == "b.txt" && kept.sizeBytes == 99)
        }
    }

    @Test("trash marks a value, purge and the field's end remove it; the link is its own", arguments: Engine.allCases)
    func ends(engine: Engine) async throws {
        try await withDrive(engine) { drive, _ in
            let people = try await TwoPeople(drive)
            let field = try await field("A", code: "X", drive, as: people.admin)
            let (a, b) = (
                try await file("a.txt", drive, as: people.ann), try await file("b.txt", drive, as: people.ann)
            )
            let first = try await lead(holding: FileReference(fileUUID: a.uuid), in: field, drive, as: people.ann)
            let second = try await lead(holding: FileReference(fileUUID: b.uuid), in: field, drive, as: people.ann)
            func value(_ entity: CRMEntity) async throws -> FieldValue? {
                try await drive.entity(entity.id, kind: .leads, as: people.ann).fields.first
            }
            try await drive.trash(files: [a.uuid], as: people.ann)
            #expect(try await value(first)?.isTrashed == true)
            try await drive.purge(a.id, kind: .file, as: people.admin)
            #expect(try await value(first) == nil)
            #expect(try await value(second)?.isTrashed == false)
            _ = try await drive.removeCustomField(field.id, kind: .leads, as: people.admin)
            #expect(try await value(second) == nil)
            let links = try await drive.links(of: second.id, kind: .leads, limit: 9, as: people.ann)
            #expect(links.map(\.fileUUID) == [b.uuid])
        }
    }

    @Test("one wrong value refuses the whole list", arguments: Engine.allCases)
    func refusals(engine: Engine) async throws {
        try await withDrive(engine) { drive, _ in
            let people = try await TwoPeople(drive)
            let field = try await field("A", drive, as: people.admin)
            let (good, other) = (
                try await file("a.txt", drive, as: people.ann), try await file("b.txt", drive, as: people.ann)
            )
            let foreign = try await drive.addFile(
                named: try FileName("c.txt"), in: try await drive.personalStorage(of: people.ben.person).root,
                content: .text("c"), as: people.ben)
            let held = FileReference(fileUUID: good.uuid)
            let cases: [(FieldChange, DriveError.ItemProblem)] = [
                (FieldChange(field: .id(.init(999)), file: held), .noSuchField(position: 1, byCode: false)),
                (FieldChange(field: .code("none"), file: nil), .noSuchField(position: 1, byCode: true)),
                (FieldChange(field: .id(field.id), file: FileReference(fileUUID: "none")), .fieldFile(position: 1)),
                (
                    FieldChange(field: .id(field.id), file: FileReference(fileUUID: foreign.uuid)),
                    .fieldFile(position: 1)
                ),
                (
                    FieldChange(
                        field: .id(field.id),
                        file: FileReference(fileUUID: good.uuid, versionUUID: other.content?.versionUUID)),
                    .fieldVersion(position: 1)
                ),
            ]
            for (change, problem) in cases {
                var entity = EntityChange()
                entity.fields = [FieldChange(field: .id(field.id), file: held), change]
                await #expect(throws: DriveError.item(index: 1, problem)) {
                    try await drive.addEntities([EntityChange(), entity], kind: .leads, as: people.ann)
                }
            }
            #expect(try await drive.entities(kind: .leads, Listing(), as: people.admin).rows.isEmpty)
        }
    }
}
