import DriveCore
import HTTPEdge
import SQLStore
import Testing

@testable import AmoDialect

private func pattern(_ count: Int, seed: Int = 0) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8 &+ seed) }
}

@Suite("Uploads in parts over the wire")
struct UploadTests {
    @Test("every part is answered 200 with a fresh URL, and the last one with the file and no next_url")
    func parts() async throws {
        try await Door.with { door async throws in
            let bytes = pattern(524_288 * 2 + 100)
            let opened = try await door.session("Отчёт 2026.pdf", size: bytes.count)
            #expect(opened.status == 200 && opened.type == "application/json")
            #expect(opened.json?["max_file_size"] == 314_572_800 && opened.json?["max_part_size"] == 524_288)
            var urls = [try opened.text("upload_url")]
            for part in 0..<2 {
                let body = Array(bytes[(part * 524_288)..<((part + 1) * 524_288)])
                let reply = try await door.send(.post, urls[part], body, token: "")
                #expect(reply.status == 200 && reply.type == "application/json")
                #expect(reply.json?["session_id"] == opened.json?["session_id"])
                urls.append(try reply.text("next_url"))
            }
            #expect(Set(urls).count == 3)
            let last = try await door.send(.post, urls[2], Array(bytes[(2 * 524_288)...]), token: "")
            #expect(last.status == 200)
            let file = try #require(last.json)
            #expect(file["next_url"] == nil)
            #expect(file["session_id"] == opened.json?["session_id"])
            #expect(file["name"] == "Отчёт 2026" && file["sanitized_name"] == "Otchet-2026")
            #expect(file["size"] == .int(Int64(bytes.count)) && file["type"] == "document")
            #expect(file["metadata"] == ["extension": "pdf", "mime_type": "application/pdf"])
        }
    }

    @Test(
        "the body is raw whatever its content type, and no bearer token is needed",
        arguments: [
            "application/x-www-form-urlencoded; charset=UTF-8", "multipart/form-data; boundary=x", "image/png",
            "application/json", "",
        ])
    func contentTypes(type: String) async throws {
        try await Door.with { door async throws in
            let body = Array("a=1&b[]=%zz{\"\r\n--x".utf8)
            let url = try await door.session("raw.bin", size: body.count).text("upload_url")
            for chunked in [true, false] {
                let reply = try await door.send(
                    .post, url, body, token: chunked ? "expired" : "",
                    headers: type.isEmpty ? [:] : ["Content-Type": type, "Content-Range": "bytes 5-9/100"],
                    chunked: chunked)
                #expect(reply.status == 200)
                #expect(reply.json?["size"] == .int(Int64(body.count)))
            }
        }
    }

    @Test("a part sent again with the same bytes gets the very same answer, with others it is refused")
    func repeated() async throws {
        try await Door.with { door async throws in
            let first = try await door.session("a.bin", size: 20).text("upload_url")
            let once = try await door.send(.post, first, pattern(10), token: "")
            door.clock.advance(ms: 3_600_000)
            let again = try await door.send(.post, first, pattern(10), token: "")
            #expect(once.bytes == again.bytes && again.status == 200)
            #expect(try await door.send(.post, first, pattern(10, seed: 1), token: "").status == 409)
            let second = try once.text("next_url")
            let done = try await door.send(.post, second, pattern(10, seed: 5), token: "")
            #expect(done.json?["uuid"] != nil)
            #expect(try await door.send(.post, second, pattern(10, seed: 5), token: "").bytes == done.bytes)
            #expect(try await door.send(.post, first, pattern(10), token: "").bytes == once.bytes)
            #expect(try await door.send(.post, second, pattern(10, seed: 6), token: "").status == 409)
        }
    }

    @Test("an exact multiple of the part size ends with the last full part; smaller parts are fine")
    func sizes() async throws {
        try await Door.with(settings: .maxPartSize(8)) { door async throws in
            let url = try await door.session("exact.bin", size: 16).text("upload_url")
            let next = try await door.send(.post, url, pattern(8), token: "").text("next_url")
            #expect(try await door.send(.post, next, pattern(8), token: "").json?["uuid"] != nil)
            var small = try await door.session("small.bin", size: 5).text("upload_url")
            for part in [1, 1, 2] {
                small = try await door.send(.post, small, pattern(part), token: "").text("next_url")
            }
            #expect(try await door.send(.post, small, pattern(1), token: "").json?["size"] == 5)
        }
    }

    @Test("refused parts leave the session as it was")
    func refused() async throws {
        try await Door.with(settings: .maxPartSize(8)) { door async throws in
            let url = try await door.session("a.bin", size: 10).text("upload_url")
            for chunked in [true, false] {
                #expect(try await door.send(.post, url, pattern(9), token: "", chunked: chunked).status == 413)
            }
            #expect(try await door.send(.post, url, [], token: "").status == 400)
            let cut = try await door.send(
                .post, url, pattern(4), token: "", headers: ["Content-Length": "6"], chunked: true)
            #expect(cut.status == 400)
            let next = try await door.send(.post, url, pattern(8), token: "").text("next_url")
            #expect(try await door.send(.post, next, pattern(3), token: "").status == 400)
            #expect(try await door.send(.post, next, pattern(2), token: "").json?["size"] == 10)
        }
    }

    @Test("a session lives 24 hours; its URL, a forged one and garbage are 404")
    func unknown() async throws {
        try await Door.with { door async throws in
            let url = try await door.session("a.bin", size: 10).text("upload_url")
            let forged = String(url.dropLast(4)) + (url.hasSuffix("AAAA") ? "BBBB" : "AAAA")
            for bad in [
                forged, "/upload/x", "/v1.0/sessions/upload/a.b.c", "/upload/%F0%9F%98%80..", "/upload/...",
                "/upload/eyJhbGciOiJub25lIn0.e30.",
            ] {
                let reply = try await door.send(.post, bad, pattern(10), token: "")
                #expect(reply.status == 404 && reply.type == "application/json", "\(bad)")
                #expect(reply.json?["detail"] == "Upload session not found")
            }
            door.clock.advance(ms: 86_400_000 + 1000)
            #expect(try await door.send(.post, url, pattern(10), token: "").status == 404)
        }
    }

