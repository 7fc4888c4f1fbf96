import Foundation
import HTTPEdge
import Synchronization

/// The offsets of one time zone, remembered by the quarter of an hour: asking the zone itself takes longer than writing
/// the date. Every answer has many dates in it, so no thread ever waits for another here.
final class ZoneOffsets: Sendable {
    private static let stretchSeconds: Int64 = 900
    private let zone: TimeZone
    /// The latest stretch asked about of those that share a place, with its offset in the low bits (`packed`); 0: none.
    private let known = InlineArray<1024, Atomic<Int64>> { _ in Atomic(0) }

    init(_ zone: TimeZone) { self.zone = zone }

    /// Seconds east of Greenwich at a second since 1970.
    func seconds(at second: Int64) -> Int {
        let stretch = Civil.floor(second, by: Self.stretchSeconds)
        let place = Int(truncatingIfNeeded: UInt64(bitPattern: stretch) % UInt64(known.count))
        let found = known[place].load(ordering: .relaxed)
        if found >> Self.offsetBits == stretch, found != 0 { return Self.offset(found) }
        let first = asked(stretch * Self.stretchSeconds)
        // A stretch in which the offset changes is not remembered.
        guard first == asked((stretch + 1) * Self.stretchSeconds - 1) else { return asked(second) }
        if let word = Self.packed(stretch, first) { known[place].store(word, ordering: .relaxed) }
        return first
    }

    private func asked(_ second: Int64) -> Int {
        zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(second)))
    }

    private static let offsetBits: Int64 = 18
    /// Makes every offset positive, so that no word is 0.
    private static let bias: Int64 = 1 << 17

    /// Stretch and offset in one word; nil where they do not fit. Those of every millisecond in 64 bits and of every zone
    /// of this planet do.
    private static func packed(_ stretch: Int64, _ offset: Int) -> Int64? {
        let biased = Int64(offset) + bias
        guard 1..<(1 << offsetBits) ~= biased, stretch.magnitude < 1 << 45 else { return nil }
        return stretch << offsetBits | biased
    }

    private static func offset(_ word: Int64) -> Int { Int(word & (1 << offsetBits - 1) - bias) }
}
