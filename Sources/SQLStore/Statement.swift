/// A value as both engines store it: integers and text only, plus raw bytes.
package enum SQLValue: Sendable, Hashable {
    case null
    case integer(Int64)
    case text(String)
    case bytes([UInt8])
}

/// Anything that can be bound to a statement.
package protocol SQLBindable {
    var sqlValue: SQLValue { get }
}

extension SQLValue: SQLBindable { package var sqlValue: SQLValue { self } }
extension Int64: SQLBindable { package var sqlValue: SQLValue { .integer(self) } }
extension Int: SQLBindable { package var sqlValue: SQLValue { .integer(Int64(self)) } }
extension String: SQLBindable { package var sqlValue: SQLValue { .text(self) } }
/// Stored as 0 or 1, the same on both engines.
extension Bool: SQLBindable { package var sqlValue: SQLValue { .integer(self ? 1 : 0) } }
extension [UInt8]: SQLBindable { package var sqlValue: SQLValue { .bytes(self) } }
extension Optional: SQLBindable where Wrapped: SQLBindable {
    package var sqlValue: SQLValue { self?.sqlValue ?? .null }
}

/// One SQL statement: trusted text with values bound into it.
///
/// Written as a string literal; every `\(value)` becomes a binding, never text. `\(raw: ...)` splices trusted text
/// written in this program (a column name), `\(list: ...)` a comma-separated run of bindings, and `\(sql)` another
/// statement with its bindings.
package struct SQL: Sendable, Hashable, ExpressibleByStringInterpolation {
    package enum Part: Sendable, Hashable {
        case text(String)
        case binding(SQLValue)

        /// Bytes; some for a placeholder.
        fileprivate var roomForText: Int { if case .text(let text) = self { text.utf8.count } else { 4 } }
    }

    package private(set) var parts: [Part]

    package init(stringLiteral value: String) { parts = [.text(value)] }
    package init(stringInterpolation: StringInterpolation) { parts = stringInterpolation.parts }

    package struct StringInterpolation: StringInterpolationProtocol {
        var parts: [Part] = []

        package init(literalCapacity: Int, interpolationCount: Int) {
            parts.reserveCapacity(interpolationCount * 2 + 1)
        }
        package mutating func appendLiteral(_ literal: String) { if !literal.isEmpty { parts.append(.text(literal)) } }
        package mutating func appendInterpolation(_ value: some SQLBindable) { parts.append(.binding(value.sqlValue)) }
        /// nil is bound as NULL.
        package mutating func appendInterpolation(_ value: (some SQLBindable)?) {
            parts.append(.binding(value?.sqlValue ?? .null))
        }
        package mutating func appendInterpolation(raw text: String) { parts.append(.text(text)) }
        package mutating func appendInterpolation(_ sql: SQL) { parts.append(contentsOf: sql.parts) }
        package mutating func appendInterpolation(list values: [some SQLBindable]) {
            for (index, value) in values.enumerated() {
                if index > 0 { parts.append(.text(", ")) }
                parts.append(.binding(value.sqlValue))
            }
        }
    }

    package static func + (left: SQL, right: SQL) -> SQL {
        var sum = left
        sum.parts.append(contentsOf: right.parts)
        return sum
    }

    /// `left AND right AND ...`, each in parentheses; `1 = 1` when there are none.
    package static func all(_ conditions: [SQL]) -> SQL { joined(conditions, by: " AND ", empty: "1 = 1") }

    /// `left OR right OR ...`, each in parentheses; `1 = 0` when there are none.
    package static func any(_ conditions: [SQL]) -> SQL { joined(conditions, by: " OR ", empty: "1 = 0") }

    private static func joined(_ conditions: [SQL], by separator: String, empty: SQL) -> SQL {
        guard var sum = conditions.first.map({ "(\($0))" as SQL }) else { return empty }
        for next in conditions.dropFirst() { sum = "\(sum)\(raw: separator)(\(next))" }
        return sum
    }

    /// The statement's text with the engine's placeholders, and the values in order.
    /// - Parameter placeholder: writes the placeholder of binding number `n`, counted from 1.
    package func rendered(placeholder: (Int) -> String) -> (text: String, bindings: [SQLValue]) {
        var text = ""
        var bindings: [SQLValue] = []
        text.reserveCapacity(parts.reduce(0) { $0 + $1.roomForText })
        for part in parts {
            switch part {
            case .text(let piece): text += piece
            case .binding(let value):
                bindings.append(value)
                text += placeholder(bindings.count)
            }
        }
        return (text, bindings)
    }
}
