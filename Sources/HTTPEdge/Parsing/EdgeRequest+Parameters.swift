import Hummingbird
import NIOCore

extension EdgeRequest {
    /// Reads query and body (JSON, urlencoded, multipart; without a content type by the first byte) into one tree.
    /// Consumes the body. Nothing longer than a chunk is held of diverted content.
    /// - Throws: `ParsingError`; whatever the receiver throws.
    package func parameters(
        limits: ParsingLimits = .init(), diversion: ContentDiversion?
    ) async throws -> RequestParameters {
        let fromQuery = try await queryParameters(limits: limits, diversion: diversion)
        guard hasBody else { return fromQuery }
        var chunks = checkedBody(limit: limits.body).makeAsyncIterator()
        let fromBody = try await bodyParameters(&chunks, limits: limits, diversion: diversion)
        guard case .object(let queryMembers) = fromQuery.tree, case .object(let bodyMembers) = fromBody.tree,
            !queryMembers.isEmpty
        else { return fromBody }
        if bodyMembers.isEmpty { return RequestParameters(tree: fromQuery.tree, uploads: fromBody.uploads) }
        let bodyKeys = Set(bodyMembers.map(\.key))
        let merged = queryMembers.filter { !bodyKeys.contains($0.key) } + bodyMembers
        return RequestParameters(tree: .object(merged), uploads: fromBody.uploads)
    }

    private func queryParameters(
        limits: ParsingLimits, diversion: ContentDiversion?
    ) async throws -> RequestParameters {
        guard let diversion else { return RequestParameters(tree: try .query(query, limits: limits)) }
        var feed = ReaderFeed(FormReader(limits: limits, isBase64: diversion.isBase64), diversion)
        try await feed.feed(ByteBuffer(string: query))
        return try await feed.finish()
    }

    private func bodyParameters(
        _ chunks: inout CheckedBody.AsyncIterator, limits: ParsingLimits, diversion: ContentDiversion?
    ) async throws -> RequestParameters {
        let isBase64 = diversion?.isBase64
        let type = HeaderParameters(headers[.contentType] ?? "")
        if type.value == "multipart/form-data" {
            guard let boundary = type["boundary"], 1...200 ~= boundary.utf8.count else {
                throw ParsingError.malformed("a multipart body without a boundary")
            }
            // Some clients announce the type with an empty body.
            guard let first = try await Self.firstChunk(&chunks) else { return RequestParameters(tree: .object([])) }
            let reader = MultipartReader(boundary: boundary, limits: limits, isBase64: isBase64)
            return try await Self.read(first, &chunks, with: reader, diversion)
        }
        guard let first = try await Self.firstChunk(&chunks) else { return RequestParameters(tree: .object([])) }
        let json = JSONReader(limits: limits, isBase64: isBase64)
        let form = FormReader(limits: limits, isBase64: isBase64)
        switch type.value {
        case "application/json", "text/json":
            return try await Self.read(first, &chunks, with: json, diversion)
        case "application/x-www-form-urlencoded":
            return try await Self.read(first, &chunks, with: form, diversion)
        case let other where other.hasSuffix("+json"):
            return try await Self.read(first, &chunks, with: json, diversion)
        default:
            let byte = first.getInteger(at: first.readerIndex + first.run { !Self.isSpace($0) }, as: UInt8.self)
            if byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") {
                return try await Self.read(first, &chunks, with: json, diversion)
            }
            return try await Self.read(first, &chunks, with: form, diversion)
        }
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0d || byte == 0x0a }

    /// Skips chunks of white space; nil for a body that has nothing else.
    private static func firstChunk(_ chunks: inout CheckedBody.AsyncIterator) async throws -> ByteBuffer? {
        while let chunk = try await chunks.next() {
            if chunk.run(before: { !isSpace($0) }) < chunk.readableBytes { return chunk }
        }
        return nil
    }

    private static func read(
        _ first: ByteBuffer, _ chunks: inout CheckedBody.AsyncIterator, with reader: some BodyReader,
        _ diversion: ContentDiversion?
    ) async throws -> RequestParameters {
        var feed = ReaderFeed(reader, diversion)
        try await feed.feed(first)
        while let chunk = try await chunks.next() { try await feed.feed(chunk) }
        return try await feed.finish()
    }
}

/// Carries input into a reader and diverted content out of it.
struct ReaderFeed<Reader: BodyReader> {
    private var reader: Reader
    private let diversion: ContentDiversion?
    private var receiver: (any ContentReceiver)?

    init(_ reader: Reader, _ diversion: ContentDiversion?) {
        self.reader = reader
        self.diversion = diversion
    }

    mutating func feed(_ input: ByteBuffer) async throws {
        var input = input
        while true {
            switch try reader.step(&input) {
            case .starved:
                return
            case .opening(let path):
                guard let diversion else { return }
                let receiver = try await diversion.makeReceiver(path)
                self.receiver = receiver
                reader.accept(receiver)
            case .content(let bytes):
                try await receiver?.write(bytes)
            }
        }
    }

    mutating func finish() async throws -> RequestParameters {
        try await feed(reader.terminator)
        return try reader.finish()
    }
}
