import Foundation
import HTTPEdge
import Synchronization

/// The offsets of one time zone, remembered by the quarter of an hour: asking the zone itself takes longer than writing
/// the date.
final class ZoneOffsets: Sendable {
    private static let stretchSeconds: Int64 = 900
    private static let limit = 4096
    private let zone: TimeZone
    private let known = Mutex<[Int64: Int]>([:])

    init(_ zone: TimeZone) { self.zone = zone }

    /// Seconds east of Greenwich at a second since 1970.
    func seconds(at second: Int64) -> Int {
        let stretch = Civil.floor(second, by: Self.stretchSeconds)
        if let offset = known.withLock({ $0[stretch] }) { return offset }
        let first = asked(stretch * Self.stretchSeconds)
        // A stretch in which the offset changes is not remembered.
        guard first == asked((stretch + 1) * Self.stretchSeconds - 1) else { return asked(second) }
        known.withLock { known in
            if known.count >= Self.limit { known = [:] }
            known[stretch] = first
        }
        return first
    }

    private func asked(_ second: Int64) -> Int {
        zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(second)))
    }
}
