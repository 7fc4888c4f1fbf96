@testable import BitrixDialect
import DriveCore
import HTTPEdge
import NIOCore
import SQLStore
import Testing

@Suite("Limits an integrator can test against")
struct LimitsTests {
    private static func limits(_ change: (inout BitrixLimits) -> Void) -> BitrixLimits {
        var limits = BitrixLimits()
        change(&limits)
        return limits
    }

    // Vendor page `settings/performance/limits`: 50 at once, a bucket that loses 2 a second, one for each address.
    @Test("fifty calls of one address pass, the next is 503 with Retry-After, a second later two pass")
    func rate() async throws {
        let limits = Self.limits { $0.rate = .init(capacity: 50, drainPerSecond: 2) }
        try await Door.open(limits: limits) { (door) async throws in
            for _ in 1...50 { #expect(try await door.send(.get, door.webhook + "server.time").status == 200) }
            let refused = try await door.send(.get, door.webhook + "server.time")
            #expect(refused.failure == "503 QUERY_LIMIT_EXCEEDED")
            #expect(refused.json["error_description"] == "Too many requests")
            #expect(refused.headers[.retryAfter] == "1")
            #expect(try await door.send(.get, door.webhook + "server.time", from: "192.0.2.7").status == 200)
            door.clock.advance(ms: 1000)
            for expected in [200, 200, 503] {
                #expect(try await door.send(.get, door.webhook + "server.time").status == expected)
            }
        }
    }

    @Test("several credentials on one address share its bucket, and wrong ones fill it too")
    func sharing() async throws {
        let limits = Self.limits { $0.rate = .init(capacity: 3, drainPerSecond: 1) }
        try await Door.open(limits: limits) { (door) async throws in
            #expect(try await door.send(.get, door.webhook + "server.time").status == 200)
            #expect(try await door.send(.get, "/rest/server.time?auth=" + door.token).status == 200)
            #expect(try await door.send(.get, "/rest/1/wrong/server.time").failure == "401 NO_AUTH_FOUND")
            #expect(try await door.send(.get, "/rest/1/wrong/server.time").failure == "503 QUERY_LIMIT_EXCEEDED")
        }
    }

    @Test("a batch is one request")
    func batch() async throws {
        let limits = Self.limits { $0.rate = .init(capacity: 2, drainPerSecond: 1) }
        try await Door.open(limits: limits) { (door) async throws in
            let commands = Value.array(Array(repeating: "server.time", count: 50))
            let reply = try await door.call("batch", ["cmd": commands])
            #expect(reply.result["result"]?.array.count == 50)
            #expect(try await door.call("server.time").status == 200)
            #expect(try await door.call("server.time").status == 503)
        }
    }

    @Test("without a limit nothing is counted")
    func off() async throws {
        try await Door.open { (door) async throws in
            for _ in 1...300 { #expect(try await door.send(.get, door.webhook + "server.time").status == 200) }
            let time = try await door.call("server.time").json["time"]
            #expect(time?["operating"] == 0)
            #expect(time?["operating_reset_at"]?.number == (time?["start"]?.number ?? 0) + 600)
        }
    }

    // The call that passes the limit is completed; the next is refused until the oldest minute is ten minutes old.
    @Test("operating time is counted per method and caller, and its limit refuses with 429")
    func operating() async throws {
        try await Door.open(limits: Self.limits { $0.operatingSeconds = 0.000_000_001 }) { (door) async throws in
            let first = try await door.call("disk.storage.getlist")
            #expect(first.status == 200)
            guard case .double(let used)? = first.json["time"]?["operating"], used > 0 else {
                Issue.record("operating is \(String(describing: first.json["time"]?["operating"]))")
                return
            }
            #expect(first.json["time"]?["operating_reset_at"] == 1_790_000_600)
            let refused = try await door.call("DISK.storage.getList")
            #expect(refused.failure == "429 OPERATION_TIME_LIMIT")
            #expect(refused.json["error_description"] == "Method is blocked due to operation time limit.")
            #expect(refused.headers[.retryAfter] == "600")
            // Another method, and another credential, have time of their own.
            #expect(try await door.call("disk.storage.gettypes").status == 200)
            #expect(try await door.send(.get, "/rest/disk.storage.getlist?auth=" + door.token).status == 200)
            door.clock.advance(ms: 599_999)
            #expect(try await door.call("disk.storage.getlist").status == 429)
            door.clock.advance(ms: 1)
            #expect(try await door.call("disk.storage.getlist").status == 200)
        }
    }

    @Test("the commands of a batch are charged to their own methods and refused one by one")
    func operatingInBatch() async throws {
        try await Door.open(limits: Self.limits { $0.operatingSeconds = 0.000_000_001 }) { (door) async throws in
            let reply = try await door.call(
                "batch",
                ["cmd": ["a": "disk.storage.getlist", "b": "disk.storage.getlist", "c": "disk.storage.gettypes"]])
            #expect(reply.status == 200)
            #expect(reply.result["result"]?.keys == ["a", "c"])
            #expect(reply.result["result_error"]?["b"]?["error"] == "OPERATION_TIME_LIMIT")
            #expect(reply.result["result_time"]?["a"]?["operating"] != 0)
            #expect(try await door.call("batch", ["cmd": []]).status == 200)
        }
    }

    @Test("the limit stands before the application context and behind the scope")
    func orderOfChecks() async throws {
        try await Door.open(limits: Self.limits { $0.operatingSeconds = 0.000_000_001 }) { (door) async throws in
            let narrow = try await door.webhook(of: Person.ID(1), scopes: ["im"])
            _ = try await door.call("disk.storage.getlist")
            #expect(try await door.call("disk.storage.getlist", webhook: narrow).failure == "403 insufficient_scope")
            #expect(try await door.call("disk.storage.getforapp").failure == "403 ACCESS_DENIED")
        }
    }

    @Test(
        "an administrator's switch refuses every call, whoever asks",
        arguments: [
            (PortalState.overloaded, "503 OVERLOAD_LIMIT"), (.unpaid, "403 ACCESS_DENIED"),
            (.closed, "500 PORTAL_DELETED"),
        ])
    func portal(state: PortalState, failure: String) async throws {
        try await Door.open { (door) async throws in
            #expect(try await door.call("server.time").status == 200)
            try await door.drive.setPortalState(state)
            door.clock.advance(ms: 1000)
            #expect(try await door.call("server.time").failure == failure)
            #expect(try await door.send(.get, "/rest/1/wrong/server.time").failure == failure)
            try await door.drive.setPortalState(.open)
            door.clock.advance(ms: 1000)
            #expect(try await door.call("server.time").status == 200)
        }
    }

    @Test("the state of the portal is kept", arguments: Engine.allCases)
    func portalIsKept(engine: Engine) async throws {
        try await Door.open(engine) { (door) async throws in
            #expect(try await door.drive.portalState() == .open)
            for state in PortalState.allCases {
                try await door.drive.setPortalState(state)
                #expect(try await door.drive.portalState() == state)
            }
        }
    }

    @Test("a body beyond the limit, nesting and parameters beyond theirs are 400 and change nothing")
    func sizes() async throws {
        try await Door.open(limits: Self.limits { $0.bodyBytes = 1000 }) { (door) async throws in
            let storage = try await door.drive.personalStorage(of: Person.ID(1))
            let long = String(repeating: "x", count: 1000)
            let reply = try await door.call(
                "disk.storage.addfolder", ["id": .int(storage.id.rawValue), "data": ["NAME": .string(long)]])
            #expect(reply.failure == "400 INVALID_REQUEST")
        }
        try await Door.open { (door) async throws in
            let deep = String(repeating: "[a]", count: 40)
            #expect(try await door.form("disk.storage.getlist", "filter\(deep)=1").failure == "400 INVALID_REQUEST")
            let many = (0...50_000).map { "a\($0)=" }.joined(separator: "&")
            #expect(try await door.form("disk.storage.getlist", many).failure == "400 INVALID_REQUEST")
        }
    }
}

@Suite("Ten minutes of operating time")
struct OperatingWindowTests {
    // A bucket begins with the first call recorded in it and counts for ten minutes from there.
    @Test("calls within a minute share a bucket, which leaves ten minutes after it began")
    func buckets() {
        var window = OperatingWindow()
        window.add(100, atMs: 30_000)
        window.add(50, atMs: 89_999)
        window.add(7, atMs: 90_000)
        #expect(window.seconds == 157)
        #expect(window.resetMs == 630_000)
        window.forget(before: 629_999)
        #expect(window.seconds == 157)
        window.forget(before: 630_000)
        #expect(window.seconds == 7)
        #expect(window.resetMs == 690_000)
        window.forget(before: 690_000)
        #expect(window.isEmpty)
        #expect(window.resetMs == nil)
    }
}
