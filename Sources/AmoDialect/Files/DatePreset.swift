import Foundation

/// The named date ranges of `filter[date][date_preset]`, read in the account's time zone; weeks start on Monday.
enum DatePreset: String, CaseIterable {
    case day, tomorrow, yesterday
    case week
    case previousWeek = "previous_week"
    case nextWeek = "next_week"
    case month
    case nextMonth = "next_month"
    case previousMonth = "previous_month"
    case quarter
    case previousQuarter = "previous_quarter"
    case nextQuarter = "next_quarter"
    case last3Days = "last_3_days"
    case next3Days = "next_3_days"
    case last6Month = "last_6_month"
    case year

    /// From the first local midnight to the one after the last day, milliseconds since 1970.
    ///
    /// - Parameter nowMs: milliseconds since 1970.
    func interval(nowMs: Int64, zone: TimeZone) -> Range<Int64> {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        let civil = CivilCalendar(calendar)
        let today = civil.day(of: Date(timeIntervalSince1970: Double(nowMs) / 1000))
        let (first, end) = days(today: today, civil)
        let start = civil.midnightMs(first)
        return start..<max(start, civil.midnightMs(end))
    }

    /// The first day, and the day after the last.
    private func days(today: CivilDay, _ civil: CivilCalendar) -> (CivilDay, CivilDay) {
        let monday = today.adding(days: -civil.daysSinceMonday(today))
        let month = CivilDay(year: today.year, month: today.month, day: 1)
        let quarter = CivilDay(year: today.year, month: (today.month - 1) / 3 * 3 + 1, day: 1)
        return switch self {
        case .day: (today, today.adding(days: 1))
        case .tomorrow: (today.adding(days: 1), today.adding(days: 2))
        case .yesterday: (today.adding(days: -1), today)
        case .week: (monday, monday.adding(days: 7))
        case .previousWeek: (monday.adding(days: -7), monday)
        case .nextWeek: (monday.adding(days: 7), monday.adding(days: 14))
        case .month: (month, month.firstOfMonth(after: 1))
        case .nextMonth: (month.firstOfMonth(after: 1), month.firstOfMonth(after: 2))
        case .previousMonth: (month.firstOfMonth(after: -1), month)
        case .quarter: (quarter, quarter.firstOfMonth(after: 3))
        case .previousQuarter: (quarter.firstOfMonth(after: -3), quarter)
        case .nextQuarter: (quarter.firstOfMonth(after: 3), quarter.firstOfMonth(after: 6))
        case .last3Days: (today.adding(days: -2), today.adding(days: 1))
        case .next3Days: (today, today.adding(days: 3))
        case .last6Month: (civil.clipped(today.day, in: month.firstOfMonth(after: -6)), today.adding(days: 1))
        case .year:
            (CivilDay(year: today.year, month: 1, day: 1), CivilDay(year: today.year + 1, month: 1, day: 1))
        }
    }
}

/// A day on the wall calendar. `day` may lie outside the month: day 0 is the last of the month before.
private struct CivilDay {
    var year: Int
    var month: Int
    var day: Int

    func adding(days: Int) -> CivilDay { CivilDay(year: year, month: month, day: day + days) }

    func firstOfMonth(after months: Int) -> CivilDay {
        let count = year * 12 + (month - 1) + months
        return CivilDay(year: count / 12, month: count % 12 + 1, day: 1)
    }
}

private struct CivilCalendar {
    private let calendar: Calendar

    init(_ calendar: Calendar) { self.calendar = calendar }

    func day(of date: Date) -> CivilDay {
        let parts = calendar.dateComponents([.year, .month, .day], from: date)
        return CivilDay(year: parts.year ?? 1970, month: parts.month ?? 1, day: parts.day ?? 1)
    }

    func daysSinceMonday(_ day: CivilDay) -> Int { (calendar.component(.weekday, from: noon(day)) + 5) % 7 }

    func clipped(_ day: Int, in month: CivilDay) -> CivilDay {
        let length = calendar.range(of: .day, in: .month, for: noon(month))?.count ?? 28
        return CivilDay(year: month.year, month: month.month, day: min(day, length))
    }

    /// The first instant of the day, which is not 00:00 where the clock jumps at midnight.
    func midnightMs(_ day: CivilDay) -> Int64 {
        Int64((calendar.startOfDay(for: noon(day)).timeIntervalSince1970 * 1000).rounded())
    }

    private func noon(_ day: CivilDay) -> Date {
        let parts = DateComponents(year: day.year, month: day.month, day: day.day, hour: 12)
        return calendar.date(from: parts) ?? Date(timeIntervalSince1970: 0)
    }
}
