import DriveCore
import HTTPEdge
import SQLStore
import Testing

@testable import AmoDialect

@Suite("Custom fields of type file")
struct CustomFieldTests {
    private static let nobody = "00000000-0000-4000-8000-000000000000"

    /// The body of one entity whose field holds `value` (JSON).
    private func filled(_ field: Int64, _ value: String) -> String {
        #"{"custom_fields_values":[{"field_id":\#(field),"values":[{"value":\#(value)}]}]}"#
    }

    private func value(_ door: Door, _ path: String, token: String? = nil) async throws -> Value? {
        try await door.get("/api/v4/\(path)", token: token).json?.at("custom_fields_values.0.values.0.value")
    }

    @Test(
        "a definition that cannot be is refused with the field's name, and none of the list is made",
        arguments: [
            (#"[{"type":"file","name":"good"},{}]"#, ["FieldMissing type", "FieldMissing name"]),
            (#"[{"type":"text","name":"A"}]"#, ["NotSupportedChoice type"]),
            (#"[{"type":7,"name":"A"}]"#, ["InvalidType type"]),
            (#"[{"type":"file","name":"  "}]"#, ["NotBlank name"]),
            (#"[{"type":"file","name":"A","sort":-1}]"#, ["InvalidValue sort"]),
            (#"[{"type":"file","name":"A","sort":9223372036854775807}]"#, ["InvalidValue sort"]),
            (#"[{"type":"file","name":"A","is_api_only":"maybe"}]"#, ["InvalidType is_api_only"]),
            (#"[{"type":"file","name":"A","group_id":"leads_1"}]"#, ["NotSupportedChoice group_id"]),
            (
                #"[{"type":"file","name":"A","required_statuses":[{"status_id":1}]}]"#,
                ["FieldMissing required_statuses.0.pipeline_id"]
            ),
            (#"[{"type":"file","name":"A","code":"X"},{"type":"file","name":"B","code":"X"}]"#, ["InvalidValue code"]),
            ("[]", ["NotBlank "]), ("7", ["InvalidType "]),
            ("[7]", ["InvalidType ", "FieldMissing type", "FieldMissing name"]),
        ])
    func refused(body: String, violations: [String]) async throws {
        try await Door.with { door async throws in
            let reply = try await door.send(.post, "/api/v4/leads/custom_fields", json: body)
            #expect(reply.status == 400 && reply.type == "application/problem+json")
            #expect(reply.violations == violations)
            #expect(try await door.get("/api/v4/leads/custom_fields").status == 204)
        }
    }

    @Test("everybody reads definitions, administrators write them")
    func rights() async throws {
        try await Door.with { door async throws in
            let field = try await door.newField()
            let (_, token) = try await door.newUser("ann")
            let path = "/api/v4/leads/custom_fields"
            #expect(try await door.get(path, token: token).status == 200)
            #expect(try await door.get("\(path)/\(field)", token: token).status == 200)
            let new = #"[{"type":"file","name":"A"}]"#
            #expect(try await door.send(.post, path, json: new, token: token).status == 403)
            #expect(try await door.send(.patch, "\(path)/\(field)", json: "{}", token: token).status == 403)
            #expect(try await door.send(.delete, "\(path)/\(field)", token: token).status == 403)
            #expect(try await door.get("/api/v4/contacts/custom_fields/\(field)").status == 404)
            for id in ["0", "-1", "x", "9223372036854775808", "999"] {
                #expect(try await door.get("\(path)/\(id)").status == 404)
                #expect(try await door.send(.delete, "\(path)/\(id)").status == 404)
            }
            let unknown = try await door.send(.patch, path, json: #"[{"id":\#(field),"name":"lost"},{"id":999}]"#)
            #expect(unknown.status == 400 && unknown.violations == ["NotSupportedChoice id"])
            #expect(try await door.get("\(path)/\(field)").json?["name"] == "Contract")
        }
    }

    @Test("at most 50 definitions come on a page, with links to the others")
    func pages() async throws {
        try await Door.with { door async throws in
            let many = (0..<51).map { #"{"type":"file","name":"\#($0)"}"# }.joined(separator: ",")
            _ = try await door.send(.post, "/api/v4/leads/custom_fields", json: "[\(many)]")
            let first = try await door.get("/api/v4/leads/custom_fields?limit=250&order[sort]=desc")
            #expect(first.embedded.count == 50 && first.embedded.first?["name"] == "50")
            #expect(first.json?["_total_items"] == 51 && first.json?["_page_count"] == 2)
            let next = try #require(first.json?.at("_links.next.href")?.text)
            #expect(next == "\(door.origin)/api/v4/leads/custom_fields?page=2&limit=50&order%5Bsort%5D=desc")
            #expect(first.json?.at("_links.last.href") == .string(next))
            let second = try await door.get(next)
            #expect(second.embedded.compactMap { $0["name"] } == ["0"])
            #expect(second.json?.at("_links.prev.href")?.text?.contains("?page=1&limit=50") == true)
            #expect(second.json?.at("_links.next") == nil)
            #expect(try await door.get("/api/v4/leads/custom_fields?filter[type][0]=text").status == 204)
            #expect(try await door.get("/api/v4/leads/custom_fields?filter[type][]=file").status == 200)
            #expect(try await door.get("/api/v4/leads/custom_fields?order[name]=asc").status == 400)
        }
    }

    @Test(
        "a field is filled, shown, follows new versions or keeps the one named, and is cleared; the link stays",
        arguments: Engine.allCases)
    func lifeOfAValue(engine: Engine) async throws {
        try await Door.with(engine) { door async throws in
            let field = try await door.newField("leads", #","code":"SCAN""#)
            let (file, old) = try await door.uploaded("scan.jpg")
            let lead = try await door.newEntity("leads", "[" + filled(field, #"{"file_uuid":"\#(file)"}"#) + "]")
            let path = "leads/\(lead)"
            #expect(try await door.get("/api/v4/\(path)/files").embedded.first?["file_uuid"] == .string(file))
            let (_, new) = try await door.uploaded("scan v2.jpg", file: file)
            #expect(try await value(door, path)?["version_uuid"] == .string(new))
            // By code, with every optional key; `null` counts as absent.
            let named =
                #"{"custom_fields_values":[{"field_code":"SCAN","values":[{"value":{"file_uuid":"\#(file)","version_uuid":"\#(old)","file_name":"Договор.jpg","file_size":606942}}]}]}"#
            #expect(try await door.send(.patch, "/api/v4/\(path)", json: named).status == 200)
            #expect(
                try await value(door, path) == [
                    "file_uuid": .string(file), "version_uuid": .string(old), "file_name": "Договор.jpg",
                    "file_size": 606942, "is_deleted": false,
                ])
            // Other changes leave the field alone.
            _ = try await door.send(.patch, "/api/v4/\(path)", json: #"{"name":"A","custom_fields_values":null}"#)
            #expect(try await value(door, path)?["version_uuid"] == .string(old))
            for clearing in [
                filled(field, "null"), #"{"custom_fields_values":[{"field_id":\#(field),"values":null}]}"#,
            ] {
                _ = try await door.send(
                    .patch, "/api/v4/\(path)", json: filled(field, #"{"file_uuid":"\#(file)"}"#))
                #expect(try await door.send(.patch, "/api/v4/\(path)", json: clearing).status == 200)
                #expect(try await door.get("/api/v4/\(path)").json?["custom_fields_values"] == .null)
            }
            #expect(try await door.get("/api/v4/\(path)/files").embedded.count == 1)
        }
    }

    @Test(
        "a trashed file is shown as deleted and may be sent back; its purge clears the field",
        arguments: Engine.allCases)
    func trash(engine: Engine) async throws {
        try await Door.with(engine) { door async throws in
            let field = try await door.newField()
            let (file, _) = try await door.uploaded("a.txt")
            let (other, _) = try await door.uploaded("b.txt")
            let lead = try await door.newEntity("leads", "[" + filled(field, #"{"file_uuid":"\#(file)"}"#) + "]")
            let path = "/api/v4/leads/\(lead)"
            for uuid in [file, other] { _ = try await door.send(.delete, "/v1.0/files/\(uuid)") }
            #expect(try await value(door, "leads/\(lead)")?["is_deleted"] == true)
            let same = filled(field, #"{"file_uuid":"\#(file)","is_deleted":true}"#)
            #expect(try await door.send(.patch, path, json: same).status == 200)
            let wrong = try await door.send(.patch, path, json: filled(field, #"{"file_uuid":"\#(other)"}"#))
            #expect(
                wrong.violations == ["NotSupportedChoice custom_fields_values.0.values.0.value.file_uuid"])
            let administrator = Caller(person: Person.ID(1), isAdministrator: true)
            let node = try await door.drive.file(uuid: file, includingTrashed: true, as: administrator)
            try await door.drive.purge(node.id, kind: .file, as: administrator)
            #expect(try await door.get(path).json?["custom_fields_values"] == .null)
        }
    }

    @Test("a removed field is gone from entities, its file is not")
    func removed() async throws {
        try await Door.with { door async throws in
            let field = try await door.newField()
            let (file, _) = try await door.uploaded("a.txt")
            let lead = try await door.newEntity("leads", "[" + filled(field, #"{"file_uuid":"\#(file)"}"#) + "]")
            #expect(try await door.send(.delete, "/api/v4/leads/custom_fields/\(field)").status == 204)
            #expect(try await door.get("/api/v4/leads/\(lead)").json?["custom_fields_values"] == .null)
            #expect(try await door.get("/v1.0/files/\(file)").status == 200)
            #expect(try await door.get("/api/v4/leads/\(lead)/files").embedded.count == 1)
        }
    }

    @Test("what is wrong with a value is said at its place, and nothing of the request is stored")
    func badValues() async throws {
        try await Door.with { door async throws in
            let field = try await door.newField()
            let (file, _) = try await door.uploaded("a.txt")
            let (_, foreignVersion) = try await door.uploaded("b.txt")
            let place = "custom_fields_values.0"
            let good = #"{"value":{"file_uuid":"\#(file)"}}"#
            let cases: [(String, [String])] = [
                (#"{"field_id":\#(field),"values":[]}"#, ["NotBlank \(place).values"]),
                (#"{"field_id":\#(field),"values":[\#(good),\#(good)]}"#, ["InvalidValue \(place).values"]),
                (#"{"field_id":\#(field)}"#, ["FieldMissing \(place).values"]),
                (#"{"field_id":\#(field),"values":7}"#, ["InvalidType \(place).values"]),
                (#"{"field_id":\#(field),"values":[7]}"#, ["InvalidType \(place).values.0"]),
                (#"{"field_id":\#(field),"values":[{}]}"#, ["FieldMissing \(place).values.0.value"]),
                (#"{"field_id":\#(field),"values":[{"value":"\#(file)"}]}"#, ["InvalidType \(place).values.0.value"]),
                (#"{"field_id":\#(field),"values":[{"value":[]}]}"#, ["InvalidType \(place).values.0.value"]),
                (
                    #"{"field_id":\#(field),"values":[{"value":{}}]}"#,
                    ["FieldMissing \(place).values.0.value.file_uuid"]
                ),
                (
                    #"{"field_id":\#(field),"values":[{"value":{"file_uuid":"x","file_size":-1}}]}"#,
                    [
                        "InvalidValue \(place).values.0.value.file_uuid",
                        "InvalidValue \(place).values.0.value.file_size",
                    ]
                ),
                (
                    #"{"field_id":\#(field),"values":[{"value":{"file_uuid":"\#(Self.nobody)"}}]}"#,
                    ["NotSupportedChoice \(place).values.0.value.file_uuid"]
                ),
                (
                    #"{"field_id":\#(field),"values":[{"value":{"file_uuid":"\#(file)","version_uuid":"\#(foreignVersion)"}}]}"#,
                    ["NotSupportedChoice \(place).values.0.value.version_uuid"]
                ),
                (#"{"field_id":0,"values":[\#(good)]}"#, ["NotSupportedChoice \(place).field_id"]),
                (#"{"field_id":"x","values":[\#(good)]}"#, ["InvalidType \(place).field_id"]),
                (#"{"field_code":"NONE","values":[\#(good)]}"#, ["NotSupportedChoice \(place).field_code"]),
                (#"{"values":[\#(good)]}"#, ["FieldMissing \(place).field_id"]), ("7", ["InvalidType \(place)"]),
            ]
            for (value, violations) in cases {
                let body = #"[{"name":"first"},{"request_id":"r","custom_fields_values":[\#(value)]}]"#
                let reply = try await door.send(.post, "/api/v4/leads", json: body)
                #expect(reply.status == 400 && reply.violations == violations, "\(value)")
                #expect(reply.json?.at("validation-errors.0.request_id") == "r", "\(value)")
            }
            #expect(try await door.get("/api/v4/leads").status == 204)
            let ofAnotherKind = try await door.send(
                .post, "/api/v4/contacts",
                json: #"[{"custom_fields_values":[{"field_id":\#(field),"values":[\#(good)]}]}]"#)
            #expect(ofAnotherKind.violations == ["NotSupportedChoice \(place).field_id"])
        }
    }

    @Test("a file one may not read cannot fill a field")
    func unreadable() async throws {
        try await Door.with { door async throws in
            let field = try await door.newField()
            let storage = try await door.drive.personalStorage(of: Person.ID(1))
            let stage = door.drive.stageContent()
            try await stage.write(.init(string: "x"))
            let file = try await door.drive.addFile(
                named: try FileName("mine.txt"), in: storage.root, content: try await stage.finish(),
                as: Caller(person: Person.ID(1), isAdministrator: true))
            let (_, token) = try await door.newUser("ann")
            let lead = try await door.newEntity(token: token)
            let reply = try await door.send(
                .patch, "/api/v4/leads/\(lead)", json: filled(field, #"{"file_uuid":"\#(file.uuid)"}"#), token: token)
            #expect(reply.violations == ["NotSupportedChoice custom_fields_values.0.values.0.value.file_uuid"])
        }
    }
}
