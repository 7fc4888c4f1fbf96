import Foundation
import Hummingbird
import NIOCore
import Synchronization
import TestSupport
import Testing

@testable import HTTPEdge

@Suite("Downloads handed to the kernel, over real sockets", .timeLimit(.minutes(10)))
struct FileTransferTests {
    private static let piece = Int(FileTransfer.pieceBytes)

    @Test(
        "every byte arrives, whatever the size against the piece",
        arguments: [1, 1000, piece - 1, piece, piece + 1, 2 * piece + 5])
    func sizes(size: Int) async throws {
        try await Served.with(size: size) { served, port in
            let answer = try await ServerTests.exchange(port, Self.request())
            #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
            #expect(answer.lowercased().contains("content-length: \(size)\r\n"))
            #expect(Self.body(of: answer) == served.text[...])
            #expect(served.wasTransferred)
        }
    }

    // RFC 9110, section 14.1.2: both ends of a range count, a suffix counts from the end.
    @Test("ranges, across pieces too")
    func ranges() async throws {
        let size = 2 * Self.piece + 5
        try await Served.with(size: size) { served, port in
            let text = Array(served.text.utf8)
            let cases: [(String, Range<Int>)] = [
                ("bytes=0-0", 0..<1), ("bytes=5-9", 5..<10), ("bytes=-7", size - 7..<size),
                ("bytes=\(Self.piece - 2)-\(Self.piece + 1)", Self.piece - 2..<Self.piece + 2),
                ("bytes=\(Self.piece)-", Self.piece..<size),
            ]
            for (header, range) in cases {
                let answer = try await ServerTests.exchange(port, Self.request("Range: \(header)\r\n"))
                #expect(answer.hasPrefix("HTTP/1.1 206 "))
                let span = "content-range: bytes \(range.lowerBound)-\(range.upperBound - 1)/\(size)\r\n"
                #expect(answer.lowercased().contains(span))
                #expect(Self.body(of: answer) == String(decoding: text[range], as: UTF8.self)[...])
            }
            let head = try await ServerTests.exchange(
                port, "HEAD /file HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            #expect(head.lowercased().contains("content-length: \(size)\r\n"))
            #expect(Self.body(of: head) == "")
        }
    }

    @Test("answers on one connection follow each other in order")
    func pipelined() async throws {
        try await Served.with(size: Self.piece + 10) { served, port in
            let plain = "GET /file HTTP/1.1\r\nHost: a\r\n\r\n"
            let answer = try await ServerTests.exchange(
                port, plain + "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n" + Self.request())
            let pieces = answer.components(separatedBy: "HTTP/1.1 200 OK\r\n").dropFirst().map { String($0) }
            #expect(pieces.count == 3)
            #expect(pieces.first?.hasSuffix(served.text) == true)
            #expect(pieces.dropFirst().first?.hasSuffix("hello") == true)
            #expect(pieces.last?.hasSuffix(served.text) == true)
        }
    }

    @Test("clients that go away at any moment leave no file open")
    func abandoned() async throws {
        try await Served.with(size: 8 * Self.piece) { served, port in
            for round in 0..<40 {
                try await blocking {
                    let socket = try RawSocket(port: port)
                    socket.send("GET /file HTTP/1.1\r\nHost: a\r\n\r\n")
                    if round % 3 != 0 { _ = socket.receive(until: "\r\n\r\n") }
                    socket.reset()
                }
            }
            for _ in 0..<400 where served.openFiles > 0 { try await Task.sleep(for: .milliseconds(25)) }
            #expect(served.openFiles == 0)
            #expect(Self.body(of: try await ServerTests.exchange(port, Self.request())) == served.text[...])
        }
    }

    @Test("a file that was cut short cuts the connection instead of passing for whole")
    func shortened() async throws {
        try await Served.with(size: Self.piece) { served, port in
            try served.truncate(to: Self.piece - 1)
            let answer = try await ServerTests.exchange(port, Self.request())
            #expect(answer.lowercased().contains("content-length: \(Self.piece)\r\n"))
            #expect(Self.body(of: answer).utf8.count < Self.piece)
        }
    }

    private static func request(_ headers: String = "") -> String {
        "GET /file HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\(headers)\r\n"
    }

    private static func body(of answer: String) -> Substring {
        answer.range(of: "\r\n\r\n").map { answer[$0.upperBound...] } ?? ""
    }
}

/// A server with one file, which knows how often the file is open.
private final class Served: Sendable {
    let text: String
    private let path: String
    private let state = Mutex((open: 0, transfers: 0))

    var openFiles: Int { state.withLock { $0.open } }
    var wasTransferred: Bool { state.withLock { $0.transfers > 0 } }

    static func with(size: Int, _ body: @escaping @Sendable (Served, Int) async throws -> Void) async throws {
        let served = try Served(size: size)
        defer { unlink(served.path) }
        let surface = ClosureSurface(prefix: "/file") { request in
            FileResponse(
                sizeBytes: Int64(size), entityTag: "e", lastModifiedMs: 0, mediaType: "text/plain", fileName: "f",
                open: { try OpenedFile(served).transferable },
                read: { _, _ in Issue.record("the bytes passed through the program") }
            ).response(to: request)
        }
        try await withServer(surfaces: [surface, ServerTests.hello]) { port in try await body(served, port) }
    }

    private init(size: Int) throws {
        // A period that is prime to the piece, so that misplaced pieces show.
        let alphabet = Array("abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJK".utf8)
        let bytes = (0..<size).map { alphabet[$0 % alphabet.count] }
        text = String(decoding: bytes, as: UTF8.self)
        path = NSTemporaryDirectory() + "/dossier-transfer-" + UUID().uuidString
        try Data(bytes).write(to: URL(fileURLWithPath: path))
    }

    func truncate(to size: Int) throws { #expect(Glibc.truncate(path, off_t(size)) == 0) }

    private final class OpenedFile: Sendable {
        let served: Served
        let descriptor: Int32

        init(_ served: Served) throws {
            self.served = served
            descriptor = open(served.path, O_RDONLY)
            served.state.withLock { $0.open += 1 }
        }

        deinit {
            close(descriptor)
            served.state.withLock { $0.open -= 1 }
        }

        var transferable: TransferableFile {
            TransferableFile(descriptor: descriptor, keeper: self) { range in
                self.served.state.withLock { $0.transfers += 1 }
                var status = stat()
                guard fstat(self.descriptor, &status) == 0, Int64(status.st_size) >= range.upperBound else {
                    throw FileResponseError.tooFewBytes
                }
            }
        }
    }
}
