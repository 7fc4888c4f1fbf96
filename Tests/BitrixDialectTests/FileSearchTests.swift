import DriveCore
import HTTPEdge
import NIOCore
import SQLStore
import Testing

@Suite("Searching files and folders by name")
struct FileSearchTests {
    /// Two drives: `Отчёты/2026/` with files in the administrator's, one file in the company's.
    private struct Scene {
        let door: Door
        let own: Storage
        let reports: Node
        let year: Node

        init(_ door: Door) async throws {
            self.door = door
            own = try await door.drive.personalStorage(of: Person.ID(1))
            let admin = door.administrator
            reports = try await door.drive.addFolder(named: FileName("Отчёты"), in: own.root, as: admin)
            year = try await door.drive.addFolder(named: FileName("отчёты 2026"), in: reports.id, as: admin)
            for (name, parent) in [
                ("Отчёт за март.pdf", year.id), ("март, ОТЧЁТ 100%_a.pdf", reports.id), ("photo.jpg", own.root),
            ] {
                door.clock.advance(ms: 1000)
                _ = try await door.upload(name, to: parent.rawValue)
            }
            door.clock.advance(ms: 1000)
            _ = try await door.upload("Company отчёт.pdf", to: door.drive.account.crmFolder.rawValue)
        }

        func names(_ params: Value, webhook: String? = nil) async throws -> [String] {
            let reply = try await door.call("disk.file.search", params, webhook: webhook)
            #expect(reply.status == 200, "\(params): \(reply.text)")
            return reply.result.names
        }
    }

    @Test(
        "every word must be in the name, in any letter case and order, the last changed first",
        arguments: Engine.allCases)
    func words(engine: Engine) async throws {
        try await Door.open(engine) { door in
            let scene = try await Scene(door)
            let both = ["март, ОТЧЁТ 100%_a.pdf", "Отчёт за март.pdf"]
            let cases: [(String, [String])] = [
                ("отчёт", ["Company отчёт.pdf"] + both), ("ОТЧЁТ  март", both), (" март\tотчёт ", both),
                ("отчёт за", ["Отчёт за март.pdf"]), ("0%_", ["март, ОТЧЁТ 100%_a.pdf"]), ("%%%", []),
                ("___", []), ("photo.j", ["photo.jpg"]), ("отчёты", []), ("nothing", []),
                ("a .pdf", ["Company отчёт.pdf", "март, ОТЧЁТ 100%_a.pdf"]),
                (String(repeating: "я", count: 255), []),
            ]
            for (query, expected) in cases {
                #expect(try await scene.names(["QUERY": .string(query)]) == expected, "\(query)")
            }
            let none = try await door.call("disk.file.search", ["QUERY": "nothing"])
            #expect(none.json.keys == ["result", "time"])
            #expect(none.result == [])
        }
    }

