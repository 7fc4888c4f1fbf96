import HTTPEdge

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
            let day = Civil.floor(second, by: 86400)
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
