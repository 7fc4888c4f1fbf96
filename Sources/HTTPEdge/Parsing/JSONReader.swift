import NIOCore

/// Reads JSON (RFC 8259) in any pieces. Duplicate members: the last wins.
struct JSONReader: BodyReader {
    enum State {
        case value, firstElement, firstKey, key, colon, afterValue, end
        case string, number
        case literal(StaticString, Int, Value)
    }

    private struct Container {
        let isObject: Bool
        var key = ""
        var members: [Value.Member] = []
        var elements: [Value] = []
    }

    private let isBase64: (@Sendable (ParameterPath) -> Bool)?
    private var budget: ParsingBudget
    private var state = State.value
    private var containers: [Container] = []
    private var root: Value?
    private var text: [UInt8] = []
    private var string = JSONStringReader(isContent: false)
    private var stringIsKey = false
    private var content: (any ContentReceiver)?

    init(limits: ParsingLimits, isBase64: (@Sendable (ParameterPath) -> Bool)?) {
        budget = ParsingBudget(limits)
        self.isBase64 = isBase64
    }

    var terminator: ByteBuffer { ByteBuffer(string: " ") }

    mutating func accept(_ receiver: any ContentReceiver) {
        content = receiver
        string.isOpen = true
    }

    /// The whole value, of any kind.
    mutating func value() throws(ParsingError) -> Value {
        guard case .end = state, let root else { throw .malformed("JSON that ends too early") }
        return root
    }

    mutating func finish() throws(ParsingError) -> RequestParameters {
        switch try value() {
        case .object(let members):
            return RequestParameters(tree: .object(members))
        case .array(let elements):
            return RequestParameters(
                tree: .object(elements.enumerated().map { Value.Member(String($0.offset), $0.element) }))
        case .null:
            return RequestParameters(tree: .object([]))
        default:
            throw .malformed("JSON that is neither an object nor an array")
        }
    }

    mutating func step(_ input: inout ByteBuffer) throws(ParsingError) -> ReadingStep {
        while input.readableBytes > 0 {
            switch state {
            case .string:
                if let step = try readString(&input) { return step }
            case .number:
                try readNumber(&input)
            case .literal(let word, let matched, let value):
                try readLiteral(word, matched, value, &input)
            default:
                guard let byte = input.readInteger(as: UInt8.self) else { return .starved }
                if byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 { continue }
                try readStructure(byte)
            }
        }
        return .starved
    }

    private mutating func readStructure(_ byte: UInt8) throws(ParsingError) {
        switch (state, byte) {
        case (.firstElement, UInt8(ascii: "]")):
            try close(isObject: false)
        case (.value, _), (.firstElement, _):
            try beginValue(byte)
        case (.firstKey, UInt8(ascii: "}")):
            try close(isObject: true)
        case (.firstKey, UInt8(ascii: "\"")), (.key, UInt8(ascii: "\"")):
            stringIsKey = true
            string = JSONStringReader(isContent: false)
            state = .string
        case (.colon, UInt8(ascii: ":")):
            state = .value
        case (.afterValue, UInt8(ascii: ",")):
            state = containers.last?.isObject == true ? .key : .value
        case (.afterValue, UInt8(ascii: "}")):
            try close(isObject: true)
        case (.afterValue, UInt8(ascii: "]")):
            try close(isObject: false)
        case (.end, _):
            throw .malformed("something after the end of the JSON")
        default:
            throw .malformed("JSON with an unexpected character")
        }
    }

    private mutating func beginValue(_ byte: UInt8) throws(ParsingError) {
        try budget.addValue()
        switch byte {
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            guard containers.count < budget.depth else { throw .tooDeep }
            let isObject = byte == UInt8(ascii: "{")
            containers.append(Container(isObject: isObject))
            state = isObject ? .firstKey : .firstElement
        case UInt8(ascii: "\""):
            stringIsKey = false
            string = JSONStringReader(isContent: isBase64.map { $0(path) } ?? false)
            state = .string
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            try budget.keep(1)
            text = [byte]
            state = .number
        case UInt8(ascii: "t"): state = .literal("true", 1, .bool(true))
        case UInt8(ascii: "f"): state = .literal("false", 1, .bool(false))
        case UInt8(ascii: "n"): state = .literal("null", 1, .null)
        default: throw .malformed("JSON with an unexpected character")
        }
    }