    @Test("received parts survive a restart, and an answer lost in it is given again", arguments: Engine.allCases)
    func restart(engine: Engine) async throws {
        try await Door.with(engine) { door async throws in
            let bytes = pattern(100_000)
            let first = try await door.session("a.bin", size: bytes.count).text("upload_url")
            let once = try await door.send(.post, first, Array(bytes[..<60_000]), token: "")
            let after = door.restarted()
            #expect(try await after.send(.post, first, Array(bytes[..<60_000]), token: "").bytes == once.bytes)
            let file = try await after.send(.post, try once.text("next_url"), Array(bytes[60_000...]), token: "")
            let link = try #require(file.json?.at("_links.download.href")?.text)
            #expect(try await after.restarted().get(link, token: "").bytes == bytes)
        }
    }

    @Test("the same part sent twice at once is received once and answered alike")
    func atOnce() async throws {
        try await Door.with { door async throws in
            let first = try await door.session("a.bin", size: 20).text("upload_url")
            async let one = door.send(.post, first, pattern(10), token: "")
            async let two = door.send(.post, first, pattern(10), token: "")
            let answers = [try await one, try await two]
            #expect(answers.map(\.status) == [200, 200] && answers[0].bytes == answers[1].bytes)
            let last = try answers[0].text("next_url")
            async let three = door.send(.post, last, pattern(10), token: "")
            async let four = door.send(.post, last, pattern(10), token: "")
            let files = [try await three, try await four]
            #expect(files[0].json?["size"] == 20 && files[0].bytes == files[1].bytes)
            #expect(try await door.get("/v1.0/files").embedded.count == 1)
        }
    }

    @Test("both URL prefixes take parts, and a GET says how far the upload is")
    func prefixesAndProgress() async throws {
        try await Door.with { door async throws in
            let opened = try await door.session("a.bin", size: 10)
            let url = try opened.text("upload_url")
            let short = url.replacing("/v1.0/sessions/upload/", with: "/upload/")
            let next = try await door.send(.post, short, pattern(4), token: "").text("next_url")
            let progress = try await door.get(url, token: "")
            #expect(progress.json?["uploaded"] == 4 && progress.json?["file_size"] == 10)
            #expect(progress.json?["next_url"] == .string(next))
            #expect(progress.json?["session_id"] == opened.json?["session_id"])
        }
    }

    @Test("a new version keeps the file, becomes active, and old version links still serve old bytes")
    func newVersion() async throws {
        try await Door.with { door async throws in
            let first = try await door.upload("a.txt", Array("one".utf8))
            let uuid = try #require(first["uuid"]?.text)
            door.clock.advance(ms: 1000)
            let second = try await door.upload("b.png", Array("second".utf8), file: uuid, type: "image/png")
            #expect(second["uuid"] == first["uuid"] && second["version_uuid"] != first["version_uuid"])
            #expect(second["has_multiple_versions"] == true && second["name"] == "b" && second["type"] == "image")
            let old = try await door.get(try #require(first.at("_links.download_version.href")?.text), token: "")
            #expect(old.bytes == Array("one".utf8))
            let new = try await door.get(try #require(second.at("_links.download.href")?.text), token: "")
            #expect(new.bytes == Array("second".utf8))
        }
    }

    @Test("the last part of a version whose file was trashed meanwhile is 404")
    func trashedMeanwhile() async throws {
        try await Door.with { door async throws in
            let uuid = try #require(try await door.upload("a.txt")["uuid"]?.text)
            let url = try await door.session("a.txt", size: 3, file: uuid).text("upload_url")
            #expect(try await door.send(.delete, "/v1.0/files", json: #"[{"uuid":"\#(uuid)"}]"#).status == 204)
            #expect(try await door.send(.post, url, pattern(3), token: "").status == 404)
            #expect(try await door.session("a.txt", size: 3, file: uuid).status == 404)
        }
    }

    @Test("a bearer token that expires in mid-upload does not break it")
    func expiringToken() async throws {
        try await Door.with { door async throws in
            let token = try await door.token(lifetimeMs: 60_000)
            let url = try await door.session("a.bin", size: 4, token: token).text("upload_url")
            door.clock.advance(ms: 61_000)
            #expect(try await door.session("a.bin", size: 4, token: token).status == 401)
            let next = try await door.send(.post, url, pattern(2), token: token).text("next_url")
            #expect(try await door.send(.post, next, pattern(2), token: token).json?["uuid"] != nil)
        }
    }

    @Test("an administrator may say whose file it is; anybody else may not")
    func createdBy() async throws {
        try await Door.with { door async throws in
            let (id, token) = try await door.newUser("ann")
            func author(_ created: Int64, token: String?) async throws -> Value? {
                let body = #"{"file_name":"a.txt","file_size":1,"created_by":{"id":\#(created),"type":"internal"}}"#
                let url = try await door.send(.post, "/v1.0/sessions", json: body, token: token).text("upload_url")
                return try await door.send(.post, url, [1], token: "").json?["created_by"]
            }
            #expect(try await author(id.rawValue, token: nil) == ["type": "internal", "id": .int(id.rawValue)])
            #expect(try await author(999_999, token: nil) == ["type": "internal", "id": 1])
            #expect(try await author(1, token: token) == ["type": "internal", "id": .int(id.rawValue)])
        }
    }
}
