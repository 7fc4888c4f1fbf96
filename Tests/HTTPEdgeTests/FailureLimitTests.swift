import HTTPEdge
import Testing

@Suite("Limits on failures")
struct FailureLimitTests {
    struct Wrong: Error {}
    struct Broken: Error {}

    @Test("what succeeds, and what is nobody's fault, costs nothing")
    func forgiving() async throws {
        let limit = FailureLimit(.init(capacity: 2, drainPerSecond: 0.1))
        for _ in 0..<10 { try await limit.counting("a", atMs: 0, when: { $0 is Wrong }) {} }
        for _ in 0..<10 {
            await #expect(throws: Broken.self) {
                try await limit.counting("a", atMs: 0, when: { $0 is Wrong }) { throw Broken() }
            }
        }
        for _ in 0..<2 {
            await #expect(throws: Wrong.self) {
                try await limit.counting("a", atMs: 0, when: { $0 is Wrong }) { throw Wrong() }
            }
        }
        await #expect(throws: FailureLimit.Reached.self) {
            try await limit.counting("a", atMs: 0, when: { $0 is Wrong }) {}
        }
        try await limit.counting("b", atMs: 0, when: { $0 is Wrong }) {}
        try await limit.counting("a", atMs: 10_000, when: { $0 is Wrong }) {}
    }

    @Test(
        "an address keeps its query and gets what is told, encoded",
        arguments: [
            ("https://a.example/back", "https://a.example/back?code=1&state=%26%20%D1%8F"),
            ("https://a.example/back?x=1", "https://a.example/back?x=1&code=1&state=%26%20%D1%8F"),
            ("https://a.example/back?", "https://a.example/back?code=1&state=%26%20%D1%8F"),
            ("myapp:back?x=1&", "myapp:back?x=1&code=1&state=%26%20%D1%8F"),
        ])
    func redirect(base: String, expected: String) {
        #expect(RedirectAddress(base).adding([("code", "1"), ("none", nil), ("state", "& я")]) == expected)
    }
}
