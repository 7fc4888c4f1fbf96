import Foundation
import Testing

@testable import AmoDialect

/// Expected instants are worked out by hand from calendars; Moscow is UTC+3 all year.
@Suite("Date presets")
struct DatePresetTests {
    /// - Parameter text: ISO 8601, with a zone.
    static func ms(_ text: String) throws -> Int64 {
        Int64(try Date(text, strategy: .iso8601).timeIntervalSince1970 * 1000)
    }

    static func check(_ preset: String, _ now: String, _ zone: String, _ start: String, _ end: String) throws {
        let preset = try #require(DatePreset(rawValue: preset))
        let zone = try #require(TimeZone(identifier: zone))
        #expect(preset.interval(nowMs: try ms(now), zone: zone) == (try ms(start)..<ms(end)), "\(preset) at \(now)")
    }

    @Test(
        "half past midnight on Wednesday 1 April in Moscow is still March in UTC",
        arguments: [
            ("day", "2026-03-31T21:00:00Z", "2026-04-01T21:00:00Z"),
            ("tomorrow", "2026-04-01T21:00:00Z", "2026-04-02T21:00:00Z"),
            ("yesterday", "2026-03-30T21:00:00Z", "2026-03-31T21:00:00Z"),
            ("week", "2026-03-29T21:00:00Z", "2026-04-05T21:00:00Z"),
            ("previous_week", "2026-03-22T21:00:00Z", "2026-03-29T21:00:00Z"),
            ("next_week", "2026-04-05T21:00:00Z", "2026-04-12T21:00:00Z"),
            ("month", "2026-03-31T21:00:00Z", "2026-04-30T21:00:00Z"),
            ("next_month", "2026-04-30T21:00:00Z", "2026-05-31T21:00:00Z"),
            ("previous_month", "2026-02-28T21:00:00Z", "2026-03-31T21:00:00Z"),
            ("quarter", "2026-03-31T21:00:00Z", "2026-06-30T21:00:00Z"),
            ("previous_quarter", "2025-12-31T21:00:00Z", "2026-03-31T21:00:00Z"),
            ("next_quarter", "2026-06-30T21:00:00Z", "2026-09-30T21:00:00Z"),
            ("last_3_days", "2026-03-29T21:00:00Z", "2026-04-01T21:00:00Z"),
            ("next_3_days", "2026-03-31T21:00:00Z", "2026-04-03T21:00:00Z"),
            ("last_6_month", "2025-09-30T21:00:00Z", "2026-04-01T21:00:00Z"),
            ("year", "2025-12-31T21:00:00Z", "2026-12-31T21:00:00Z"),
        ])
    func moscow(preset: String, start: String, end: String) throws {
        try Self.check(preset, "2026-03-31T21:30:00Z", "Europe/Moscow", start, end)
    }

    @Test("all sixteen names of the page are known")
    func names() {
        let page = """
            day, tomorrow, yesterday, week, previous_week, next_week, month, next_month, previous_month, quarter, \
            previous_quarter, next_quarter, last_3_days, next_3_days, last_6_month, year
            """
        #expect(Set(page.split(separator: ", ").map(String.init)) == Set(DatePreset.allCases.map(\.rawValue)))
    }

    @Test(
        "years and quarters turn at their ends",
        arguments: [
            ("next_month", "2026-12-31T12:00:00Z", "2027-01-01T00:00:00Z", "2027-02-01T00:00:00Z"),
            ("previous_month", "2026-12-31T12:00:00Z", "2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z"),
            ("next_quarter", "2026-12-31T23:59:59Z", "2027-01-01T00:00:00Z", "2027-04-01T00:00:00Z"),
            ("previous_quarter", "2026-01-01T00:00:00Z", "2025-10-01T00:00:00Z", "2026-01-01T00:00:00Z"),
            ("previous_month", "2026-01-15T12:00:00Z", "2025-12-01T00:00:00Z", "2026-01-01T00:00:00Z"),
            ("week", "2026-01-01T12:00:00Z", "2025-12-29T00:00:00Z", "2026-01-05T00:00:00Z"),
            ("week", "2026-03-01T12:00:00Z", "2026-02-23T00:00:00Z", "2026-03-02T00:00:00Z"),
            ("tomorrow", "2024-02-28T12:00:00Z", "2024-02-29T00:00:00Z", "2024-03-01T00:00:00Z"),
            ("year", "2024-12-31T23:59:59Z", "2024-01-01T00:00:00Z", "2025-01-01T00:00:00Z"),
        ])
    func edges(preset: String, now: String, start: String, end: String) throws {
        try Self.check(preset, now, "UTC", start, end)
    }

    @Test(
        "six months before a day that month does not have is its last day",
        arguments: [
            ("2026-08-31T12:00:00Z", "2026-02-28T00:00:00Z", "2026-09-01T00:00:00Z"),
            ("2024-08-30T12:00:00Z", "2024-02-29T00:00:00Z", "2024-08-31T00:00:00Z"),
            ("2026-01-15T12:00:00Z", "2025-07-15T00:00:00Z", "2026-01-16T00:00:00Z"),
        ])
    func clipped(now: String, start: String, end: String) throws {
        try Self.check("last_6_month", now, "UTC", start, end)
    }

    @Test(
        "days and weeks with a change of the clock are an hour shorter or longer",
        arguments: [
            ("day", "2026-03-29T10:00:00Z", "Europe/Berlin", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z"),
            ("day", "2026-10-25T10:00:00Z", "Europe/Berlin", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z"),
            ("week", "2026-03-29T10:00:00Z", "Europe/Berlin", "2026-03-22T23:00:00Z", "2026-03-29T22:00:00Z"),
            ("month", "2026-03-15T10:00:00Z", "Europe/Berlin", "2026-02-28T23:00:00Z", "2026-03-31T22:00:00Z"),
            ("year", "2026-07-01T10:00:00Z", "Europe/Berlin", "2025-12-31T23:00:00Z", "2026-12-31T23:00:00Z"),
            // Beirut's clock jumps from 00:00 to 01:00: that day begins at one.
            ("day", "2024-03-31T10:00:00Z", "Asia/Beirut", "2024-03-30T22:00:00Z", "2024-03-31T21:00:00Z"),
        ])
    func clockChanges(preset: String, now: String, zone: String, start: String, end: String) throws {
        try Self.check(preset, now, zone, start, end)
    }
}
