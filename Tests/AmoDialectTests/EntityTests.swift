import DriveCore
import HTTPEdge
import SQLStore
import Testing

@testable import AmoDialect

@Suite("Leads, contacts, companies and customers")
struct EntityTests {
    @Test(
        "a new entity is answered in short form, its model has every field of its kind",
        arguments: [
            ("leads", ["price", "status_id", "pipeline_id", "loss_reason_id", "closed_at", "score", "labor_cost"]),
            ("contacts", ["first_name", "last_name"]), ("companies", []),
            (
                "customers",
                ["next_price", "next_date", "status_id", "periodicity", "ltv", "purchases_count", "average_check"]
            ),
        ])
    func models(kind: String, own: [String]) async throws {
        try await Door.with { door async throws in
            let made = try await door.send(
                .post, "/api/v4/\(kind)", json: #"[{"name":"A"},{"name":"B","request_id":"mine"}]"#)
            #expect(made.status == 200 && made.type == "application/hal+json")
            let id = try #require(made.embedded.first?["id"]?.integer)
            #expect(made.embedded.compactMap { $0["request_id"] } == ["0", "mine"])
            #expect(made.embedded.first?.at("_links.self.href") == .string("\(door.origin)/api/v4/\(kind)/\(id)"))
            #expect(made.json?.at("_links.self.href") == .string("\(door.origin)/api/v4/\(kind)"))
            let model = try #require(try await door.get("/api/v4/\(kind)/\(id)").json)
            for key in [
                "id", "name", "responsible_user_id", "group_id", "created_by", "updated_by", "created_at", "updated_at",
                "closest_task_at", "is_deleted", "custom_fields_values", "account_id", "_links", "_embedded",
            ] + own { #expect(model[key] != nil, "\(key)") }
            #expect(model.at("_embedded.tags") == [] && model["custom_fields_values"] == .null)
            #expect(model["account_id"] == .int(door.drive.account.id))
            #expect(try await door.get("/api/v4/\(kind)?filter[id]=\(id)").embedded == [model])
        }
    }

    @Test("defaults: a lead is called after its id, a contact after its names, others are nameless")
    func names() async throws {
        try await Door.with { door async throws in
            let lead = try await door.newEntity("leads")
            #expect(try await door.get("/api/v4/leads/\(lead)").json?["name"] == .string("Сделка #\(lead)"))
            let contact = try await door.newEntity("contacts", #"[{"first_name":"Ann","last_name":"Lee"}]"#)
            #expect(try await door.get("/api/v4/contacts/\(contact)").json?["name"] == "Ann Lee")
            let company = try await door.newEntity("companies")
            #expect(try await door.get("/api/v4/companies/\(company)").json?["name"] == "")
            #expect(try await door.newEntity("leads", #"{"name":"one object"}"#) > 0)
        }
    }

    @Test("changes answer id and updated_at; a lead in a final status is closed")
    func changes() async throws {
        try await Door.with { door async throws in
            let id = try await door.newEntity("leads", #"[{"name":"A","price":20,"status_id":7,"pipeline_id":3}]"#)
            door.clock.advance(ms: 60_000)
            let one = try await door.send(.patch, "/api/v4/leads/\(id)", json: #"{"status_id":142,"price":"30"}"#)
            #expect(
                one.status == 200 && one.json?["id"] == .int(id)
                    && one.json?["updated_at"] == .int(door.clock.now / 1000))
            let model = try #require(try await door.get("/api/v4/leads/\(id)").json)
            #expect(
                model["price"] == 30 && model["closed_at"] == .int(door.clock.now / 1000) && model["pipeline_id"] == 3)
            let many = try await door.send(.patch, "/api/v4/leads", json: #"[{"id":\#(id),"name":"B","status_id":7}]"#)
            #expect(many.embedded.first?["request_id"] == "0" && many.embedded.first?["id"] == .int(id))
            #expect(try await door.get("/api/v4/leads/\(id)").json?["closed_at"] == .null)
        }
    }

    @Test("a write is all or nothing, and every wrong field is named")
    func refused() async throws {
        try await Door.with { door async throws in
            let id = try await door.newEntity("leads", #"[{"name":"kept"}]"#)
            let cases: [(String, [String])] = [
                (#"[{"name":"x"},{"name":5,"price":"abc"}]"#, ["InvalidType name", "InvalidType price"]),
                (#"[{"name":"x"},{"responsible_user_id":999}]"#, ["NotSupportedChoice responsible_user_id"]),
                (#"[{"name":"x"},{"created_by":-7}]"#, ["NotSupportedChoice created_by"]),
                (#"[{"name":"\#(String(repeating: "я", count: 256))"}]"#, ["TooLong name"]),
                (#"[{"created_at":-1}]"#, ["InvalidValue created_at"]), (#"[5]"#, ["InvalidType "]),
                (
                    #"[{"custom_fields_values":[{"field_id":7,"values":[{"value":null}]}]}]"#,
                    ["NotSupportedChoice custom_fields_values.0.field_id"]
                ),
                ("[]", ["NotBlank "]), ("5", ["InvalidType "]),
                ("[" + Array(repeating: "{}", count: 251).joined(separator: ",") + "]", ["InvalidValue "]),
            ]
            for (body, expected) in cases {
                let reply = try await door.send(.post, "/api/v4/leads", json: body)
                #expect(reply.status == 400 && reply.type == "application/problem+json")
                #expect(reply.violations == expected, "\(body.prefix(60))")
            }
            for body in [
                #"[{"id":\#(id),"name":"lost"},{"id":999999,"name":"x"}]"#,
                #"[{"id":\#(id),"name":"lost"},{"name":"x"}]"#,
            ] {
                #expect(try await door.send(.patch, "/api/v4/leads", json: body).status == 400)
            }
            #expect(
                try await door.send(.patch, "/api/v4/leads/999999", json: "{}").violations == ["NotSupportedChoice id"])
            #expect(try await door.get("/api/v4/leads").embedded.compactMap { $0["name"] } == ["kept"])
        }
    }

    @Test("lists: pages, order, query and filters; nothing is 204", arguments: Engine.allCases)
    func lists(engine: Engine) async throws {
        try await Door.with(engine) { door async throws in
            #expect(try await door.get("/api/v4/contacts").status == 204)
            #expect(try await door.get("/api/v4/contacts/7").status == 204)
            var ids: [Int64] = []
            for name in ["Альфа", "Бета", "альфабет"] {
                ids.append(try await door.newEntity("contacts", #"[{"name":"\#(name)"}]"#))
                door.clock.advance(ms: 1000)
            }
            func found(_ query: String) async throws -> [Int64] {
                try await door.get("/api/v4/contacts?" + query).embedded.compactMap { $0["id"]?.integer }
            }
            #expect(try await found("order[id]=desc") == ids.reversed())
            #expect(try await found("order[created_at]=asc") == ids)
            #expect(try await found("query=%D0%90%D0%9B%D0%AC%D0%A4") == [ids[0], ids[2]])
            #expect(try await found("filter[id][]=\(ids[0])&filter[id][]=\(ids[1])") == [ids[0], ids[1]])
            #expect(try await found("filter[id][0]=\(ids[2])") == [ids[2]])
            #expect(try await found("filter[unknown]=1") == ids)
            #expect(try await found("filter[created_at][from]=\(door.clock.now / 1000 - 1)") == [ids[2]])
            let first = try await door.get("/api/v4/contacts?limit=2&query=")
            #expect(first.json?["_page"] == 1)
            #expect(
                first.json?.at("_links.self.href") == .string("\(door.origin)/api/v4/contacts?page=1&limit=2&query="))
            let next = try #require(first.json?.at("_links.next.href")?.text)
            let last = try await door.get(next)
            #expect(last.embedded.count == 1 && last.json?.at("_links.next") == nil)
            #expect(try await door.get("/api/v4/contacts?page=3&limit=2").status == 204)
        }
    }

    @Test("a user sees what they are responsible for or created; an administrator everything, also as that user")
    func visibility() async throws {
        try await Door.with { door async throws in
            let (ann, token) = try await door.newUser("ann")
            let hidden = try await door.newEntity()
            let shared = try await door.newEntity("leads", #"[{"responsible_user_id":\#(ann)}]"#)
            let own = try await door.newEntity("leads", token: token)
            func seen(_ reply: Reply) -> [Int64] { reply.embedded.compactMap { $0["id"]?.integer } }
            #expect(seen(try await door.get("/api/v4/leads", token: token)) == [shared, own])
            #expect(seen(try await door.get("/api/v4/leads")) == [hidden, shared, own])
            let asAnn = try await door.send(.get, "/api/v4/leads", headers: ["X-Context-User-ID": "\(ann)"])
            #expect(seen(asAnn) == [shared, own])
            #expect(try await door.get("/api/v4/leads/\(hidden)", token: token).status == 204)
            #expect(try await door.get("/api/v4/leads/\(hidden)/files", token: token).status == 404)
            for id in ["999", "x"] {
                #expect(try await door.send(.get, "/api/v4/leads", headers: ["X-Context-User-ID": id]).status == 403)
            }
        }
    }
}

@Suite("Files of entities")
struct LinkTests {
    private func list(_ uuids: [String]) -> String {
        "[" + uuids.map { #"{"file_uuid":"\#($0)","id":7}"# }.joined(separator: ",") + "]"
    }

    @Test(
        "linking and unlinking are 202 without a body; linking twice is one link",
        arguments: ["leads", "contacts", "companies", "customers"])
    func link(kind: String) async throws {
        try await Door.with { door async throws in
            let uuid = try #require(try await door.upload("a.txt")["uuid"]?.text)
            let path = "/api/v4/\(kind)/\(try await door.newEntity(kind))/files"
            #expect(try await door.get(path).status == 204)
            for _ in 0..<2 {
                let reply = try await door.send(.put, path, json: list([uuid, uuid]))
                #expect(reply.status == 202 && reply.bytes.isEmpty)
            }
            let linked = try await door.get(path)
            #expect(linked.status == 200 && linked.type == "application/hal+json")
            #expect(linked.embedded.count == 1 && linked.embedded.first?["file_uuid"] == .string(uuid))
            #expect(linked.json?.at("_links.self.href") == .string("\(door.origin)\(path)?limit=50"))
            for _ in 0..<2 {
                let reply = try await door.send(
                    .delete, path, json: list([uuid, "00000000-0000-4000-8000-000000000000"]))
                #expect(reply.status == 202 && reply.bytes.isEmpty)
            }
            #expect(try await door.get(path).status == 204)
            #expect(try await door.get("/v1.0/files/\(uuid)").status == 200)
        }
    }

    @Test("links are paged by before_id, descending and exclusive, and limit=250 is honoured")
    func paging() async throws {
        try await Door.with { door async throws in
            var uuids: [String] = []
            for index in 0..<251 { uuids.append(try #require(try await door.upload("\(index).txt")["uuid"]?.text)) }
            let path = "/api/v4/leads/\(try await door.newEntity())/files"
            _ = try await door.send(.put, path, json: list(Array(uuids.prefix(250))))
            _ = try await door.send(.put, path, json: list([uuids[250]]))
            let page = try await door.get(path + "?limit=250").embedded
            let ids = page.compactMap { $0["id"]?.integer }
            #expect(ids.count == 250 && ids == ids.sorted(by: >) && page.first?["file_uuid"] == .string(uuids[250]))
            let last = try #require(ids.last)
            let rest = try await door.get(path + "?limit=250&before_id=\(last)").embedded
            #expect(rest.compactMap { $0["file_uuid"]?.text } == [uuids[0]])
            #expect(try await door.get(path + "?limit=100000").embedded.count == 250)
            #expect(try await door.get(path).embedded.count == 50)
            #expect(try await door.get(path + "?before_id=-5").status == 204)
        }
    }

    @Test("one unknown or trashed file refuses the whole list and says which")
    func refused() async throws {
        try await Door.with { door async throws in
            let good = try #require(try await door.upload("a.txt")["uuid"]?.text)
            let gone = try #require(try await door.upload("b.txt")["uuid"]?.text)
            _ = try await door.send(.delete, "/v1.0/files/\(gone)")
            let path = "/api/v4/leads/\(try await door.newEntity())/files"
            for bad in [gone, "00000000-0000-4000-8000-000000000000"] {
                let reply = try await door.send(.put, path, json: list([good, bad]))
                #expect(reply.status == 400 && reply.type == "application/problem+json")
                #expect(reply.violations == ["NotSupportedChoice 1.file_uuid"])
                #expect(reply.json?.at("validation-errors.0.request_id") == "1")
            }
            #expect(try await door.get(path).status == 204)
            for path in ["/api/v4/leads/999999/files", "/api/v4/catalogs/1/files", "/api/v4/leads/x/files"] {
                #expect(try await door.send(.put, path, json: list([good])).status == 404)
                #expect(try await door.get(path).status == 404)
            }
        }
    }

    @Test("a file's entities are newest first, with each kind's fields; unseen ones are left out")
    func entities() async throws {
        try await Door.with { door async throws in
            let (ann, token) = try await door.newUser("ann")
            let uuid = try #require(try await door.upload("a.txt")["uuid"]?.text)
            #expect(
                try await door.get("/api/v4/files/\(uuid)/links").json == ["file_uuid": .string(uuid), "entities": []])
            let lead = try await door.newEntity("leads", #"[{"price":20,"responsible_user_id":\#(ann)}]"#)
            let contact = try await door.newEntity("contacts", #"[{"name":"Ann"}]"#)
            for path in ["leads/\(lead)", "contacts/\(contact)"] {
                _ = try await door.send(.put, "/api/v4/\(path)/files", json: list([uuid]))
            }
            let reply = try await door.get("/api/v4/files/\(uuid)/links")
            #expect(reply.status == 200 && reply.type == "application/hal+json")
            let entities = reply.json?["entities"]?.elements ?? []
            #expect(entities.compactMap { $0["entity_type"] } == ["contacts", "leads"])
            #expect(entities.first?["price"] == nil && entities.last?["price"] == 20)
            let seen = try await door.get("/api/v4/files/\(uuid)/links", token: token)
            #expect(seen.json?["entities"]?.elements.compactMap { $0["id"]?.integer } == [lead])
            let nobody = "00000000-0000-4000-8000-000000000000"
            #expect(try await door.get("/api/v4/files/\(nobody)/links").json?["entities"] == [])
            #expect(try await door.get("/api/v4/files/x/links").status == 400)
        }
    }

    @Test("a file one may not read cannot be linked")
    func unreadable() async throws {
        try await Door.with { door async throws in
            let storage = try await door.drive.personalStorage(of: Person.ID(1))
            let stage = door.drive.stageContent()
            try await stage.write(.init(string: "x"))
            let file = try await door.drive.addFile(
                named: try FileName("mine.txt"), in: storage.root, content: try await stage.finish(),
                as: Caller(person: Person.ID(1), isAdministrator: true))
            let (_, token) = try await door.newUser("ann")
            let path = "/api/v4/leads/\(try await door.newEntity(token: token))/files"
            #expect(try await door.send(.put, path, json: list([file.uuid]), token: token).status == 400)
        }
    }
}
