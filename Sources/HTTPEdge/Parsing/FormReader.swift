import NIOCore

/// Reads `application/x-www-form-urlencoded` text: a body or a query.
struct FormReader: BodyReader {
    private enum State {
        case key
        case value(ParameterPath)
        /// A value to be diverted, of which nothing has come yet.
        case expectingContent(ParameterPath)
        case content
    }

    private enum Escape {
        case none, first
        case second(high: UInt8)
    }

    private let tree = BracketTree()
    private let isBase64: (@Sendable (ParameterPath) -> Bool)?
    private var budget: ParsingBudget
    private var state = State.key
    private var escape = Escape.none
    private var text: [UInt8] = []
    private var contentPath: ParameterPath = []
    private var content: (any ContentReceiver)?
    private var decoder = Base64StreamDecoder()
    private var decoded = ByteBuffer()

    init(limits: ParsingLimits, isBase64: (@Sendable (ParameterPath) -> Bool)?) {
        budget = ParsingBudget(limits)
        self.isBase64 = isBase64
    }

    var terminator: ByteBuffer { Self.ampersand }
    private static let ampersand = ByteBuffer(string: "&")

    mutating func accept(_ receiver: any ContentReceiver) {
        content = receiver
        state = .content
        decoder = Base64StreamDecoder()
    }

    mutating func finish() throws(ParsingError) -> RequestParameters {
        RequestParameters(tree: .object(tree.members))
    }

    mutating func step(_ input: inout ByteBuffer) throws(ParsingError) -> ReadingStep {
        while let byte = input.getInteger(at: input.readerIndex, as: UInt8.self) {
            switch escape {
            case .first:
                escape = .second(high: try Self.nibble(byte))
                input.moveReaderIndex(forwardBy: 1)
                continue
            case .second(let high):
                escape = .none
                input.moveReaderIndex(forwardBy: 1)
                try take(high << 4 | Self.nibble(byte))
                continue
            case .none:
                break
            }
            if case .expectingContent(let path) = state, byte != UInt8(ascii: "&") {
                contentPath = path
                return .opening(path)
            }
            switch byte {
            case UInt8(ascii: "&"):
                input.moveReaderIndex(forwardBy: 1)
                try endPair()
                if decoded.readableBytes > 0 { return .content(takeDecoded()) }
            case UInt8(ascii: "="):
                input.moveReaderIndex(forwardBy: 1)
                if case .key = state { try endKey() } else { try take(byte) }
            case UInt8(ascii: "%"):
                input.moveReaderIndex(forwardBy: 1)
                escape = .first
            case UInt8(ascii: "+"):
                input.moveReaderIndex(forwardBy: 1)
                try take(UInt8(ascii: " "))
            default:
                try takeRun(&input)
            }
        }
        return decoded.readableBytes > 0 ? .content(takeDecoded()) : .starved
    }

    private mutating func takeRun(_ input: inout ByteBuffer) throws(ParsingError) {
        let count = input.run {
            $0 == UInt8(ascii: "&") || $0 == UInt8(ascii: "=") || $0 == UInt8(ascii: "%") || $0 == UInt8(ascii: "+")
        }
        if case .content = state {
            decoder.decode(input.readableBytesView.prefix(count), into: &decoded)
            input.moveReaderIndex(forwardBy: count)
        } else {
            try budget.keep(count)
            input.move(count, to: &text)
        }
    }

    private mutating func take(_ byte: UInt8) throws(ParsingError) {
        if case .content = state {
            withUnsafeBytes(of: byte) { decoder.decode($0, into: &decoded) }
        } else {
            try budget.keep(1)
            text.append(byte)
        }
    }

    private mutating func takeText() throws(ParsingError) -> String {
        defer { text.removeAll(keepingCapacity: true) }
        return try String(requestText: text)
    }

    private mutating func takeDecoded() -> ByteBuffer {
        defer { decoded = ByteBuffer() }
        return decoded
    }

    /// The path of the key just read; an empty one for a name that means nothing.
    private mutating func keyPath() throws(ParsingError) -> ParameterPath {
        guard let key = BracketKey(try takeText()) else { return [] }
        guard key.steps.count < budget.depth else { throw .tooDeep }
        return tree.resolve(key)
    }

    private mutating func endKey() throws(ParsingError) {
        let path = try keyPath()
        state = !path.isEmpty && isBase64?(path) == true ? .expectingContent(path) : .value(path)
    }

    private mutating func endPair() throws(ParsingError) {
        switch state {
        case .key:
            guard !text.isEmpty else { return }
            try insert(.string(""), at: keyPath())
        case .value(let path):
            try insert(.string(takeText()), at: path)
        case .expectingContent(let path):
            try insert(.string(""), at: path)
        case .content:
            if let content { try insert(.content(content), at: contentPath) }
            decoder.finish(into: &decoded)
            content?.base64Ended(wasStrict: decoder.wasStrict)
        }
        state = .key
    }

    private mutating func insert(_ value: Value, at path: ParameterPath) throws(ParsingError) {
        try tree.insert(value, at: path[...], budget: &budget)
    }

    private static func nibble(_ character: UInt8) throws(ParsingError) -> UInt8 {
        guard let value = PercentEncoding.nibble(character) else { throw .malformed("a bad percent escape") }
        return value
    }
}

extension Value {
    /// A PHP-style query (`a[b][]=c`) as a tree of strings, arrays and objects.
    /// - Throws: `ParsingError`.
    package static func query(_ text: String, limits: ParsingLimits = .init()) throws(ParsingError) -> Value {
        if let plain = PlainQuery.members(of: text, limits: limits) { return .object(plain) }
        return try tree(ofQuery: text, limits: limits)
    }

    /// The same for any query.
    static func tree(ofQuery text: String, limits: ParsingLimits = .init()) throws(ParsingError) -> Value {
        var reader = FormReader(limits: limits, isBase64: nil)
        var input = ByteBufferAllocator().buffer(capacity: text.utf8.count + 1)
        input.writeString(text)
        input.writeImmutableBuffer(reader.terminator)
        _ = try reader.step(&input)
        return try reader.finish().tree
    }
}
