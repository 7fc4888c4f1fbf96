import Foundation
import SQLStore
import TestSupport
import Testing

@testable import DriveCore

@Suite("Names found through the trigram index")
struct SearchTests {
    private static var seed: UInt64 {
        ProcessInfo.processInfo.environment["DOSSIER_TEST_SEED"].flatMap { UInt64($0) }
            ?? UInt64.random(in: 0...UInt64.max)
    }

    @Test(
        "a pattern's runs are what stands between wildcards, folded",
        arguments: [
            ("%Ab%_c\\%", ["ab", "_c\\"]), ("", []), ("%%", []), ("ЁЛКА", ["ёлка"]), ("straße%x", ["strasse", "x"]),
        ] as [(String, [String])])
    func runs(pattern: String, expected: [String]) throws {
        let runs = try #require(LikePattern(wildcards: pattern)).runs
        #expect(runs.map { String(String.UnicodeScalarView($0)) } == expected)
    }

    @Test("trigrams cover every run of three and more characters")
    func trigrams() throws {
        #expect(
            try #require(LikePattern(wildcards: "ab%abc%abcd%abcdefg%яб")).trigrams == [
                "abc", "abc", "bcd", "abc", "def", "efg",
            ])
        #expect(try #require(LikePattern(containing: "50%_\"a")).trigrams == ["50%", "_\"a"])
        #expect(LikePattern(containing: "a\u{0}b") == nil)
        #expect(LikePattern(containing: String(repeating: "я", count: 6000)) == nil)
    }

    /// Every name of the pool holds itself: whatever the index is asked for, it must find the row.
    @Test("the index finds a name by any three characters of it", arguments: Engine.allCases)
    func everyTrigram(engine: Engine) async throws {
        try await withDrive(engine) { drive, _ in
            let names = ListingRandom.names + ["a\"b\"c", "''''", "   x", "a OR b", "NEAR(a b)", "-abc", "abc*", "😀🎉x"]
            let folder = drive.account.crmFolder
            let ids = try await drive.database.write { tx in
                try names.map { name in
                    try tx.insertFolder(
                        named: FileName(unchecked: name), in: folder, by: Person.ID(1), atMs: 1)
                }
            }
            for (id, name) in zip(ids, names) {
                let scalars = Array(FileName.fold(name).unicodeScalars)
                for start in 0..<max(0, scalars.count - 2) {
                    let term = String(String.UnicodeScalarView(scalars[start..<start + 3]))
                    let listing = Listing<NodeField>(conditions: [.contains(.name, term)])
                    let found = try await drive.database.read { tx in
                        try tx.rows(try #require(try tx.candidates(for: listing))).map { try $0.int(0) }
                    }
                    #expect(found.contains(id.rawValue), "\(term) of \(name)")
                }
            }
        }
    }

    @Test(
        "a listing made from the index's candidates is the listing of a naive filter, after any changes",
        arguments: Engine.allCases)
    func likeNaive(engine: Engine) async throws {
        let seed = Self.seed
        try await withDrive(engine) { drive, _ in
            let places = try await drive.database.read { tx in
                (
                    try tx.rows("SELECT id FROM storage ORDER BY id").map { try $0.int(0) },
                    try tx.rows("SELECT id FROM node ORDER BY id").map { try $0.int(0) }
                )
            }
            var random = ListingRandom(random: SeededGenerator(state: seed), storages: places.0, parents: places.1)
            let made = (0..<60).map { random.row(Int64($0)) }
            var rows = try await drive.database.write { tx in try made.map { try tx.insert($0) } }
            let first = try #require(rows.first?.id)
            // Some rows go, some get other names: the index has to follow.
            for index in rows.indices.reversed() {
                let id = rows[index].id
                if random.chance(15) {
                    _ = try await drive.database.write { tx in try tx.run("DELETE FROM node WHERE id = \(id)") }
                    rows.remove(at: index)
                } else if random.chance(30) {
                    rows[index].name = FileName(unchecked: random.pick(ListingRandom.names))
                    let name = rows[index].name
                    _ = try await drive.database.write { tx in
                        try tx.run(
                            """
                            UPDATE node SET name = \(name.text), name_fold = \(name.folded),
                                extension = \(name.fileExtension) WHERE id = \(id)
                            """)
                    }
                }
            }
            let kept = rows
            var helped = 0
            for number in 0..<300 {
                var listing = random.listing()
                listing.conditions.append(random.nameCondition())
                let wanted = listing
                let expected = wanted.naive(kept)
                let (page, isNarrowed) = try await drive.database.read { tx in
                    let candidates = try tx.candidates(for: wanted)
                    let page = try tx.page(
                        wanted, columns: "n.id", from: "node n", where: "n.id >= \(first)", id: "n.id",
                        among: candidates, read: { try $0.int(0) })
                    return (page, candidates != nil)
                }
                helped += isNarrowed ? 1 : 0
                guard page.rows == expected.ids, page.hasMore == expected.hasMore,
                    page.total == (wanted.wantsTotal ? expected.total : nil)
                else {
                    Issue.record(
                        "seed \(seed), listing \(number): \(String(describing: wanted))\nfound \(page)\nexpected \(expected)"
                    )
                    return
                }
            }
            #expect(helped > 10)
            try await drive.database.holdsNameIndexes()
        }
    }

    @Test("the index follows uploads, copies, renames, the trash and removal", arguments: Engine.allCases)
    func follows(engine: Engine) async throws {
        try await withDrive(engine) { drive, _ in
            let people = try await TwoPeople(drive)
            let root = try await drive.personalStorage(of: people.ann.person).root
            let folder = try await drive.addFolder(named: FileName("Проекты"), in: root, as: people.ann)
            let deep = try await drive.addFolder(named: FileName("внутри"), in: folder.id, as: people.ann)
            let file = try await drive.addFile(
                named: FileName("Смета крыши.xlsx"), in: deep.id, content: .text("a"), as: people.ann)
            func found(_ words: String...) async throws -> [Node.ID] {
                try await drive.search(NodeSearch(words: words), as: people.ann).rows.map(\.id).sorted()
            }
            #expect(try await found("СМЕТА") == [file.id])
            _ = try await drive.rename(file.id, to: FileName("Расчёт.xlsx"), as: people.ann)
            #expect(try await found("смета") == [])
            #expect(try await found("расчёт", "xlsx") == [file.id])
            let other = try await drive.addFolder(named: FileName("Копии"), in: root, as: people.ann)
            let copy = try await drive.copy(folder: folder.id, to: other.id, as: people.ann)
            let both = try await found("расчёт")
            #expect(both.count == 2 && both[0] == file.id)
            #expect(try await found("проект") == [folder.id, copy.id])
            _ = try await drive.trash(folder.id, kind: .folder, as: people.ann)
            #expect(try await found("расчёт") == [both[1]])
            _ = try await drive.restore(folder.id, kind: .folder, as: people.admin)
            #expect(try await found("расчёт") == both)
            try await drive.purge(folder.id, kind: .folder, as: people.ann)
            #expect(try await found("расчёт") == [both[1]])
            #expect(try await found("внутри").count == 1)
            // A refused name leaves nothing behind.
            await #expect(throws: DriveError.nameTaken(.folder)) {
                try await drive.addFolder(named: FileName("КОПИИ"), in: root, as: people.ann)
            }
            #expect(try await found("копии") == [other.id])
            try await drive.database.holdsNameIndexes()
        }
    }

    @Test("rows from before the index are found after the step that made it", arguments: Engine.allCases)
    func migrated(engine: Engine) async throws {
        try await withDatabase(engine) { database in
            let steps = Schema.migrator.steps
            try await Migrator(steps.filter { $0.number < 5 }).migrate(database)
            let opened = try await Account.open(in: database, timeZone: "UTC", now: { 1 })
            let folder = opened.account.crmFolder
            let id = try await database.write { tx in
                try tx.insertFolder(
                    named: FileName(unchecked: "Старый договор"), in: folder, by: Person.ID(1), atMs: 1)
            }
            try await Schema.migrator.migrate(database)
            let found = try await database.read { tx in
                let listing = Listing<NodeField>(conditions: [.contains(.name, "ДОГОВОР")])
                return try tx.rows(try #require(try tx.candidates(for: listing))).map { try $0.int(0) }
            }
            #expect(found == [id.rawValue])
            try await database.holdsNameIndexes()
        }
    }

    @Test(
        "short terms and other conditions have no candidates, and neither have terms of very many files",
        arguments: Engine.allCases)
    func plans(engine: Engine) async throws {
        try await withDrive(engine) { drive, _ in
            let folder = drive.account.crmFolder
            try await drive.database.write { tx in
                try tx.fill(folder, 12_000) { "'report ' || g.i || CASE WHEN g.i < 20 THEN ' rare' ELSE '' END" }
            }
            let lists: [([Condition<NodeField>], Bool)] = [
                ([.contains(.name, "rare")], true), ([.contains(.name, "report")], false),
                ([.contains(.name, "report"), .contains(.name, "rare")], true), ([.contains(.name, "ra")], false),
                ([.contains(.name, "ra"), .like(.name, pattern: "%rep%are")], true),
                ([.equals(.name, .text("report 19 rare"))], true), ([.equals(.name, nil)], false),
                ([.any([.contains(.name, "rare"), .contains(.linkedEntityName, "rare")])], true),
                ([.any([.contains(.name, "rare"), .equals(.size, .integer(1))])], false), ([.any([])], false),
                ([.differs(.name, .text("rare"))], false), ([.contains(.fileExtension, "rare")], false),
                ([], false),
            ]
            for (conditions, isHelped) in lists {
                let listing = Listing(conditions: conditions)
                let (anywhere, inside) = try await drive.database.read { tx in
                    (try tx.candidates(for: listing), try tx.candidates(for: listing, in: folder))
                }
                #expect((anywhere != nil) == isHelped, "\(conditions)")
                #expect((inside != nil) == isHelped, "\(conditions)")
                let small = try await drive.database.read { tx in try tx.candidates(for: listing, in: Node.ID(1)) }
                #expect(small == nil)
            }
            let page = try await drive.children(
                of: folder, Listing(conditions: [.contains(.name, "RARE")], limit: 10),
                as: Caller(person: Person.ID(1), isAdministrator: true))
            #expect(page.rows.count == 10 && page.total == 19 && page.hasMore)
        }
    }
}