    @Test("the type and the place narrow it, a folder at any depth and without itself", arguments: Engine.allCases)
    func scope(engine: Engine) async throws {
        try await Door.open(engine) { door in
            let scene = try await Scene(door)
            let (own, reports) = (Value.int(scene.own.id.rawValue), Value.string(scene.reports.id.description))
            func names(_ type: Value, _ filter: Value) async throws -> [String] {
                try await scene.names(["QUERY": "отчёт", "TYPE": type, "FILTER": filter])
            }
            let files = ["март, ОТЧЁТ 100%_a.pdf", "Отчёт за март.pdf"]
            #expect(try await names("folder", []) == ["отчёты 2026", "Отчёты"])
            #expect(
                try await names("all", .null) == ["Company отчёт.pdf"] + files + ["отчёты 2026", "Отчёты"])
            #expect(try await names("file", ["STORAGE_ID": own]) == files)
            #expect(try await names("all", ["FOLDER_ID": reports]) == files + ["отчёты 2026"])
            #expect(try await names("all", ["FOLDER_ID": reports, "STORAGE_ID": own]) == files + ["отчёты 2026"])
            let year = Value.int(scene.year.id.rawValue)
            #expect(try await names("all", ["FOLDER_ID": year]) == ["Отчёт за март.pdf"])
            let root = Value.int(scene.own.root.rawValue)
            #expect(try await names("all", ["FOLDER_ID": root]) == files + ["отчёты 2026", "Отчёты"])

            _ = try await door.drive.trash(scene.year.id, kind: .folder, as: door.administrator)
            #expect(try await names("all", ["STORAGE_ID": own]) == ["март, ОТЧЁТ 100%_a.pdf", "Отчёты"])
        }
    }

    @Test("only what the caller may read is found, and no chat's files", arguments: Engine.allCases)
    func rights(engine: Engine) async throws {
        try await Door.open(engine) { door in
            let scene = try await Scene(door)
            let chat = try await ChatScene(door)
            let query: Value = ["QUERY": "отчёт", "TYPE": "all"]
            #expect(try await scene.names(query, webhook: chat.annsWebhook) == ["Company отчёт.pdf"])
            try await door.drive.share(
                folder: scene.year.id, with: chat.ann.id, level: .read, as: door.administrator)
            #expect(
                try await scene.names(query, webhook: chat.annsWebhook)
                    == ["Company отчёт.pdf", "Отчёт за март.pdf", "отчёты 2026"])
            let year = Value.int(scene.year.id.rawValue)
            #expect(
                try await scene.names(["QUERY": "март", "FILTER": ["FOLDER_ID": year]], webhook: chat.annsWebhook)
                    == ["Отчёт за март.pdf"])
            #expect(try await scene.names(["QUERY": "image", "TYPE": "all"]) == [])
            func refusal(_ filter: Value) async throws -> String {
                try await door.call(
                    "disk.file.search", ["QUERY": "отчёт", "FILTER": filter], webhook: chat.annsWebhook
                ).failure
            }
            #expect(try await refusal(["FOLDER_ID": .int(chat.folder)]) == "400 UNSUPPORTED_STORAGE")
            #expect(try await refusal(["FOLDER_ID": .int(scene.reports.id.rawValue)]) == "400 NOT_FOUND")
            #expect(try await refusal(["STORAGE_ID": .int(scene.own.id.rawValue)]) == "400 NOT_FOUND")
            let narrow = try await door.webhook(of: chat.ann.id, scopes: ["user"])
            #expect(try await door.call("disk.file.search", query, webhook: narrow).status == 403)
        }
    }

    @Test("fifty a page, next only as far as it reaches, and a start beyond 1000 is 1000", arguments: Engine.allCases)
    func pages(engine: Engine) async throws {
        try await Door.open(engine) { door in
            let root = try await door.drive.personalStorage(of: Person.ID(1)).root
            // 1,100 folders, f0 the first changed.
            let now = door.clock.now
            _ = try await door.drive.database.write { tx in
                try tx.run(
                    """
                    INSERT INTO node (uuid, storage_id, parent_id, kind, name, name_fold, name_key, code, equal_names,
                        deleted_type, created_ms, updated_ms, deleted_ms, created_by, updated_by, deleted_by,
                        version_id, content_number, version_count, size_bytes, extension, media_type, source_id)
                    WITH RECURSIVE g (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM g WHERE i < 1099)
                    SELECT 'u' || g.i, p.storage_id, p.id, 'folder', 'folder ' || g.i, 'folder ' || g.i,
                        'folder ' || g.i, NULL, 0, 0, \(now), \(now) + g.i, NULL, 1, 1, NULL, 0, 0, 0, 0, '', '', NULL
                    FROM g CROSS JOIN node p WHERE p.id = \(root)
                    """)
            }
            func page(_ start: Value) async throws -> (names: [String], next: Value?) {
                let reply = try await door.call(
                    "disk.file.search", ["QUERY": "folder", "TYPE": "folder", "start": start])
                #expect(reply.status == 200 && reply.json["total"] == nil)
                return (reply.result.names, reply.json["next"])
            }
            let first = try await page(0)
            #expect(first.names.count == 50 && first.names.first == "folder 1099" && first.next == 50)
            let between = try await page("10")
            #expect(between.names.first == "folder 1089" && between.next == 60)
            for start in [1000, 1001, .int(.max)] as [Value] {
                let last = try await page(start)
                #expect(last.names.count == 50 && last.names.first == "folder 99" && last.next == nil)
            }
            #expect(try await page(950).next == 1000)
            #expect(try await page(951).next == nil)
            let few = try await door.call("disk.file.search", ["QUERY": "folder 109", "TYPE": "all"])
            #expect(few.result.names.count == 11 && few.json["next"] == nil)
            for start in [-5, "x", [1]] as [Value] {
                let reply = try await door.call("disk.file.search", ["QUERY": "folder", "start": start])
                #expect(reply.failure == "400 ERROR_ARGUMENT")
            }
        }
    }

    @Test("what cannot be is refused in the page's words", arguments: Engine.allCases)
    func badInput(engine: Engine) async throws {
        try await Door.open(engine) { door in
            let storage = Value.int(try await door.drive.personalStorage(of: Person.ID(1)).id.rawValue)
            let common = Value.int(door.drive.account.commonStorage.rawValue)
            let folder = Value.int(
                try await door.drive.addFolder(
                    named: FileName("Folder"), in: door.drive.personalStorage(of: Person.ID(1)).root,
                    as: door.administrator
                ).id.rawValue)
            let file = Value.int(try await door.upload("file.txt", to: folder.number))
            let cases: [(Value, String)] = [
                ([:], "ERROR_ARGUMENT"), (["QUERY": .null], "ERROR_ARGUMENT"), (["query": "abc"], "ERROR_ARGUMENT"),
                (["QUERY": ""], "INVALID_QUERY"), (["QUERY": "  ab  "], "INVALID_QUERY"),
                (["QUERY": .string(String(repeating: "a", count: 256))], "INVALID_QUERY"),
                (["QUERY": .string(String(repeating: "ab ", count: 3_500_000))], "INVALID_REQUEST"),
                (["QUERY": .string(String(repeating: "ab ", count: 500_000))], "INVALID_QUERY"),
                (["QUERY": .string(String(repeating: " ", count: 10_000))], "INVALID_QUERY"),
                (["QUERY": "a\u{0}bcd"], "INVALID_REQUEST"), (["QUERY": ["abc"]], "INVALID_QUERY"),
                (["QUERY": ["a": "abc"]], "INVALID_QUERY"), (["QUERY": 12345], "INVALID_QUERY"),
                (["QUERY": true], "INVALID_QUERY"),
                (["QUERY": "abc", "TYPE": "files"], "INVALID_TYPE"), (["QUERY": "abc", "TYPE": ""], "INVALID_TYPE"),
                (["QUERY": "abc", "TYPE": ["file"]], "INVALID_TYPE"), (["QUERY": "abc", "TYPE": 1], "INVALID_TYPE"),
                (["QUERY": "abc", "FILTER": ["NAME": "x"]], "INVALID_FILTER"),
                (["QUERY": "abc", "FILTER": ["STORAGE_ID": storage, "storage_id": 1]], "INVALID_FILTER"),
                (["QUERY": "abc", "FILTER": "x"], "NOT_FOUND"), (["QUERY": "abc", "FILTER": 1], "NOT_FOUND"),
                (["QUERY": "abc", "FILTER": [storage]], "NOT_FOUND"),
                (["QUERY": "abc", "FILTER": ["STORAGE_ID": 0]], "NOT_FOUND"),
                (["QUERY": "abc", "FILTER": ["STORAGE_ID": -1]], "NOT_FOUND"),
                (["QUERY": "abc", "FILTER": ["STORAGE_ID": "99999999999999999999"]], "NOT_FOUND"),
                (["QUERY": "abc", "FILTER": ["STORAGE_ID": .null]], "NOT_FOUND"),
                (["QUERY": "abc", "FILTER": ["STORAGE_ID": [storage]]], "NOT_FOUND"),
                (["QUERY": "abc", "FILTER": ["FOLDER_ID": file]], "NOT_FOUND"),
                (["QUERY": "abc", "FILTER": ["FOLDER_ID": 999]], "NOT_FOUND"),
                (["QUERY": "abc", "FILTER": ["FOLDER_ID": folder, "STORAGE_ID": common]], "NOT_FOUND"),
            ]
            for (params, code) in cases {
                let reply = try await door.call("disk.file.search", params)
                #expect(reply.failure == "400 \(code)", "\(String(describing: params).prefix(200)): \(reply.text)")
            }
            _ = try await door.drive.trash(Node.ID(folder.number), kind: .folder, as: door.administrator)
            let trashed = try await door.call("disk.file.search", ["QUERY": "abc", "FILTER": ["FOLDER_ID": folder]])
            #expect(trashed.failure == "400 NOT_FOUND")
            let form = try await door.form(
                "disk.file.search", "QUERY=abc&TYPE=all&FILTER[STORAGE_ID]=\(storage.number)&start=0")
            #expect(form.result == [])
        }
    }
}
