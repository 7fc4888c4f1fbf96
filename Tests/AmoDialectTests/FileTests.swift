import DriveCore
import HTTPEdge
import Testing

@testable import AmoDialect

@Suite("One file")
struct FileTests {
    @Test("every key of the model is there every time, nulls included")
    func keys() async throws {
        try await Door.with { door async throws in
            let uploaded = try await door.upload("a.png", type: "image/png")
            let uuid = try #require(uploaded["uuid"]?.text)
            let keys: Set<String> = [
                "id", "uuid", "version_uuid", "type", "name", "sanitized_name", "size", "source_id",
                "has_multiple_versions", "is_trashed", "created_at", "updated_at", "deleted_at", "created_by",
                "updated_by", "deleted_by", "metadata", "previews", "_links",
            ]
            let listed = try #require(try await door.get("/v1.0/files").embedded.first)
            let got = try #require(try await door.get("/v1.0/files/\(uuid)").json)
            for (model, extra) in [(uploaded, ["session_id"]), (got, ["session_id"]), (listed, [])] {
                guard case .object(let members) = model else { return }
                #expect(Set(members.map(\.key)) == keys.union(extra))
                #expect((model["id"]?.integer ?? 0) > 0)
                #expect(model["deleted_at"] == .null && model["deleted_by"] == .null && model["previews"] == .null)
                #expect(model["source_id"] == .null)
            }
            #expect(try await door.get("/v1.0/files/\(uuid.uppercased())").json == got)
        }
    }

    @Test("unknown, malformed and trashed files are 404; with=deleted shows a trashed one")
    func missing() async throws {
        try await Door.with { door async throws in
            let uuid = try #require(try await door.upload("a.txt")["uuid"]?.text)
            for path in ["00000000-0000-4000-8000-000000000000", "x", "..", "%00", "%2e%2e%2f"] {
                let reply = try await door.get("/v1.0/files/\(path)")
                #expect(reply.status == 404 && reply.type == "application/json", "\(path)")
            }
            #expect(try await door.send(.delete, "/v1.0/files/\(uuid)").status == 204)
            #expect(try await door.get("/v1.0/files/\(uuid)").status == 404)
            let trashed = try await door.get("/v1.0/files/\(uuid)?with=deleted")
            #expect(trashed.status == 200 && trashed.json?["is_trashed"] == true)
            #expect(try await door.get("/v1.0/files/\(uuid)/versions").status == 404)
            #expect(try await door.send(.patch, "/v1.0/files/\(uuid)", json: #"{"name":"b"}"#).status == 404)
            #expect(try await door.get("/api/v4/files/\(uuid)").status == 404)
        }
    }

