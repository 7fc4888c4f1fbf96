import Foundation
import Hummingbird
import NIOCore
import TestSupport
import Testing

@testable import HTTPEdge

@Suite("The server, over real sockets", .timeLimit(.minutes(10)))
struct ServerTests {
    /// Reads the body and answers its length; notes how that ended.
    static func reader(_ outcomes: Outcomes) -> ClosureSurface {
        ClosureSurface(prefix: "/read") { request in
            do {
                var count = 0
                for try await chunk in request.checkedBody() { count += chunk.readableBytes }
                await outcomes.add("\(count)")
                return .json(.ok, ["read": .int(Int64(count))])
            } catch {
                await outcomes.add("\(error)")
                return .json(.badRequest, ["error": .string("\(error)")])
            }
        }
    }

    static let hello = ClosureSurface(prefix: "/hello") { _ in
        Response(status: .ok, body: ResponseBody(byteBuffer: ByteBuffer(string: "hello")))
    }

    static func exchange(_ port: Int, _ text: String) async throws -> String {
        try await blocking {
            let socket = try RawSocket(port: port)
            socket.send(text)
            return socket.receive()
        }
    }

    @Test("every answer says when it was made and which request it is for", arguments: ["/hello", "/nothing"])
    func stamped(path: String) async throws {
        try await withServer(surfaces: [Self.hello]) { port in
            // The kernel tells whole seconds by a clock that may be a tick behind.
            let before = Int64(Date().timeIntervalSince1970) - 1
            let request = "GET \(path) HTTP/1.1\r\nHost: a\r\n\r\n"
            let last = "GET \(path) HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
            let text = try await Self.exchange(port, request + last)
            func fields(_ name: String) -> [String] {
                text.split(separator: "\r\n").filter { $0.hasPrefix(name + ": ") }.map {
                    String($0.dropFirst(name.count + 2))
                }
            }
            let dates = fields("Date").compactMap(HTTPDate.seconds)
            #expect(dates.count == 2 && dates.allSatisfy { before...Int64(Date().timeIntervalSince1970) ~= $0 })
            let ids = fields("X-Request-Id")
            #expect(Set(ids).count == 2 && ids.allSatisfy { $0.count == 16 })
        }
    }

    @Test("whole bodies are read, with a length and in chunks")
    func wholeBodies() async throws {
        let outcomes = Outcomes()
        try await withServer(surfaces: [Self.reader(outcomes)]) { port in
            let first = try await Self.exchange(
                port, "POST /read HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 5\r\n\r\n12345")
            #expect(first.hasPrefix("HTTP/1.1 200 OK\r\n") && first.hasSuffix("{\"read\":5}"))
            let second = try await Self.exchange(
                port,
                "POST /read HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
            )
            #expect(second.hasSuffix("{\"read\":5}"))
        }
    }

    @Test(
        "a connection cut in the middle of a body is never taken for a whole one",
        arguments: [
            "Content-Length: 10\r\n\r\n12345", "Content-Length: 10\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n",
            "Transfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n", "Transfer-Encoding: chunked\r\n\r\n5\r\n123",
            "Transfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n0\r\n",
        ], ["shut down", "closed", "reset"])
    func cutBodies(rest: String, how: String) async throws {
        let outcomes = Outcomes()
        try await withServer(surfaces: [Self.reader(outcomes)]) { port in
            try await blocking {
                let socket = try RawSocket(port: port)
                socket.send("POST /read HTTP/1.1\r\nHost: a\r\n" + rest)
                usleep(100_000)
                if how == "shut down" {
                    socket.finishSending()
                    #expect(socket.receive().contains("cutShort"))
                } else if how == "reset" {
                    socket.reset()
                }
            }
            #expect(try await outcomes.first() == "cutShort")
        }
    }

