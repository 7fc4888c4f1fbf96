import DriveCore
import HTTPEdge
import Hummingbird
import SQLStore
import Synchronization
import TestSupport
import Testing

@testable import AmoDialect

/// Whatever the connection does, the file ends whole and identical, once, and nothing of the trouble stays behind.
@Suite("Uploads over a faulty connection")
struct FaultyConnectionTests {
    /// As large as the parts of a client that does not ask.
    private static let maxPartSize = 131_072

    private func bytes(_ count: Int, seed: UInt64) -> [UInt8] {
        var random = SeededGenerator(state: seed)
        return (0..<(count + 7) / 8).flatMap { _ in
            withUnsafeBytes(of: random.next().littleEndian) { Array($0) }
        }.prefix(count).map(\.self)
    }

    @Test(
        "requests cut, answers lost, cut, delayed and sent twice: each published loop ends with the file",
        arguments: Engine.allCases, UploadLoop.allCases)
    func byChance(engine: Engine, loop: UploadLoop) async throws {
        // One byte, small enough for the row, one part exactly, two parts exactly, and parts with a rest.
        let sizes = [1, 20_000, 131_072, 262_144, 300_001]
        try await Door.with(engine, settings: .maxPartSize(Int64(Self.maxPartSize))) { door async throws in
            try await door.listening { server async throws in
                var faults = 0
                for (index, size) in sizes.enumerated() {
                    let seed = UInt64(1000 + index)
                    let plan = FaultPlan(seed: seed)
                    let proxy = try FaultyProxy { plan.next(for: $0) }
                    proxy.lead(to: server)
                    let whole = bytes(size, seed: seed)
                    let url = try await door.session("архив \(index).tar.gz", size: size).text("upload_url")
                    let file = try await blocking {
                        try loop.upload(whole, to: url, maxPartSize: Self.maxPartSize, port: proxy.port)
                    }
                    let place: Comment = "\(loop) \(size), seed \(seed), after \(plan.total) faults"
                    #expect(file["name"] == .string("архив \(index).tar"), place)
                    try await door.expectContent(of: file, is: whole, place)
                    #expect(try await door.get("/v1.0/files").embedded.count == index + 1, place)
                    faults += plan.total
                }
                #expect(faults > 0)
            }
            #expect(try await door.drive.blobs.stagings().isEmpty)
            let report = try await door.drive.check(repair: false)
            #expect(report.isClean && report.unreferenced.isEmpty)
        }
    }

