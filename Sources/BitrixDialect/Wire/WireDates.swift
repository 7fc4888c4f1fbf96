import Foundation
import HTTPEdge

/// Dates as Bitrix24 writes and reads them: `2026-02-16T12:52:05+02:00`, in the account's time zone.
struct WireDates: Sendable {
    let zone: TimeZone
    private let offsets: ZoneOffsets

    /// - Parameter identifier: an IANA name; an unknown one means UTC.
    init(zone identifier: String) {
        zone = TimeZone(identifier: identifier) ?? .gmt
        offsets = ZoneOffsets(zone)
    }

    /// Whole seconds with the zone's offset at that moment.
    func text(_ ms: Int64) -> String {
        String(unsafeUninitializedCapacity: Self.longestText) { write(ms, to: $0) }
    }

    /// The same into memory.
    /// - Parameter bytes: room for `longestText`.
    /// - Returns: how many were written, all ASCII.
    func write(_ ms: Int64, to bytes: UnsafeMutableBufferPointer<UInt8>) -> Int {
        let (second, offset) = local(ms)
        let minutes = abs(offset) / 60
        var digits = DateDigits(bytes)
        digits.dateAndTime(second, separator: "T")
        digits.put(offset < 0 ? "-" : "+")
        digits.put(minutes / 60, 2)
        digits.put(":")
        digits.put(minutes % 60, 2)
        return digits.count
    }

    /// Bytes, for any 64 bits of milliseconds.
    static let longestText = 40

    /// `2026-02-16 12:52:05`, local and without an offset, as a few members of a person are written.
    func localText(_ ms: Int64) -> String {
        String(unsafeUninitializedCapacity: Self.longestText) { bytes in
            var digits = DateDigits(bytes)
            digits.dateAndTime(local(ms).second, separator: " ")
            return digits.count
        }
    }

    func value(_ ms: Int64) -> Value { .string(text(ms)) }

    /// Null for no date.
    func value(_ ms: Int64?) -> Value { ms.map(value) ?? .null }

    /// Milliseconds of a date a client sent: ISO 8601 with or without an offset, or a bare date (midnight). Without an
    /// offset it is read in the account's time zone. Nil for anything else.
    func milliseconds(_ text: String) -> Int64? {
        guard let parsed = PartialDate(text), parsed.components.count == 3 || parsed.components.count >= 5 else {
            return nil
        }
        return milliseconds(parsed)
    }

    /// The moments a date with parts left out stands for: `2026-01` is that month.
    func range(_ text: String) -> Range<Int64>? {
        guard let parsed = PartialDate(text), let end = parsed.next else { return nil }
        let low = milliseconds(parsed)
        let high = milliseconds(end)
        return low < high ? low..<high : nil
    }

    private func milliseconds(_ date: PartialDate) -> Int64 {
        let wall = date.wallSeconds
        if let offset = date.offsetSeconds { return (wall - offset) * 1000 }
        let guess = wall - Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(wall))))
        return (wall - Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(guess))))) * 1000
    }

    private func local(_ ms: Int64) -> (second: Int64, offset: Int) {
        let second = Civil.floor(ms, by: 1000)
        let offset = offsets.seconds(at: second)
        return (second + Int64(offset), offset)
    }
}

extension JSONText {
    mutating func member(_ key: String, date ms: Int64, _ dates: WireDates) {
        member(key, upTo: WireDates.longestText) { dates.write(ms, to: $0) }
    }

    /// Null for no date.
    mutating func member(_ key: String, date ms: Int64?, _ dates: WireDates) {
        if let ms { member(key, date: ms, dates) } else { member(key, Value.null) }
    }
}

/// Digits and marks on their way into a text.
private struct DateDigits {
    private let bytes: UnsafeMutableBufferPointer<UInt8>
    private(set) var count = 0

    init(_ bytes: UnsafeMutableBufferPointer<UInt8>) { self.bytes = bytes }

    mutating func put(_ mark: Unicode.Scalar) {
        bytes[count] = UInt8(ascii: mark)
        count += 1
    }

    /// At least `width` digits; a sign before them takes none of the width.
    mutating func put(_ number: Int, _ width: Int) {
        if number < 0 { put("-") }
        var rest = number.magnitude
        var digits = 1
        while rest >= 10 {
            rest /= 10
            digits += 1
        }
        let end = count + max(width, digits)
        rest = number.magnitude
        for place in (count..<end).reversed() {
            bytes[place] = UInt8(ascii: "0") + UInt8(rest % 10)
            rest /= 10
        }
        count = end
    }

    mutating func dateAndTime(_ second: Int64, separator: Unicode.Scalar) {
        let day = Civil.floor(second, by: 86400)
        let time = Int(second - day * 86400)
        let (year, month, date) = Civil.date(day)
        put(year, 4)
        put("-")
        put(month, 2)
        put("-")
        put(date, 2)
        put(separator)
        put(time / 3600, 2)
        put(":")
        put(time / 60 % 60, 2)
        put(":")
        put(time % 60, 2)
    }
}
