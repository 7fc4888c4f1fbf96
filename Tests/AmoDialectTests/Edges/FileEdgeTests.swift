import DriveCore
import HTTPEdge
import Hummingbird
import SQLStore
import Testing

@testable import AmoDialect

@Suite("Edges of lists, edits, the trash and versions")
struct FileEdgeTests {
    private func uuid(_ file: Value) throws -> String { try #require(file["uuid"]?.text) }

    @Test("a limit above 250 is 250, said so in the links; filters of the web interface are said again")
    func clamp() async throws {
        try await Door.with { door async throws in
            try await door.upload("a.txt")
            let reply = try await door.get("/v1.0/files?limit=1000&filter[is_filter]=true&filter[unknown][x]=1")
            #expect(
                reply.json?.at("_links.self.href")
                    == .string(
                        door.origin
                            + "/v1.0/files?filter%5Bis_filter%5D=true&filter%5Bunknown%5D%5Bx%5D=1&limit=250&page=1"
                    ))
            let plain = try await door.get("/v1.0/files")
            #expect(plain.json?.at("_links.self.href") == .string(door.origin + "/v1.0/files?limit=50&page=1"))
            #expect(plain.json?.at("_links.prev") == nil && plain.json?["_page"] == nil)
        }
    }

    @Test("fifty UUIDs at once, as clients send them, and 250", arguments: Engine.allCases, [50, 250])
    func manyUUIDs(engine: Engine, count: Int) async throws {
        try await Door.with(engine) { door async throws in
            let wanted = try uuid(try await door.upload("a.txt"))
            try await door.upload("b.txt")
            let strangers = (1..<count).map { number in
                let digits = "\(number)"
                return "00000000-0000-4000-8000-" + String(repeating: "0", count: 12 - digits.count) + digits
            }
            let query = "filter[uuid]=" + (strangers + [wanted]).joined(separator: ",")
            #expect(try await door.get("/v1.0/files?" + query).embedded.map(uuid) == [wanted])
        }
    }

