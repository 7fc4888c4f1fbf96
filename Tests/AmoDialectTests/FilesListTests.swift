import DriveCore
import HTTPEdge
import SQLStore
import Testing

@testable import AmoDialect

@Suite("The list of files")
struct FilesListTests {
    /// Names of the files a query answers, in order; empty for 204.
    private func names(_ door: Door, _ query: String, token: String? = nil) async throws -> [String] {
        let reply = try await door.get("/v1.0/files" + (query.isEmpty ? "" : "?" + query), token: token)
        if reply.status == 204 {
            #expect(reply.bytes.isEmpty)
            return []
        }
        #expect(reply.status == 200, "\(query): \(String(decoding: reply.bytes, as: UTF8.self))")
        #expect(reply.json?["_count"] == .int(Int64(reply.embedded.count)))
        return reply.embedded.compactMap { file in
            let ext = file.at("metadata.extension")?.text ?? ""
            return (file["name"]?.text ?? "") + (ext.isEmpty ? "" : "." + ext)
        }
    }

    @Test("newest first; an empty account is 204 without a body", arguments: Engine.allCases)
    func order(engine: Engine) async throws {
        try await Door.with(engine) { door async throws in
            #expect(try await names(door, "") == [])
            for name in ["a.txt", "b.txt", "c.txt"] {
                try await door.upload(name)
                door.clock.advance(ms: 1000)
            }
            #expect(try await names(door, "") == ["c.txt", "b.txt", "a.txt"])
        }
    }

