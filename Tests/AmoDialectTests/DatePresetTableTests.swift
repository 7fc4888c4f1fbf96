import Foundation
import HTTPEdge
import SQLStore
import Testing

@testable import AmoDialect

/// Each row was worked out by hand; the comment says how. Times are UTC.
///
/// A local midnight is 00:00 minus the zone's distance from UTC on that very day: Berlin is UTC+1, in summer UTC+2;
/// New York UTC-5, in summer UTC-4; Moscow UTC+3 and Kolkata UTC+5:30 all year; São Paulo was UTC-3, in summer UTC-2;
/// Cairo is UTC+2, in summer UTC+3.
@Suite("Date presets, worked out by hand")
struct DatePresetTableTests {
    private func ms(_ text: String) throws -> Int64 {
        try DatePresetTests.ms(text + ":00Z")
    }

    private func check(_ zone: String, _ now: String, _ preset: String, _ start: String, _ end: String) throws {
        try DatePresetTests.check(preset, now + ":00Z", zone, start + ":00Z", end + ":00Z")
    }

    @Test(
        "Berlin, clocks forward on Sunday 29 March 2026 at 01:00, back on Sunday 25 October 2026 at 01:00",
        arguments: [
            // The 29th begins at 00:00+01 = 28th 23:00 and ends at 00:00+02 of the 30th = 29th 22:00: 23 hours.
            ("2026-03-29T12:00", "day", "2026-03-28T23:00", "2026-03-29T22:00"),
            ("2026-03-28T12:00", "tomorrow", "2026-03-28T23:00", "2026-03-29T22:00"),
            ("2026-03-30T12:00", "yesterday", "2026-03-28T23:00", "2026-03-29T22:00"),
            // 22:30 is already half past midnight of the 30th there, in summer time; 21:30 is not.
            ("2026-03-29T22:30", "day", "2026-03-29T22:00", "2026-03-30T22:00"),
            ("2026-03-29T21:30", "day", "2026-03-28T23:00", "2026-03-29T22:00"),
            // Monday 23rd 00:00+01 to Monday 30th 00:00+02; the weeks beside it.
            ("2026-03-25T12:00", "week", "2026-03-22T23:00", "2026-03-29T22:00"),
            ("2026-03-30T12:00", "previous_week", "2026-03-22T23:00", "2026-03-29T22:00"),
            ("2026-03-22T12:00", "next_week", "2026-03-22T23:00", "2026-03-29T22:00"),
            // 27th, 28th, 29th; 29th, 30th, 31st.
            ("2026-03-29T12:00", "last_3_days", "2026-03-26T23:00", "2026-03-29T22:00"),
            ("2026-03-29T12:00", "next_3_days", "2026-03-28T23:00", "2026-03-31T22:00"),
            // The 25th begins at 00:00+02 = 24th 22:00 and ends at 00:00+01 of the 26th = 25th 23:00: 25 hours.
            ("2026-10-25T12:00", "day", "2026-10-24T22:00", "2026-10-25T23:00"),
            ("2026-10-25T22:30", "day", "2026-10-24T22:00", "2026-10-25T23:00"),
            ("2026-10-25T23:30", "day", "2026-10-25T23:00", "2026-10-26T23:00"),
            // October begins in summer time and ends in winter time.
            ("2026-10-10T12:00", "month", "2026-09-30T22:00", "2026-10-31T23:00"),
            // The first quarter begins in winter time, 1 April is in summer time; the fourth the other way round.
            ("2026-02-10T12:00", "quarter", "2025-12-31T23:00", "2026-03-31T22:00"),
            ("2026-02-10T12:00", "next_quarter", "2026-03-31T22:00", "2026-06-30T22:00"),
            ("2026-12-31T12:00", "quarter", "2026-09-30T22:00", "2026-12-31T23:00"),
            // 31 August less six months is 31 February: 28 February, 00:00+01; today ends at 00:00+02.
            ("2026-08-31T12:00", "last_6_month", "2026-02-27T23:00", "2026-08-31T22:00"),
        ])
    func berlin(now: String, preset: String, start: String, end: String) throws {
        try check("Europe/Berlin", now, preset, start, end)
    }

