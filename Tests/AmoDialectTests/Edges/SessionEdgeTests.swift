import DriveCore
import HTTPEdge
import SQLStore
import Testing

@testable import AmoDialect

@Suite("Edges of opening a session")
struct SessionEdgeTests {
    @Test("the largest size is 314,572,800 bytes; one more is refused")
    func largest() async throws {
        try await Door.with { door async throws in
            let opened = try await door.session("a.bin", size: 314_572_800)
            #expect(opened.status == 200)
            #expect(opened.json?["max_file_size"] == 314_572_800 && opened.json?["max_part_size"] == 524_288)
            let refused = try await door.session("a.bin", size: 314_572_801)
            #expect(refused.status == 400 && refused.violations == ["InvalidValue file_size"])
        }
    }

    @Test("opening twice makes two sessions", arguments: Engine.allCases)
    func twice(engine: Engine) async throws {
        try await Door.with(engine) { door async throws in
            let (one, two) = (try await door.session("a.bin", size: 5), try await door.session("a.bin", size: 5))
            for key in ["session_id", "upload_url"] { #expect(one.json?[key] != two.json?[key]) }
            guard case .int(let id) = one.json?["session_id"] else {
                Issue.record("session_id is no integer")
                return
            }
            #expect(id > 0)
        }
    }

    @Test("a URL's token is a JWT that names the session and the part")
    func token() async throws {
        try await Door.with { door async throws in
            let opened = try await door.session("a.bin", size: 2)
            let first = try opened.text("upload_url")
            let second = try await door.send(.post, first, [1], token: "").text("next_url")
            for (number, url) in [first, second].enumerated() {
                let read = try await UploadToken.read(
                    String(try #require(url.split(separator: "/").last)), in: door.drive)
                #expect(read.partNumber == Int64(number + 1) && Value.int(read.sessionID) == opened.json?["session_id"])
                #expect(read.exp - read.iat == 86_400 && read.userType == "internal")
                #expect(read.accountID == door.drive.account.id)
            }
        }
    }

    @Test(
        "a content type that is empty or none counts as not said: the extension speaks",
        arguments: ["", "image", "a b/c", "image/png\\r\\nX: 1"])
    func malformedType(type: String) async throws {
        try await Door.with { door async throws in
            let body = #"{"file_name":"a.pdf","file_size":1,"content_type":"\#(type)"}"#
            let url = try await door.send(.post, "/v1.0/sessions", json: body).text("upload_url")
            let file = try await door.send(.post, url, [1], token: "")
            #expect(file.json?.at("metadata.mime_type") == "application/pdf" && file.json?["type"] == "document")
        }
    }

    @Test(
        "the extension is one to sixteen letters or digits after the last dot, unless the dot comes first",
        arguments: [
            ("a.PDF", "a", "pdf"), ("archive.tar.gz", "archive.tar", "gz"), (".htaccess", ".htaccess", ""),
            ("a.", "a.", ""), ("a.b c", "a.b c", ""), ("a.договор", "a.договор", ""), ("noext", "noext", ""),
            // Sixteen digits, and seventeen.
            ("a.1234567890123456", "a", "1234567890123456"), ("a.12345678901234567", "a.12345678901234567", ""),
            ("Отчёт.2026.Docx", "Отчёт.2026", "docx"),
        ])
    func split(fileName: String, name: String, ext: String) async throws {
        try await Door.with { door async throws in
            let file = try await door.upload(fileName)
            #expect(file["name"] == .string(name) && file.at("metadata.extension") == .string(ext))
            let link = try #require(file.at("_links.download.href")?.text)
            let tail = try #require(link.split(separator: "/").last)
            #expect(tail.hasSuffix("." + ext) == !ext.isEmpty && (ext.isEmpty ? !tail.contains(".") : true))
            if ext.isEmpty { #expect(file.at("metadata.mime_type") == "") }
        }
    }

    @Test("users, the robot and clients are told apart by type")
    func actors() {
        func actor(_ id: Int64) -> Value? { Value.writtenObject { $0.member("by", actor: id) }["by"] }
        #expect(actor(501) == ["type": "internal", "id": 501])
        #expect(actor(0) == ["type": "robot", "id": 0])
        #expect(actor(-1) == ["type": "client", "id": -1])
    }
}
