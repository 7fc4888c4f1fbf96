/// Days since 1970 and the Gregorian calendar, by plain arithmetic.
enum Civil {
    static func days(_ year: Int, _ month: Int, _ day: Int) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let ofEra = shifted - era * 400
        let ofYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return Int64(era * 146_097 + ofEra * 365 + ofEra / 4 - ofEra / 100 + ofYear - 719_468)
    }

    static func date(_ days: Int64) -> (year: Int, month: Int, day: Int) {
        let shifted = Int(days) + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let ofEra = shifted - era * 146_097
        let yearOfEra = (ofEra - ofEra / 1460 + ofEra / 36524 - ofEra / 146_096) / 365
        let ofYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let part = (5 * ofYear + 2) / 153
        let month = part < 10 ? part + 3 : part - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, ofYear - (153 * part + 2) / 5 + 1)
    }

    static func length(ofMonth month: Int, _ year: Int) -> Int {
        switch month {
        case 2: (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}

/// A date with its later parts possibly left out.
struct PartialDate {
    /// Year, month, day, hour, minute, second: from one to six of them, all within range.
    private(set) var components: [Int]
    private(set) var offsetSeconds: Int64?

    init?(_ text: String) {
        var rest = Substring(text)
        components = []
        guard let year = Self.digits(4, &rest), year > 0 else { return nil }
        components.append(year)
        let shape: [(marks: String, range: ClosedRange<Int>)] = [
            ("-", 1...12), ("-", 1...31), ("T ", 0...23), (":", 0...59), (":", 0...59),
        ]
        for part in shape {
            guard let mark = rest.first, part.marks.contains(mark) else { break }
            rest.removeFirst()
            guard let number = Self.digits(2, &rest), part.range.contains(number) else { return nil }
            components.append(number)
        }
        if components.count >= 3, components[2] > Civil.length(ofMonth: components[1], year) { return nil }
        if components.count == 6, rest.first == "." {
            rest.removeFirst()
            let fraction = rest.prefix { $0.isASCII && $0.isNumber }
            if fraction.isEmpty { return nil }
            rest.removeFirst(fraction.count)
        }
        if components.count >= 4, !rest.isEmpty {
            guard let offset = Self.offset(&rest) else { return nil }
            offsetSeconds = offset
        }
        if !rest.isEmpty { return nil }
    }

    private init(components: [Int], offsetSeconds: Int64?) {
        self.components = components
        self.offsetSeconds = offsetSeconds
    }

    var wallSeconds: Int64 {
        let c = components + [1, 1, 0, 0, 0].suffix(max(0, 6 - components.count))
        return Civil.days(c[0], c[1], c[2]) * 86400 + Int64(c[3] * 3600 + c[4] * 60 + c[5])
    }

    /// The first moment after what this date stands for, in the same reading.
    var next: PartialDate? {
        var whole = components
        switch components.count {
        case 1: whole = [components[0] + 1]
        case 2: whole = components[1] == 12 ? [components[0] + 1, 1] : [components[0], components[1] + 1]
        default:
            let step: Int64 = [3: 86400, 4: 3600, 5: 60][components.count] ?? 1
            let second = wallSeconds + step
            let day = second >= 0 ? second / 86400 : (second - 86399) / 86400
            let time = Int(second - day * 86400)
            let date = Civil.date(day)
            whole = [date.year, date.month, date.day, time / 3600, time / 60 % 60, time % 60]
        }
        return PartialDate(components: whole, offsetSeconds: offsetSeconds)
    }

    private static func digits(_ count: Int, _ rest: inout Substring) -> Int? {
        let taken = rest.prefix(count)
        guard taken.utf8.count == count, taken.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
        rest.removeFirst(count)
        return Int(taken)
    }

    /// `Z`, `+02:00`, `+0200` or `+02`. A space stands for `+`, as in a form that did not encode it.
    private static func offset(_ rest: inout Substring) -> Int64? {
        let sign = rest.removeFirst()
        if sign == "Z" || sign == "z" { return 0 }
        guard sign == "+" || sign == "-" || sign == " ", let hours = digits(2, &rest), hours <= 14 else { return nil }
        if rest.first == ":" { rest.removeFirst() }
        let minutes = rest.isEmpty ? 0 : digits(2, &rest)
        guard let minutes, minutes < 60 else { return nil }
        return Int64(hours * 3600 + minutes * 60) * (sign == "-" ? -1 : 1)
    }
}
