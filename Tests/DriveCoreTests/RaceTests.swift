import SQLStore
import TestSupport
import Testing

@testable import DriveCore

/// Two writers at once, many times over. The index decides who gets a name: exactly one does, the other is told so, and
/// the tree is whole afterwards.
@Suite("Two writers for one thing", .serialized)
struct RaceTests {
    private static let rounds = 30

    /// What a writer wants a name for.
    enum Wish: String, CaseIterable, Sendable { case upload, folder, rename, move, copyFile, copyFolder }

    @Test("one of two gets the name, the other the conflict", arguments: Engine.allCases, Wish.allCases)
    func oneName(engine: Engine, wish: Wish) async throws {
        try await race(engine) { drive, root, round in
            let folder = try await drive.addFolder(named: FileName("round \(round)"), in: root, as: .system).id
            let first = try await Self.writer(wish, "x", round * 2, in: folder, root, drive)
            let second = try await Self.writer(wish, "X", round * 2 + 1, in: folder, root, drive)
            let outcomes = await Self.outcomes(first, second)
            #expect(outcomes.won == 1 && outcomes.conflicts == 1, "\(outcomes)")
            #expect(try await drive.children(of: folder, Listing(), as: .system).rows.count == 1)
        }
    }

    @Test("an upload and a rename want one name", arguments: Engine.allCases)
    func mixed(engine: Engine) async throws {
        try await race(engine) { drive, root, round in
            let folder = try await drive.addFolder(named: FileName("round \(round)"), in: root, as: .system).id
            let old = try await drive.addFile(
                named: FileName("old.txt"), in: folder, content: .text("old"), as: .system
            ).id
            let outcomes = await Self.outcomes(
                {
                    _ = try await drive.addFile(
                        named: FileName("Straße.txt"), in: folder, content: .text("new"), as: .system)
                }, { _ = try await drive.rename(old, to: FileName("STRASSE.TXT"), as: .system) })
            #expect(outcomes.won == 1 && outcomes.conflicts == 1, "\(outcomes)")
        }
    }

    @Test("two out of the trash into one folder both come back, under two names", arguments: Engine.allCases)
    func restore(engine: Engine) async throws {
        try await race(engine) { drive, root, round in
            let folder = try await drive.addFolder(named: FileName("round \(round)"), in: root, as: .system).id
            var ids: [Node.ID] = []
            for _ in 0..<2 {
                let file = try await drive.addFile(
                    named: FileName("a.txt"), in: folder, content: .text("a"), as: .system)
                ids.append(try await drive.trash(file.id, kind: .file, as: .system).id)
            }
            let (first, second) = (ids[0], ids[1])
            let outcomes = await Self.outcomes(
                { _ = try await drive.restore(first, kind: .file, as: .system) },
                { _ = try await drive.restore(second, kind: .file, as: .system) })
            #expect(outcomes.won == 2, "\(outcomes)")
            let names = try await drive.children(of: folder, Listing(), as: .system).rows.map(\.name)
            #expect(names.sorted() == ["a (1).txt", "a.txt"])
        }
    }

    @Test("two folders moved into each other: one moves, and none leaves the tree", arguments: Engine.allCases)
    func cycle(engine: Engine) async throws {
        try await race(engine) { drive, root, round in
            let a = try await drive.addFolder(named: FileName("a \(round)"), in: root, as: .system).id
            let b = try await drive.addFolder(named: FileName("b \(round)"), in: root, as: .system).id
            let outcomes = await Self.outcomes(
                { _ = try await drive.move(a, kind: .folder, to: b, as: .system) },
                { _ = try await drive.move(b, kind: .folder, to: a, as: .system) })
            #expect(outcomes.won == 1 && outcomes.circles == 1, "\(outcomes)")
        }
    }

    @Test("nothing is added to a folder that goes to the trash or for good meanwhile", arguments: Engine.allCases)
    func vanishing(engine: Engine) async throws {
        try await race(engine) { drive, root, round in
            let folder = try await drive.addFolder(named: FileName("round \(round)"), in: root, as: .system).id
            let outcomes = await Self.outcomes(
                {
                    _ = try await drive.addFile(
                        named: FileName("late.txt"), in: folder, content: .text("late"), as: .system)
                },
                {
                    if round % 2 == 0 {
                        _ = try await drive.trash(folder, kind: .folder, as: .system)
                    } else {
                        try await drive.purge(folder, kind: .folder, as: .system)
                    }
                })
            // The file came first and went along, or it was refused.
            #expect(outcomes.won + outcomes.missing == 2, "\(outcomes)")
        }
    }

