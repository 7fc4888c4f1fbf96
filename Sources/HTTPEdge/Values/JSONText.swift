/// JSON being written: plain memory that grows by doubling, because a `ByteBuffer` checks its ownership at every write.
///
/// What is written often is written here member by member (`Value.writtenObject`): a tree of values takes several times
/// as long.
package struct JSONText: ~Copyable {
    private var base: UnsafeMutableRawPointer
    /// Most small answers fit, and the allocator has memory of that size at hand.
    private var capacity = 1024
    private var count = 0

    init() { base = .allocate(byteCount: capacity, alignment: 1) }

    deinit { base.deallocate() }

    /// What was written; valid inside `body`.
    func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        body(UnsafeRawBufferPointer(start: base, count: count))
    }

    // MARK: Values

    mutating func write(_ value: Value) {
        switch value {
        case .null, .content:
            write("null" as StaticString)
        case .bool(let bool):
            write((bool ? "true" : "false") as StaticString)
        case .int(let int):
            write(int)
        case .double(let double):
            write(double)
        case .string(let string):
            write(string, followedBy: 0)
        case .array(let elements):
            write(byte: UInt8(ascii: "["))
            for element in elements {
                write(element)
                write(byte: Self.comma)
            }
            close(UInt8(ascii: "]"))
        case .object(let members):
            object { json in
                for member in members { json.member(member.key, member.value) }
            }
        case .written(let json):
            write(json.bytes)
        }
    }

    /// An object, its members in the order in which `body` writes them.
    mutating func object(_ body: (inout JSONText) -> Void) {
        write(byte: UInt8(ascii: "{"))
        body(&self)
        close(UInt8(ascii: "}"))
    }

    /// Every member and element ends with a comma, in whose place the bracket goes.
    private mutating func close(_ bracket: UInt8) {
        if base.load(fromByteOffset: count - 1, as: UInt8.self) == Self.comma { count -= 1 }
        write(byte: bracket)
    }

    private static let comma = UInt8(ascii: ",")

    // MARK: Members

    package mutating func member(_ key: String, _ value: Value) {
        write(key, followedBy: UInt8(ascii: ":"))
        write(value)
        write(byte: Self.comma)
    }

    package mutating func member(_ key: String, _ text: String) {
        write(key, followedBy: UInt8(ascii: ":"))
        write(text, followedBy: Self.comma)
    }

    package mutating func member(_ key: String, _ int: Int64) {
        write(key, followedBy: UInt8(ascii: ":"))
        write(int)
        write(byte: Self.comma)
    }

    /// An object within the object.
    package mutating func member(_ key: String, members: (inout JSONText) -> Void) {
        write(key, followedBy: UInt8(ascii: ":"))
        object(members)
        write(byte: Self.comma)
    }

    /// A number as text.
    package mutating func member(_ key: String, digits int: Int64) {
        write(key, followedBy: UInt8(ascii: ":"))
        write(byte: Self.quote)
        write(int)
        write(byte: Self.quote)
        write(byte: Self.comma)
    }

    /// One text in pieces.
    package mutating func member(_ key: String, pieces: [String]) {
        write(key, followedBy: UInt8(ascii: ":"))
        write(byte: Self.quote)
        for piece in pieces { write(inner: piece) }
        write(byte: Self.quote)
        write(byte: Self.comma)
    }

    /// Text that needs no escapes: digits, signs, letters.
    /// - Parameter length: bytes, at most.
    /// - Parameter fill: given room for that many; returns how many it wrote.
    package mutating func member(
        _ key: String, upTo length: Int, fill: (UnsafeMutableBufferPointer<UInt8>) -> Int
    ) {
        write(key, followedBy: UInt8(ascii: ":"))
        write(byte: Self.quote)
        let target = room(for: length).bindMemory(to: UInt8.self, capacity: length)
        let filled = fill(UnsafeMutableBufferPointer(start: target, count: length))
        precondition(0...length ~= filled)
        count += filled
        write(byte: Self.quote)
        write(byte: Self.comma)
    }

    private static let quote = UInt8(ascii: "\"")

    // MARK: Bytes

    /// Where the next `length` bytes go.
    @inline(__always)
    private mutating func room(for length: Int) -> UnsafeMutableRawPointer {
        if count + length > capacity { grow(to: count + length) }
        return base + count
    }

    @inline(never)
    private mutating func grow(to least: Int) {
        capacity = max(least, capacity * 2)
        let larger = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 1)
        larger.copyMemory(from: base, byteCount: count)
        base.deallocate()
        base = larger
    }

    private mutating func write(byte: UInt8) {
        room(for: 1).storeBytes(of: byte, as: UInt8.self)
        count += 1
    }

    private mutating func write(_ text: StaticString) {
        room(for: text.utf8CodeUnitCount).copyMemory(from: text.utf8Start, byteCount: text.utf8CodeUnitCount)
        count += text.utf8CodeUnitCount
    }

    private mutating func write(_ int: Int64) {
        let target = room(for: 20).assumingMemoryBound(to: UInt8.self)
        var rest = int.magnitude
        var digits = 1
        while rest >= 10 {
            rest /= 10
            digits += 1
        }
        let sign = int < 0 ? 1 : 0
        if int < 0 { target[0] = UInt8(ascii: "-") }
        rest = int.magnitude
        for index in stride(from: sign + digits - 1, through: sign, by: -1) {
            let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
            target[index] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: digit)
            rest = quotient
        }
        count += sign + digits
    }

    private mutating func write(_ double: Double) {
        guard double.isFinite else {
            write("null" as StaticString)
            return
        }
        if let int = Int64(exactly: double), int.magnitude < 1 << 53 {
            write(int)
        } else if let thousandths = Self.thousandths(double) {
            write(thousandths / 1000)
            write(byte: UInt8(ascii: "."))
            var rest = thousandths % 1000
            while rest > 0 {
                write(byte: UInt8(ascii: "0") + UInt8(rest / 100))
                rest = rest % 100 * 10
            }
        } else {
            for byte in double.description.utf8 { write(byte: byte) }
        }
    }

    /// The thousandths in a positive number that is a whole count of them, as times are; nil for any other. The digits of
    /// up to 15 are the shortest that give the number back, since no two such texts are the same double.
    private static func thousandths(_ double: Double) -> Int64? {
        let count = (double * 1000).rounded()
        return 0 < count && count < 1e15 && count / 1000 == double ? Int64(count) : nil
    }

    private mutating func write(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { bytes in
            guard let start = bytes.baseAddress else { return }
            room(for: bytes.count).copyMemory(from: start, byteCount: bytes.count)
        }
        count += bytes.count
    }

    /// - Parameter following: a byte after the closing quote; 0 for none.
    private mutating func write(_ string: String, followedBy following: UInt8) {
        write(byte: Self.quote)
        write(inner: string)
        write(byte: Self.quote)
        if following != 0 { write(byte: following) }
    }

    /// What stands between the quotes.
    private mutating func write(inner string: String) {
        var string = string
        string.withUTF8 { bytes in
            if Self.copy(UnsafeRawBufferPointer(bytes), to: room(for: bytes.count)) {
                count += bytes.count
            } else {
                let target = room(for: bytes.count * 6).assumingMemoryBound(to: UInt8.self)
                var end = 0
                for byte in bytes { Self.escape(byte, into: target, at: &end) }
                count += end
            }
        }
    }

    /// Copies `bytes`, eight at a time.
    /// - Returns: whether nothing among them has to be escaped.
    private static func copy(_ bytes: UnsafeRawBufferPointer, to target: UnsafeMutableRawPointer) -> Bool {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let highBits = ones << 7
        /// A high bit where a byte of `word` is below `limit`; beyond the first such byte more than there are.
        func below(_ limit: UInt64, _ word: UInt64) -> UInt64 { (word &- ones &* limit) & ~word & highBits }
        var index = 0
        guard bytes.count >= 8 else {
            var isPlain = true
            while index < bytes.count {
                target.storeBytes(of: bytes[index], toByteOffset: index, as: UInt8.self)
                isPlain = isPlain && Self.isPlain(bytes[index])
                index += 1
            }
            return isPlain
        }
        var found: UInt64 = 0
        while index < bytes.count {
            // The last eight may overlap those before them.
            index = min(index, bytes.count - 8)
            let word = bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            target.storeBytes(of: word, toByteOffset: index, as: UInt64.self)
            found |= below(0x20, word) | below(1, word ^ ones &* 0x22) | below(1, word ^ ones &* 0x5c)
            index += 8
        }
        return found == 0
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
    }

    private static func escape(_ byte: UInt8, into target: UnsafeMutablePointer<UInt8>, at end: inout Int) {
        guard !isPlain(byte) else {
            target[end] = byte
            end += 1
            return
        }
        target[end] = UInt8(ascii: "\\")
        end += 2
        switch byte {
        case 0x08: target[end - 1] = UInt8(ascii: "b")
        case 0x0c: target[end - 1] = UInt8(ascii: "f")
        case 0x0a: target[end - 1] = UInt8(ascii: "n")
        case 0x0d: target[end - 1] = UInt8(ascii: "r")
        case 0x09: target[end - 1] = UInt8(ascii: "t")
        case 0x20...: target[end - 1] = byte
        default:
            let low = byte & 0x0f
            target[end - 1] = UInt8(ascii: "u")
            target[end] = UInt8(ascii: "0")
            target[end + 1] = UInt8(ascii: "0")
            target[end + 2] = UInt8(ascii: "0") + byte >> 4
            target[end + 3] = low < 10 ? UInt8(ascii: "0") + low : UInt8(ascii: "a") + low - 10
            end += 4
        }
    }
}