    @Test("the official PHP library's PATCH with both keys renames or switches; two changes at once are refused")
    func bothKeys() async throws {
        try await Door.with { door async throws in
            let first = try await door.upload("scan.jpeg", Array("1".utf8))
            let uuid = try #require(first["uuid"]?.text)
            let v1 = try #require(first["version_uuid"]?.text)
            door.clock.advance(ms: 5000)
            let v2 = try #require(
                try await door.upload("scan.jpeg", Array("22".utf8), file: uuid)["version_uuid"]?.text)
            func patch(_ json: String) async throws -> Reply {
                try await door.send(.patch, "/v1.0/files/\(uuid)", json: json)
            }

            door.clock.advance(ms: 5000)
            let before = try await door.get("/v1.0/files/\(uuid)")
            for body in [
                "{}", #"{"name":"scan"}"#, #"{"name":null,"version_uuid":null}"#,
                #"{"name":"scan","version_uuid":"\#(v2)"}"#,
            ] {
                let reply = try await patch(body)
                #expect(reply.status == 200 && reply.json == before.json, "\(body)")
            }
            let renamed = try await patch(
                #"{"uuid":"\#(uuid)","name":"Новое","version_uuid":"\#(v2)","updated_by":{"id":1},"created_by":{"id":1},"request_id":"0"}"#
            )
            #expect(renamed.status == 200 && renamed.json?["name"] == "Новое")
            #expect(renamed.json?["sanitized_name"] == "Novoe" && renamed.json?.at("metadata.extension") == "jpeg")
            #expect(renamed.json?["updated_at"] == .int(door.clock.now / 1000))
            #expect(try await patch(#"{"name":"Новое.jpeg"}"#).json?["name"] == "Новое")

            #expect(try await patch(#"{"name":"x","version_uuid":"\#(v1)"}"#).status == 400)
            let switched = try await patch(#"{"name":"Новое","version_uuid":"\#(v1)"}"#)
            #expect(
                switched.status == 200 && switched.json?["version_uuid"] == .string(v1) && switched.json?["size"] == 1)
            #expect(switched.json?["name"] == "scan")
            #expect(switched.json?["has_multiple_versions"] == true)
        }
    }

    @Test("a rename keeps old links working")
    func oldLinks() async throws {
        try await Door.with { door async throws in
            let file = try await door.upload("old.txt", Array("body".utf8))
            let uuid = try #require(file["uuid"]?.text)
            let link = try #require(file.at("_links.download.href")?.text)
            _ = try await door.send(.patch, "/v1.0/files/\(uuid)", json: #"{"name":"new"}"#)
            #expect(try await door.get(link, token: "").bytes == Array("body".utf8))
        }
    }

    @Test(
        "restore answers the files in the order asked for and brings links back; repeats and unknown ones are harmless")
    func restore() async throws {
        try await Door.with { door async throws in
            let a = try #require(try await door.upload("a.txt")["uuid"]?.text)
            let b = try #require(try await door.upload("b.txt")["uuid"]?.text)
            let lead = try await door.newEntity()
            let links = "/api/v4/leads/\(lead)/files"
            _ = try await door.send(.put, links, json: #"[{"file_uuid":"\#(a)"}]"#)
            let linked = try await door.get(links).json
            let list =
                #"[{"uuid":"\#(b)"},{"uuid":"\#(a)"},{"uuid":"\#(a)"},{"uuid":"00000000-0000-4000-8000-000000000000"}]"#
            let deleted = try await door.send(.delete, "/v1.0/files", json: list)
            #expect(deleted.status == 204 && deleted.bytes.isEmpty)
            #expect(try await door.get(links).status == 204)
            door.clock.advance(ms: 10_000)
            let at = try await door.get("/v1.0/files/\(a)?with=deleted").json?["deleted_at"]
            #expect(try await door.send(.delete, "/v1.0/files", json: list).status == 204)
            #expect(try await door.get("/v1.0/files/\(a)?with=deleted").json?["deleted_at"] == at)
            let restored = try await door.send(.post, "/v1.0/files/restore", json: list)
            #expect(restored.status == 200 && restored.json?["_count"] == 2 && restored.json?["_links"] == nil)
            #expect(restored.embedded.compactMap { $0["uuid"]?.text } == [b, a])
            #expect(restored.embedded.allSatisfy { $0["is_trashed"] == false && $0["deleted_at"] == .null })
            #expect(try await door.get(links).json == linked)
            #expect(try await door.send(.post, "/v1.0/files/restore", json: list).json?["_count"] == 2)
            let unknown = #"[{"uuid":"00000000-0000-4000-8000-000000000000"}]"#
            #expect(try await door.send(.post, "/v1.0/files/restore", json: unknown).status == 204)
        }
    }

    @Test("versions are newest first, each with its own name, exactly one main, and can be paged")
    func versions() async throws {
        try await Door.with { door async throws in
            let file = try await door.upload("consoleText.txt", Array("1".utf8))
            let uuid = try #require(file["uuid"]?.text)
            door.clock.advance(ms: 1000)
            try await door.upload("source.jpeg", Array("2".utf8), file: uuid, type: "image/jpeg")
            let reply = try await door.get("/v1.0/files/\(uuid)/versions")
            #expect(reply.json?["_count"] == 2)
            #expect(reply.embedded.compactMap { $0["name"]?.text } == ["source", "consoleText"])
            #expect(reply.embedded.compactMap { $0["is_main"] } == [true, false])
            #expect(reply.json?.at("_links.self.href") == .string("\(door.origin)/v1.0/files/\(uuid)/versions"))
            let second = try await door.get("/v1.0/files/\(uuid)/versions?limit=1&page=2")
            #expect(second.embedded == [reply.embedded[1]] && second.json?.at("_links.next") == nil)
            let first = try await door.get("/v1.0/files/\(uuid)/versions?limit=1")
            #expect(first.json?.at("_links.next.href")?.text?.hasSuffix("/versions?limit=1&page=2") == true)
            let selfLink = try #require(reply.embedded[1].at("_links.self.href")?.text)
            #expect(try await door.get(selfLink).json == reply.embedded[1])
            let other = try #require(try await door.upload("x.txt")["version_uuid"]?.text)
            #expect(try await door.get("/v1.0/files/\(uuid)/versions/\(other)").status == 404)
        }
    }
}

@Suite("Download links")
struct DownloadTests {
    @Test("a link needs no token, ignores a bad one, takes any name, and answers GET, HEAD and ranges")
    func download() async throws {
        try await Door.with { door async throws in
            let file = try await door.upload("Отчёт.txt", Array("0123456789".utf8))
            let uuid = try #require(file["uuid"]?.text)
            let link = try #require(file.at("_links.download.href")?.text)
            let version = try #require(file["version_uuid"]?.text)
            let base = "/download/\(door.drive.account.uuid)/\(uuid)"
            for (target, token) in [
                (link, ""), (link, "garbage"), ("\(base)/anything.exe", ""), ("\(base)/%D1%8F%20%2F..", ""),
                ("\(base)/\(version)/x", ""), ("\(base)/\(uuid)", ""),
            ] {
                let reply = try await door.get(target, token: token)
                #expect(reply.status == 200 && reply.bytes == Array("0123456789".utf8), "\(target)")
                #expect(reply.headers[.eTag] == "\"\(version)\"")
            }
            let part = try await door.send(.get, link, token: "", headers: ["Range": "bytes=2-4"])
            #expect(part.status == 206 && part.bytes == Array("234".utf8))
            let head = try await door.send(.head, link, token: "")
            #expect(head.status == 200 && head.headers[.contentLength] == "10")
        }
    }

    @Test("a wrong account, file or version and a trashed file are 404 as JSON")
    func missing() async throws {
        try await Door.with { door async throws in
            let file = try await door.upload("a.txt")
            let uuid = try #require(file["uuid"]?.text)
            let nobody = "00000000-0000-4000-8000-000000000000"
            let account = door.drive.account.uuid
            var targets = [
                "/download/\(nobody)/\(uuid)/a.txt", "/download/\(account)/\(nobody)/a.txt",
                "/download/\(account)/\(uuid)/\(nobody)/a.txt", "/download/\(account)/x/a.txt", "/download/a",
                "/download/",
            ]
            for target in targets { #expect(try await door.get(target, token: "").status == 404, "\(target)") }
            _ = try await door.send(.delete, "/v1.0/files/\(uuid)")
            targets = [
                try #require(file.at("_links.download.href")?.text),
                try #require(file.at("_links.download_version.href")?.text),
            ]
            for target in targets {
                let reply = try await door.get(target, token: "")
                #expect(reply.status == 404 && reply.type == "application/json")
            }
        }
    }
}
