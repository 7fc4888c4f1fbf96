import Foundation
import Testing

@testable import BitrixDialect

@Suite("Dates on the wire")
struct WireDatesTests {
    let berlin = WireDates(zone: "Europe/Berlin")
    let utc = WireDates(zone: "UTC")

    @Test("a moment is written in the account's zone, with the offset that held then")
    func written() {
        // 1769539624 is 2026-01-27 18:47:04 UTC; 1751328000 is 2025-07-01 00:00:00 UTC.
        #expect(utc.text(1_769_539_624_999) == "2026-01-27T18:47:04+00:00")
        #expect(berlin.text(1_769_539_624_000) == "2026-01-27T19:47:04+01:00")
        #expect(berlin.text(1_751_328_000_000) == "2025-07-01T02:00:00+02:00")
        #expect(WireDates(zone: "America/St_Johns").text(1_769_539_624_000) == "2026-01-27T15:17:04-03:30")
        #expect(utc.text(-1) == "1969-12-31T23:59:59+00:00")
        #expect(utc.text(951_782_400_000) == "2000-02-29T00:00:00+00:00")
    }

    @Test(
        "offsets are the zone's own, when they are asked for again too",
        arguments: ["UTC", "Europe/Berlin", "America/St_Johns", "Asia/Kathmandu", "Pacific/Apia", "Africa/Monrovia"])
    func offsets(identifier: String) throws {
        let zone = try #require(TimeZone(identifier: identifier))
        let offsets = ZoneOffsets(zone)
        // Some 29 days, an odd number of seconds, from 1890 to 2060; then around the turns of Berlin's clocks in 2026;
        // then what no calendar reaches.
        let wide = stride(from: Int64(-2_524_521_600), through: 2_840_140_800, by: 2_505_637)
        let turns = [Int64(1_774_746_000), 1_792_890_000].flatMap { turn in (-2000...2000).map { turn + Int64($0) } }
        for second in Array(wide) + turns + [-1, 0, 899, 900, -900, -901, 253_402_300_799, .min / 1000, .max / 1000] {
            let expected = zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(second)))
            #expect(offsets.seconds(at: second) == expected)
            #expect(offsets.seconds(at: second) == expected)
        }
    }

    @Test(
        "a date is read with or without an offset, and a bare date is midnight",
        arguments: [
            ("2026-01-27T18:47:04+00:00", 1_769_539_624_000), ("2026-01-27T20:47:04+02:00", 1_769_539_624_000),
            ("2026-01-27T18:47:04Z", 1_769_539_624_000), ("2026-01-27T18:47:04.123Z", 1_769_539_624_000),
            ("2026-01-27 19:47:04", 1_769_539_624_000), ("2026-01-27T19:47:04 01:00", 1_769_539_624_000),
            ("2026-01-27", 1_769_468_400_000), ("2025-07-01", 1_751_320_800_000),
        ] as [(String, Int64?)])
    func read(text: String, expected: Int64?) {
        #expect(berlin.milliseconds(text) == expected)
    }

    @Test(
        "what is no date is none",
        arguments: [
            "", "x", "2026", "2026-01", "2026-13-01", "2026-02-29", "2026-01-32", "2026-01-01T25:00:00",
            "2026-01-01T10:61:00", "20260101", "2026-01-01T10:00:00+99:00", "2026-01-01T10:00:00+0", "0000-01-01",
            "99999-01-01", "２０２６-01-01", "2026-01-01T10:00:00+01:00x",
        ])
    func refused(text: String) {
        #expect(utc.milliseconds(text) == nil)
    }

    @Test("a beginning of a date stands for all it covers")
    func ranges() {
        #expect(utc.range("2026-01") == 1_767_225_600_000..<1_769_904_000_000)
        #expect(utc.range("2025-12") == 1_764_547_200_000..<1_767_225_600_000)
        #expect(utc.range("2026-01-27") == 1_769_472_000_000..<1_769_558_400_000)
        #expect(utc.range("2026-01-27T18") == 1_769_536_800_000..<1_769_540_400_000)
        #expect(utc.range("27.01") == nil)
    }
}
