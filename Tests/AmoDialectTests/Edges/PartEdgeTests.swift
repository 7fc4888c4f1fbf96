import DriveCore
import Foundation
import HTTPEdge
import Hummingbird
import SQLStore
import TestSupport
import Testing

@testable import AmoDialect

/// Every row of what may be wrong with a part, through both prefixes of its URL.
@Suite("Edges of sending a part")
struct PartEdgeTests {
    private static let prefixes = ["/v1.0/sessions/upload/", "/upload/"]

    private func through(_ prefix: String, _ url: String) -> String {
        url.replacing("/v1.0/sessions/upload/", with: prefix)
    }

    @Test("each refusal has its status and JSON, and leaves the session where it was", arguments: prefixes)
    func refusals(prefix: String) async throws {
        try await Door.with(settings: .maxPartSize(8)) { door async throws in
            let opened = try await door.session("a.bin", size: 10)
            let first = through(prefix, try opened.text("upload_url"))
            let second = through(
                prefix, try await door.send(.post, first, Array("12345678".utf8), token: "").text("next_url"))
            for (url, body, status, detail) in [
                (first, "87654321", 409, "This part was already received with other content"),
                (first, "1234567", 409, "This part was already received with other content"),
                (first, "", 400, "The part is empty"), (second, "", 400, "The part is empty"),
                (second, "123456789", 413, "The part is longer than 8 bytes"),
                (second, "123", 400, "The part exceeds the declared file_size"),
                (second + "x", "12", 404, "Upload session not found"),
                (prefix + "garbage", "12", 404, "Upload session not found"),
            ] {
                for chunked in [true, false] {
                    let reply = try await door.send(.post, url, Array(body.utf8), token: "", chunked: chunked)
                    #expect(reply.status == status && reply.type == "application/json", "\(body)")
                    #expect(reply.json?["detail"] == .string(detail), "\(body)")
                    #expect(reply.json?["status"] == .int(Int64(status)))
                }
                let state = try await door.get(second, token: "")
                #expect(state.json?["uploaded"] == 8 && state.json?["file_size"] == 10)
            }
            let cut = try await door.send(
                .post, second, [1], token: "", headers: ["Content-Length": "2"], chunked: true)
            #expect(cut.status == 400)
            #expect(try await door.send(.post, second, Array("90".utf8), token: "").json?["size"] == 10)
        }
    }

    @Test("a GET says how far the upload is, before, after and when it is gone", arguments: prefixes)
    func progress(prefix: String) async throws {
        try await Door.with { door async throws in
            let opened = try await door.session("a.bin", size: 3)
            let first = try opened.text("upload_url")
            let begun = try await door.get(through(prefix, first), token: "")
            #expect(begun.status == 200 && begun.type == "application/json")
            #expect(
                begun.json == [
                    "session_id": opened.json?["session_id"] ?? .null, "next_url": .string(first), "uploaded": 0,
                    "file_size": 3,
                ])
            _ = try await door.send(.post, first, [1, 2, 3], token: "")
            let done = try await door.get(through(prefix, first), token: "")
            #expect(done.json?["uploaded"] == 3 && done.json?["next_url"] == .null)
            door.clock.advance(ms: 86_400_000)
            #expect(try await door.get(through(prefix, first), token: "").status == 404)
            #expect(try await door.get(prefix + "x", token: "").status == 404)
            let wrong = try await door.send(.put, through(prefix, first), [1], token: "")
            #expect(wrong.status == 405 && wrong.headers[.allow] == "POST, GET")
        }
    }

    @Test("the answer to the last part is kept for the rest of the 24 hours", arguments: Engine.allCases, prefixes)
    func keptAnswer(engine: Engine, prefix: String) async throws {
        try await Door.with(engine) { door async throws in
            let url = through(prefix, try await door.session("a.bin", size: 3).text("upload_url"))
            let file = try await door.send(.post, url, [1, 2, 3], token: "")
            // 24 h = 86,400 s.
            door.clock.advance(ms: 86_399_000)
            _ = try await door.drive.sweepUploads()
            #expect(try await door.send(.post, url, [1, 2, 3], token: "").bytes == file.bytes)
            door.clock.advance(ms: 1000)
            #expect(try await door.send(.post, url, [1, 2, 3], token: "").status == 404)
            _ = try await door.drive.sweepUploads()
            #expect(try await door.get("/v1.0/files").embedded.count == 1)
        }
    }

    @Test(
        "the last part of a version whose file was trashed meanwhile is 404, and stays so after a restore",
        arguments: Engine.allCases)
    func trashedMeanwhile(engine: Engine) async throws {
        try await Door.with(engine) { door async throws in
            let uuid = try #require(try await door.upload("a.txt")["uuid"]?.text)
            let list = #"[{"uuid":"\#(uuid)"}]"#
            let url = try await door.session("a.txt", size: 3, file: uuid).text("upload_url")
            _ = try await door.send(.delete, "/v1.0/files", json: list)
            for _ in 1...2 {
                let reply = try await door.send(.post, url, [1, 2, 3], token: "")
                #expect(reply.status == 404 && reply.json?["detail"] == "Upload session not found")
                _ = try await door.send(.post, "/v1.0/files/restore", json: list)
            }
            #expect(try await door.get("/v1.0/files/\(uuid)").json?["has_multiple_versions"] == false)
        }
    }

    @Test("a store that fails is 500 without its text, and the same part goes through once it is mended")
    func storageFailure() async throws {
        try await withTemporaryFolder { folder in
            try await Door.with(dataFolder: folder) { door async throws in
                let first = try await door.session("a.bin", size: 4).text("upload_url")
                let second = try await door.send(.post, first, [1, 2], token: "").text("next_url")
                let staging = folder + "/staging"
                try FileManager.default.moveItem(atPath: staging, toPath: staging + "-away")
                let failed = try await door.send(.post, second, [3, 4], token: "")
                #expect(failed.status == 500 && failed.type == "application/json")
                #expect(failed.json?["title"] == "Internal Server Error")
                #expect(!String(decoding: failed.bytes, as: UTF8.self).contains("staging"))
                try FileManager.default.moveItem(atPath: staging + "-away", toPath: staging)
                let file = try await door.send(.post, second, [3, 4], token: "")
                let link = try #require(file.json?.at("_links.download.href")?.text)
                #expect(try await door.get(link, token: "").bytes == [1, 2, 3, 4])
            }
        }
    }
}
