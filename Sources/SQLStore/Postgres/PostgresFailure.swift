import CPostgres

/// What the server, or the way to it, refused.
struct PostgresFailure: Error {
    enum Kind {
        /// Running the transaction again may help: it ran into another one.
        case conflict
        /// The connection is gone.
        case lost
        case refused
    }

    let kind: Kind
    let error: SQLError

    init(_ error: SQLError) {
        kind = .refused
        self.error = error
    }

    init(lost message: String) {
        kind = .lost
        error = .unavailable(Self.oneLine(message))
    }

    /// - Parameter result: of a failed statement on `connection`.
    init(_ result: OpaquePointer, on connection: OpaquePointer) {
        let state = Self.field(result, "C")
        let text = Self.field(result, "M")
        let message = "\(state.isEmpty ? "" : state + " ")\(text.isEmpty ? Self.last(connection) : text)"
        (kind, error) =
            switch state {
            case "40001", "40P01": (.conflict, .unavailable("kept running into other transactions: \(message)"))
            case "23505": (.refused, .unique)
            case "53100", "53200": (.refused, .full)
            case "57P01", "57P02", "57P03", "57P04", "57P05": (.lost, .unavailable(message))
            case "53300", "55P03": (.refused, .unavailable(message))
            case _ where state.hasPrefix("08"): (.lost, .unavailable(message))
            case _ where PQstatus(connection) != CONNECTION_OK: (.lost, .unavailable(message))
            case _ where state.hasPrefix("23"): (.refused, .constraint)
            default: (.refused, .failed(message: message))
            }
    }

    /// - Parameter code: of PG_DIAG_... in postgres_ext.h.
    private static func field(_ result: OpaquePointer, _ code: Unicode.Scalar) -> String {
        PQresultErrorField(result, Int32(code.value)).map { String(cString: $0) } ?? ""
    }

    private static func last(_ connection: OpaquePointer) -> String {
        oneLine(String(cString: PQerrorMessage(connection)))
    }

    private static func oneLine(_ text: String) -> String {
        text.split(whereSeparator: \.isNewline).joined(separator: " ")
    }
}
