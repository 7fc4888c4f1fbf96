import DriveCore
import HTTPEdge
import SQLStore
import Testing

@testable import AmoDialect

@Suite("What entities have beyond their own fields")
struct EntityExtrasTests {
    private func names(_ door: Door, _ path: String) async throws -> [String] {
        try await door.get("/api/v4/\(path)").json?.at("_embedded.tags")?.elements.compactMap { $0["name"]?.text } ?? []
    }

    @Test("tags are given by name or id, added, taken away and replaced", arguments: Engine.allCases)
    func tags(engine: Engine) async throws {
        try await Door.with(engine) { door async throws in
            let lead = try await door.newEntity(
                "leads",
                #"[{"_embedded":{"tags":[{"name":"Второй"}]},"tags_to_add":[{"name":"Первый тег"},{"name":"ВТОРОЙ"}]}]"#
            )
            let path = "leads/\(lead)"
            #expect(try await names(door, path) == ["Второй", "Первый тег"])
            let tag = try #require(try await door.get("/api/v4/\(path)").json?.at("_embedded.tags.0"))
            let id = try #require(tag["id"]?.integer)
            #expect(tag == ["id": .int(id), "name": "Второй", "color": nil])
            func change(_ body: String) async throws -> Reply {
                try await door.send(.patch, "/api/v4/\(path)", json: body)
            }
            _ = try await change(#"{"tags_to_delete":[{"name":"первый тег"},{"id":999}],"tags_to_add":[{"name":"A"}]}"#)
            #expect(try await names(door, path) == ["A", "Второй"])
            _ = try await change(#"{"name":"x"}"#)
            #expect(try await names(door, path) == ["A", "Второй"])
            _ = try await change(#"{"_embedded":{"tags":[{"id":\#(id)}]}}"#)
            #expect(try await names(door, path) == ["Второй"])
            #expect(
                try await change(#"{"_embedded":{"tags":[{"id":999}]}}"#).violations == [
                    "NotSupportedChoice _embedded.tags.0.id"
                ])
            #expect(
                try await change(#"{"tags_to_add":[{"id":999}]}"#).violations == ["NotSupportedChoice tags_to_add.0.id"]
            )
            #expect(try await change(#"{"tags_to_add":[{}]}"#).violations == ["FieldMissing tags_to_add.0.name"])
            #expect(try await change(#"{"tags_to_add":[{"name":" "}]}"#).violations == ["NotBlank tags_to_add.0.name"])
            #expect(
                try await change(#"{"tags_to_add":7,"_embedded":"x"}"#).violations == [
                    "InvalidType _embedded", "InvalidType tags_to_add",
                ])
            #expect(try await names(door, path) == ["Второй"])
            // A contact has tags of its own.
            #expect(
                try await door.send(.post, "/api/v4/contacts", json: #"[{"tags_to_add":[{"id":\#(id)}]}]"#).violations
                    == ["NotSupportedChoice tags_to_add.0.id"])
            _ = try await change(#"{"_embedded":{"tags":null}}"#)
            #expect(try await names(door, path) == [])
        }
    }

    @Test("a lead has one company and many contacts; who does not see them is not told", arguments: Engine.allCases)
    func related(engine: Engine) async throws {
        try await Door.with(engine) { door async throws in
            let (ann, token) = try await door.newUser("ann")
            let company = try await door.newEntity("companies")
            let contacts = [try await door.newEntity("contacts"), try await door.newEntity("contacts")]
            let lead = try await door.newEntity(
                "leads",
                """
                [{"responsible_user_id":\(ann),"_embedded":{"companies":[{"id":\(company)}],
                "contacts":[{"id":\(contacts[0])},{"id":\(contacts[1]),"is_main":true}]}}]
                """)
            let model = try await door.get("/api/v4/leads/\(lead)?with=contacts,loss_reason,catalog_elements,source_id")
                .json
            #expect(
                model?.at("_embedded.companies") == [
                    [
                        "id": .int(company),
                        "_links": ["self": ["href": .string("\(door.origin)/api/v4/companies/\(company)")]],
                    ]
                ])
            let listed = model?.at("_embedded.contacts")?.elements ?? []
            #expect(listed.compactMap { $0["id"]?.integer } == contacts)
            #expect(listed.compactMap { $0["is_main"] } == [false, true])
            #expect(model?.at("_embedded.loss_reason") == [] && model?.at("_embedded.catalog_elements") == [])
            #expect(model?["source_id"] == .null)
            let reverse = try await door.get("/api/v4/companies/\(company)?with=leads").json
            #expect(reverse?.at("_embedded.leads.0.id") == .int(lead))
            let hidden = try await door.get("/api/v4/leads/\(lead)?with=contacts", token: token).json
            #expect(hidden?.at("_embedded.companies") == [] && hidden?.at("_embedded.contacts") == [])
            let other = try await door.newEntity("companies")
            _ = try await door.send(
                .patch, "/api/v4/leads/\(lead)", json: #"{"_embedded":{"companies":[{"id":\#(other)}]}}"#)
            #expect(
                try await door.get("/api/v4/leads/\(lead)").json?.at("_embedded.companies")?.elements.compactMap {
                    $0["id"]?.integer
                } == [other])
            for (body, violation) in [
                (#"{"companies":[{"id":999}]}"#, "NotSupportedChoice _embedded.companies.0.id"),
                (#"{"companies":[{"id":\#(contacts[0])}]}"#, "NotSupportedChoice _embedded.companies.0.id"),
                (#"{"companies":[{"id":1},{"id":2}]}"#, "InvalidValue _embedded.companies"),
                (#"{"contacts":[{}]}"#, "FieldMissing _embedded.contacts.0.id"),
                (#"{"contacts":["x"]}"#, "InvalidType _embedded.contacts.0"),
            ] {
                let reply = try await door.send(.post, "/api/v4/leads", json: #"[{"_embedded":\#(body)}]"#)
                #expect(reply.status == 400 && reply.violations == [violation])
            }
            let segment = try await door.send(
                .post, "/api/v4/customers", json: #"[{"_embedded":{"segments":[{"id":5}]}}]"#)
            #expect(segment.violations == ["NotSupportedChoice _embedded.segments.0.id"])
        }
    }

    @Test("a lead's loss reason and a customer's numbers are kept")
    func numbers() async throws {
        try await Door.with { door async throws in
            let lead = try await door.newEntity(
                "leads", #"[{"status_id":143,"closed_at":1589297221,"loss_reason_id":7323}]"#)
            let model = try await door.get("/api/v4/leads/\(lead)").json
            #expect(model?["loss_reason_id"] == 7323 && model?["closed_at"] == 1_589_297_221)
            let customer = try await door.newEntity(
                "customers", #"[{"next_price":500,"next_date":1589297221,"periodicity":30,"status_id":9}]"#)
            let other = try await door.get("/api/v4/customers/\(customer)").json
            #expect(other?["next_price"] == 500 && other?["next_date"] == 1_589_297_221)
            #expect(other?["periodicity"] == 30 && other?["status_id"] == 9)
            #expect(
                try await door.send(.post, "/api/v4/customers", json: #"[{"periodicity":-1}]"#).violations
                    == ["InvalidValue periodicity"])
        }
    }

    @Test("filters of leads and customers in every bracket form", arguments: Engine.allCases)
    func filters(engine: Engine) async throws {
        try await Door.with(engine) { door async throws in
            let won = try await door.newEntity("leads", #"[{"name":"A","price":10,"pipeline_id":3,"status_id":142}]"#)
            let open = try await door.newEntity("leads", #"[{"name":"B","price":20,"pipeline_id":3,"status_id":7}]"#)
            let elsewhere = try await door.newEntity(
                "leads", #"[{"name":"Б","price":30,"pipeline_id":4,"status_id":142,"closed_at":1589297221}]"#)
            func found(_ query: String, _ kind: String = "leads") async throws -> [Int64] {
                let reply = try await door.get("/api/v4/\(kind)?" + query)
                #expect(reply.status == 200 || reply.status == 204, "\(query)")
                return reply.embedded.compactMap { $0["id"]?.integer }
            }
            let stage = "filter[statuses][0][pipeline_id]=3&filter[statuses][0][status_id]=142"
            #expect(try await found(stage) == [won])
            #expect(
                try await found(stage + "&filter[statuses][1][pipeline_id]=4&filter[statuses][1][status_id]=142") == [
                    won, elsewhere,
                ])
            #expect(try await found("filter%5Bstatuses%5D%5B0%5D%5Bpipeline_id%5D=3") == [won, open])
            #expect(try await found("filter[statuses][0][status_id]=142") == [won, elsewhere])
            // The flat form is none of a lead's filters.
            #expect(try await found("filter[status_id]=7") == [won, open, elsewhere])
            #expect(try await found("filter[pipeline_id]=4") == [elsewhere])
            #expect(try await found("filter[price]=20") == [open])
            #expect(try await found("filter[price][from]=15&filter[price][to]=25") == [open])
            #expect(try await found("filter[closed_at][to]=1589297221") == [elsewhere])
            #expect(try await found("filter[closed_at][from]=1589297222") == [won])
            #expect(try await found("filter[closest_task_at][from]=0") == [])
            #expect(try await found("filter[name]=A") == [won])
            #expect(try await found("filter[name][]=A&filter[name][]=%D0%91") == [won, elsewhere])
            #expect(
                try await found("filter[responsible_user_id]=1&filter[created_by][]=1&filter[updated_by][0]=1").count
                    == 3)
            #expect(try await found("filter[created_by]=999") == [])
            #expect(try await found("order[updated_at]=desc&order[id]=desc") == [elsewhere, open, won])
            #expect(try await found("with=only_deleted") == [])
            #expect(try await found("limit=1000").count == 3)
            for query in [
                "filter[statuses]=142", "filter[statuses][0][status_id]=x", "filter[statuses][0][other]=1",
                "filter[price][from]=x", "filter[id]=9223372036854775808", "filter[name][a][b]=1", "order=id",
                "filter[id]=%00", "query[]=x",
            ] {
                let reply = try await door.get("/api/v4/leads?" + query)
                #expect(reply.status == 400 && reply.type == "application/problem+json", "\(query)")
            }
            let customer = try await door.newEntity(
                "customers", #"[{"next_price":500,"next_date":1589297221,"status_id":9}]"#)
            _ = try await door.newEntity("customers")
            #expect(try await found("filter[next_price]=500", "customers") == [customer])
            #expect(try await found("filter[next_date][from]=1", "customers") == [customer])
            #expect(try await found("filter[status_id][]=9", "customers") == [customer])
        }
    }

    @Test("hidden entities are not among a file's links, whichever way the file came to them")
    func hiddenLinks() async throws {
        try await Door.with { door async throws in
            let (ann, token) = try await door.newUser("ann")
            let field = try await door.newField()
            let (file, _) = try await door.uploaded("a.txt", token: token)
            let value = #"{"field_id":\#(field),"values":[{"value":{"file_uuid":"\#(file)"}}]}"#
            _ = try await door.newEntity("leads", #"[{"custom_fields_values":[\#(value)]}]"#)
            let seen = try await door.newEntity("leads", #"[{"responsible_user_id":\#(ann)}]"#)
            _ = try await door.newNote(
                "leads/\(seen)", #"[{"note_type":"attachment","params":{"file_uuid":"\#(file)"}}]"#)
            func entities(_ token: String?) async throws -> [Int64] {
                try await door.get("/api/v4/files/\(file)/links", token: token).json?["entities"]?.elements
                    .compactMap { $0["id"]?.integer } ?? []
            }
            #expect(try await entities(token) == [seen])
            #expect(try await entities(nil).count == 2)
        }
    }
}
