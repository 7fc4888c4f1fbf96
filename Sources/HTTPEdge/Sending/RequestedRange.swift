/// What a `Range` header asks of a content of known size (RFC 9110 section 14).
enum RequestedRange: Equatable {
    /// No range, one we do not understand, or several: the whole content is a correct answer.
    case whole
    case part(Range<Int64>)
    case unsatisfiable

    init(_ header: String?, sizeBytes: Int64) {
        guard let header, let equals = header.firstIndex(of: "="),
            header[..<equals].filter({ $0 != " " }).lowercased() == "bytes"
        else {
            self = .whole
            return
        }
        var parts: [Range<Int64>] = []
        for piece in header[header.index(after: equals)...].split(separator: ",") {
            let spec = piece.filter { $0 != " " && $0 != "\t" }
            if spec.isEmpty { continue }
            guard let range = Self.range(spec[...], sizeBytes) else {
                self = .whole  // one bad spec spoils the header, and a bad header is ignored
                return
            }
            parts.append(range)
        }
        let satisfiable = parts.filter { $0.lowerBound < sizeBytes && !$0.isEmpty }
        if parts.isEmpty || satisfiable.count > 1 {
            self = .whole
        } else if let only = satisfiable.first {
            self = .part(only)
        } else {
            // A suffix of an empty content is the whole empty content.
            self = sizeBytes == 0 && parts.contains { $0.lowerBound == 0 && $0.isEmpty } ? .whole : .unsatisfiable
        }
    }

    /// A spec clamped to the content; empty past its end when it cannot be satisfied, nil when it is no spec.
    private static func range(_ spec: Substring, _ size: Int64) -> Range<Int64>? {
        guard let dash = spec.firstIndex(of: "-") else { return nil }
        let (before, after) = (spec[..<dash], spec[spec.index(after: dash)...])
        if before.isEmpty {
            guard let length = number(after) else { return nil }
            return length == 0 ? .max..<(.max) : max(0, size - length)..<size
        }
        guard let first = number(before) else { return nil }
        guard !after.isEmpty else { return first < size ? first..<size : .max..<(.max) }
        guard let last = number(after), first <= last else { return nil }
        return first < size ? first..<(min(last, size - 1) + 1) : .max..<(.max)
    }

    /// Digits only; too great a number is as good as the greatest.
    private static func number(_ digits: Substring) -> Int64? {
        guard !digits.isEmpty, digits.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }) else {
            return nil
        }
        return Int64(digits) ?? .max
    }
}
