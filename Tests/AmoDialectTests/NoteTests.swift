import DriveCore
import HTTPEdge
import SQLStore
import Testing

@testable import AmoDialect

@Suite("Notes")
struct NoteTests {
    private static let nobody = "00000000-0000-4000-8000-000000000000"

    private func text(_ text: String, _ more: String = "") -> String {
        #"[{"note_type":"common","params":{"text":"\#(text)"}\#(more)}]"#
    }

    @Test("an attachment is read with both names, ties the file and follows its versions", arguments: Engine.allCases)
    func attachment(engine: Engine) async throws {
        try await Door.with(engine) { door async throws in
            let lead = try await door.newEntity()
            let (file, old) = try await door.uploaded("Снимок экрана 2022-12-12 в 20.11.45 (1).jpg")
            let named = #""file_uuid":"\#(file)""#
            let following = try await door.newNote(
                "leads/\(lead)", #"[{"note_type":"attachment","params":{\#(named),"version_uuid":null}}]"#)
            let keeping = try await door.newNote(
                "leads/\(lead)",
                #"[{"note_type":"attachment","params":{\#(named),"version_uuid":"\#(old)","file_name":"Акт.pdf","text":"см."}}]"#
            )
            let path = "/api/v4/leads/\(lead)/notes"
            #expect(
                try await door.get("\(path)/\(following)").json?["params"] == [
                    "is_drive_attachment": true, "text": "Снимок экрана 2022-12-12 в 20.11.45 (1).jpg",
                    "original_name": "Снимок экрана 2022-12-12 в 20.11.45 (1).jpg", "file_uuid": .string(file),
                    "version_uuid": .string(old), "file_name": "Snimok_ekrana_2022-12-12_v_20.11.45_1_.jpg",
                ])
            let (_, new) = try await door.uploaded("new.jpg", file: file)
            #expect(try await door.get("\(path)/\(following)").json?.at("params.version_uuid") == .string(new))
            #expect(
                try await door.get("\(path)/\(keeping)").json?["params"] == [
                    "is_drive_attachment": true, "text": "см.", "original_name": "Акт.pdf",
                    "file_uuid": .string(file), "version_uuid": .string(old), "file_name": "Akt.pdf",
                ])
            #expect(try await door.get("/api/v4/leads/\(lead)/files").embedded.count == 1)
            let links = try await door.get("/api/v4/files/\(file)/links").json
            #expect(links?["entities"]?.elements.compactMap { $0["id"]?.integer } == [lead])
            // The note outlives the file.
            _ = try await door.send(.delete, "/v1.0/files/\(file)")
            let administrator = Caller(person: Person.ID(1), isAdministrator: true)
            let node = try await door.drive.file(uuid: file, includingTrashed: true, as: administrator)
            try await door.drive.purge(node.id, kind: .file, as: administrator)
            #expect(try await door.get("\(path)/\(keeping)").json?.at("params.version_uuid") == .string(old))
            #expect(try await door.get("\(path)/\(following)").json?.at("params.file_uuid") == .string(file))
        }
    }

    @Test("other types keep their params as given")
    func params() async throws {
        try await Door.with { door async throws in
            let lead = try await door.newEntity()
            for type in Note.Kind.allCases where type != .attachment {
                let params: Value = [
                    "text": "Текст", "longitude": "-13", "duration": 60, "link": nil, "list": [], "map": .object([]),
                    "share": .double(0.5),
                ]
                let id = try await door.newNote(
                    "leads/\(lead)",
                    """
                    {"note_type":"\(type.rawValue)","params":{"text":"Текст","longitude":"-13","duration":60,"link":null,
                    "list":[],"map":{},"share":0.5}}
                    """)
                let note = try await door.get("/api/v4/leads/notes/\(id)")
                #expect(note.json?["params"] == params && note.json?["note_type"] == .string(type.rawValue))
            }
        }
    }

    @Test("authors, responsible, times and pins; a note's responsible is the entity's unless said")
    func fields() async throws {
        try await Door.with { door async throws in
            let (ann, _) = try await door.newUser("ann")
            let lead = try await door.newEntity("leads", #"[{"responsible_user_id":\#(ann)}]"#)
            let plain = try await door.newNote("leads/\(lead)", text("a"))
            let id = try await door.newNote(
                "leads/\(lead)",
                text(
                    "b",
                    #","created_by":0,"created_at":1600000000,"responsible_user_id":1,"request_id":"x","is_need_to_trigger_digital_pipeline":false"#
                ))
            #expect(
                try await door.get("/api/v4/leads/notes/\(plain)").json?["responsible_user_id"]
                    == .int(ann.rawValue))
            let note = try await door.get("/api/v4/leads/notes/\(id)").json
            #expect(note?["created_by"] == 0 && note?["created_at"] == 1_600_000_000)
            #expect(note?["responsible_user_id"] == 1 && note?["is_pinned"] == nil)
            #expect(try await door.send(.post, "/api/v4/leads/notes/\(id)/pin").status == 204)
            #expect(try await door.get("/api/v4/leads/notes/\(id)?with=is_pinned").json?["is_pinned"] == true)
            #expect(try await door.send(.post, "/api/v4/leads/notes/\(id)/unpin").status == 204)
            #expect(
                try await door.get("/api/v4/leads/notes?with=is_pinned").embedded.allSatisfy {
                    $0["is_pinned"] == false
                })
            #expect(try await door.send(.post, "/api/v4/leads/notes/999/pin").status == 404)
            door.clock.advance(ms: 60_000)
            let changed = try await door.send(
                .patch, "/api/v4/leads/notes/\(id)", json: #"{"responsible_user_id":\#(ann)}"#)
            #expect(changed.json?["updated_at"] == .int(door.clock.now / 1000))
            #expect(try await door.get("/api/v4/leads/notes/\(id)").json?.at("params.text") == "b")
        }
    }

    @Test("lists: pages, filters in every form, order; nothing is 204", arguments: Engine.allCases)
    func lists(engine: Engine) async throws {
        try await Door.with(engine) { door async throws in
            let (lead, other) = (try await door.newEntity(), try await door.newEntity())
            #expect(try await door.get("/api/v4/leads/notes").status == 204)
            #expect(try await door.get("/api/v4/leads/\(lead)/notes").status == 204)
            var ids: [Int64] = []
            for (index, owner) in [lead, other, lead].enumerated() {
                let type = index == 2 ? "sms_in" : "common"
                ids.append(
                    try await door.newNote(
                        "leads/\(owner)", #"[{"note_type":"\#(type)","params":{"text":"\#(index)"}}]"#))
                door.clock.advance(ms: 1000)
            }
            func found(_ query: String, in path: String = "leads/notes") async throws -> [Int64] {
                try await door.get("/api/v4/\(path)?" + query).embedded.compactMap { $0["id"]?.integer }
            }
            #expect(try await found("") == ids)
            #expect(try await found("", in: "leads/\(lead)/notes") == [ids[0], ids[2]])
            #expect(try await found("", in: "contacts/notes") == [])
            for form in ["filter[id]", "filter[id][]", "filter[id][0]", "filter%5Bid%5D%5B%5D", "filter[id][7]"] {
                #expect(try await found("\(form)=\(ids[1])") == [ids[1]], "\(form)")
            }
            #expect(try await found("filter[id][]=\(ids[0])&filter[id][]=\(ids[2])") == [ids[0], ids[2]])
            #expect(try await found("filter[entity_id][]=\(other)") == [ids[1]])
            #expect(try await found("filter[entity_id][]=\(other)", in: "leads/\(lead)/notes") == [ids[0], ids[2]])
            #expect(try await found("filter[note_type]=sms_in") == [ids[2]])
            #expect(try await found("filter[note_type][]=sms_in&filter[note_type][]=common") == ids)
            #expect(try await found("filter[unknown]=1") == ids)
            let last = door.clock.now / 1000 - 1
            #expect(try await found("filter[updated_at]=\(last)") == [ids[2]])
            #expect(
                try await found("filter[updated_at][from]=\(last - 1)&filter[updated_at][to]=\(last - 1)") == [ids[1]])
            #expect(try await found("order[id]=desc") == ids.reversed())
            #expect(try await found("order[updated_at]=desc") == ids.reversed())
            let page = try await door.get("/api/v4/leads/notes?limit=2")
            let next = try #require(page.json?.at("_links.next.href")?.text)
            #expect(next == "\(door.origin)/api/v4/leads/notes?page=2&limit=2")
            let second = try await door.get(next)
            #expect(second.embedded.count == 1 && second.json?["_total_items"] == nil)
            #expect(second.json?.at("_links.prev.href") == .string("\(door.origin)/api/v4/leads/notes?page=1&limit=2"))
            #expect(try await door.get("/api/v4/leads/notes?page=3&limit=2").status == 204)
            for query in [
                "filter[id]=x", "filter=1", "order[text]=asc", "order[id]=up", "page=0", "limit=x",
                "filter[updated_at]=yesterday",
            ] {
                #expect(try await door.get("/api/v4/leads/notes?" + query).status == 400, "\(query)")
            }
        }
    }

    @Test("whoever sees an entity sees and writes its notes, nobody else")
    func rights() async throws {
        try await Door.with { door async throws in
            let (ann, token) = try await door.newUser("ann")
            let (_, stranger) = try await door.newUser("ben")
            let shared = try await door.newEntity("leads", #"[{"responsible_user_id":\#(ann)}]"#)
            let hidden = try await door.newEntity()
            let seen = try await door.newNote("leads/\(shared)", text("a"))
            let unseen = try await door.newNote("leads/\(hidden)", text("b"))
            func list(_ token: String?) async throws -> [Int64] {
                try await door.get("/api/v4/leads/notes", token: token).embedded.compactMap { $0["id"]?.integer }
            }
            #expect(try await list(nil) == [seen, unseen])
            #expect(try await list(token) == [seen])
            #expect(try await list(stranger) == [])
            for path in ["leads/notes/\(unseen)", "leads/\(hidden)/notes", "leads/\(hidden)/notes/\(unseen)"] {
                #expect(try await door.get("/api/v4/\(path)", token: token).status == 404)
            }
            #expect(
                try await door.send(.post, "/api/v4/leads/\(hidden)/notes", json: text("c"), token: token).status == 404
            )
            let typeWide = try await door.send(
                .post, "/api/v4/leads/notes", json: text("c", #","entity_id":\#(hidden)"#), token: token)
            #expect(typeWide.violations == ["NotSupportedChoice entity_id"])
            let change = try await door.send(
                .patch, "/api/v4/leads/notes", json: #"[{"id":\#(seen)},{"id":\#(unseen)}]"#, token: token)
            #expect(change.status == 400 && change.violations == ["NotSupportedChoice id"])
            #expect(try await door.send(.post, "/api/v4/leads/notes/\(unseen)/pin", token: token).status == 404)
            #expect(try await door.get("/api/v4/contacts/notes/\(seen)").status == 404)
            #expect(try await door.get("/api/v4/leads/\(hidden)/notes/\(seen)").status == 404)
        }
    }

    @Test("what is wrong with a note is said at its place, and none of the list is stored")
    func refused() async throws {
        try await Door.with { door async throws in
            let lead = try await door.newEntity()
            let (file, _) = try await door.uploaded("a.txt")
            let (trashed, foreignVersion) = try await door.uploaded("b.txt")
            _ = try await door.send(.delete, "/v1.0/files/\(trashed)")
            let long = String(repeating: "я", count: 20_001)
            let cases: [(String, [String])] = [
                ("{}", ["FieldMissing note_type"]), ("7", ["InvalidType "]),
                (#"{"note_type":"file","params":{}}"#, ["NotSupportedChoice note_type"]),
                (#"{"note_type":4,"params":{}}"#, ["InvalidType note_type"]),
                (#"{"note_type":"common"}"#, ["FieldMissing params"]),
                (#"{"note_type":"common","params":null}"#, ["FieldMissing params"]),
                (#"{"note_type":"common","params":"x"}"#, ["InvalidType params"]),
                (#"{"note_type":"common","params":[]}"#, ["InvalidType params"]),
                (#"{"note_type":"common","params":{}}"#, ["FieldMissing params.text"]),
                (#"{"note_type":"common","params":{"text":""}}"#, ["NotBlank params.text"]),
                (#"{"note_type":"common","params":{"text":7}}"#, ["InvalidType params.text"]),
                (#"{"note_type":"common","params":{"text":"\#(long)"}}"#, ["TooLong params.text"]),
                (#"{"note_type":"sms_in","params":{"text":"\#(long)"}}"#, ["TooLong params.text"]),
                (#"{"note_type":"attachment","params":{}}"#, ["FieldMissing params.file_uuid"]),
                (#"{"note_type":"attachment","params":{"file_uuid":"x"}}"#, ["InvalidValue params.file_uuid"]),
                (
                    #"{"note_type":"attachment","params":{"file_uuid":"\#(Self.nobody)"}}"#,
                    ["NotSupportedChoice params.file_uuid"]
                ),
                (
                    #"{"note_type":"attachment","params":{"file_uuid":"\#(trashed)"}}"#,
                    ["NotSupportedChoice params.file_uuid"]
                ),
                (
                    #"{"note_type":"attachment","params":{"file_uuid":"\#(file)","version_uuid":"\#(foreignVersion)"}}"#,
                    ["NotSupportedChoice params.version_uuid"]
                ),
                (
                    #"{"note_type":"common","params":{"text":"a"},"created_by":999,"created_at":1}"#,
                    ["NotSupportedChoice created_by"]
                ),
                (
                    #"{"note_type":"common","params":{"text":"a"},"created_at":-1,"is_need_to_trigger_digital_pipeline":"x"}"#,
                    ["InvalidValue created_at", "InvalidType is_need_to_trigger_digital_pipeline"]
                ),
            ]
            for (note, violations) in cases {
                let body = #"[{"note_type":"common","params":{"text":"first"}},\#(note)]"#
                let reply = try await door.send(.post, "/api/v4/leads/\(lead)/notes", json: body)
                #expect(reply.status == 400 && reply.type == "application/problem+json", "\(note.prefix(80))")
                #expect(reply.violations == violations, "\(note.prefix(80))")
                #expect(reply.json?.at("validation-errors.0.request_id") == "1", "\(note.prefix(80))")
            }
            let typeWide = try await door.send(.post, "/api/v4/leads/notes", json: text("a"))
            #expect(typeWide.violations == ["FieldMissing entity_id"])
            for id in ["0", "-5", "9223372036854775808", "x", "999"] {
                let reply = try await door.send(.post, "/api/v4/leads/\(id)/notes", json: text("a"))
                #expect(reply.status == 404 && reply.type == "application/problem+json")
            }
            #expect(try await door.get("/api/v4/leads/notes").status == 204)
            #expect(try await door.get("/api/v4/leads/\(lead)/files").status == 204)

            let id = try await door.newNote("leads/\(lead)", text(String(repeating: "я", count: 20_000)))
            let change = "/api/v4/leads/notes/\(id)"
            for (body, violations) in [
                (#"{"params":{"text":"a"}}"#, ["FieldMissing note_type"]),
                (#"{"note_type":"common"}"#, ["FieldMissing params"]),
                (#"{"entity_id":999}"#, ["NotSupportedChoice entity_id"]),
            ] {
                #expect(try await door.send(.patch, change, json: body).violations == violations)
            }
            #expect(try await door.send(.patch, "/api/v4/leads/notes", json: "[{}]").violations == ["FieldMissing id"])
            #expect(try await door.send(.patch, change, json: "[]").status == 400)
        }
    }
}
