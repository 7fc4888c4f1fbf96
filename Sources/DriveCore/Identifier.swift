import SQLStore

/// The id of one kind of thing, so that a folder's id cannot be passed as a version's.
package struct Identifier<Entity>: RawRepresentable, Hashable, Sendable, Comparable, CustomStringConvertible {
    package let rawValue: Int64
    package init(rawValue: Int64) { self.rawValue = rawValue }
    package init(_ rawValue: Int64) { self.rawValue = rawValue }
    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
    package var description: String { String(rawValue) }
}

extension Identifier: SQLBindable {
    package var sqlValue: SQLValue { .integer(rawValue) }
}
