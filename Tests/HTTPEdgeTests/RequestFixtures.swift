import Hummingbird
import Logging
import NIOCore

@testable import HTTPEdge

/// Collects what was diverted to it, or only counts it.
final actor CollectingReceiver: ContentReceiver {
    private(set) var bytes: [UInt8] = []
    private(set) var count = 0
    private(set) var largestWrite = 0
    private let keeps: Bool

    init(keeps: Bool = true) { self.keeps = keeps }

    func write(_ buffer: ByteBuffer) {
        if keeps { bytes += Array(buffer.readableBytesView) }
        count += buffer.readableBytes
        largestWrite = max(largestWrite, buffer.readableBytes)
    }

    var text: String { String(decoding: bytes, as: UTF8.self) }
}

/// Remembers the receivers it made, by path.
final actor ReceiverMaker {
    private(set) var made: [(path: ParameterPath, receiver: CollectingReceiver)] = []
    private let keeps: Bool

    init(keeps: Bool = true) { self.keeps = keeps }

    func make(_ path: ParameterPath) -> CollectingReceiver {
        let receiver = CollectingReceiver(keeps: keeps)
        made.append((path, receiver))
        return receiver
    }

    /// Diverts `fileContent`, whole or its second element, wherever it stands.
    nonisolated var diversion: ContentDiversion {
        ContentDiversion(
            isBase64: { $0.last == "fileContent" || $0.suffix(2) == ["fileContent", "1"] },
            makeReceiver: { await self.make($0) })
    }
}

extension EdgeRequest {
    /// A request as if it had come over a connection, its body in the given pieces.
    static func fixture(
        _ method: HTTPRequest.Method = .post, path: String = "/", query: String = "", headers: HTTPFields = [:],
        body: [[UInt8]] = [], declaredLength: Int? = nil
    ) -> EdgeRequest {
        var headers = headers
        headers[.contentLength] = declaredLength.map(String.init)
        let (stream, continuation) = AsyncStream<ByteBuffer>.makeStream()
        for piece in body { continuation.yield(ByteBuffer(bytes: piece)) }
        continuation.finish()
        return EdgeRequest(
            method: method, path: path, query: query, headers: headers, body: RequestBody(asyncSequence: stream),
            origin: "http://localhost", isTrustedTransport: true, remoteAddress: "127.0.0.1", id: "test",
            log: Logger(label: "test"))
    }

    static func fixture(type: String?, query: String = "", _ body: String, bytewise: Bool = false) -> EdgeRequest {
        let bytes = Array(body.utf8)
        return .fixture(
            query: query, headers: type.map { [.contentType: $0] } ?? [:],
            body: bytewise ? bytes.map { [$0] } : [bytes], declaredLength: bytes.count)
    }
}
