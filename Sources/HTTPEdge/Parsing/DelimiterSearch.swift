import NIOCore

/// Finds a delimiter in a stream (Horspool's algorithm).
struct DelimiterSearch {
    let delimiter: [UInt8]
    /// By the last byte under the window: how far the window may move on.
    private let shifts: [Int]

    init(_ delimiter: [UInt8]) {
        self.delimiter = delimiter
        var shifts = [Int](repeating: delimiter.count, count: 256)
        for (index, byte) in delimiter.dropLast().enumerated() { shifts[Int(byte)] = delimiter.count - 1 - index }
        self.shifts = shifts
    }

    /// - Returns: how many leading bytes certainly come before the delimiter, and whether the delimiter follows them.
    func scan(_ buffer: ByteBuffer) -> (count: Int, found: Bool) {
        buffer.withUnsafeReadableBytes { bytes in
            let last = delimiter.count - 1
            var start = 0
            while start + last < bytes.count {
                let byte = bytes[start + last]
                if byte == delimiter[last], matches(bytes, at: start) { return (start, true) }
                start += shifts[Int(byte)]
            }
            return (min(start, max(0, bytes.count - last)), false)
        }
    }

    private func matches(_ bytes: UnsafeRawBufferPointer, at start: Int) -> Bool {
        for index in delimiter.indices where bytes[start + index] != delimiter[index] { return false }
        return true
    }
}
