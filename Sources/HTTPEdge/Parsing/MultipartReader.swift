import NIOCore

/// Reads `multipart/form-data` (RFC 7578, RFC 2046 section 5.1).
struct MultipartReader: BodyReader {
    private enum State {
        case preamble, afterDelimiter, headers, epilogue
        /// In a part whose bytes are kept, decoded, passed on or ignored.
        case text(ParameterPath)
        case expectingContent(ParameterPath)
        case content(ParameterPath, any ContentReceiver)
        case upload
        case ignored
    }

    /// The header lines of one part, bytes.
    private static let headerLimit = 16 * 1024
    /// File parts of one body: each holds a receiver open.
    private static let uploadLimit = 100

    private let tree = BracketTree()
    private let isBase64: (@Sendable (ParameterPath) -> Bool)?
    private var budget: ParsingBudget
    private var search: DelimiterSearch
    private var state = State.preamble
    private var held = ByteBuffer(string: "\r\n")
    private var headerLines: [[UInt8]] = []
    private var headerBytes = 0
    private var part: MultipartHeader?
    private var text: [UInt8] = []
    private var decoder = Base64StreamDecoder()
    private var uploads: [UploadedPart] = []

    init(boundary: String, limits: ParsingLimits, isBase64: (@Sendable (ParameterPath) -> Bool)?) {
        budget = ParsingBudget(limits)
        search = DelimiterSearch(Array("\r\n--\(boundary)".utf8))
        self.isBase64 = isBase64
    }

    var terminator: ByteBuffer { ByteBuffer() }

    mutating func accept(_ receiver: any ContentReceiver) {
        if case .expectingContent(let path) = state {
            decoder = Base64StreamDecoder()
            state = .content(path, receiver)
        } else if let part, let fileName = part.fileName {
            uploads.append(
                UploadedPart(field: part.field, fileName: fileName, mediaType: part.mediaType, receiver: receiver))
        }
    }

    mutating func finish() throws(ParsingError) -> RequestParameters {
        guard case .epilogue = state else { throw .cutShort }
        return RequestParameters(tree: .object(tree.members), uploads: uploads)
    }

    mutating func step(_ input: inout ByteBuffer) throws(ParsingError) -> ReadingStep {
        held.writeBuffer(&input)
        defer { held.discardReadBytes() }
        while true {
            switch state {
            case .epilogue:
                held.clear()
                return .starved
            case .afterDelimiter:
                guard try readDelimiterEnd() else { return .starved }
            case .headers:
                guard let line = try readHeaderLine() else { return .starved }
                if !line.isEmpty {
                    headerLines.append(line)
                } else if let step = try beginPart() {
                    return step
                }
            default:
                let (count, found) = search.scan(held)
                if count > 0 {
                    if let step = try takeContent(count) { return step }
                } else if found {
                    held.moveReaderIndex(forwardBy: search.delimiter.count)
                    if let last = try endPart() { return .content(last) }
                } else {
                    return .starved
                }
            }
        }
    }

    private mutating func readDelimiterEnd() throws(ParsingError) -> Bool {
        held.moveReaderIndex(forwardBy: held.run { $0 != 0x20 && $0 != 0x09 })
        guard let first = held.getInteger(at: held.readerIndex, as: UInt16.self) else { return false }
        held.moveReaderIndex(forwardBy: 2)
        switch first {
        case 0x0d0a:
            headerLines = []
            headerBytes = 0
            state = .headers
        case 0x2d2d:
            state = .epilogue
        default:
            throw .malformed("a multipart boundary followed by something else")
        }
        return true
    }

    private mutating func readHeaderLine() throws(ParsingError) -> [UInt8]? {
        let count = held.run { $0 == 0x0a }
        guard headerBytes + count <= Self.headerLimit else {
            throw .malformed("a multipart part with too long a header")
        }
        guard count < held.readableBytes, var line = held.readBytes(length: count) else { return nil }
        held.moveReaderIndex(forwardBy: 1)
        headerBytes += count + 1
        guard line.popLast() == 0x0d else { throw .malformed("a multipart header line that ends badly") }
        return line
    }

    private mutating func beginPart() throws(ParsingError) -> ReadingStep? {
        let part = try MultipartHeader(lines: headerLines)
        self.part = part
        guard let key = BracketKey(part.field) else {
            state = .ignored
            return nil
        }
        guard key.steps.count < budget.depth else { throw .tooDeep }
        let path = tree.resolve(key)
        guard part.fileName != nil else {
            state = isBase64?(path) == true ? .expectingContent(path) : .text(path)
            return nil
        }
        try budget.addValue()
        guard uploads.count < Self.uploadLimit else { throw .tooMany }
        state = isBase64 == nil ? .ignored : .upload
        return isBase64 == nil ? nil : .opening(path)
    }

    private mutating func takeContent(_ count: Int) throws(ParsingError) -> ReadingStep? {
        switch state {
        case .text:
            try budget.keep(count)
            held.move(count, to: &text)
        case .expectingContent(let path):
            return .opening(path)
        case .content:
            var decoded = ByteBuffer()
            decoder.decode(held.readableBytesView.prefix(count), into: &decoded)
            held.moveReaderIndex(forwardBy: count)
            return decoded.readableBytes > 0 ? .content(decoded) : nil
        case .upload:
            return held.readSlice(length: count).map { .content($0) }
        default:
            held.moveReaderIndex(forwardBy: count)
        }
        return nil
    }

    /// - Returns: the last bytes of base64 content.
    private mutating func endPart() throws(ParsingError) -> ByteBuffer? {
        defer { state = .afterDelimiter }
        switch state {
        case .text(let path):
            defer { text.removeAll(keepingCapacity: true) }
            try tree.insert(.string(String(requestText: text)), at: path[...], budget: &budget)
        case .expectingContent(let path):
            try tree.insert(.string(""), at: path[...], budget: &budget)
        case .content(let path, let receiver):
            try tree.insert(.content(receiver), at: path[...], budget: &budget)
            var last = ByteBuffer()
            decoder.finish(into: &last)
            receiver.base64Ended(wasStrict: decoder.wasStrict)
            return last.readableBytes > 0 ? last : nil
        default:
            break
        }
        return nil
    }
}
