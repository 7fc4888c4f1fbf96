import DriveCore
import HTTPEdge
import Hummingbird
import Testing

@testable import AmoDialect

/// Whatever comes in, the answer is a clear error in this dialect's words and nothing is stored.
@Suite("Bad input")
struct BadInputTests {
    private static let long = String(repeating: "a", count: 256)
    private static let deep = String(repeating: "[", count: 100_000)
    private static let nobody = "00000000-0000-4000-8000-000000000000"

    @Test(
        "a session that cannot be is refused with the field's name",
        arguments: [
            ("", 400, []), ("not json", 400, []), ("[]", 400, ["InvalidType "]), ("5", 400, ["InvalidType "]),
            (#"{"file_name":"a","file_size":1"#, 400, []), (deep, 400, []), ("\u{1}\u{2}", 400, []),
            ("{}", 400, ["FieldMissing file_name", "FieldMissing file_size"]),
            (#"{"file_name":null,"file_size":null}"#, 400, ["FieldMissing file_name", "FieldMissing file_size"]),
            (#"{"file_name":["a"],"file_size":{}}"#, 400, ["InvalidType file_name", "InvalidType file_size"]),
            (#"{"file_name":5,"file_size":true}"#, 400, ["InvalidType file_name", "InvalidType file_size"]),
            (#"{"file_name":"","file_size":1}"#, 400, ["NotBlank file_name"]),
            (#"{"file_name":"   ","file_size":1}"#, 400, ["NotBlank file_name"]),
            (#"{"file_name":"a/b/","file_size":1}"#, 400, ["NotBlank file_name"]),
            (#"{"file_name":"\#(long)","file_size":1}"#, 400, ["TooLong file_name"]),
            (#"{"file_name":"..","file_size":1}"#, 400, ["InvalidValue file_name"]),
            (#"{"file_name":"../..","file_size":1}"#, 400, ["InvalidValue file_name"]),
            (#"{"file_name":"a:b?.txt","file_size":1}"#, 400, ["InvalidValue file_name"]),
            (#"{"file_name":"a\u0007.txt","file_size":1}"#, 400, ["InvalidValue file_name"]),
            (#"{"file_name":"a\u202Etxt.exe","file_size":1}"#, 400, ["InvalidValue file_name"]),
            (#"{"file_name":"a\u0000.txt","file_size":1}"#, 400, []),
            (#"{"file_name":"a","file_size":0}"#, 400, ["InvalidValue file_size"]),
            (#"{"file_name":"a","file_size":-1}"#, 400, ["InvalidValue file_size"]),
            (#"{"file_name":"a","file_size":1.5}"#, 400, ["InvalidType file_size"]),
            (#"{"file_name":"a","file_size":"x"}"#, 400, ["InvalidType file_size"]),
            (#"{"file_name":"a","file_size":314572801}"#, 400, ["InvalidValue file_size"]),
            (#"{"file_name":"a","file_size":9223372036854775807}"#, 400, ["InvalidValue file_size"]),
            (#"{"file_name":"a","file_size":92233720368547758080}"#, 400, ["InvalidType file_size"]),
            (#"{"file_name":"a","file_size":1e400}"#, 400, nil),
            (#"{"file_name":"a","file_size":1,"with_preview":"maybe"}"#, 400, ["InvalidType with_preview"]),
            (#"{"file_name":"a","file_size":1,"file_uuid":"x"}"#, 400, ["InvalidValue file_uuid"]),
            (#"{"file_name":"a","file_size":1,"file_uuid":7}"#, 400, ["InvalidType file_uuid"]),
            (#"{"file_name":"a","file_size":1,"file_uuid":"\#(nobody)"}"#, 404, []),
        ] as [(String, Int, [String]?)])
    func session(body: String, status: Int, violations: [String]?) async throws {
        try await Door.with { door async throws in
            let reply = try await door.send(.post, "/v1.0/sessions", json: body)
            #expect(reply.status == status && reply.type == "application/json", "\(body.prefix(80))")
            #expect(reply.json?["status"] == .int(Int64(status)) && reply.json?["detail"]?.text?.isEmpty == false)
            if let violations { #expect(reply.violations == violations, "\(body.prefix(80))") }
        }
    }

    @Test(
        "what clients are known to send is taken",
        arguments: [
            #"{"file_name":"C:\\docs\\a.txt","file_size":"5"}"#,
            #"{"file_name":"/etc/a.txt","file_size":5,"file_uuid":null}"#,
            #"{"file_name":"../a.txt","file_size":5,"content_type":"","conflict_resolution":"x"}"#,
            #"{"file_name":"x","file_name":"a.txt","file_size":5,"content_type":7,"only_auth":true}"#,
        ])
    func lenientSession(body: String) async throws {
        try await Door.with { door async throws in
            let url = try await door.send(.post, "/v1.0/sessions", json: body).text("upload_url")
            let file = try await door.send(.post, url, Array("hello".utf8), token: "")
            #expect(file.json?["name"] == "a" && file.json?.at("metadata.extension") == "txt")
        }
    }

    @Test("the detail says in one sentence what is wrong")
    func detail() async throws {
        try await Door.with { door async throws in
            #expect(try await door.session("a", size: 0).json?["detail"] == "file_size must be greater than 0")
            let missing = try await door.send(.post, "/v1.0/sessions", json: #"{"file_size":1}"#)
            #expect(missing.json?["detail"] == "file_name: This field is missing.")
            let list = try await door.send(.delete, "/v1.0/files", json: "[]")
            #expect(list.json?["detail"] == "This value should not be blank.")
        }
    }

    @Test("a name may have 255 characters of any script, with its extension")
    func longestName() async throws {
        try await Door.with { door async throws in
            let name = String(repeating: "я", count: 251)
            let file = try await door.upload(name + ".txt")
            #expect(file["name"] == .string(name))
            let path = "/v1.0/files/\(try #require(file["uuid"]?.text))"
            let other = String(repeating: "ю", count: 251)
            #expect(try await door.send(.patch, path, json: #"{"name":"\#(other)"}"#).json?["name"] == .string(other))
            #expect(try await door.send(.patch, path, json: #"{"name":"\#(other)ю"}"#).status == 400)
            #expect(try await door.session(name + "я.txt", size: 1).violations == ["TooLong file_name"])
            #expect(try await door.session("e" + String(repeating: "\u{301}", count: 255), size: 1).status == 400)
        }
    }

    @Test("a full account says so")
    func noSpace() async throws {
        try await Door.with(settings: .storageLimit(10)) { door async throws in
            let reply = try await door.session("a.bin", size: 11)
            #expect(reply.status == 400 && reply.json?["detail"] == "Storage limit exceeded")
        }
    }

    @Test(
        "queries that cannot be are 400",
        arguments: [
            "/v1.0/files?limit=0", "/v1.0/files?limit=-1", "/v1.0/files?limit=abc", "/v1.0/files?limit=",
            "/v1.0/files?limit=99999999999999999999", "/v1.0/files?page=0", "/v1.0/files?page=-9223372036854775808",
            "/v1.0/files?page=1.5", "/v1.0/files?limit[]=5", "/v1.0/files?filter=abc", "/v1.0/files?filter[uuid]=x",
            "/v1.0/files?filter[uuid]=\(nobody),x", "/v1.0/files?filter[name][]=a", "/v1.0/files?filter[term][a]=b",
            "/v1.0/files?filter[extensions][][]=a", "/v1.0/files?filter[size]=5", "/v1.0/files?filter[size][from]=x",
            "/v1.0/files?filter[size][to]=99999999999999999999", "/v1.0/files?filter[size][unit]=0",
            "/v1.0/files?filter[size][unit]=-1", "/v1.0/files?filter[date]=day",
            "/v1.0/files?filter[date][type]=deleted_at",
            "/v1.0/files?filter[date][date_preset]=fortnight", "/v1.0/files?filter[date][from]=yesterday",
            "/v1.0/files?filter[created_by][]=me", "/v1.0/files?filter[updated_by]=1.5",
            "/v1.0/files?filter[source_id]=x",
            "/v1.0/files?filter[order_by]=name", "/v1.0/files?filter[order_by]=size&filter[order_type]=up",
            "/v1.0/files?filter[term]=%zz", "/v1.0/files?filter[term]=%ff%fe", "/v1.0/files?filter[term]=a%00b",
            "/v1.0/files?filter[term]=%",
            "/v1.0/files?a\(String(repeating: "[b]", count: 200))=1", "/api/v4/leads?limit=0", "/api/v4/leads?page=x",
            "/api/v4/leads?filter[id]=x", "/api/v4/leads?filter[id][]=99999999999999999999",
            "/api/v4/leads?order[id]=up",
            "/api/v4/leads?order[price]=asc", "/api/v4/leads?order=id", "/api/v4/leads?filter=5",
            "/api/v4/leads?query[]=x",
            "/api/v4/leads?filter[created_at]=x",
        ])
    func queries(target: String) async throws {
        try await Door.with { door async throws in
            let reply = try await door.get(target)
            #expect(reply.status == 400, "\(target.prefix(80)): \(reply.status)")
            #expect(reply.type == (target.hasPrefix("/api") ? "application/problem+json" : "application/json"))
            #expect(reply.json?["title"] == "Bad Request" && reply.json?["detail"]?.text?.isEmpty == false)
        }
    }

    @Test(
        "numbers at the edges of Int64 are only numbers",
        arguments: [
            "filter[size][from]=9223372036854775807&filter[size][unit]=9223372036854775807",
            "filter[size][from]=-9223372036854775808&filter[size][unit]=2",
            "filter[date][from]=9223372036854775807", "filter[date][to]=9223372036854775807",
            "filter[date][from]=-9223372036854775808&filter[date][to]=-9223372036854775808",
            "filter[created_by][]=9223372036854775807&filter[created_by][]=-9223372036854775808",
            "page=9223372036854775807&limit=9223372036854775807", "page=4611686018427387904&limit=2",
            "filter[term]=\(String(repeating: "%25", count: 300))", "limit=1&limit=2&page=1&page=1",
        ])
    func extremes(query: String) async throws {
        try await Door.with { door async throws in
            try await door.upload("a.txt")
            let reply = try await door.get("/v1.0/files?" + query)
            #expect(reply.status == 200 || reply.status == 204, "\(query)")
            let entities = try await door.get(
                "/api/v4/leads?page=9223372036854775807&filter[created_at][from]=9223372036854775807")
            #expect(entities.status == 204)
        }
    }

    @Test(
        "lists of files that cannot be change nothing",
        arguments: [
            "", "{", "{}", "[]", "5", "null", "[5]", "[[]]", "[{}]", #"[{"file":"x"}]"#, #"[{"uuid":5,"file_uuid":5}]"#,
            #"[{"uuid":null,"file_uuid":null}]"#, #"[{"uuid":"x","file_uuid":"x"}]"#, #"{"uuid":"x","file_uuid":"x"}"#,
            deep,
            "["
                + Array(repeating: #"{"uuid":"\#(nobody)","file_uuid":"\#(nobody)"}"#, count: 251).joined(
                    separator: ",") + "]",
        ])
    func fileLists(body: String) async throws {
        try await Door.with { door async throws in
            let uuid = try #require(try await door.upload("a.txt")["uuid"]?.text)
            let lead = try await door.newEntity()
            let path = "/api/v4/leads/\(lead)/files"
            _ = try await door.send(.put, path, json: #"[{"file_uuid":"\#(uuid)"}]"#)
            for (method, target) in [
                (HTTPRequest.Method.delete, "/v1.0/files"), (.post, "/v1.0/files/restore"), (.put, path),
                (.delete, path),
            ] {
                #expect(try await door.send(method, target, json: body).status == 400, "\(target) \(body.prefix(60))")
            }
            // A good item does not save a list with a bad one, and the other method's key does not count.
            let mixed = #"[{"uuid":"\#(uuid)"},{"file_uuid":"\#(uuid)"}]"#
            #expect(try await door.send(.delete, "/v1.0/files", json: mixed).violations == ["FieldMissing 1.uuid"])
            #expect(try await door.send(.delete, path, json: mixed).violations == ["FieldMissing 0.file_uuid"])
            #expect(try await door.get("/v1.0/files/\(uuid)").status == 200)
            #expect(try await door.get(path).embedded.count == 1)
        }
    }

    @Test(
        "edits that cannot be change nothing",
        arguments: [
            "", "[]", "x", #"{"name":5}"#, #"{"name":""}"#, #"{"name":" "}"#, #"{"name":"\#(long)"}"#,
            #"{"name":"a/b"}"#,
            #"{"name":"a\u202Eb"}"#, #"{"name":["a"]}"#, #"{"version_uuid":5}"#, #"{"version_uuid":"x"}"#,
            #"{"version_uuid":""}"#, #"{"version_uuid":"\#(nobody)"}"#, #"{"name":"b","version_uuid":"\#(nobody)"}"#,
        ])
    func edits(body: String) async throws {
        try await Door.with { door async throws in
            let file = try await door.upload("a.txt")
            let path = "/v1.0/files/\(try #require(file["uuid"]?.text))"
            let before = try await door.get(path).json
            door.clock.advance(ms: 5000)
            let reply = try await door.send(.patch, path, json: body)
            #expect(reply.status == 400 && reply.type == "application/json", "\(body.prefix(60))")
            #expect(try await door.get(path).json == before)
        }
    }

    @Test("a version of another file is not this file's")
    func versionOfAnother() async throws {
        try await Door.with { door async throws in
            let file = try #require(try await door.upload("a.txt")["uuid"]?.text)
            let other = try #require(try await door.upload("b.txt")["version_uuid"]?.text)
            #expect(
                try await door.send(.patch, "/v1.0/files/\(file)", json: #"{"version_uuid":"\#(other)"}"#).status == 400
            )
        }
    }

    @Test("a path that is not percent-encoded correctly is 400, a number beyond Int64 is 404")
    func paths() async throws {
        try await Door.with { door async throws in
            #expect(try await door.get("/v1.0/files/%zz").status == 400)
            #expect(try await door.get("/api/v4/leads/99999999999999999999").status == 404)
            #expect(try await door.get("/api/v4/leads/-1").status == 404)
            #expect(try await door.send(.patch, "/api/v4/leads/0", json: "{}").status == 404)
        }
    }

    @Test("a body longer than any list can be is 413")
    func hugeBody() async throws {
        try await Door.with { door async throws in
            let body = [UInt8](repeating: UInt8(ascii: " "), count: 5 * 1024 * 1024)
            #expect(try await door.send(.post, "/v1.0/sessions", body).status == 413)
            #expect(try await door.send(.post, "/v1.0/sessions", body, chunked: true).status == 413)
        }
    }
}
