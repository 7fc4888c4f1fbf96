import DriveCore
import HTTPEdge
import SQLStore
import Testing

@testable import AmoDialect

/// One definition: every version of every file, of those in the trash too, and the declared size of every open session.
@Suite("What counts against the storage limit")
struct QuotaTests {
    private func used(_ door: Door) async throws -> Int64? {
        let reply = try await door.get("/v1.0/files/stats")
        #expect(reply.json?["limit"] == 1000)
        return reply.json?["used"]?.integer
    }

    @Test(
        "live files, versions, the trash and open sessions, each once, from beginning to end",
        arguments: Engine.allCases)
    func definition(engine: Engine) async throws {
        try await Door.with(engine, settings: .storageLimit(1000)) { door async throws in
            #expect(try await used(door) == 0)
            let file = try #require(
                try await door.upload("a.bin", [UInt8](repeating: 1, count: 100))["uuid"]?.text)
            #expect(try await used(door) == 100)
            // Equal bytes count again: nobody shall see that they were there.
            try await door.upload("b.bin", [UInt8](repeating: 1, count: 100))
            #expect(try await used(door) == 200)
            try await door.upload("a.bin", [UInt8](repeating: 2, count: 50), file: file)
            #expect(try await used(door) == 250)

            let first = try await door.session("c.bin", size: 300).text("upload_url")
            #expect(try await used(door) == 550)
            let second = try await door.send(.post, first, [UInt8](repeating: 3, count: 299), token: "").text(
                "next_url")
            #expect(try await used(door) == 550)
            _ = try await door.send(.post, second, [4], token: "")
            #expect(try await used(door) == 550)

            let list = #"[{"uuid":"\#(file)"}]"#
            _ = try await door.send(.delete, "/v1.0/files", json: list)
            #expect(try await used(door) == 550)
            _ = try await door.send(.post, "/v1.0/files/restore", json: list)
            #expect(try await used(door) == 550)

            // A session nobody goes on with holds its room until it expires.
            _ = try await door.session("d.bin", size: 450)
            #expect(try await used(door) == 1000)
            let refused = try await door.session("e.bin", size: 1)
            #expect(refused.status == 400 && refused.json?["detail"] == "Storage limit exceeded")
            door.clock.advance(ms: 86_400_000)
            _ = try await door.drive.sweepUploads()
            #expect(try await used(door) == 550)
            #expect(try await door.session("e.bin", size: 451).status == 400)
            #expect(try await door.session("e.bin", size: 450).status == 200)
            #expect(try await used(door) == 1000)

            _ = try await door.send(.delete, "/v1.0/files", json: list)
            door.clock.advance(ms: 1000)
            _ = try await door.drive.purgeTrash(olderThanMs: 0)
            // Both versions of the file are gone: 100 + 50.
            #expect(try await used(door) == 850)
        }
    }

    @Test("many sessions at once never promise more than there is", arguments: Engine.allCases)
    func atOnce(engine: Engine) async throws {
        try await Door.with(engine, settings: .storageLimit(1000)) { door async throws in
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<20 { group.addTask { try await door.session("a.bin", size: 100).status } }
                return try await group.reduce(into: [Int]()) { $0.append($1) }
            }
            #expect(statuses.filter { $0 == 200 }.count == 10 && statuses.filter { $0 == 400 }.count == 10)
            #expect(try await used(door) == 1000)
        }
    }
}
