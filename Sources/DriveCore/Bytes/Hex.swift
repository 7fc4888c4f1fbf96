import Foundation

/// Bytes written as lower-case hexadecimal digits.
enum Hex {
    static func text(_ bytes: UnsafeRawBufferPointer) -> String {
        let digits: StaticString = "0123456789abcdef"
        return String(unsafeUninitializedCapacity: bytes.count * 2) { text in
            for (place, byte) in bytes.enumerated() {
                text[place * 2] = digits.utf8Start[Int(byte >> 4)]
                text[place * 2 + 1] = digits.utf8Start[Int(byte & 15)]
            }
            return bytes.count * 2
        }
    }

    static func text(_ bytes: some ContiguousBytes) -> String { bytes.withUnsafeBytes { text($0) } }
}
