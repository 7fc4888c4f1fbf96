/// Numbers as RFC 8259 section 6 writes them.
enum JSONNumber {
    /// `.int` for a whole number without fraction and exponent that fits Int64, else `.double`; nil when `text` is no
    /// number or none that a double can hold.
    static func value(of text: [UInt8]) -> Value? {
        guard let isWhole = shape(of: text[...]) else { return nil }
        let string = String(decoding: text, as: UTF8.self)
        if isWhole, let int = Int64(string) { return .int(int) }
        guard let double = Double(string), double.isFinite else { return nil }
        return .double(double)
    }

    /// True for digits alone, false for a fraction or exponent, nil for neither.
    private static func shape(of text: ArraySlice<UInt8>) -> Bool? {
        var rest = text
        func skipDigits() -> Int {
            let count = rest.prefix { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }.count
            rest = rest.dropFirst(count)
            return count
        }
        if rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
        let startsWithZero = rest.first == UInt8(ascii: "0")
        let whole = skipDigits()
        guard whole > 0, !(startsWithZero && whole > 1) else { return nil }
        if rest.isEmpty { return true }
        if rest.first == UInt8(ascii: ".") {
            rest = rest.dropFirst()
            guard skipDigits() > 0 else { return nil }
        }
        if rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") {
            rest = rest.dropFirst()
            if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
            guard skipDigits() > 0 else { return nil }
        }
        return rest.isEmpty ? false : nil
    }
}
