/// One result row; columns by position, in the order of the SELECT.
package struct Row: Sendable, Hashable {
    package let values: [SQLValue]

    package init(_ values: [SQLValue]) { self.values = values }

    package func int(_ column: Int) throws(SQLError) -> Int64 {
        guard case .integer(let value) = values[column] else { throw mismatch(column, "an integer") }
        return value
    }

    package func text(_ column: Int) throws(SQLError) -> String {
        guard case .text(let value) = values[column] else { throw mismatch(column, "text") }
        return value
    }

    /// 0 is false, any other integer true.
    package func bool(_ column: Int) throws(SQLError) -> Bool { try int(column) != 0 }

    package func bytes(_ column: Int) throws(SQLError) -> [UInt8] {
        guard case .bytes(let value) = values[column] else { throw mismatch(column, "bytes") }
        return value
    }

    package func intOrNull(_ column: Int) throws(SQLError) -> Int64? { isNull(column) ? nil : try int(column) }
    package func textOrNull(_ column: Int) throws(SQLError) -> String? { isNull(column) ? nil : try text(column) }
    package func bytesOrNull(_ column: Int) throws(SQLError) -> [UInt8]? { isNull(column) ? nil : try bytes(column) }
    package func isNull(_ column: Int) -> Bool { values[column] == .null }

    private func mismatch(_ column: Int, _ wanted: String) -> SQLError {
        .failed(message: "column \(column) is \(values[column]), not \(wanted)")
    }
}