extension Database {
    /// Compares the indexes with the rows they are of: FTS5's own check, which PostgreSQL needs none of.
    fileprivate func holdsNameIndexes() async throws {
        guard engine == .sqlite else { return }
        try await write { tx in
            for table in ["node_search", "entity_search"] {
                try tx.run("INSERT INTO \(raw: table) (\(raw: table), rank) VALUES ('integrity-check', 1)")
            }
        }
    }
}

extension Transaction {
    /// `count` folders in `folder`, numbered `g.i` from 1.
    fileprivate func fill(_ folder: Node.ID, _ count: Int, name: () -> String) throws {
        try run(
            """
            INSERT INTO node (uuid, storage_id, parent_id, kind, name, name_fold, name_key, code, equal_names,
                deleted_type, created_ms, updated_ms, deleted_ms, created_by, updated_by, deleted_by,
                version_id, content_number, version_count, size_bytes, extension, media_type, source_id)
            WITH RECURSIVE g (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM g WHERE i < \(count))
            SELECT 'u' || g.i, p.storage_id, p.id, 'folder', \(raw: name()), \(raw: name()), NULL, NULL, 0, 0, 1, 1,
                NULL, 1, 1, NULL, 0, 0, 0, 0, '', '', NULL
            FROM g CROSS JOIN node p WHERE p.id = \(folder)
            """)
    }
}