    @Test(
        "New York, clocks forward on Sunday 8 March 2026, back on Sunday 1 November 2026",
        arguments: [
            // 00:00-05 = 05:00 to 00:00-04 = 04:00: 23 hours.
            ("2026-03-08T15:00", "day", "2026-03-08T05:00", "2026-03-09T04:00"),
            // 00:00-04 = 04:00 to 00:00-05 = 05:00: 25 hours. At 04:30 on the 2nd it is still 23:30 of the 1st there.
            ("2026-11-01T15:00", "day", "2026-11-01T04:00", "2026-11-02T05:00"),
            ("2026-11-02T04:30", "day", "2026-11-01T04:00", "2026-11-02T05:00"),
            // Sunday is the last day of the week that began on Monday 26 October, 00:00-04.
            ("2026-11-01T15:00", "week", "2026-10-26T04:00", "2026-11-02T05:00"),
            // 1 March 00:00-05 to 1 April 00:00-04; 1 November 00:00-04 to 1 December 00:00-05.
            ("2026-03-20T15:00", "month", "2026-03-01T05:00", "2026-04-01T04:00"),
            ("2026-11-20T15:00", "month", "2026-11-01T04:00", "2026-12-01T05:00"),
            // 03:00 on New Year's Day is 22:00 on 31 December there.
            ("2027-01-01T03:00", "year", "2026-01-01T05:00", "2027-01-01T05:00"),
            ("2027-01-01T03:00", "tomorrow", "2027-01-01T05:00", "2027-01-02T05:00"),
        ])
    func newYork(now: String, preset: String, start: String, end: String) throws {
        try check("America/New_York", now, preset, start, end)
    }

    @Test(
        "Moscow and Kolkata change no clock",
        arguments: [
            // 00:00+03 is 21:00 of the day before.
            ("Europe/Moscow", "2026-03-29T12:00", "day", "2026-03-28T21:00", "2026-03-29T21:00"),
            ("Europe/Moscow", "2026-12-31T21:30", "year", "2026-12-31T21:00", "2027-12-31T21:00"),
            ("Europe/Moscow", "2026-12-31T20:30", "year", "2025-12-31T21:00", "2026-12-31T21:00"),
            // 00:00+05:30 is 18:30 of the day before; 18:29 is 23:59 there, 18:30 the next day.
            ("Asia/Kolkata", "2026-05-10T18:29", "day", "2026-05-09T18:30", "2026-05-10T18:30"),
            ("Asia/Kolkata", "2026-05-10T18:30", "day", "2026-05-10T18:30", "2026-05-11T18:30"),
            // 31 March 18:30 is 1 April there: another month, another quarter.
            ("Asia/Kolkata", "2026-03-31T18:30", "month", "2026-03-31T18:30", "2026-04-30T18:30"),
            ("Asia/Kolkata", "2026-03-31T18:30", "previous_quarter", "2025-12-31T18:30", "2026-03-31T18:30"),
            ("Asia/Kolkata", "2026-03-31T18:29", "quarter", "2025-12-31T18:30", "2026-03-31T18:30"),
        ])
    func noChange(zone: String, now: String, preset: String, start: String, end: String) throws {
        try check(zone, now, preset, start, end)
    }

    @Test(
        "where the clock jumps at midnight the day begins with its first instant",
        arguments: [
            // São Paulo, 4 November 2018: 00:00-03 (03:00) became 01:00-02, also 03:00. It ends at 00:00-02 = 02:00.
            ("America/Sao_Paulo", "2018-11-04T12:00", "day", "2018-11-04T03:00", "2018-11-05T02:00"),
            ("America/Sao_Paulo", "2018-11-03T12:00", "day", "2018-11-03T03:00", "2018-11-04T03:00"),
            ("America/Sao_Paulo", "2018-11-05T12:00", "yesterday", "2018-11-04T03:00", "2018-11-05T02:00"),
            // 17 February 2018: at 24:00-02 (02:00 of the 18th) it became 23:00-03 again; the 18th begins at 00:00-03.
            ("America/Sao_Paulo", "2018-02-17T12:00", "day", "2018-02-17T02:00", "2018-02-18T03:00"),
            ("America/Sao_Paulo", "2018-02-18T02:30", "day", "2018-02-17T02:00", "2018-02-18T03:00"),
            ("America/Sao_Paulo", "2018-02-18T12:00", "day", "2018-02-18T03:00", "2018-02-19T03:00"),
            // Cairo, Friday 26 April 2024: 00:00+02 (22:00) became 01:00+03, also 22:00. It ends at 00:00+03 = 21:00.
            ("Africa/Cairo", "2024-04-26T12:00", "day", "2024-04-25T22:00", "2024-04-26T21:00"),
            ("Africa/Cairo", "2024-04-24T12:00", "week", "2024-04-21T22:00", "2024-04-28T21:00"),
        ])
    func midnight(zone: String, now: String, preset: String, start: String, end: String) throws {
        try check(zone, now, preset, start, end)
    }