    /// Where the value at hand stands.
    private var path: ParameterPath {
        containers.map { $0.isObject ? $0.key : String($0.elements.count) }
    }

    private mutating func complete(_ value: Value) {
        guard let last = containers.indices.last else {
            root = value
            state = .end
            return
        }
        if containers[last].isObject {
            containers[last].members.append(Value.Member(containers[last].key, value))
        } else {
            containers[last].elements.append(value)
        }
        state = .afterValue
    }

    private mutating func close(isObject: Bool) throws(ParsingError) {
        guard let container = containers.popLast(), container.isObject == isObject else {
            throw .malformed("JSON with a bracket that closes nothing")
        }
        complete(isObject ? .object(Self.withoutDuplicates(container.members)) : .array(container.elements))
    }

    private static func withoutDuplicates(_ members: [Value.Member]) -> [Value.Member] {
        guard members.count > 1 else { return members }
        var positions: [String: Int] = Dictionary(minimumCapacity: members.count)
        var unique: [Value.Member]? = nil
        for (index, member) in members.enumerated() {
            if let position = positions[member.key] {
                if unique == nil { unique = Array(members[..<index]) }
                unique?[position].value = member.value
            } else {
                positions[member.key] = unique?.count ?? index
                unique?.append(member)
            }
        }
        return unique ?? members
    }

    private mutating func readString(_ input: inout ByteBuffer) throws(ParsingError) -> ReadingStep? {
        if string.isContent, !string.isOpen {
            if input.getInteger(at: input.readerIndex, as: UInt8.self) != UInt8(ascii: "\"") { return .opening(path) }
            string = JSONStringReader(isContent: false)  // an empty string stays a string
        }
        let ended = try string.read(&input, budget: &budget)
        let decoded = string.takeDecoded()
        if ended {
            if string.isContent, let content {
                content.base64Ended(wasStrict: string.wasStrictBase64)
                complete(.content(content))
            } else if stringIsKey {
                containers[containers.count - 1].key = try string.takeText()
                state = .colon
            } else {
                complete(.string(try string.takeText()))
            }
        }
        return decoded.readableBytes > 0 ? .content(decoded) : nil
    }

    private mutating func readLiteral(
        _ word: StaticString, _ matched: Int, _ value: Value, _ input: inout ByteBuffer
    ) throws(ParsingError) {
        guard let byte = input.readInteger(as: UInt8.self), byte == word.utf8Start[matched] else {
            throw .malformed("JSON with an unknown word")
        }
        if matched + 1 == word.utf8CodeUnitCount {
            complete(value)
        } else {
            state = .literal(word, matched + 1, value)
        }
    }

    private mutating func readNumber(_ input: inout ByteBuffer) throws(ParsingError) {
        let count = input.run { byte in
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."),
                UInt8(ascii: "e"), UInt8(ascii: "E"):
                false
            default: true
            }
        }
        try budget.keep(count)
        input.move(count, to: &text)
        guard input.readableBytes > 0 else { return }
        guard let number = JSONNumber.value(of: text) else { throw .malformed("a bad JSON number") }
        complete(number)
    }
}

extension Value {
    /// A JSON text held in memory.
    package static func json(_ bytes: ByteBuffer, limits: ParsingLimits = .init()) throws(ParsingError) -> Value {
        var reader = JSONReader(limits: limits, isBase64: nil)
        var input = bytes
        _ = try reader.step(&input)
        input = reader.terminator
        _ = try reader.step(&input)
        return try reader.value()
    }
}
