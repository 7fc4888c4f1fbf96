import DriveCore
import Foundation
import HTTPEdge
import Hummingbird
import SQLStore
import Testing

@testable import AmoDialect

/// What a careless server gets wrong: one test each, of the whole way a client goes.
@Suite("The checklist of the files host")
struct ChecklistTests {
    private static let part = 524_288

    private func bytes(_ count: Int, seed: Int = 0) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8 &+ seed) }
    }

    private func uuid(_ file: Value) throws -> String { try #require(file["uuid"]?.text) }

    @Test("1. 200 for every part, a fresh URL for each, and no next_url in the last answer", arguments: Engine.allCases)
    func statuses(engine: Engine) async throws {
        try await Door.with(engine) { door async throws in
            let opened = try await door.session("a.bin", size: 3 * Self.part)
            var urls = [try opened.text("upload_url")]
            for number in 1...3 {
                let reply = try await door.send(.post, urls[number - 1], bytes(Self.part), token: "")
                #expect(reply.status == 200)
                guard number < 3 else {
                    #expect(reply.json?["next_url"] == nil && reply.json?["uuid"]?.text != nil)
                    break
                }
                guard case .object(let members) = reply.json else {
                    Issue.record("part \(number) is not answered with an object")
                    return
                }
                #expect(Set(members.map(\.key)) == ["session_id", "next_url"])
                urls.append(try reply.text("next_url"))
            }
            #expect(Set(urls).count == 3 && urls.allSatisfy { $0.hasPrefix(door.origin + "/") })
        }
    }

    @Test(
        "2. the URL alone is the right to send a part, and the body is raw whatever its type says",
        arguments: Engine.allCases)
    func rawBody(engine: Engine) async throws {
        try await Door.with(engine) { door async throws in
            let form = Array("a=1&a[]=%FF&b=%zz\0\r\n--x--".utf8)
            for type in [
                "application/x-www-form-urlencoded; charset=UTF-8", "application/x-www-form-urlencoded",
                "multipart/form-data; boundary=x", "application/json", "image/png", "nonsense", "",
            ] {
                let url = try await door.session("form.bin", size: form.count).text("upload_url")
                let reply = try await door.send(
                    .post, url, form, token: "", headers: type.isEmpty ? [:] : ["Content-Type": type])
                let link = try #require(reply.json?.at("_links.download.href")?.text)
                #expect(try await door.get(link, token: "").bytes == form, "\(type)")
            }
        }
    }

    @Test(
        "3. a part sent again after its answer was lost gets that answer, also from a server that was started anew",
        arguments: Engine.allCases)
    func lostAnswers(engine: Engine) async throws {
        try await Door.with(engine) { door async throws in
            let whole = bytes(100_000)
            let halves = [Array(whole[..<50_000]), Array(whole[50_000...])]
            let first = try await door.session("a.bin", size: whole.count).text("upload_url")
            let lost = try await door.send(.post, first, halves[0], token: "")
            let reborn = door.restarted()
            let again = try await reborn.send(.post, first, halves[0], token: "")
            #expect(again.status == 200 && again.bytes == lost.bytes)
            let file = try await reborn.send(.post, try again.text("next_url"), halves[1], token: "")
            let repeated = try await reborn.restarted().send(.post, try again.text("next_url"), halves[1], token: "")
            #expect(file.status == 200 && repeated.status == 200 && repeated.bytes == file.bytes)
            #expect(try await door.get("/v1.0/files").embedded.count == 1)
        }
    }

    @Test("4. an exact multiple of the part size ends with its last full part", arguments: [1, 2, 3])
    func exactMultiples(parts: Int) async throws {
        try await Door.with { door async throws in
            let whole = bytes(parts * Self.part)
            var url = try await door.session("exact.bin", size: whole.count).text("upload_url")
            for number in 1...parts {
                let start = (number - 1) * Self.part
                let reply = try await door.send(.post, url, Array(whole[start..<(start + Self.part)]), token: "")
                if number == parts {
                    #expect(reply.json?["size"] == .int(Int64(whole.count)) && reply.json?["next_url"] == nil)
                } else {
                    url = try reply.text("next_url")
                }
            }
        }
    }

    @Test(
        "5. parts may be smaller than the largest; size is counted in bytes, not in parts", arguments: Engine.allCases)
    func smallParts(engine: Engine) async throws {
        try await Door.with(engine) { door async throws in
            let whole = bytes(50_021)
            var url = try await door.session("small.bin", size: whole.count).text("upload_url")
            var rest = whole[...]
            // 1 + 20 + 50,000 are the 50,021.
            for size in [1, 20, 50_000] {
                let reply = try await door.send(.post, url, Array(rest.prefix(size)), token: "")
                rest = rest.dropFirst(size)
                if rest.isEmpty {
                    #expect(reply.json?["size"] == 50_021)
                    let link = try #require(reply.json?.at("_links.download.href")?.text)
                    #expect(try await door.get(link, token: "").bytes == whole)
                } else {
                    url = try reply.text("next_url")
                }
            }
        }
    }

    @Test("6. every file model has an integer id and every key that may be null", arguments: Engine.allCases)
    func models(engine: Engine) async throws {
        try await Door.with(engine) { door async throws in
            let uploaded = try await door.upload("a.txt")
            let path = "/v1.0/files/\(try uuid(uploaded))"
            let list = #"[{"uuid":"\#(try uuid(uploaded))"}]"#
            var models = [uploaded, try #require(try await door.get(path).json)]
            models += try await door.get("/v1.0/files").embedded
            models.append(try #require(try await door.send(.patch, path, json: #"{"name":"b"}"#).json))
            _ = try await door.send(.delete, "/v1.0/files", json: list)
            models += try await door.get("/v1.0/files?filter[deleted]=1").embedded
            models.append(try #require(try await door.get(path + "?with=deleted").json))
            models += try await door.send(.post, "/v1.0/files/restore", json: list).embedded
            #expect(models.count == 7)
            for model in models {
                guard case .int(let id) = model["id"] else {
                    Issue.record("the id is no integer")
                    continue
                }
                #expect(id > 0)
                for key in ["deleted_at", "deleted_by", "source_id", "previews", "metadata", "_links"] {
                    #expect(model[key] != nil, "\(key)")
                }
                #expect(model.at("metadata.mime_type") != nil && model.at("metadata.extension") != nil)
                #expect(model.at("_links.download_version.href") != nil && model.at("_links.self.href") != nil)
            }
        }
    }

    @Test(
        "7. the name has no extension, keeps its own letters, and is transliterated in links",
        arguments: Engine.allCases)
    func names(engine: Engine) async throws {
        try await Door.with(engine) { door async throws in
            let file = try await door.upload("ДОГОВОР на внедрение 2.docx")
            #expect(file["name"] == "ДОГОВОР на внедрение 2" && file.at("metadata.extension") == "docx")
            #expect(file["sanitized_name"] == "DOGOVOR-na-vnedrenie-2")
            for key in ["download", "download_version"] {
                let link = try #require(file.at("_links.\(key).href")?.text)
                #expect(link.hasSuffix("/DOGOVOR-na-vnedrenie-2.docx"))
            }
        }
    }

    @Test(
        "8. the PHP library's PATCH with both keys, one of them unchanged, renames or switches",
        arguments: Engine.allCases)
    func bothKeys(engine: Engine) async throws {
        try await Door.with(engine) { door async throws in
            let old = try await door.upload("scan.png", [1])
            let path = "/v1.0/files/\(try uuid(old))"
            let new = try await door.upload("scan.png", [1, 2], file: try uuid(old))
            func patch(_ name: String, _ version: Value) async throws -> Reply {
                let version = try #require(version["version_uuid"]?.text)
                return try await door.send(
                    .patch, path,
                    json: #"""
                        {"uuid":"\#(try uuid(old))","name":"\#(name)","version_uuid":"\#(version)",
                         "updated_by":{"type":"internal","id":1},"created_by":{"type":"internal","id":1},
                         "request_id":"0"}
                        """#)
            }
            let renamed = try await patch("New", new)
            #expect(renamed.status == 200 && renamed.json?["name"] == "New")
            #expect(renamed.json?["version_uuid"] == new["version_uuid"])
            let switched = try await patch("New", old)
            #expect(switched.status == 200 && switched.json?["version_uuid"] == old["version_uuid"])
            #expect(switched.json?["size"] == 1)
            // What is active now is called `scan`: another name and another version are two changes.
            let before = try await door.get(path).json
            #expect(try await patch("Third", new).status == 400)
            #expect(try await door.get(path).json == before)
        }
    }

    @Test("9. an empty list is 204 without a body; files of an unknown entity are 404", arguments: Engine.allCases)
    func emptiness(engine: Engine) async throws {
        try await Door.with(engine) { door async throws in
            let lead = try await door.newEntity()
            for target in ["/v1.0/files", "/v1.0/files?page=2", "/api/v4/leads/\(lead)/files"] {
                let reply = try await door.get(target)
                #expect(reply.status == 204 && reply.bytes.isEmpty, "\(target)")
            }
            #expect(try await door.get("/api/v4/leads/\(lead + 1)/files").status == 404)
            #expect(try await door.get("/api/v4/contacts/\(lead)/files").status == 404)
        }
    }

    @Test(
        "10. filter[...] is read in every bracket encoding, and filter[deleted] counts without a value",
        arguments: [
            "filter[extensions][]=pdf&filter[extensions][]=txt", "filter[extensions][0]=pdf&filter[extensions][1]=txt",
            "filter%5Bextensions%5D%5B0%5D=pdf&filter%5Bextensions%5D%5B1%5D=txt",
            "filter%5Bextensions%5D%5B%5D=pdf&filter%5Bextensions%5D%5B%5D=txt",
        ])
    func encodings(query: String) async throws {
        try await Door.with { door async throws in
            for name in ["a.pdf", "b.txt", "c.png"] { try await door.upload(name) }
            #expect(try await door.get("/v1.0/files?" + query).embedded.count == 2)
            #expect(try await door.get("/v1.0/files?filter[extensions]=pdf").embedded.count == 1)
            let gone = try uuid(try await door.upload("gone.pdf"))
            _ = try await door.send(.delete, "/v1.0/files", json: #"[{"uuid":"\#(gone)"}]"#)
            for flag in ["filter[deleted]=", "filter[deleted]", "filter[deleted]=1", "filter%5Bdeleted%5D="] {
                let found = try await door.get("/v1.0/files?\(query)&\(flag)").embedded
                #expect(try found.map(uuid) == [gone], "\(flag)")
            }
        }
    }

    @Test(
        "11. size.unit multiplies both bounds, and an empty extension means files without one",
        arguments: Engine.allCases)
    func sizes(engine: Engine) async throws {
        try await Door.with(engine) { door async throws in
            for size in [999, 1000, 2000, 2001] { try await door.upload("\(size)", bytes(size)) }
            try await door.upload("1500.bin", bytes(1500))
            func names(_ query: String) async throws -> Set<String> {
                Set(try await door.get("/v1.0/files?" + query).embedded.compactMap { $0["name"]?.text })
            }
            let bounds = "filter[size][unit]=1000&filter[size][from]=1&filter[size][to]=2"
            #expect(try await names(bounds) == ["1000", "1500", "2000"])
            #expect(try await names(bounds + "&filter[extensions][]=") == ["1000", "2000"])
            #expect(try await names(bounds + "&filter[extensions][]=&filter[extensions][]=bin").count == 3)
        }
    }

    @Test("12. _count is of this page, and next keeps the filters and the host", arguments: Engine.allCases)
    func pages(engine: Engine) async throws {
        try await Door.with(engine) { door async throws in
            for number in 1...3 { try await door.upload("\(number).txt") }
            try await door.upload("other.pdf")
            let first = try await door.get("/v1.0/files?limit=2&page=1&filter[extensions][0]=txt")
            #expect(first.json?["_count"] == 2 && first.embedded.count == 2)
            let next = try #require(first.json?.at("_links.next.href")?.text)
            #expect(next == door.origin + "/v1.0/files?filter%5Bextensions%5D%5B0%5D=txt&limit=2&page=2")
            let second = try await door.get(next)
            #expect(second.json?["_count"] == 1 && second.json?.at("_links.next") == nil)
            let seen = (first.embedded + second.embedded).compactMap { $0["name"]?.text }
            #expect(seen.sorted() == ["1", "2", "3"])
        }
    }

    @Test(
        "13. linking and unlinking are 202 without a body, DELETE bodies are read, linking twice makes one link",
        arguments: Engine.allCases)
    func linking(engine: Engine) async throws {
        try await Door.with(engine) { door async throws in
            let lead = try await door.newEntity()
            let path = "/api/v4/leads/\(lead)/files"
            let body = #"[{"file_uuid":"\#(try uuid(try await door.upload("a.txt")))"}]"#
            var links: [Value] = []
            for _ in 1...2 {
                let reply = try await door.send(.put, path, json: body)
                #expect(reply.status == 202 && reply.bytes.isEmpty)
                links.append(try #require(try await door.get(path).embedded.first))
            }
            #expect(links[0] == links[1])
            #expect(try await door.get(path).embedded.count == 1)
            for _ in 1...2 {
                let reply = try await door.send(.delete, path, json: body)
                #expect(reply.status == 202 && reply.bytes.isEmpty)
            }
            #expect(try await door.get(path).status == 204)
        }
    }

    @Test(
        "14. before_id is exclusive, ids go down, and limit=250 is kept to the letter",
        arguments: Engine.allCases)
    func paging(engine: Engine) async throws {
        try await Door.with(engine) { door async throws in
            let lead = try await door.newEntity()
            let path = "/api/v4/leads/\(lead)/files"
            var uuids: [String] = []
            for number in 0..<251 { uuids.append(try uuid(try await door.upload("\(number).txt", [1]))) }
            for half in [uuids[..<200], uuids[200...]] {
                let body = "[" + half.map { #"{"file_uuid":"\#($0)"}"# }.joined(separator: ",") + "]"
                #expect(try await door.send(.put, path, json: body).status == 202)
            }
            let first = try await door.get(path + "?limit=250").embedded.compactMap { $0["id"]?.integer }
            #expect(first.count == 250 && zip(first, first.dropFirst()).allSatisfy { $0 > $1 })
            let last = try #require(first.last)
            let rest = try await door.get(path + "?limit=250&before_id=\(last)").embedded
            #expect(rest.count == 1 && rest.allSatisfy { ($0["id"]?.integer ?? .max) < last })
        }
    }

    @Test("15. drive_url stands at the top of the account, without a slash at its end")
    func driveURL() async throws {
        try await Door.with { door async throws in
            let account = try #require(try await door.get("/api/v4/account?with=drive_url").json)
            #expect(account["drive_url"] == .string(door.origin) && !door.origin.hasSuffix("/"))
        }
    }

    @Test(
        "16. restore and delete say uuid, link and unlink file_uuid; the other key is 400", arguments: Engine.allCases)
    func keys(engine: Engine) async throws {
        try await Door.with(engine) { door async throws in
            let file = try uuid(try await door.upload("a.txt"))
            let lead = try await door.newEntity()
            let links = "/api/v4/leads/\(lead)/files"
            let (plain, prefixed) = (#"[{"uuid":"\#(file)"}]"#, #"[{"file_uuid":"\#(file)"}]"#)
            for (method, target, right, wrong) in [
                (HTTPRequest.Method.put, links, prefixed, plain), (.delete, links, prefixed, plain),
                (.delete, "/v1.0/files", plain, prefixed), (.post, "/v1.0/files/restore", plain, prefixed),
            ] {
                let refused = try await door.send(method, target, json: wrong)
                let key = right == plain ? "0.uuid" : "0.file_uuid"
                #expect(refused.status == 400 && refused.violations == ["FieldMissing \(key)"], "\(target)")
                #expect(try await door.send(method, target, json: right).status / 100 == 2, "\(target)")
            }
        }
    }

    @Test("17. a new version is the active one, and old version links serve old bytes", arguments: Engine.allCases)
    func versions(engine: Engine) async throws {
        try await Door.with(engine) { door async throws in
            let (one, two) = (bytes(40_000), bytes(40_001, seed: 1))
            let old = try await door.upload("a.bin", one)
            let new = try await door.upload("a.bin", two, file: try uuid(old))
            #expect(new["uuid"] == old["uuid"] && new["version_uuid"] != old["version_uuid"])
            #expect(new["has_multiple_versions"] == true && new["size"] == 40_001)
            for (model, key, expected) in [
                (old, "download_version", one), (new, "download_version", two), (old, "download", two),
            ] {
                let link = try #require(model.at("_links.\(key).href")?.text)
                #expect(try await door.get(link, token: "").bytes == expected)
            }
        }
    }

    @Test(
        "18. a token that expires in mid-upload does not end the upload, and on a download it is not looked at",
        arguments: Engine.allCases)
    func expiry(engine: Engine) async throws {
        try await Door.with(engine) { door async throws in
            let token = try await door.token(lifetimeMs: 60_000)
            let first = try await door.session("a.bin", size: 4, token: token).text("upload_url")
            let second = try await door.send(.post, first, [1, 2], token: token).text("next_url")
            door.clock.advance(ms: 61_000)
            #expect(try await door.get("/v1.0/files", token: token).status == 401)
            let file = try await door.send(.post, second, [3, 4], token: token)
            let link = try #require(file.json?.at("_links.download.href")?.text)
            let content = try await door.get(link, token: token)
            #expect(content.status == 200 && content.bytes == [1, 2, 3, 4])
        }
    }

    @Test("19. files without files_delete: everything but DELETE, which is 403 Invalid scope")
    func scopes() async throws {
        try await Door.with { door async throws in
            let token = try await door.token(scopes: ["files"])
            let file = try await door.upload("a.txt", token: token)
            let path = "/v1.0/files/\(try uuid(file))"
            let version = try #require(file["version_uuid"]?.text)
            for target in [
                "/v1.0/files", "/v1.0/files/count", "/v1.0/files/stats", "/v1.0/files/extensions", path,
                path + "/versions", path + "/versions/\(version)",
            ] {
                #expect(try await door.get(target, token: token).status == 200, "\(target)")
            }
            #expect(try await door.send(.patch, path, json: #"{"name":"b"}"#, token: token).status == 200)
            let list = #"[{"uuid":"\#(try uuid(file))"}]"#
            #expect(try await door.send(.post, "/v1.0/files/restore", json: list, token: token).status == 200)
            for (target, body) in [("/v1.0/files", list), (path, "")] {
                let reply = try await door.send(.delete, target, json: body, token: token)
                #expect(reply.status == 403 && reply.json?["detail"] == "Invalid scope")
            }
            #expect(try await door.get(path, token: token).status == 200)
        }
    }

    @Test("20. as many parts as a file of 300 MB has are taken one after another without a pause")
    func rate() async throws {
        // 314,572,800 bytes in parts of 524,288 are 600 parts; here each is one byte.
        try await Door.with { door async throws in
            var url = try await door.session("a.bin", size: 600).text("upload_url")
            for number in 1...600 {
                let reply = try await door.send(.post, url, [UInt8(truncatingIfNeeded: number)], token: "")
                #expect(reply.status == 200)
                if number < 600 { url = try reply.text("next_url") }
            }
            #expect(try await door.get("/v1.0/files").embedded.first?["size"] == 600)
        }
    }
}
