import Glibc

/// Random text of lower-case hexadecimal digits.
package enum RandomHex {
    /// - Parameter words: how many times 64 random bits, 16 digits each; at most 32.
    package static func text(words: Int) -> String {
        let digits: StaticString = "0123456789abcdef"
        return withUnsafeTemporaryAllocation(byteCount: 8 * words, alignment: 8) { random in
            // One call for all of them; up to 256 bytes come whole (getentropy(3)).
            let code = random.baseAddress.map { getentropy($0, random.count) }
            precondition(code == 0, "no random bytes: \(String(cString: strerror(errno)))")
            return String(unsafeUninitializedCapacity: 16 * words) { text in
                for (place, byte) in random.enumerated() {
                    text[place * 2] = digits.utf8Start[Int(byte >> 4)]
                    text[place * 2 + 1] = digits.utf8Start[Int(byte & 15)]
                }
                return 16 * words
            }
        }
    }
}
