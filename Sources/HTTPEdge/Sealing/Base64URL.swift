/// RFC 4648 section 5 without padding, strict: one text for one sequence of bytes.
package enum Base64URL {
    private static let alphabet: StaticString = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

    /// Text of `[A-Za-z0-9_-]` only.
    package static func encode(_ bytes: some Sequence<UInt8>) -> String {
        Array(bytes).withUnsafeBytes { encode($0) }
    }

    /// As above, for bytes that stand in memory.
    package static func encode(_ bytes: UnsafeRawBufferPointer) -> String {
        String(unsafeUninitializedCapacity: length(of: bytes.count)) { write(bytes, to: $0[...]) }
    }

    /// How long the text of that many bytes is.
    static func length(of bytes: Int) -> Int { (bytes * 4 + 2) / 3 }

    /// Writes the text of `bytes` to the beginning of `text`.
    /// - Returns: its length.
    static func write(_ bytes: UnsafeRawBufferPointer, to text: Slice<UnsafeMutableBufferPointer<UInt8>>) -> Int {
        let letters = alphabet.utf8Start
        let text = UnsafeMutableBufferPointer(rebasing: text)
        func letter(_ held: UInt32, _ place: UInt32) -> UInt8 { letters[Int(held >> (18 - 6 * place) & 0x3f)] }
        var (index, count) = (0, 0)
        while index + 3 <= bytes.count {
            let held = UInt32(bytes[index]) << 16 | UInt32(bytes[index + 1]) << 8 | UInt32(bytes[index + 2])
            for place in 0..<4 { text[count + place] = letter(held, UInt32(place)) }
            index += 3
            count += 4
        }
        // Two bytes are three letters, one is two.
        let left = bytes.count - index
        if left > 0 {
            let held = UInt32(bytes[index]) << 16 | (left > 1 ? UInt32(bytes[index + 1]) << 8 : 0)
            for place in 0...left { text[count + place] = letter(held, UInt32(place)) }
            count += left + 1
        }
        return count
    }

    /// Nil for padding, foreign characters, an impossible length or unused bits that are not zero.
    package static func decode(_ text: some Collection<UInt8>) -> [UInt8]? {
        var bytes: [UInt8] = []
        var held: UInt32 = 0
        var bits: UInt32 = 0
        for character in text {
            guard let value = value(of: character) else { return nil }
            held = held << 6 | value
            bits += 6
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(truncatingIfNeeded: held >> bits))
            }
        }
        guard bits < 6, held & (1 << bits - 1) == 0 else { return nil }
        return bytes
    }

    private static func value(of character: UInt8) -> UInt32? {
        switch character {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(character) - 65
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(character) - 71
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(character) + 4
        case UInt8(ascii: "-"): 62
        case UInt8(ascii: "_"): 63
        default: nil
        }
    }
}
