import Foundation
import Hummingbird
import NIOCore
import TestSupport
import Testing

@testable import HTTPEdge

@Suite("Stopping, health and downloads, over real sockets", .timeLimit(.minutes(10)))
struct ServerLifeTests {
    @Test("stopping waits for the answer under way and not for idle connections")
    func draining() async throws {
        let slow = ClosureSurface(prefix: "/slow") { _ in
            try await Task.sleep(for: .milliseconds(800))
            return Response(status: .ok, body: ResponseBody(byteBuffer: ByteBuffer(string: "done")))
        }
        let idle = SocketBox()
        let pending = SocketBox()
        var settings = EdgeSettings()
        // Far beyond what a busy machine takes to stop at once.
        settings.drainSeconds = 600
        let start = ContinuousClock.now
        try await withServer(settings, surfaces: [slow, ServerTests.hello]) { port in
            try await blocking {
                let first = try RawSocket(port: port)
                first.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n")
                _ = first.receive(until: "hello")
                idle.set(first)
                let second = try RawSocket(port: port)
                second.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n")
                usleep(200_000)
                pending.set(second)
            }
        }
        #expect(ContinuousClock.now - start < .seconds(300))
        let answer = try await blocking { pending.socket?.receive() ?? "" }
        #expect(answer.hasSuffix("done"))
    }

    @Test("stopping gives up on an answer that does not end")
    func drainLimit() async throws {
        var settings = EdgeSettings()
        settings.drainSeconds = 1
        let stuck = ClosureSurface(prefix: "/stuck") { _ in
            try await Task.sleep(for: .seconds(3600))
            return Response(status: .ok)
        }
        let box = SocketBox()
        let start = ContinuousClock.now
        try await withServer(settings, surfaces: [stuck]) { port in
            try await blocking {
                let socket = try RawSocket(port: port)
                socket.send("GET /stuck HTTP/1.1\r\nHost: a\r\n\r\n")
                usleep(200_000)
                box.set(socket)
            }
        }
        #expect(ContinuousClock.now - start < .seconds(300))
    }

    @Test("health and readiness name the part that failed")
    func health() async throws {
        struct Down: Error {}
        let surface = HealthSurface(parts: [.init("database") {}, .init("blobs") { throw Down() }])
        try await withServer(surfaces: [surface]) { port in
            let alive = try await ServerTests.exchange(
                port, "GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            #expect(alive.hasPrefix("HTTP/1.1 200 OK") && alive.contains("\r\n\r\nok"))
            let ready = try await ServerTests.exchange(
                port, "GET /readyz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            #expect(ready.hasPrefix("HTTP/1.1 503 "))
            #expect(ready.hasSuffix(#"{"status":"not ready","parts":{"database":"ok","blobs":"failed"}}"#))
        }
    }

    @Test("an abandoned download ends and lets go of what it read from")
    func abandonedDownload() async throws {
        let outcomes = Outcomes()
        let endless = ClosureSurface(prefix: "/file") { request in
            FileResponse(
                sizeBytes: 1 << 40, entityTag: "e", lastModifiedMs: 0, mediaType: "text/plain", fileName: "f",
                read: { range, send in
                    do {
                        while true { try await send(ByteBuffer(repeating: 0, count: 65_536)) }
                    } catch {
                        await outcomes.add("ended")
                        throw error
                    }
                }
            ).response(to: request)
        }
        try await withServer(surfaces: [endless]) { port in
            try await blocking {
                let socket = try RawSocket(port: port)
                socket.send("GET /file HTTP/1.1\r\nHost: a\r\n\r\n")
                _ = socket.receive(until: "\r\n\r\n")
                socket.reset()
            }
            #expect(try await outcomes.first() == "ended")
        }
    }

    @Test("a file that has fewer bytes than promised cuts the connection", arguments: [0, 3, 7])
    func brokenFile(bytes: Int) async throws {
        let broken = ClosureSurface(prefix: "/file") { request in
            FileResponse(
                sizeBytes: 5, entityTag: "e", lastModifiedMs: 0, mediaType: "text/plain", fileName: "f",
                read: { _, send in try await send(ByteBuffer(repeating: 0x78, count: bytes)) }
            ).response(to: request)
        }
        try await withServer(surfaces: [broken]) { port in
            let answer = try await ServerTests.exchange(port, "GET /file HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(answer.lowercased().contains("content-length: 5\r\n"))
            #expect(!answer.hasSuffix("xxxxx"))
        }
    }
}

/// Keeps a socket open past the closure that made it.
final class SocketBox: @unchecked Sendable {
    // Set once before it is read, on one thread after another.
    private(set) var socket: RawSocket?
    func set(_ socket: RawSocket) { self.socket = socket }
}
