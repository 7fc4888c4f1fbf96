import Glibc
import Synchronization

/// Random text of lower-case hexadecimal digits.
package enum RandomHex {
    /// - Parameter words: how many times 64 random bits, 16 digits each; at most 32.
    package static func text(words: Int) -> String {
        let digits: StaticString = "0123456789abcdef"
        return withUnsafeTemporaryAllocation(byteCount: 8 * words, alignment: 8) { random in
            RandomBytes.fill(random)
            return String(unsafeUninitializedCapacity: 16 * words) { text in
                for place in 0..<random.count {
                    text[place * 2] = digits.utf8Start[Int(random[place] >> 4)]
                    text[place * 2 + 1] = digits.utf8Start[Int(random[place] & 15)]
                }
                return 16 * words
            }
        }
    }
}

/// Random bytes of the kernel, fetched 256 at a time: to ask for a few takes longer than most of what they are for.
private struct RandomBytes {
    /// What one call brings whole (getentropy(3)).
    private static let count = 256
    private static let shared = Mutex(RandomBytes())
    private var bytes = InlineArray<256, UInt8>(repeating: 0)
    private var left = 0

    /// - Parameter target: 256 bytes at most.
    static func fill(_ target: UnsafeMutableRawBufferPointer) {
        precondition(target.count <= count)
        // Whoever finds the store in use asks the kernel, so that nobody waits.
        if shared.withLockIfAvailable({ $0.give(to: target) }) == nil { ask(target) }
    }

    private mutating func give(to target: UnsafeMutableRawBufferPointer) {
        withUnsafeMutableBytes(of: &bytes) { store in
            if left < target.count {
                Self.ask(store)
                left = Self.count
            }
            let given = UnsafeMutableRawBufferPointer(rebasing: store[left - target.count..<left])
            target.copyMemory(from: UnsafeRawBufferPointer(given))
            // What was given stays nowhere here.
            given.initializeMemory(as: UInt8.self, repeating: 0)
        }
        left -= target.count
    }

    private static func ask(_ target: UnsafeMutableRawBufferPointer) {
        let code = target.baseAddress.map { getentropy($0, target.count) }
        precondition(code == 0, "no random bytes: \(String(cString: strerror(errno)))")
    }
}
