/// Random text of lower-case hexadecimal digits.
package enum RandomHex {
    /// - Parameter words: how many times 64 random bits, 16 digits each.
    package static func text(words: Int) -> String {
        var random = SystemRandomNumberGenerator()
        let digits: StaticString = "0123456789abcdef"
        return String(unsafeUninitializedCapacity: 16 * words) { text in
            for word in 0..<words {
                var bits = random.next()
                for place in 0..<16 {
                    text[word * 16 + place] = digits.utf8Start[Int(bits & 15)]
                    bits >>= 4
                }
            }
            return 16 * words
        }
    }
}
