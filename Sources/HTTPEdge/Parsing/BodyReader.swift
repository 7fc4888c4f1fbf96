import NIOCore

/// A push parser of one kind of body: takes input in any pieces and does no I/O of its own.
protocol BodyReader {
    /// Reads on in `input`.
    mutating func step(_ input: inout ByteBuffer) throws(ParsingError) -> ReadingStep
    /// Answers `.opening`.
    mutating func accept(_ receiver: any ContentReceiver)
    /// What to feed once the body has ended, so that a last value without a terminator is complete.
    var terminator: ByteBuffer { get }
    /// Everything read. Called once, after the terminator was read.
    mutating func finish() throws(ParsingError) -> RequestParameters
}

/// What a `BodyReader` asks of whoever feeds it.
enum ReadingStep {
    /// The input is used up.
    case starved
    /// Long content begins: `accept` must be called before the next step.
    case opening(ParameterPath)
    /// Decoded bytes for the receiver accepted last.
    case content(ByteBuffer)
}

/// What is left of a request's limits.
struct ParsingBudget {
    let depth: Int
    private var memory: Int
    private var values: Int

    init(_ limits: ParsingLimits) {
        depth = limits.depth
        memory = limits.memory
        values = limits.values
    }

    /// Counts text that stays in memory.
    mutating func keep(_ bytes: Int) throws(ParsingError) {
        guard bytes <= memory else { throw .tooLarge }
        memory -= bytes
    }

    /// Counts one scalar or container.
    mutating func addValue() throws(ParsingError) {
        guard values > 0 else { throw .tooMany }
        values -= 1
    }
}

extension ByteBuffer {
    /// How many readable bytes come before the first one that `stops`; all of them when none does.
    func run(before stops: (UInt8) -> Bool) -> Int {
        withUnsafeReadableBytes { bytes in
            var index = 0
            while index < bytes.count, !stops(bytes[index]) { index += 1 }
            return index
        }
    }

    /// Moves `count` readable bytes to the end of `scratch`.
    mutating func move(_ count: Int, to scratch: inout [UInt8]) {
        guard count > 0 else { return }
        withUnsafeReadableBytes { scratch.append(contentsOf: $0[..<count]) }
        moveReaderIndex(forwardBy: count)
    }
}

extension String {
    /// Text of a request: valid UTF-8 without NUL.
    init(requestText bytes: [UInt8]) throws(ParsingError) {
        guard !bytes.contains(0) else { throw .malformed("a NUL character") }
        guard let text = try? UTF8Span(validating: bytes.span) else { throw .malformed("text that is not UTF-8") }
        self = String(copying: text)
    }
}
