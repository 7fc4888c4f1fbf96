import CPostgres
import Foundation

/// What the server answered to one statement; freed with the last reference.
final class PostgresAnswer {
    private let result: OpaquePointer

    /// - Throws: `Conflict`, `SQLError`.
    init(_ result: OpaquePointer?, of connection: OpaquePointer?) throws {
        guard let result else {
            throw SQLError.unavailable(connection.map { String(cString: PQerrorMessage($0)) } ?? "no connection")
        }
        self.result = result
        switch PQresultStatus(result) {
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY: return
        default:
            let isConnected = connection.map { PQstatus($0) == CONNECTION_OK } ?? false
            throw Self.refusal(result, isConnected: isConnected)
        }
    }

    deinit { PQclear(result) }

    /// Rows an INSERT, UPDATE or DELETE changed.
    var changedRows: Int { Int(String(cString: PQcmdTuples(result))) ?? 0 }

    func rows() throws(SQLError) -> [Row] {
        let columns = PQnfields(result)
        let types = (0..<columns).map { PQftype(result, $0) }
        var rows: [Row] = []
        rows.reserveCapacity(Int(PQntuples(result)))
        for row in 0..<PQntuples(result) {
            var values: [SQLValue] = []
            values.reserveCapacity(Int(columns))
            for column in 0..<columns { values.append(try value(row, column, types[Int(column)])) }
            rows.append(Row(values))
        }
        return rows
    }

    private func value(_ row: Int32, _ column: Int32, _ type: Oid) throws(SQLError) -> SQLValue {
        if PQgetisnull(result, row, column) == 1 { return .null }
        let start = UnsafeRawPointer(PQgetvalue(result, row, column)!)
        let bytes = UnsafeRawBufferPointer(start: start, count: Int(PQgetlength(result, row, column)))
        switch type {
        case 20, 21, 23, 1700:  // int8, int2, int4, numeric (a sum of int8)
            let text = String(decoding: bytes, as: UTF8.self)
            guard let number = Int64(text) else { throw .failed(message: "\(text) is no 64-bit integer") }
            return .integer(number)
        case 16: return .integer(bytes.first == UInt8(ascii: "t") ? 1 : 0)
        case 17: return .bytes(try Self.decodeHex(bytes))
        default: return .text(String(decoding: bytes, as: UTF8.self))
        }
    }

    /// `\x` and two digits a byte: bytea as text.
    private static func decodeHex(_ text: UnsafeRawBufferPointer) throws(SQLError) -> [UInt8] {
        guard text.count >= 2, text.count % 2 == 0, text[1] == UInt8(ascii: "x") else {
            throw .failed(message: "bytea is not in hex format")
        }
        func digit(_ byte: UInt8) -> UInt8 { byte < 58 ? byte - 48 : byte - 87 }
        return stride(from: 2, to: text.count, by: 2).map { digit(text[$0]) << 4 | digit(text[$0 + 1]) }
    }

    private static func refusal(_ result: OpaquePointer, isConnected: Bool) -> any Error {
        let state = PQresultErrorField(result, dossier_pg_diag_sqlstate).map { String(cString: $0) } ?? ""
        let message =
            state + " "
            + String(cString: PQresultErrorMessage(result)).trimmingCharacters(in: .whitespacesAndNewlines)
        switch state {
        case "40001", "40P01": return Conflict(message: message)
        case "23505": return SQLError.unique
        case "53100", "53200": return SQLError.full
        default:
            if state.hasPrefix("23") { return SQLError.constraint }
            if !isConnected || state.hasPrefix("57P") || state.hasPrefix("08") { return SQLError.unavailable(message) }
            return SQLError.failed(message: message)
        }
    }
}