    @Test("order_by with order_type, each way", arguments: Engine.allCases)
    func order(engine: Engine) async throws {
        try await Door.with(engine) { door async throws in
            for (name, size) in [("a", 3), ("b", 1), ("c", 2)] {
                try await door.upload(name, [UInt8](repeating: 1, count: size))
                door.clock.advance(ms: 1000)
            }
            let first = try uuid(try #require(try await door.get("/v1.0/files?filter[name]=a").embedded.first))
            _ = try await door.send(.patch, "/v1.0/files/\(first)", json: #"{"name":"A2"}"#)
            for (query, expected) in [
                ("filter[order_by]=size", ["A2", "c", "b"]),
                ("filter[order_by]=size&filter[order_type]=desc", ["A2", "c", "b"]),
                ("filter[order_by]=size&filter[order_type]=ASC", ["b", "c", "A2"]),
                ("filter[order_by]=created_at&filter[order_type]=asc", ["A2", "b", "c"]),
                ("filter[order_by]=created_at", ["c", "b", "A2"]),
                ("filter[order_by]=updated_at&filter[order_type]=desc", ["A2", "c", "b"]),
                ("filter[order_by]=updated_at&filter[order_type]=asc", ["b", "c", "A2"]), ("", ["c", "b", "A2"]),
            ] {
                let names = try await door.get("/v1.0/files?" + query).embedded.compactMap { $0["name"]?.text }
                #expect(names == expected, "\(query)")
            }
            let page = try await door.get("/v1.0/files?filter[order_by]=size&limit=2&page=2")
            #expect(page.embedded.compactMap { $0["name"]?.text } == ["b"])
        }
    }

    @Test("a rename is of the file and its active version, not of the others, and says who and when")
    func rename() async throws {
        try await Door.with { door async throws in
            let (ann, token) = try await door.newUser("ann")
            let file = try uuid(try await door.upload("old.txt", token: token))
            try await door.upload("new.txt", file: file, token: token)
            door.clock.advance(ms: 7000)
            let reply = try await door.send(.patch, "/v1.0/files/\(file)", json: #"{"name":"Имя.TXT"}"#)
            #expect(reply.json?["name"] == "Имя" && reply.json?["sanitized_name"] == "Imia")
            #expect(reply.json?["updated_at"] == .int(door.clock.now / 1000))
            #expect(reply.json?["updated_by"] == ["type": "internal", "id": 1])
            #expect(reply.json?["created_by"] == ["type": "internal", "id": .int(ann.rawValue)])
            let versions = try await door.get("/v1.0/files/\(file)/versions").embedded
            #expect(versions.compactMap { $0["name"]?.text } == ["Имя", "old"])
        }
    }

    @Test("who may not change a file gets 403, and nothing changes")
    func rights() async throws {
        try await Door.with { door async throws in
            let file = try uuid(try await door.upload("a.txt"))
            let (_, ben) = try await door.newUser("ben")
            let path = "/v1.0/files/\(file)"
            let before = try await door.get(path).json
            let list = #"[{"uuid":"\#(file)"}]"#
            for (method, target, body) in [
                (HTTPRequest.Method.patch, path, #"{"name":"b"}"#), (.delete, "/v1.0/files", list), (.delete, path, ""),
                (.post, "/v1.0/sessions", #"{"file_name":"a","file_size":1,"file_uuid":"\#(file)"}"#),
            ] {
                let reply = try await door.send(method, target, json: body, token: ben)
                #expect(reply.status == 403 && reply.type == "application/json", "\(method) \(target)")
                #expect(reply.json?["title"] == "Forbidden" && reply.json?["detail"] != "Invalid scope")
            }
            #expect(try await door.get(path).json == before)
        }
    }

    @Test("the trash keeps versions and links; what was purged is ignored", arguments: Engine.allCases)
    func trash(engine: Engine) async throws {
        try await Door.with(engine) { door async throws in
            let first = try await door.upload("a.txt", [1])
            let file = try uuid(first)
            let second = try await door.upload("a.txt", [1, 2], file: file)
            let versions = try await door.get("/v1.0/files/\(file)/versions")
            let list = #"[{"uuid":"\#(file)"}]"#
            _ = try await door.send(.delete, "/v1.0/files", json: list)
            for model in [first, second] {
                for key in ["download", "download_version"] {
                    let link = try #require(model.at("_links.\(key).href")?.text)
                    #expect(try await door.get(link, token: "").status == 404)
                    #expect(try await door.send(.head, link, token: "").status == 404)
                }
            }
            for tail in ["/versions", "/versions/\(try #require(first["version_uuid"]?.text))", ""] {
                #expect(try await door.get("/v1.0/files/\(file)\(tail)").status == 404, "\(tail)")
            }
            _ = try await door.send(.post, "/v1.0/files/restore", json: list)
            #expect(try await door.get("/v1.0/files/\(file)/versions").bytes == versions.bytes)

            _ = try await door.send(.delete, "/v1.0/files", json: list)
            // 30 days.
            door.clock.advance(ms: 30 * 86_400_000)
            #expect(try await door.drive.purgeTrash(olderThanMs: 30 * 86_400_000).files == 1)
            #expect(try await door.send(.delete, "/v1.0/files", json: list).status == 204)
            #expect(try await door.send(.post, "/v1.0/files/restore", json: list).status == 204)
            #expect(try await door.get("/v1.0/files/\(file)?with=deleted").status == 404)
            #expect(try await door.get("/v1.0/files?with=deleted").status == 204)
        }
    }

    @Test("a version's model is a file's without what only a file has")
    func versionKeys() async throws {
        try await Door.with { door async throws in
            let file = try uuid(try await door.upload("a.txt"))
            let version = try #require(try await door.get("/v1.0/files/\(file)/versions").embedded.first)
            guard case .object(let members) = version, case .object(let links) = version["_links"] else {
                Issue.record("a version is no object")
                return
            }
            #expect(
                Set(members.map(\.key)) == [
                    "uuid", "file_uuid", "is_main", "name", "sanitized_name", "type", "size", "source_id", "created_at",
                    "created_by", "updated_at", "updated_by", "metadata", "previews", "_links",
                ])
            #expect(Set(links.map(\.key)) == ["download", "self"])
            for query in ["limit=0", "limit=x", "page=0", "page=-1", "page[]=1"] {
                #expect(try await door.get("/v1.0/files/\(file)/versions?\(query)").status == 400, "\(query)")
            }
            #expect(try await door.get("/v1.0/files/\(file)/versions?limit=100&page=2").status == 204)
            #expect(try await door.get("/v1.0/files/x/versions").status == 404)
            #expect(try await door.get("/v1.0/files/\(file)/versions/x").status == 404)
        }
    }

    @Test("versions are paged by following next, none by default", arguments: Engine.allCases)
    func versionPages(engine: Engine) async throws {
        try await Door.with(engine) { door async throws in
            let file = try uuid(try await door.upload("a.txt", [0]))
            for number in 1..<5 { try await door.upload("a.txt", [UInt8](repeating: 1, count: number), file: file) }
            let all = try await door.get("/v1.0/files/\(file)/versions")
            #expect(all.json?["_count"] == 5 && all.json?.at("_links.next") == nil)
            var paged: [Value] = []
            var target = "/v1.0/files/\(file)/versions?limit=2"
            for _ in 1...3 {
                let page = try await door.get(target)
                paged += page.embedded
                target = page.json?.at("_links.next.href")?.text ?? ""
            }
            #expect(target.isEmpty && paged == all.embedded)
            #expect(paged.filter { $0["is_main"] == true }.count == 1)
        }
    }
}
