import DriveCore
import Foundation
import HTTPEdge
import NIOCore
import SQLStore
import Testing

@testable import AmoDialect

@Suite("Names in every script, and hostile ones")
struct NameTests {
    private static let names = [
        "عقد العميل", "חוזה", "สัญญาเช่า", "契約書", "계약서", "अनुबंध", "Договор № 7", "Ünïcödé", "e\u{301}te\u{301}",
        "👨‍👩‍👧‍👦 🇫🇷 ☎️", "İstanbul ı ß ẞ", "a\u{0327}\u{0301}\u{0302}\u{0303}", "𠮷野家", "﷽",
        "%2e%2e%2f", "'; DROP TABLE node; --", "$(reboot) `x` & ; #", " leading and trailing ", "CON", "-rf", "~",
        "a=b&c[]=d+e", "100% _done_", "{{7+7}} ${x}",
    ]

    @Test(
        "a name comes back as it was sent, is found, served, renamed to and brought back", arguments: Engine.allCases,
        names)
    func everyScript(engine: Engine, name: String) async throws {
        try await Door.with(engine) { door async throws in
            let file = try await door.upload(name + ".txt")
            let uuid = try #require(file["uuid"]?.text)
            #expect(file["name"] == .string(name) && file.at("metadata.extension") == "txt")
            let sanitized = try #require(file["sanitized_name"]?.text)
            #expect(!sanitized.isEmpty && sanitized.utf8.allSatisfy { 0x2D...0x7A ~= $0 && $0 != UInt8(ascii: "/") })
            let link = try #require(file.at("_links.download.href")?.text)
            #expect(link.hasSuffix("/\(sanitized).txt"))

            let content = try await door.get(link, token: "")
            #expect(content.status == 200)
            let disposition = try #require(content.headers[.contentDisposition])
            #expect(disposition.utf8.allSatisfy { 0x20..<0x7F ~= $0 })
            let said = try #require(disposition.components(separatedBy: "filename*=UTF-8''").last)
            #expect(said.removingPercentEncoding == name + ".txt")

            let asked = name.utf8.map { String(format: "%%%02X", $0) }.joined()
            for query in ["filter[name]=\(asked)", "filter[name]=\(asked).TXT"] {
                #expect(try await door.get("/v1.0/files?" + query).embedded.count == 1, "\(query)")
            }
            let other = try await door.upload("other.txt")
            let path = "/v1.0/files/\(try #require(other["uuid"]?.text))"
            var body = ByteBuffer()
            Value.object([.init("name", .string(name))]).writeJSON(into: &body)
            let renamed = try await door.send(.patch, path, Array(body.readableBytesView))
            #expect(renamed.status == 200 && renamed.json?["name"] == .string(name))
            let list = #"[{"uuid":"\#(uuid)"}]"#
            _ = try await door.send(.delete, "/v1.0/files", json: list)
            let restored = try await door.send(.post, "/v1.0/files/restore", json: list)
            #expect(restored.embedded.first?["name"] == .string(name))
        }
    }

    @Test("255 characters of four bytes each are a name; 256 are not", arguments: Engine.allCases)
    func longest(engine: Engine) async throws {
        try await Door.with(engine) { door async throws in
            let name = String(repeating: "𠮷", count: 251)
            let file = try await door.upload(name + ".txt")
            #expect(file["name"] == .string(name) && file.at("metadata.extension") == "txt")
            let content = try await door.get(try #require(file.at("_links.download.href")?.text), token: "")
            #expect(content.status == 200 && content.bytes == Array("hello".utf8))
            let refused = try await door.session(name + "𠮷.txt", size: 1)
            #expect(refused.status == 400 && refused.violations == ["TooLong file_name"])
            let list = #"[{"uuid":"\#(try #require(file["uuid"]?.text))"}]"#
            _ = try await door.send(.delete, "/v1.0/files", json: list)
            #expect(
                try await door.send(.post, "/v1.0/files/restore", json: list).embedded.first?["name"] == .string(name))
        }
    }

    @Test(
        "a name that could cheat a header, a page, a path or an eye is refused",
        arguments: [
            #"a\r\nSet-Cookie: x=1.txt"#, #"a\nb.txt"#, #"a\tb.txt"#, "<script>.html", #"\"a\".txt"#, "a|b", "a*b",
            "a?b",
            "c:d", #"a\u0000b"#, #"a\u007fb"#, #"a\u0085b"#, #"x\u202Egpj.exe"#, #"x\u2066y"#, #"x\u200Fy"#, "..", ".",
            "../", #"..\\"#, "   ", #"\u00a0"#,
        ])
    func hostile(json: String) async throws {
        try await Door.with { door async throws in
            let reply = try await door.send(
                .post, "/v1.0/sessions", json: #"{"file_name":"\#(json)","file_size":1}"#)
            #expect(reply.status == 400 && reply.type == "application/json")
            let file = try await door.upload("a.txt")
            let path = "/v1.0/files/\(try #require(file["uuid"]?.text))"
            if !json.hasPrefix(".") {
                // There the extension is put behind: a dot or two become an ordinary name.
                #expect(try await door.send(.patch, path, json: #"{"name":"\#(json)"}"#).status == 400)
                #expect(try await door.get(path).json?["name"] == "a")
            }
        }
    }

    @Test(
        "of a path the last segment is the name",
        arguments: [
            (#"..\\..\\windows\\win.ini"#, "win", "ini"), ("../../etc/passwd", "passwd", ""),
            ("/var/www/a.php", "a", "php"), (#"C:\\x/y.z"#, "y", "z"),
        ])
    func paths(json: String, name: String, ext: String) async throws {
        try await Door.with { door async throws in
            let url = try await door.send(
                .post, "/v1.0/sessions", json: #"{"file_name":"\#(json)","file_size":1}"#
            ).text("upload_url")
            let file = try await door.send(.post, url, [1], token: "").json
            #expect(file?["name"] == .string(name) && file?.at("metadata.extension") == .string(ext))
        }
    }
}