    @Test("two new versions of one file both count, and their numbers follow each other", arguments: Engine.allCases)
    func versions(engine: Engine) async throws {
        try await race(engine) { drive, root, round in
            let file = try await drive.addFile(
                named: FileName("v \(round)"), in: root, content: .text("0"), as: .system
            ).id
            let outcomes = await Self.outcomes(
                { _ = try await drive.addVersion(to: file, content: .text("1"), as: .system) },
                { _ = try await drive.addVersion(to: file, content: .text("2"), as: .system) })
            #expect(outcomes.won == 2, "\(outcomes)")
            let numbers = try await drive.versions(of: file, Listing(), as: .system).rows.map(\.number)
            #expect(numbers == [3, 2, 1])
        }
    }

    private struct Outcomes: Sendable {
        var won = 0
        var conflicts = 0
        var circles = 0
        var missing = 0
        var others: [String] = []
    }

    private typealias Writer = @Sendable () async throws -> Void

    private enum Outcome: Sendable {
        case won, conflict, circle, missing
        case other(String)
    }

    private static func outcome(_ writer: Writer) async -> Outcome {
        do {
            try await writer()
            return .won
        } catch DriveError.nameTaken {
            return .conflict
        } catch DriveError.intoItself {
            return .circle
        } catch DriveError.notFound {
            return .missing
        } catch {
            return .other("\(error)")
        }
    }

    private static func outcomes(_ first: @escaping Writer, _ second: @escaping Writer) async -> Outcomes {
        await withTaskGroup(of: Outcome.self) { group in
            group.addTask { await outcome(first) }
            group.addTask { await outcome(second) }
            var outcomes = Outcomes()
            for await outcome in group {
                switch outcome {
                case .won: outcomes.won += 1
                case .conflict: outcomes.conflicts += 1
                case .circle: outcomes.circles += 1
                case .missing: outcomes.missing += 1
                case .other(let error): outcomes.others.append(error)
                }
            }
            return outcomes
        }
    }

    /// Somebody about to put `name` into `folder`.
    private static func writer(
        _ wish: Wish, _ name: String, _ number: Int, in folder: Node.ID, _ root: Node.ID, _ drive: Drive
    ) async throws -> Writer {
        let name = try FileName(name)
        let elsewhere = try await drive.addFolder(named: FileName("elsewhere \(number)"), in: root, as: .system).id
        switch wish {
        case .upload:
            return { _ = try await drive.addFile(named: name, in: folder, content: .text("x"), as: .system) }
        case .folder: return { _ = try await drive.addFolder(named: name, in: folder, as: .system) }
        case .rename:
            let other = try FileName("other \(number)")
            let id = try await drive.addFolder(named: other, in: elsewhere, as: .system).id
            _ = try await drive.move(id, kind: .folder, to: folder, as: .system)
            // The loser stays beside the winner; it is taken away so that both wishes leave one child.
            return {
                do {
                    _ = try await drive.rename(id, to: name, as: .system)
                } catch {
                    try await drive.purge(id, kind: .folder, as: .system)
                    throw error
                }
            }
        case .move:
            let id = try await drive.addFolder(named: name, in: elsewhere, as: .system).id
            return { _ = try await drive.move(id, kind: .folder, to: folder, as: .system) }
        case .copyFile:
            let id = try await drive.addFile(named: name, in: elsewhere, content: .text("x"), as: .system).id
            return { _ = try await drive.copy(file: id, to: folder, as: .system) }
        case .copyFolder:
            let id = try await drive.addFolder(named: name, in: elsewhere, as: .system).id
            _ = try await drive.addFile(named: FileName("in"), in: id, content: .text("x"), as: .system)
            return { _ = try await drive.copy(folder: id, to: folder, as: .system) }
        }
    }

    /// Runs the rounds, then looks at the whole tree.
    private func race(
        _ engine: Engine, _ round: (Drive, Node.ID, Int) async throws -> Void
    ) async throws {
        try await withDrive(engine) { drive, _ in
            let root = try await drive.personalStorage(of: Person.ID(1)).root
            for number in 0..<Self.rounds { try await round(drive, root, number) }
            #expect(try await drive.check(repair: false).inconsistent == [])
            let (lost, doubled) = try await drive.database.read { tx in
                (
                    try tx.int(
                        """
                        WITH RECURSIVE down (id) AS (
                            SELECT id FROM node WHERE parent_id IS NULL
                            UNION ALL
                            SELECT c.id FROM node c JOIN down ON c.parent_id = down.id
                        )
                        SELECT count(*) FROM node WHERE id NOT IN (SELECT id FROM down)
                        """),
                    try tx.int(
                        """
                        SELECT count(*) FROM (
                            SELECT parent_id FROM node WHERE deleted_type = 0 AND name_key IS NOT NULL
                            GROUP BY parent_id, name_key HAVING count(*) > 1) twice
                        """)
                )
            }
            #expect(lost == 0 && doubled == 0)
        }
    }
}
