import Glibc

/// Dates as HTTP writes them (RFC 9110 section 5.6.7). Whole seconds since 1970, UTC.
enum HTTPDate {
    private static let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// The current second.
    static var now: String { text(seconds: Int64(time(nil))) }

    /// `Sun, 06 Nov 1994 08:49:37 GMT`
    static func text(seconds: Int64) -> String {
        let seconds = min(max(seconds, 0), 253_402_300_799)  // the year has four digits
        let day = seconds / 86_400
        let (year, month, dayOfMonth) = Civil.date(day)
        let time = Int(seconds % 86_400)
        return String(unsafeUninitializedCapacity: 29) { text in
            var count = 0
            func put(_ letters: String) {
                for letter in letters.utf8 {
                    text[count] = letter
                    count += 1
                }
            }
            func put(two number: Int) {
                text[count] = UInt8(ascii: "0") + UInt8(number / 10)
                text[count + 1] = UInt8(ascii: "0") + UInt8(number % 10)
                count += 2
            }
            put(days[Int((day + 4) % 7)])
            put(", ")
            put(two: dayOfMonth)
            put(" ")
            put(months[month - 1])
            put(" ")
            put(two: year / 100)
            put(two: year % 100)
            put(" ")
            put(two: time / 3600)
            put(":")
            put(two: time / 60 % 60)
            put(":")
            put(two: time % 60)
            put(" GMT")
            return count
        }
    }

    /// Reads all three forms a server must accept; nil for anything else.
    static func seconds(_ text: String) -> Int64? {
        let words = text.split { $0 == " " || $0 == "," || $0 == "-" }
        switch words.count {
        case 6 where words[5] == "GMT" || words[5] == "UTC":  // IMF-fixdate and RFC 850
            var year = Int(words[3])
            if words[3].count == 2, let short = year { year = short < 70 ? 2000 + short : 1900 + short }
            return seconds(year: year, month: words[2], day: words[1], time: words[4])
        case 5:  // asctime
            return seconds(year: Int(words[4]), month: words[1], day: words[2], time: words[3])
        default:
            return nil
        }
    }

    private static func seconds(year: Int?, month: Substring, day: Substring, time: Substring) -> Int64? {
        let clock = time.split(separator: ":", omittingEmptySubsequences: false).map { Int64($0) }
        guard let year, 1970...9999 ~= year, let month = months.firstIndex(of: String(month)),
            let day = Int(day), 1...31 ~= day, clock.count == 3,
            let hour = clock[0], 0...23 ~= hour, let minute = clock[1], 0...59 ~= minute,
            let second = clock[2], 0...60 ~= second
        else { return nil }
        return Civil.days(year, month + 1, day) * 86_400 + hour * 3600 + minute * 60 + second
    }
}
