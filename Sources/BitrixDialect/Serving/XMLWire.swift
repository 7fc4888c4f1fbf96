import HTTPEdge
import NIOCore

/// An answer as XML: the same tree under `<response>`, list elements as `<item>`, null as an empty element, true as 1
/// and false as nothing.
enum XMLWire {
    static func write(_ value: Value, into buffer: inout ByteBuffer) {
        buffer.writeString("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n")
        element("response", value, into: &buffer)
    }

    private static func element(_ name: String, _ value: Value, into buffer: inout ByteBuffer) {
        let isName = isElementName(name)
        buffer.writeString(isName ? "<\(name)>" : "<item key=\"\(escaped(name))\">")
        content(value, into: &buffer)
        buffer.writeString(isName ? "</\(name)>" : "</item>")
    }

    private static func content(_ value: Value, into buffer: inout ByteBuffer) {
        switch value {
        case .null, .bool(false), .content: break
        case .bool(true): buffer.writeString("1")
        case .int, .double, .string: buffer.writeString(escaped(value.text ?? ""))
        case .array(let values): for value in values { element("item", value, into: &buffer) }
        case .object(let members): for member in members { element(member.key, member.value, into: &buffer) }
        case .written(let json): content(json.tree, into: &buffer)
        }
    }

    private static func isElementName(_ name: String) -> Bool {
        guard let first = name.utf8.first, first == 0x5F || isLetter(first) else { return false }
        return name.utf8.allSatisfy { isLetter($0) || (0x30...0x39).contains($0) || [0x5F, 0x2D, 0x2E].contains($0) }
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) }

    /// Markup escaped; characters XML 1.0 cannot carry replaced.
    private static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "\t", "\n", "\r": result += "&#\(scalar.value);"
            default:
                let isAllowed = scalar.value >= 0x20 && scalar.value != 0xFFFE && scalar.value != 0xFFFF
                result.unicodeScalars.append(isAllowed ? scalar : "\u{FFFD}")
            }
        }
        return result
    }
}
