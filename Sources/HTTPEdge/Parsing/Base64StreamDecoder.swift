import NIOCore

/// Decodes base64 as it comes, the way PHP's lenient decoder does: a space is `+`, anything outside the alphabet is
/// passed over, `=` ends nothing, a lone last character is dropped.
package struct Base64StreamDecoder: Sendable {
    private var held: UInt32 = 0
    private var heldCount = 0
    private var paddingCount = 0
    private var metTextAfterPadding = false

    /// True once a character outside the alphabet (white space and `=` apart) was met.
    package private(set) var metForeignCharacter = false

    /// After `finish`: whether a strict reader would have taken the text. Line breaks and left out padding are fine;
    /// foreign characters, padding of a wrong length or in the middle, and a lone last character are not.
    package private(set) var wasStrict = true

    package init() {}

    /// Appends what `input` completes to `output`; up to three characters stay behind for the next call.
    package mutating func decode(_ input: ByteBufferView, into output: inout ByteBuffer) {
        input.withUnsafeBytes { decode($0, into: &output) }
    }

    /// The same for bytes of any origin.
    mutating func decode(_ input: UnsafeRawBufferPointer, into output: inout ByteBuffer) {
        guard !input.isEmpty else { return }
        output.writeWithUnsafeMutableBytes(minimumWritableBytes: (input.count + heldCount) / 4 * 3 + 3) { target in
            Self.table.withUnsafeBufferPointer { fill(target, from: input, table: $0) }
        }
    }

    /// Appends the bytes of an incomplete last group.
    package mutating func finish(into output: inout ByteBuffer) {
        let isPadded = paddingCount == 0 || paddingCount <= 2 && heldCount + paddingCount == 4
        wasStrict = isPadded && heldCount != 1 && !metForeignCharacter && !metTextAfterPadding
        if heldCount == 3 {
            output.writeInteger(UInt16(truncatingIfNeeded: held >> 2))
        } else if heldCount == 2 {
            output.writeInteger(UInt8(truncatingIfNeeded: held >> 4))
        }
        held = 0
        heldCount = 0
    }

    private mutating func fill(
        _ target: UnsafeMutableRawBufferPointer, from input: UnsafeRawBufferPointer, table: UnsafeBufferPointer<UInt8>
    ) -> Int {
        var written = 0
        var index = 0
        while index < input.count {
            if heldCount == 0, paddingCount == 0, index + 4 <= input.count {
                let a = table[Int(input[index])]
                let b = table[Int(input[index + 1])]
                let c = table[Int(input[index + 2])]
                let d = table[Int(input[index + 3])]
                if (a | b | c | d) < 64 {
                    target[written] = a << 2 | b >> 4
                    target[written + 1] = b << 4 | c >> 2
                    target[written + 2] = c << 6 | d
                    written += 3
                    index += 4
                    continue
                }
            }
            let value = table[Int(input[index])]
            index += 1
            guard value < 64 else {
                if value == Self.foreign { metForeignCharacter = true }
                if value == Self.padding { paddingCount += 1 }
                continue
            }
            if paddingCount > 0 { metTextAfterPadding = true }
            held = held << 6 | UInt32(value)
            heldCount += 1
            if heldCount == 4 {
                target[written] = UInt8(truncatingIfNeeded: held >> 16)
                target[written + 1] = UInt8(truncatingIfNeeded: held >> 8)
                target[written + 2] = UInt8(truncatingIfNeeded: held)
                written += 3
                held = 0
                heldCount = 0
            }
        }
        return written
    }

    private static let foreign: UInt8 = 0xff
    private static let padding: UInt8 = 0x81

    /// Values of the alphabet; 0x80 for what is passed over in silence.
    private static let table: [UInt8] = {
        var table = [UInt8](repeating: foreign, count: 256)
        for (value, character) in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8.enumerated() {
            table[Int(character)] = UInt8(value)
        }
        table[Int(UInt8(ascii: " "))] = 62
        for character in "\r\n\t".utf8 { table[Int(character)] = 0x80 }
        table[Int(UInt8(ascii: "="))] = padding
        return table
    }()
}
