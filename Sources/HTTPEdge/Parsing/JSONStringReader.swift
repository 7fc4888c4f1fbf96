import NIOCore

/// Reads one JSON string after its opening quote, into text or, for content, through base64.
struct JSONStringReader {
    private enum Escape {
        case none, backslash
        case hex(value: UInt16, digits: Int)
    }

    /// True when the string is base64 for a receiver.
    let isContent: Bool
    /// True once the receiver is there.
    var isOpen = false
    private var escape = Escape.none
    private var highSurrogate: UInt16?
    private var text: [UInt8] = []
    private var decoder = Base64StreamDecoder()
    private var decoded = ByteBuffer()

    init(isContent: Bool) { self.isContent = isContent }

    mutating func takeText() throws(ParsingError) -> String {
        defer { text = [] }
        return try String(requestText: text)
    }

    /// Of content that has ended.
    var wasStrictBase64: Bool { decoder.wasStrict }

    mutating func takeDecoded() -> ByteBuffer {
        defer { decoded = ByteBuffer() }
        return decoded
    }

    /// Reads on.
    /// - Returns: true once the closing quote was read.
    mutating func read(_ input: inout ByteBuffer, budget: inout ParsingBudget) throws(ParsingError) -> Bool {
        while true {
            if case .none = escape, highSurrogate == nil {
                let count = input.run { $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") || $0 < 0x20 }
                if isContent {
                    decoder.decode(input.readableBytesView.prefix(count), into: &decoded)
                    input.moveReaderIndex(forwardBy: count)
                } else {
                    try budget.keep(count)
                    input.move(count, to: &text)
                }
            }
            guard let byte = input.readInteger(as: UInt8.self) else { return false }
            switch escape {
            case .backslash:
                try readEscape(byte, &budget)
            case .hex(let value, let digits):
                try readHex(byte, value, digits, &budget)
            case .none:
                if byte == UInt8(ascii: "\\") {
                    escape = .backslash
                } else if highSurrogate != nil {
                    throw .malformed("a JSON string with half a surrogate pair")
                } else if byte == UInt8(ascii: "\"") {
                    if isContent { decoder.finish(into: &decoded) }
                    return true
                } else {
                    throw .malformed("a JSON string with a control character")
                }
            }
        }
    }

    private mutating func readEscape(_ byte: UInt8, _ budget: inout ParsingBudget) throws(ParsingError) {
        if byte == UInt8(ascii: "u") {
            escape = .hex(value: 0, digits: 0)
            return
        }
        guard highSurrogate == nil else { throw .malformed("a JSON string with half a surrogate pair") }
        escape = .none
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): try take(byte, &budget)
        case UInt8(ascii: "b"): try take(0x08, &budget)
        case UInt8(ascii: "f"): try take(0x0c, &budget)
        case UInt8(ascii: "n"): try take(0x0a, &budget)
        case UInt8(ascii: "r"): try take(0x0d, &budget)
        case UInt8(ascii: "t"): try take(0x09, &budget)
        default: throw .malformed("a JSON string with an unknown escape")
        }
    }

    private mutating func readHex(
        _ byte: UInt8, _ value: UInt16, _ digits: Int, _ budget: inout ParsingBudget
    ) throws(ParsingError) {
        guard let digit = Character(UnicodeScalar(byte)).hexDigitValue, byte < 0x80 else {
            throw .malformed("a JSON string with an unknown escape")
        }
        let unit = value << 4 | UInt16(digit)
        guard digits == 3 else {
            escape = .hex(value: unit, digits: digits + 1)
            return
        }
        escape = .none
        switch (highSurrogate, unit) {
        case (nil, 0xd800...0xdbff):
            highSurrogate = unit
        case (let high?, 0xdc00...0xdfff):
            highSurrogate = nil
            let scalar = 0x10000 + (UInt32(high) - 0xd800) << 10 + (UInt32(unit) - 0xdc00)
            try takeScalar(scalar, &budget)
        case (nil, 0xdc00...0xdfff), (_?, _):
            throw .malformed("a JSON string with half a surrogate pair")
        default:
            try takeScalar(UInt32(unit), &budget)
        }
    }

    private mutating func takeScalar(_ scalar: UInt32, _ budget: inout ParsingBudget) throws(ParsingError) {
        guard let scalar = Unicode.Scalar(scalar) else { throw .malformed("a JSON string with an unknown escape") }
        for byte in UTF8.encode(scalar) ?? .init() { try take(byte, &budget) }
    }

    private mutating func take(_ byte: UInt8, _ budget: inout ParsingBudget) throws(ParsingError) {
        if isContent {
            withUnsafeBytes(of: byte) { decoder.decode($0, into: &decoded) }
        } else {
            try budget.keep(1)
            text.append(byte)
        }
    }
}
