import SQLStore
import TestSupport
import Testing

@testable import DriveCore

@Suite("Rights")
struct RightsTests {
    @Test("a drive gives its people their level, and nobody else any", arguments: Engine.allCases)
    func levels(engine: Engine) async throws {
        try await withDrive(engine) { drive, _ in
            let people = try await TwoPeople(drive)
            let personal = try await drive.personalStorage(of: people.ann.person)
            let common = try await drive.storage(drive.account.commonStorage, as: people.admin)
            let levels = try await drive.database.read { tx in
                try [people.ann, people.ben, people.admin].map { caller in
                    [try tx.level(of: personal.root, for: caller), try tx.level(of: common.root, for: caller)]
                }
            }
            #expect(levels == [[.full, .add], [.none, .add], [.full, .full]])
        }
    }

    @Test("a group's drive belongs to its members, an application's to the application", arguments: Engine.allCases)
    func groupsAndApplications(engine: Engine) async throws {
        try await withDrive(engine) { drive, _ in
            let people = try await TwoPeople(drive)
            let carl = try await drive.addPerson(NewPerson(login: "carl"), as: .system)
            let outsider = Caller(person: carl.id, isAdministrator: false)
            let group = try await drive.addGroup(
                named: "Sales", owner: people.ann.person, members: [people.ben.person], as: people.admin)
            let (application, _) = try await drive.createApplication(title: "Sync", scopes: ["disk"], redirectURI: "")
            let withApplication = Caller(
                person: people.ben.person, isAdministrator: false, application: application.id)
            let applicationDrive = try await drive.applicationStorage(as: withApplication)
            #expect(try await drive.applicationStorage(as: withApplication) == applicationDrive)
            await #expect(throws: DriveError.notFound(.application)) {
                try await drive.applicationStorage(as: people.ben)
            }

            let root = try await drive.storage(group.storage, as: people.ann).root
            let levels = try await drive.database.read { tx in
                try [people.ann, people.ben, outsider].map { try tx.level(of: root, for: $0) }
                    + [withApplication, people.ben].map { try tx.level(of: applicationDrive.root, for: $0) }
            }
            #expect(levels == [.full, .edit, .none, .full, .none])
            func listed(_ caller: Caller) async throws -> [Storage.Kind] {
                try await drive.storages(Listing(), as: caller).rows.map(\.kind)
            }
            #expect(try await listed(outsider) == [.common, .user])
            #expect(try await listed(people.ben) == [.common, .user, .group])
            #expect(try await listed(withApplication) == [.common, .user, .group, .restapp])
        }
    }

    @Test("a right given on a folder holds for everything below and nothing beside it", arguments: Engine.allCases)
    func inheritance(engine: Engine) async throws {
        try await withDrive(engine) { drive, _ in
            let people = try await TwoPeople(drive)
            let root = try await drive.personalStorage(of: people.ann.person).root
            let given = try await drive.addFolder(
                named: FileName("given"), in: root, rights: [Right(subject: "U\(people.ben.person)", level: .edit)],
                as: people.ann)
            let below = try await drive.addFolder(named: FileName("below"), in: given.id, as: people.ann)
            let beside = try await drive.addFolder(named: FileName("beside"), in: root, as: people.ann)

            #expect(try await drive.node(below.id, as: people.ben).id == below.id)
            await #expect(throws: DriveError.denied(.node(beside.id))) {
                try await drive.node(beside.id, as: people.ben)
            }
            #expect(try await drive.rename(below.id, to: FileName("renamed"), as: people.ben).name == "renamed")
            // Only what may be read is listed, even of a folder that may not be.
            let page = try await drive.children(of: root, Listing(), as: people.ben)
            #expect(page.rows.map(\.id) == [given.id])
            #expect(page.total == 1)
        }
    }

    @Test("whoever adds to the company drive may edit that, and not what others added", arguments: Engine.allCases)
    func ownWork(engine: Engine) async throws {
        try await withDrive(engine) { drive, _ in
            let people = try await TwoPeople(drive)
            let root = try await drive.storage(drive.account.commonStorage, as: people.ann).root
            let folder = try await drive.addFolder(named: FileName("Ann's"), in: root, as: people.ann)
            #expect(try await drive.rename(folder.id, to: FileName("mine"), as: people.ann).name == "mine")
            await #expect(throws: DriveError.denied(.node(folder.id))) {
                try await drive.rename(folder.id, to: FileName("yours"), as: people.ben)
            }
        }
    }

    @Test(
        "everyone, a department and a person can be given rights; other subjects are refused",
        arguments: Engine.allCases)
    func subjects(engine: Engine) async throws {
        try await withDrive(engine) { drive, _ in
            let people = try await TwoPeople(drive)
            let root = try await drive.personalStorage(of: people.ann.person).root
            for (index, subject) in ["*", "AU", "D1", "DR1", "U\(people.ben.person)"].enumerated() {
                let folder = try await drive.addFolder(
                    named: FileName("f\(index)"), in: root, rights: [Right(subject: subject, level: .read)],
                    as: people.ann)
                #expect(try await drive.node(folder.id, as: people.ben).id == folder.id, "\(subject)")
            }
            for subject in ["", "X1", "U", "U-1", "Uabc", "U99999999999999999999"] {
                await #expect(throws: DriveError.invalidRights) {
                    try await drive.addFolder(
                        named: FileName("refused"), in: root, rights: [Right(subject: subject, level: .read)],
                        as: people.ann)
                }
            }
            let names = try await drive.children(of: root, Listing(), as: people.ann).rows.map(\.name)
            #expect(!names.contains("refused"))
        }
    }

    @Test("the company's file list shows a person what they may read and no personal drive", arguments: Engine.allCases)
    func accountFiles(engine: Engine) async throws {
        try await withDrive(engine) { drive, _ in
            let people = try await TwoPeople(drive)
            let own = try await drive.personalStorage(of: people.ann.person).root
            let company = try await drive.addFile(
                named: FileName("company.txt"), in: drive.account.crmFolder, content: .text("c"), as: people.admin)
            _ = try await drive.addFile(named: FileName("private.txt"), in: own, content: .text("p"), as: people.ann)
            for caller in [people.ann, people.ben, people.admin] {
                #expect(try await drive.accountFiles(Listing(), as: caller).rows.map(\.id) == [company.id])
            }
        }
    }
}
