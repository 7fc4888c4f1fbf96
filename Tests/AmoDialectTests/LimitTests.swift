import HTTPEdge
import Hummingbird
import Testing

@testable import AmoDialect

@Suite("How much an integration may ask for")
struct LimitTests {
    @Test("the eighth request of a second is 429 with a problem object; a second later it goes on")
    func sevenASecond() async throws {
        try await Door.with { unlimited async throws in
            let door = unlimited.limited(to: 7)
            let other = try await door.token()
            for _ in 0..<7 { #expect(try await door.get("/api/v4/account").status == 200) }
            // Another token of the same integration has the same budget.
            for token in [door.token, other] {
                let reply = try await door.get("/api/v4/account", token: token)
                #expect(reply.status == 429 && reply.type == "application/problem+json")
                #expect(reply.headers[.retryAfter] == "1" && reply.json?["retry_after"] == 1)
                #expect(
                    reply.json?["title"] == "Too Many Requests" && reply.json?["type"] == "https://httpstatus.es/429")
                #expect(reply.json?["status"] == 429 && reply.json?["detail"]?.text?.isEmpty == false)
            }
            // The files host is another budget, and says it in its own type.
            for _ in 0..<7 { #expect(try await door.get("/v1.0/files").status == 204) }
            let refused = try await door.get("/v1.0/files")
            #expect(refused.status == 429 && refused.type == "application/json")
            door.clock.advance(ms: 1000)
            #expect(try await door.get("/api/v4/account").status == 200)
        }
    }

    @Test("parts of uploads, their progress and downloads are not counted")
    func exempt() async throws {
        try await Door.with(settings: .maxPartSize(1)) { unlimited async throws in
            let door = unlimited.limited(to: 1)
            var reply = try await door.session("a.txt", size: 20)
            var url = try reply.text("upload_url")
            for _ in 0..<20 {
                reply = try await door.send(.post, url, [1], token: "")
                #expect(reply.status == 200)
                url = reply.json?["next_url"]?.text ?? url
            }
            let link = try #require(reply.json?.at("_links.download.href")?.text)
            for _ in 0..<20 { #expect(try await door.get(link, token: "").status == 200) }
            #expect(try await door.get("/v1.0/files").status == 429)
        }
    }

    @Test("without a limit there is none")
    func off() async throws {
        try await Door.with { door async throws in
            for _ in 0..<100 { #expect(try await door.get("/api/v4/account").status == 200) }
        }
    }
}