    @Test(
        "a request cut at any byte of any part changes nothing, and the same request then goes through",
        arguments: Engine.allCases)
    func everyByteOfARequest(engine: Engine) async throws {
        let whole = bytes(60, seed: 7)
        try await Door.with(engine, settings: .maxPartSize(24)) { door async throws in
            try await door.listening { server async throws in
                let cut = Mutex(Fault.none)
                let proxy = try FaultyProxy { _ in cut.withLock { $0 } }
                proxy.lead(to: server)
                let opened = try await door.session("a.bin", size: whole.count)
                let session = Upload.ID(try #require(opened.json?["session_id"]?.integer))
                var url = try opened.text("upload_url")
                for (number, start) in stride(from: 0, to: 60, by: 24).enumerated() {
                    let part = Array(whole[start..<min(start + 24, 60)])
                    let request = Self.request(part, to: url)
                    // One byte short of the whole at most: then the server cannot have taken it.
                    for count in 0..<request.count {
                        cut.withLock { $0 = .requestCut(after: count, withReset: count % 2 == 0) }
                        let answer = try await Self.send(request, to: proxy)
                        #expect(answer.status == 0, "part \(number + 1), byte \(count)")
                    }
                    let state = try await door.drive.upload(session)
                    #expect(state.receivedBytes == Int64(start) && state.nextPart == Int64(number + 1))
                    cut.withLock { $0 = .none }
                    let answer = try await Self.send(request, to: proxy)
                    #expect(answer.status == 200)
                    let value = try Value.json(.init(bytes: answer.body ?? []))
                    guard let next = value["next_url"]?.text else {
                        try await door.expectOnlyFile(value, is: whole)
                        return
                    }
                    url = next
                }
                Issue.record("the last part is not answered with the file")
            }
        }
    }

    @Test(
        "an answer cut at any byte is had whole by sending the part again, and is the same each time",
        arguments: Engine.allCases)
    func everyByteOfAnAnswer(engine: Engine) async throws {
        let whole = bytes(40, seed: 8)
        try await Door.with(engine, settings: .maxPartSize(20)) { door async throws in
            try await door.listening { server async throws in
                let cut = Mutex(Fault.none)
                let proxy = try FaultyProxy { _ in cut.withLock { $0 } }
                proxy.lead(to: server)
                var url = try await door.session("a.bin", size: whole.count).text("upload_url")
                for start in [0, 20] {
                    let request = Self.request(Array(whole[start..<(start + 20)]), to: url)
                    cut.withLock { $0 = .answerCut(after: 0, withReset: false) }
                    #expect(try await Self.send(request, to: proxy).status == 0)
                    cut.withLock { $0 = .none }
                    let first = try await Self.send(request, to: proxy)
                    let body = try #require(first.body)
                    // Every answer is as long: date and request id have fixed lengths.
                    for count in stride(from: 1, to: first.bytes.count, by: 3) {
                        cut.withLock { $0 = .answerCut(after: count, withReset: count % 2 == 0) }
                        #expect(try await Self.send(request, to: proxy).body == nil, "byte \(count)")
                    }
                    cut.withLock { $0 = .again }
                    #expect(try await Self.send(request, to: proxy).body == body)
                    cut.withLock { $0 = .twiceAtOnce }
                    #expect(try await Self.send(request, to: proxy).body == body)
                    let value = try Value.json(.init(bytes: body))
                    guard let next = value["next_url"]?.text else {
                        try await door.expectOnlyFile(value, is: whole)
                        return
                    }
                    url = next
                }
                Issue.record("the last part is not answered with the file")
            }
        }
    }

    @Test(
        "the server stops in mid-upload and another takes over: the client goes on with its last URL",
        arguments: Engine.allCases, UploadLoop.allCases)
    func restart(engine: Engine, loop: UploadLoop) async throws {
        // Seven parts: more requests than the first two servers see.
        let whole = bytes(800_000, seed: 9)
        try await Door.with(engine, settings: .maxPartSize(Int64(Self.maxPartSize))) { door async throws in
            let plan = FaultPlan(seed: 99)
            let seen = Mutex(0)
            let proxy = try FaultyProxy { message in
                seen.withLock { $0 += 1 }
                return plan.next(for: message)
            }
            let url = try await door.session("a.bin", size: whole.count).text("upload_url")
            let uploading = Task {
                try await blocking {
                    try loop.upload(whole, to: url, maxPartSize: Self.maxPartSize, port: proxy.port)
                }
            }
            // Each server is stopped after some requests; in between nobody listens, and the client tries in vain.
            for _ in 1...2 {
                try await door.restarted().listening { server async throws in
                    seen.withLock { $0 = 0 }
                    proxy.lead(to: server)
                    for _ in 0..<2000 where seen.withLock({ $0 }) < 3 {
                        try await Task.sleep(for: .milliseconds(5))
                    }
                    proxy.lead(to: 0)
                }
            }
            try await door.restarted().listening { server async throws in
                proxy.lead(to: server)
                _ = try await uploading.value
            }
            try await door.expectOnlyFile(try await uploading.value, is: whole, "\(loop), after \(plan.total) faults")
        }
    }

    @Test("a client that gives up in mid-part leaves the session to the sweep", arguments: Engine.allCases)
    func abandoned(engine: Engine) async throws {
        let whole = bytes(60_000, seed: 10)
        try await Door.with(engine) { door async throws in
            try await door.listening { server async throws in
                let proxy = try FaultyProxy { .requestCut(after: $0.bytes.count / 2, withReset: false) }
                proxy.lead(to: server)
                let url = try await door.session("a.bin", size: whole.count).text("upload_url")
                #expect(try await Self.send(Self.request(whole, to: url), to: proxy).status == 0)
                #expect(try await door.drive.usedBytes() == 60_000)
                door.clock.advance(ms: 86_400_000 + 1000)
                #expect(try await door.drive.sweepUploads() == 1)
                #expect(try await door.drive.blobs.stagings().isEmpty)
                #expect(try await door.drive.usedBytes() == 0)
                #expect(try await door.get("/v1.0/files").status == 204)
            }
        }
    }

    private static func request(_ part: [UInt8], to url: String) -> [UInt8] {
        let path = "/" + url.split(separator: "/", maxSplits: 2).dropFirst(2).joined()
        let head =
            "POST \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Length: \(part.count)\r\n\r\n"
        return Array(head.utf8) + part
    }

    private static func send(_ request: [UInt8], to proxy: FaultyProxy) async throws -> Message {
        try await blocking {
            let connection = try Connection(port: proxy.port)
            connection.send(request)
            return Message(bytes: connection.receive())
        }
    }
}