    @Test(
        "a client that pauses in a body is told so and let go",
        arguments: ["Content-Length: 10", "Transfer-Encoding: chunked"])
    func slowBody(header: String) async throws {
        let outcomes = Outcomes()
        var settings = EdgeSettings()
        settings.bodyPauseSeconds = 1
        try await withServer(settings, surfaces: [Self.reader(outcomes)]) { port in
            let answer = try await Self.exchange(port, "POST /read HTTP/1.1\r\nHost: a\r\n\(header)\r\n\r\n1\r\n")
            #expect(answer.contains("400 Bad Request") && answer.contains("cutShort"))
        }
    }

    @Test("a client that sends nothing, or half a head, is let go")
    func slowHead() async throws {
        var settings = EdgeSettings()
        settings.bodyPauseSeconds = 1
        try await withServer(settings, surfaces: [Self.hello]) { port in
            for text in ["", "GET /hel"] {
                let isClosed = try await blocking {
                    let socket = try RawSocket(port: port)
                    socket.send(text)
                    return socket.isClosedByPeer()
                }
                #expect(isClosed)
            }
        }
    }

    @Test("a body that keeps coming and an answer that takes long outlive the pause")
    func longExchanges() async throws {
        let outcomes = Outcomes()
        var settings = EdgeSettings()
        settings.bodyPauseSeconds = 2
        let slow = ClosureSurface(prefix: "/slow") { _ in
            try await Task.sleep(for: .seconds(3))
            return Response(
                status: .ok,
                body: ResponseBody(contentLength: 3) { writer in
                    for _ in 0..<3 {
                        try await Task.sleep(for: .seconds(1))
                        try await writer.write(ByteBuffer(string: "x"))
                    }
                    try await writer.finish(nil)
                })
        }
        try await withServer(settings, surfaces: [Self.reader(outcomes), slow]) { port in
            let answer = try await blocking {
                let socket = try RawSocket(port: port)
                socket.send("POST /read HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 6\r\n\r\n")
                for _ in 0..<6 {
                    usleep(500_000)
                    socket.send("x")
                }
                return socket.receive()
            }
            #expect(answer.hasSuffix("{\"read\":6}"))
            let late = try await Self.exchange(port, "GET /slow HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            #expect(late.hasSuffix("\r\n\r\nxxx"))
        }
    }

    @Test(
        "every answer names its request: a whole one, one without a body, an unknown path, a failure",
        arguments: ["GET /hello", "HEAD /hello", "GET /nothing", "GET /fail"])
    func requestID(line: String) async throws {
        struct Failed: Error {}
        let failing = ClosureSurface(prefix: "/fail") { _ in throw Failed() }
        try await withServer(surfaces: [Self.hello, failing]) { port in
            let answer = try await Self.exchange(
                port, "\(line) HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            let head = answer.lowercased().split(whereSeparator: \.isNewline)
            #expect(head.contains { $0.hasPrefix("x-request-id: ") && $0.count == "x-request-id: ".count + 16 })
        }
    }

    @Test("pipelined requests are answered in order")
    func pipelining() async throws {
        let outcomes = Outcomes()
        try await withServer(surfaces: [Self.reader(outcomes), Self.hello]) { port in
            let answer = try await Self.exchange(
                port,
                "POST /read HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"
                    + "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n"
                    + "POST /read HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 4\r\n\r\nabcd")
            let bodies = answer.components(separatedBy: "HTTP/1.1 200 OK\r\n").dropFirst().map {
                String($0[$0.range(of: "\r\n\r\n")!.upperBound...])
            }
            #expect(bodies == ["{\"read\":3}", "hello", "{\"read\":4}"])
        }
    }

    @Test("HEAD has the length of GET and no body, and the connection goes on")
    func head() async throws {
        try await withServer(surfaces: [Self.hello]) { port in
            let answer = try await Self.exchange(
                port,
                "HEAD /hello HTTP/1.1\r\nHost: a\r\n\r\nGET /hello HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            let answers = answer.components(separatedBy: "HTTP/1.1 200 OK\r\n").dropFirst()
            #expect(answers.count == 2)
            #expect(answers.allSatisfy { $0.lowercased().contains("content-length: 5\r\n") })
            #expect(answers.first?.hasSuffix("\r\n\r\n") == true)
            #expect(answers.last?.hasSuffix("\r\n\r\nhello") == true)
        }
    }

    @Test(
        "requests that are no HTTP are refused and the connection closed",
        arguments: [
            "GET /hello HTTP/1.1\r\nHost: a\r\nX: \(String(repeating: "x", count: 200_000))\r\n\r\n",
            "GET /hello HTTP/1.1\r\nHost: a\r\n" + String(repeating: "X: y\r\n", count: 2_000) + "\r\n",
            "GET /\(String(repeating: "x", count: 200_000)) HTTP/1.1\r\nHost: a\r\n\r\n", "garbage\r\n\r\n",
            "POST /hello HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n",
            "POST /hello HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        ])
    func badRequests(text: String) async throws {
        try await withServer(surfaces: [Self.hello]) { port in
            let answer = try await Self.exchange(port, text)
            #expect(answer.hasPrefix("HTTP/1.1 400 "))
        }
    }

    @Test("an early answer to a large body arrives, and the connection ends soon")
    func earlyAnswer() async throws {
        let refusing = ClosureSurface(prefix: "/refuse") { _ in .json(.unauthorized, ["error": "no"]) }
        let start = ContinuousClock.now
        try await withServer(surfaces: [refusing]) { port in
            let answer = try await blocking {
                let socket = try RawSocket(port: port)
                socket.send("POST /refuse HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000000\r\n\r\n")
                for _ in 0..<64 where !socket.send([UInt8](repeating: 0x78, count: 65_536)) { break }
                return socket.receive()
            }
            #expect(answer.hasPrefix("HTTP/1.1 401 "))
            #expect(answer.lowercased().contains("connection: close\r\n"))
        }
        #expect(ContinuousClock.now - start < .seconds(100))
    }

    @Test("a small unread body does not cost the connection")
    func smallUnreadBody() async throws {
        try await withServer(surfaces: [Self.hello]) { port in
            let answer = try await Self.exchange(
                port,
                "POST /hello HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n12345"
                    + "GET /hello HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            #expect(answer.components(separatedBy: "HTTP/1.1 200 OK").count == 3)
        }
    }

    @Test("a client that expects 100 Continue gets it when, and only when, the body is wanted")
    func expectContinue() async throws {
        let outcomes = Outcomes()
        try await withServer(surfaces: [Self.reader(outcomes), Self.hello]) { port in
            let wanted = try await blocking {
                let socket = try RawSocket(port: port)
                socket.send(
                    "POST /read HTTP/1.1\r\nHost: a\r\nConnection: close\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n"
                )
                let first = socket.receive(until: "\r\n\r\n")
                socket.send("abc")
                return first + socket.receive()
            }
            #expect(wanted.hasPrefix("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n"))
            #expect(wanted.hasSuffix("{\"read\":3}"))
            let unwanted = try await Self.exchange(
                port, "POST /hello HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n")
            #expect(unwanted.hasPrefix("HTTP/1.1 200 OK\r\n"))
        }
    }

    @Test("failures show their request id and nothing else")
    func failures() async throws {
        struct Secret: Error { let password = "hunter2" }
        let failing = ClosureSurface(prefix: "/fail") { _ in throw Secret() }
        try await withServer(surfaces: [failing]) { port in
            let answer = try await Self.exchange(port, "GET /fail HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            #expect(answer.hasPrefix("HTTP/1.1 500 "))
            #expect(!answer.contains("hunter2") && !answer.contains("Secret"))
            #expect(answer.lowercased().contains("x-request-id: "))
            let nowhere = try await Self.exchange(port, "GET /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            #expect(nowhere.hasPrefix("HTTP/1.1 404 ") && nowhere.contains("application/json"))
        }
    }
}