    @Test(
        "ends of months, leap days, the week across New Year, ends of quarters, in UTC",
        arguments: [
            // Six months before the 31st of August: February has 28 days, 29 in a leap year; before 31 December: 30 June.
            ("2025-08-31T12:00", "last_6_month", "2025-02-28T00:00", "2025-09-01T00:00"),
            ("2028-08-31T12:00", "last_6_month", "2028-02-29T00:00", "2028-09-01T00:00"),
            ("2026-12-31T12:00", "last_6_month", "2026-06-30T00:00", "2027-01-01T00:00"),
            ("2026-03-31T12:00", "last_6_month", "2025-09-30T00:00", "2026-04-01T00:00"),
            ("2028-02-29T12:00", "last_6_month", "2027-08-29T00:00", "2028-03-01T00:00"),
            // 2028 and 2000 are leap years, 2100 is none.
            ("2028-02-29T12:00", "day", "2028-02-29T00:00", "2028-03-01T00:00"),
            ("2028-03-01T12:00", "yesterday", "2028-02-29T00:00", "2028-03-01T00:00"),
            ("2028-02-10T12:00", "month", "2028-02-01T00:00", "2028-03-01T00:00"),
            ("2000-02-28T12:00", "tomorrow", "2000-02-29T00:00", "2000-03-01T00:00"),
            ("2100-02-28T12:00", "tomorrow", "2100-03-01T00:00", "2100-03-02T00:00"),
            ("2028-03-01T12:00", "last_3_days", "2028-02-28T00:00", "2028-03-02T00:00"),
            // 31 December 2025 is a Wednesday: its week goes from Monday the 29th to Sunday 4 January.
            ("2025-12-31T12:00", "week", "2025-12-29T00:00", "2026-01-05T00:00"),
            ("2025-12-31T12:00", "next_week", "2026-01-05T00:00", "2026-01-12T00:00"),
            ("2026-01-05T12:00", "previous_week", "2025-12-29T00:00", "2026-01-05T00:00"),
            ("2026-01-04T23:59", "week", "2025-12-29T00:00", "2026-01-05T00:00"),
            ("2025-12-31T12:00", "next_3_days", "2025-12-31T00:00", "2026-01-03T00:00"),
            // The last minute of each quarter, and the first of the next.
            ("2026-03-31T23:59", "quarter", "2026-01-01T00:00", "2026-04-01T00:00"),
            ("2026-04-01T00:00", "quarter", "2026-04-01T00:00", "2026-07-01T00:00"),
            ("2026-06-30T23:59", "next_quarter", "2026-07-01T00:00", "2026-10-01T00:00"),
            ("2026-09-30T23:59", "quarter", "2026-07-01T00:00", "2026-10-01T00:00"),
            ("2026-10-01T00:00", "previous_quarter", "2026-07-01T00:00", "2026-10-01T00:00"),
            ("2026-12-31T23:59", "next_quarter", "2027-01-01T00:00", "2027-04-01T00:00"),
            // Months of 31, 30, 28 and 31 days beside one another.
            ("2026-01-31T12:00", "next_month", "2026-02-01T00:00", "2026-03-01T00:00"),
            ("2026-03-31T12:00", "previous_month", "2026-02-01T00:00", "2026-03-01T00:00"),
            ("2026-05-31T12:00", "next_month", "2026-06-01T00:00", "2026-07-01T00:00"),
        ])
    func calendar(now: String, preset: String, start: String, end: String) throws {
        try check("UTC", now, preset, start, end)
    }

    @Test(
        "the list takes the first instant of a preset and not the one after its last",
        arguments: Engine.allCases,
        [
            // Berlin's day of 23 hours: from 28 March 23:00 to 29 March 22:00 UTC.
            ("Europe/Berlin", "2026-03-28T23:00", "2026-03-29T22:00", "2026-03-29T12:00"),
            // New York's day of 25 hours.
            ("America/New_York", "2026-11-01T04:00", "2026-11-02T05:00", "2026-11-01T15:00"),
        ])
    func listed(engine: Engine, day: (zone: String, start: String, end: String, noon: String)) async throws {
        try await Door.with(engine, timeZone: day.zone) { door async throws in
            let (start, end) = (try ms(day.start), try ms(day.end))
            for (name, at) in [("before", start - 1), ("first", start), ("last", end - 1), ("after", end)] {
                door.clock.set(at)
                try await door.upload(name)
            }
            door.clock.set(try ms(day.noon))
            let token = try await door.token()
            let found = try await door.get("/v1.0/files?filter[date][date_preset]=day", token: token).embedded
            #expect(found.compactMap { $0["name"]?.text } == ["last", "first"])
        }
    }
}
