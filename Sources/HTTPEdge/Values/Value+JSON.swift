import NIOCore

extension Value {
    /// This tree as JSON: members in order, exact nulls, `/` and non-ASCII as they are. A double without a fraction is
    /// written without one, a double that is no number as `null`, diverted content as `null`.
    package func writeJSON(into buffer: inout ByteBuffer) {
        switch self {
        case .null, .content:
            buffer.writeStaticString("null")
        case .bool(let bool):
            buffer.writeStaticString(bool ? "true" : "false")
        case .int(let int):
            buffer.writeDecimal(int)
        case .double(let double):
            buffer.writeJSON(double)
        case .string(let string):
            buffer.writeJSON(string, followedByColon: false)
        case .array(let elements):
            var separator = UInt8(ascii: "[")
            if elements.isEmpty { buffer.writeInteger(separator) }
            for element in elements {
                buffer.writeInteger(separator)
                element.writeJSON(into: &buffer)
                separator = UInt8(ascii: ",")
            }
            buffer.writeInteger(UInt8(ascii: "]"))
        case .object(let members):
            var separator = UInt8(ascii: "{")
            if members.isEmpty { buffer.writeInteger(separator) }
            for member in members {
                buffer.writeInteger(separator)
                buffer.writeJSON(member.key, followedByColon: true)
                member.value.writeJSON(into: &buffer)
                separator = UInt8(ascii: ",")
            }
            buffer.writeInteger(UInt8(ascii: "}"))
        }
    }
}

extension ByteBuffer {
    fileprivate mutating func writeDecimal(_ int: Int64) {
        writeWithUnsafeMutableBytes(minimumWritableBytes: 20) { target in
            var rest = int.magnitude
            var index = 20
            repeat {
                let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
                index -= 1
                target[index] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: digit)
                rest = quotient
            } while rest > 0
            if int < 0 {
                index -= 1
                target[index] = UInt8(ascii: "-")
            }
            for position in index..<20 { target[position - index] = target[position] }
            return 20 - index
        }
    }

    fileprivate mutating func writeJSON(_ double: Double) {
        guard double.isFinite else {
            writeStaticString("null")
            return
        }
        if let int = Int64(exactly: double), int.magnitude < 1 << 53 {
            writeDecimal(int)
        } else {
            writeString(double.description)
        }
    }

    fileprivate mutating func writeJSON(_ string: String, followedByColon: Bool) {
        var string = string
        string.withUTF8 { bytes in
            let extra = bytes.reduce(into: 0) { $0 += Self.escapeExtra($1) }
            writeWithUnsafeMutableBytes(minimumWritableBytes: bytes.count + extra + 3) { target in
                target[0] = UInt8(ascii: "\"")
                var end = 1
                if extra == 0 {
                    UnsafeMutableRawBufferPointer(rebasing: target[1...]).copyMemory(
                        from: UnsafeRawBufferPointer(bytes))
                    end += bytes.count
                } else {
                    for byte in bytes { Self.escape(byte, into: target, at: &end) }
                }
                target[end] = UInt8(ascii: "\"")
                guard followedByColon else { return end + 1 }
                target[end + 1] = UInt8(ascii: ":")
                return end + 2
            }
        }
    }

    /// How many bytes more than one `byte` takes in a JSON string.
    private static func escapeExtra(_ byte: UInt8) -> Int {
        if byte >= 0x20 { return byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") ? 1 : 0 }
        return shortEscape(byte) == nil ? 5 : 1
    }

    private static func shortEscape(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): byte
        case 0x08: UInt8(ascii: "b")
        case 0x0c: UInt8(ascii: "f")
        case 0x0a: UInt8(ascii: "n")
        case 0x0d: UInt8(ascii: "r")
        case 0x09: UInt8(ascii: "t")
        default: nil
        }
    }

    private static func escape(_ byte: UInt8, into target: UnsafeMutableRawBufferPointer, at end: inout Int) {
        func put(_ byte: UInt8) {
            target[end] = byte
            end += 1
        }
        if let short = shortEscape(byte) {
            put(UInt8(ascii: "\\"))
            put(short)
        } else if byte < 0x20 {
            for character in "\\u00".utf8 { put(character) }
            put(UInt8(ascii: "0") + byte >> 4)
            put(byte & 0x0f < 10 ? UInt8(ascii: "0") + byte & 0x0f : UInt8(ascii: "a") + byte & 0x0f - 10)
        } else {
            put(byte)
        }
    }
}
