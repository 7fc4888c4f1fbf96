import ArgumentParser
import HTTPEdge

/// A number of bytes: `314572800`, or with K, M, G, T for powers of 1024.
struct ByteCount: ExpressibleByArgument {
    let bytes: Int64

    init?(argument: String) {
        guard let value = Quantity(argument, units: ["K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40]) else {
            return nil
        }
        bytes = value.number
    }

    static func parse(_ text: String, for name: String) throws -> ByteCount {
        guard let value = ByteCount(argument: text) else {
            throw Complaint("--\(name) must be a number of bytes such as 314572800 or 300M, not \(text)")
        }
        return value
    }
}

/// A length of time: seconds, or with s, m, h, d.
struct TimeSpan: ExpressibleByArgument {
    let seconds: Int64

    init(seconds: Int64) { self.seconds = seconds }

    /// Seconds, as an option's default is shown.
    var defaultValueDescription: String { seconds % 86400 == 0 ? "\(seconds / 86400)d" : "\(seconds)" }

    init?(argument: String) {
        guard let value = Quantity(argument, units: ["S": 1, "M": 60, "H": 3600, "D": 86400]) else { return nil }
        seconds = value.number
    }

    static func parse(_ text: String, for name: String) throws -> TimeSpan {
        guard let value = TimeSpan(argument: text) else {
            throw Complaint("--\(name) must be a length of time such as 3600, 90m, 12h or 30d, not \(text)")
        }
        return value
    }
}

/// How many requests pass: `2/50` is two more each second and fifty at once.
struct RequestRate: ExpressibleByArgument {
    let rate: LeakyBuckets.Rate

    init?(argument: String) {
        let parts = argument.split(separator: "/", omittingEmptySubsequences: false).map { Int32($0) }
        guard parts.count == 2, let drain = parts[0], let capacity = parts[1], drain > 0, capacity > 0 else {
            return nil
        }
        rate = LeakyBuckets.Rate(capacity: Double(capacity), drainPerSecond: Double(drain))
    }

    static func parse(_ text: String, for name: String) throws -> RequestRate {
        guard let value = RequestRate(argument: text) else {
            throw Complaint("--\(name) must be so many a second / so many at once, such as 2/50, not \(text)")
        }
        return value
    }
}

/// Seconds, a fraction too: `480`, `0.5`.
struct SecondCount: ExpressibleByArgument {
    let seconds: Double

    init?(argument: String) {
        guard let seconds = Double(argument), seconds.isFinite, seconds > 0 else { return nil }
        self.seconds = seconds
    }

    static func parse(_ text: String, for name: String) throws -> SecondCount {
        guard let value = SecondCount(argument: text) else {
            throw Complaint("--\(name) must be a number of seconds such as 480, not \(text)")
        }
        return value
    }
}

/// A length of time, or `never`.
struct Lifetime: ExpressibleByArgument {
    /// Nil: never.
    let milliseconds: Int64?

    init?(argument: String) {
        if argument.lowercased() == "never" {
            milliseconds = nil
        } else {
            guard let span = TimeSpan(argument: argument) else { return nil }
            milliseconds = span.seconds * 1000
        }
    }

    static func parse(_ text: String, for name: String) throws -> Lifetime {
        guard let value = Lifetime(argument: text) else {
            throw Complaint("--\(name) must be a length of time such as 30d, or never, not \(text)")
        }
        return value
    }
}

/// A whole number from 1 to 1,000,000.
struct PositiveNumber: ExpressibleByArgument {
    let number: Int64

    init?(argument: String) {
        guard let value = Quantity(argument, units: [:]), value.number <= 1_000_000 else { return nil }
        number = value.number
    }

    static func parse(_ text: String, for name: String) throws -> PositiveNumber {
        guard let value = PositiveNumber(argument: text) else {
            throw Complaint("--\(name) must be a whole number from 1 to 1000000, not \(text)")
        }
        return value
    }
}

/// A positive whole number with an optional unit letter.
private struct Quantity {
    let number: Int64

    init?(_ text: String, units: [Character: Int64]) {
        var digits = Substring(text.uppercased())
        var unit: Int64 = 1
        if let last = digits.last, let known = units[last] {
            unit = known
            digits.removeLast()
        }
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (48...57).contains($0) }), let count = Int64(digits), count > 0
        else { return nil }
        let (product, overflow) = count.multipliedReportingOverflow(by: unit)
        // Milliseconds of it must fit as well.
        guard !overflow, product <= Int64.max / 1000 else { return nil }
        number = product
    }
}
