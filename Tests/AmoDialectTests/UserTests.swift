import DriveCore
import HTTPEdge
import Testing

@testable import AmoDialect

@Suite("Users")
struct UserTests {
    @Test("users are for administrators; rights say what this account's rule is")
    func users() async throws {
        try await Door.with { door async throws in
            let (ann, token) = try await door.newUser("ann")
            for target in ["/api/v4/users", "/api/v4/users/1"] {
                let reply = try await door.get(target, token: token)
                #expect(reply.status == 403 && reply.type == "application/problem+json")
            }
            let model = try await door.get("/api/v4/users/\(ann)?with=role,group,uuid,amojo_id").json
            #expect(model?["name"] == "ann" && model?.at("rights.is_admin") == false)
            #expect(model?.at("rights.leads.view") == "M" && model?.at("rights.is_active") == true)
            #expect(model?["uuid"] == .null && model?["amojo_id"] == .null && model?["user_rank"] == nil)
            #expect(model?["_embedded"] == ["roles": [], "groups": []])
            let page = try await door.get("/api/v4/users?limit=1")
            #expect(page.json?["_total_items"] == 2 && page.json?["_page_count"] == 2)
            let second = try await door.get(try #require(page.json?.at("_links.next.href")?.text))
            #expect(second.embedded.compactMap { $0["id"]?.integer } == [ann.rawValue])
            #expect(try await door.get("/api/v4/users?page=3&limit=1").status == 204)
            for id in ["999", "0", "-1", "x"] { #expect(try await door.get("/api/v4/users/\(id)").status == 404) }
        }
    }
}
