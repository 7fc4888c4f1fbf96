import Synchronization

/// Tells requests apart: sixteen hexadecimal digits that count up from where chance put this process's first.
enum RequestNumber {
    /// The highest bit is set, so that no digit is missing.
    private static let last = Atomic<UInt64>(.random(in: 1 << 63..<3 << 62))

    static func next() -> String { String(last.wrappingAdd(1, ordering: .relaxed).newValue, radix: 16) }
}