    @Test("every filter, in every encoding", arguments: Engine.allCases)
    func filters(engine: Engine) async throws {
        try await Door.with(engine) { door async throws in
            let (ann, annToken) = try await door.newUser("ann")
            var uuids: [String: String] = [:]
            for (name, size, token) in [
                ("Договор.pdf", 10, nil), ("photo.JPG", 2000, annToken), ("README", 3, nil),
                ("100%_done.txt", 5000, nil),
            ] {
                uuids[name] = try await door.upload(name, [UInt8](repeating: 1, count: size), token: token)["uuid"]?
                    .text
                door.clock.advance(ms: 1000)
            }
            let pdf = try #require(uuids["Договор.pdf"])
            let readme = try #require(uuids["README"])
            let lead = try await door.newEntity("leads", #"[{"name":"Ремонт крыши"}]"#)
            _ = try await door.send(.put, "/api/v4/leads/\(lead)/files", json: #"[{"file_uuid":"\#(readme)"}]"#)
            let cases: [(String, [String])] = [
                ("filter[uuid]=\(pdf),\(readme)", ["README", "Договор.pdf"]),
                ("filter[uuid][]=\(pdf)&filter[uuid][]=\(readme)", ["README", "Договор.pdf"]),
                ("filter[uuid]=\(pdf.uppercased())", ["Договор.pdf"]),
                ("filter[uuid]=00000000-0000-4000-8000-000000000000", []),
                ("filter[name]=%D0%B4%D0%BE%D0%B3%D0%BE%D0%B2%D0%BE%D1%80", ["Договор.pdf"]),
                ("filter[name]=PHOTO.jpg", ["photo.jpg"]), ("filter[name]=phot", []),
                ("filter[name]=100%25_DONE.TXT", ["100%_done.txt"]), ("filter[name]=%25", []),
                ("filter[extensions][]=pdf&filter[extensions][]=jpg", ["photo.jpg", "Договор.pdf"]),
                ("filter[extensions][0]=PDF", ["Договор.pdf"]),
                ("filter%5Bextensions%5D%5B0%5D=.pdf", ["Договор.pdf"]), ("filter[extensions]=pdf", ["Договор.pdf"]),
                ("filter[extensions][]=", ["README"]),
                ("filter[extensions][]=&filter[extensions][]=pdf", ["README", "Договор.pdf"]),
                ("filter[term]=%D0%9E%D0%93%D0%9E", ["Договор.pdf"]), ("filter[term]=%25_", ["100%_done.txt"]),
                ("filter[term]=%D0%BA%D1%80%D1%8B%D1%88", ["README"]), ("filter[term]=hoto.j", ["photo.jpg"]),
                ("filter[size][from]=10&filter[size][to]=2000", ["photo.jpg", "Договор.pdf"]),
                ("filter[size][unit]=1000&filter[size][from]=2&filter[size][to]=5", ["100%_done.txt", "photo.jpg"]),
                ("filter[size][from]=2000&filter[size][to]=10", []),
                (
                    "filter[size][unit]=9223372036854775807&filter[size][to]=9",
                    ["100%_done.txt", "README", "photo.jpg", "Договор.pdf"]
                ),
                ("filter[created_by][]=\(ann)", ["photo.jpg"]), ("filter[created_by][]=0&filter[created_by][]=-1", []),
                ("filter[updated_by][0]=\(ann)&filter[updated_by][1]=1&filter[size][to]=9", ["README"]),
                ("filter[source_id]=7", []),
                (
                    "filter[order_by]=size&filter[order_type]=asc",
                    ["README", "Договор.pdf", "photo.jpg", "100%_done.txt"]
                ),
                (
                    "filter[is_filter]=true&filter[whatever][]=1&with=unbilled,versions",
                    ["100%_done.txt", "README", "photo.jpg", "Договор.pdf"]
                ),
                ("filter[deleted]=", []),
            ]
            for (query, expected) in cases {
                let found = try await names(door, query)
                #expect(found == expected, "\(query)")
            }
        }
    }

    @Test(
        "a term is paged in the list's order, whatever of a file or its entities it is in", arguments: Engine.allCases)
    func termPages(engine: Engine) async throws {
        try await Door.with(engine) { door async throws in
            let lead = try await door.newEntity("leads", #"[{"name":"Кровля ДОМА"}]"#)
            for name in ["кровля.pdf", "other.txt", "План КРОВЛИ.txt", "Кровля 2.pdf", "б.txt"] {
                let uuid = try #require(try await door.upload(name)["uuid"]?.text)
                if name == "other.txt" {
                    _ = try await door.send(.put, "/api/v4/leads/\(lead)/files", json: #"[{"file_uuid":"\#(uuid)"}]"#)
                }
                door.clock.advance(ms: 1000)
            }
            let term = "filter[term]=%D0%BA%D1%80%D0%BE%D0%B2%D0%BB"
            #expect(
                try await names(door, term) == ["Кровля 2.pdf", "План КРОВЛИ.txt", "other.txt", "кровля.pdf"])
            #expect(try await names(door, term + "&limit=2&page=2") == ["other.txt", "кровля.pdf"])
            #expect(try await names(door, term + "&limit=2&page=3") == [])
            #expect(try await names(door, term + "&filter[extensions]=txt") == ["План КРОВЛИ.txt", "other.txt"])
            #expect(try await names(door, "filter[term]=%D0%B1") == ["б.txt"])
            let reply = try await door.get("/v1.0/files/count?" + term)
            #expect(reply.json?["count"] == .int(4))
            let (_, ann) = try await door.newUser("ann")
            #expect(try await names(door, term, token: ann) == ["Кровля 2.pdf", "План КРОВЛИ.txt", "кровля.pdf"])
        }
    }

    @Test("times are inclusive in whole seconds, presets are in the account's zone and win", arguments: Engine.allCases)
    func dates(engine: Engine) async throws {
        try await Door.with(engine, timeZone: "Europe/Moscow") { door async throws in
            door.clock.set(1_790_000_000_500)
            try await door.upload("a.txt")
            let at = 1_790_000_000
            for (query, isFound) in [
                ("filter[date][from]=\(at)", true), ("filter[date][from]=\(at + 1)", false),
                ("filter[date][to]=\(at)", true), ("filter[date][to]=\(at - 1)", false),
                ("filter[date][type]=updated_at&filter[date][from]=0&filter[date][to]=\(at)", true),
                ("filter[date][date_preset]=day", true), ("filter[date][date_preset]=yesterday", false),
                ("filter[date][date_preset]=tomorrow&filter[date][from]=0", false),
                ("filter[date][type]=updated_at&filter[date][date_preset]=last_6_month", true),
            ] {
                #expect(try await names(door, query).isEmpty == !isFound, "\(query)")
            }
        }
    }

    @Test("filter[deleted] shows only the trash, with=deleted both", arguments: Engine.allCases)
    func deleted(engine: Engine) async throws {
        try await Door.with(engine) { door async throws in
            let uuid = try #require(try await door.upload("gone.txt")["uuid"]?.text)
            door.clock.advance(ms: 1000)
            try await door.upload("here.txt")
            _ = try await door.send(.delete, "/v1.0/files", json: #"[{"uuid":"\#(uuid)"}]"#)
            #expect(try await names(door, "") == ["here.txt"])
            for query in ["filter[deleted]=", "filter[deleted]", "filter[deleted]=1", "filter%5Bdeleted%5D="] {
                #expect(try await names(door, query) == ["gone.txt"])
            }
            #expect(try await names(door, "with=deleted") == ["here.txt", "gone.txt"])
            let trashed = try #require(try await door.get("/v1.0/files?filter[deleted]=").embedded.first)
            #expect(trashed["is_trashed"] == true && trashed["deleted_by"] == ["type": "internal", "id": 1])
            #expect(trashed["deleted_at"]?.integer == door.clock.now / 1000)
        }
    }

    @Test(
        "pages keep filters and host; next only when there is more, prev from the second on", arguments: Engine.allCases
    )
    func pages(engine: Engine) async throws {
        try await Door.with(engine) { door async throws in
            for index in 0..<5 {
                try await door.upload("\(index).txt")
                door.clock.advance(ms: 1000)
            }
            var target = "/v1.0/files?filter[extensions][]=txt&limit=2"
            var seen: [Value] = []
            for page in 1...3 {
                let reply = try await door.get(target)
                seen += reply.embedded.compactMap { $0["name"] }
                let query = "filter%5Bextensions%5D%5B%5D=txt&limit=2&page="
                #expect(reply.json?.at("_links.self.href") == .string("\(door.origin)/v1.0/files?\(query)\(page)"))
                #expect((reply.json?.at("_links.prev.href") != nil) == (page > 1))
                guard let next = reply.json?.at("_links.next.href")?.text else {
                    #expect(page == 3)
                    break
                }
                target = next
            }
            #expect(seen == ["4", "3", "2", "1", "0"])
            #expect(try await door.get("/v1.0/files?page=4&limit=2").status == 204)
            #expect(try await door.get("/v1.0/files?page=9223372036854775807&limit=250").status == 204)
            #expect(try await door.get("/v1.0/files?limit=100000").embedded.count == 5)
            #expect(try await door.get("/v1.0/files/count?filter[extensions]=txt").json == ["count": 5])
            #expect(try await door.get("/v1.0/files/stats").json?["used"] == 25)
        }
    }

    @Test(
        "extensions are those of the files the same filters match, each once, in order; empty for files without",
        arguments: Engine.allCases)
    func extensions(engine: Engine) async throws {
        try await Door.with(engine) { door async throws in
            func extensions(_ query: String = "", token: String? = nil) async throws -> Value? {
                let reply = try await door.get("/v1.0/files/extensions" + query, token: token)
                #expect(reply.status == 200 && reply.type == "application/json")
                return reply.json
            }
            #expect(try await extensions() == ["extensions": []])
            let (ann, token) = try await door.newUser("ann")
            for name in ["b.TXT", "README", "a.txt", "Договор.pdf"] { try await door.upload(name) }
            let gone = try #require(try await door.upload("gone.tar.gz", token: token)["uuid"]?.text)
            #expect(try await extensions() == ["extensions": ["", "gz", "pdf", "txt"]])
            #expect(try await extensions("?filter[created_by][]=\(ann)") == ["extensions": ["gz"]])
            #expect(try await extensions(token: token) == ["extensions": ["", "gz", "pdf", "txt"]])
            _ = try await door.send(.delete, "/v1.0/files", json: #"[{"uuid":"\#(gone)"}]"#)
            #expect(try await extensions() == ["extensions": ["", "pdf", "txt"]])
            #expect(try await extensions("?filter[deleted]=") == ["extensions": ["gz"]])
            #expect(try await door.get("/v1.0/files/extensions?filter[size]=5").status == 400)
            #expect(try await door.get("/v1.0/files/extensions", token: "").status == 401)
            let crm = try await door.token(scopes: ["crm"])
            #expect(try await door.get("/v1.0/files/extensions", token: crm).status == 403)
        }
    }

    @Test("personal drives are not listed, unless a file there is linked", arguments: Engine.allCases)
    func personal(engine: Engine) async throws {
        try await Door.with(engine) { door async throws in
            let admin = Caller(person: Person.ID(1), isAdministrator: true)
            let storage = try await door.drive.personalStorage(of: Person.ID(1))
            let stage = door.drive.stageContent()
            try await stage.write(.init(string: "x"))
            let file = try await door.drive.addFile(
                named: try FileName("mine.txt"), in: storage.root, content: try await stage.finish(), as: admin)
            #expect(try await names(door, "") == [])
            let lead = try await door.newEntity()
            _ = try await door.send(.put, "/api/v4/leads/\(lead)/files", json: #"[{"file_uuid":"\#(file.uuid)"}]"#)
            #expect(try await names(door, "") == ["mine.txt"])
            let (_, other) = try await door.newUser("ben")
            #expect(try await names(door, "", token: other) == [])
        }
    }
}
