import CPostgres

/// Type numbers of pg_type.dat.
private enum TypeID {
    static let unknown: Oid = 0
    static let bool: Oid = 16
    static let bytea: Oid = 17
    static let int8: Oid = 20
    static let int2: Oid = 21
    static let int4: Oid = 23
    static let text: Oid = 25
    static let oid: Oid = 26
    static let float4: Oid = 700
    static let float8: Oid = 701
    static let numeric: Oid = 1700
}

/// A statement's text and its bindings in the binary form of their types.
struct PostgresParameters {
    let text: String
    let types: [Oid]
    private let bytes: [UInt8]
    /// Where each binding lies in `bytes`; nil for null.
    private let places: [Range<Int>?]

    /// The protocol counts parameters in 16 bits.
    private static let limit = 65_535

    /// - Throws: `.failed` for text with a NUL, which PostgreSQL cannot keep, and for too many bindings.
    init(_ sql: SQL) throws(PostgresFailure) {
        var text = ""
        var types: [Oid] = []
        var bytes: [UInt8] = []
        var places: [Range<Int>?] = []
        for (index, part) in sql.parts.enumerated() {
            guard case .binding(let value) = part else {
                if case .text(let piece) = part { text += piece }
                continue
            }
            let start = bytes.count
            switch value {
            case .null: types.append(Self.typeOfNull(before: sql.parts[(index + 1)...]))
            case .integer(let value):
                types.append(TypeID.int8)
                withUnsafeBytes(of: value.bigEndian) { bytes.append(contentsOf: $0) }
            case .text(let value):
                types.append(TypeID.text)
                bytes.append(contentsOf: value.utf8)
                if bytes[start...].contains(0) { throw PostgresFailure(.textWithNUL) }
            case .bytes(let value):
                types.append(TypeID.bytea)
                bytes.append(contentsOf: value)
            }
            places.append(value == .null ? nil : start..<bytes.count)
            text += "$\(places.count)"
        }
        if types.count > Self.limit { throw PostgresFailure(.failed(message: "\(types.count) bindings are too many")) }
        self.text = text
        self.types = types
        self.bytes = bytes
        self.places = places
    }

    /// The server infers the type of a null from where it stands, but for `$1 IS NULL`, where any will do.
    private static func typeOfNull(before rest: ArraySlice<SQL.Part>) -> Oid {
        guard case .text(let next)? = rest.first, next.drop(while: \.isWhitespace).uppercased().hasPrefix("IS ") else {
            return TypeID.unknown
        }
        return TypeID.text
    }

    /// Runs the prepared statement `name` with these bindings; results come as text.
    func execute(_ name: String, on connection: OpaquePointer) -> OpaquePointer? {
        // One byte more, so that an empty value has an address and is not taken for null.
        (bytes + [0]).withUnsafeBytes { buffer in
            let base = buffer.baseAddress!.assumingMemoryBound(to: CChar.self)
            let values = places.map { place in place.map { base + $0.lowerBound } }
            let lengths = places.map { Int32($0?.count ?? 0) }
            let formats = [Int32](repeating: 1, count: places.count)
            return PQexecPrepared(connection, name, Int32(places.count), values, lengths, formats, 0)
        }
    }
}

/// Reads a result that came as text.
struct PostgresRows {
    private let result: OpaquePointer
    private let types: [Oid]

    init(_ result: OpaquePointer) {
        self.result = result
        types = (0..<PQnfields(result)).map { PQftype(result, $0) }
    }

    func all() throws(SQLError) -> [Row] {
        let count = PQntuples(result)
        var rows: [Row] = []
        rows.reserveCapacity(Int(count))
        for row in 0..<count {
            var values: [SQLValue] = []
            values.reserveCapacity(types.count)
            for column in 0..<Int32(types.count) { values.append(try value(row, column)) }
            rows.append(Row(values))
        }
        return rows
    }

    private func value(_ row: Int32, _ column: Int32) throws(SQLError) -> SQLValue {
        if PQgetisnull(result, row, column) == 1 { return .null }
        guard let start = PQgetvalue(result, row, column) else { return .null }
        let text = UnsafeRawBufferPointer(start: start, count: Int(PQgetlength(result, row, column)))
        switch types[Int(column)] {
        case TypeID.int2, TypeID.int4, TypeID.int8, TypeID.oid, TypeID.numeric, TypeID.float4, TypeID.float8:
            return .integer(try Self.integer(text))
        case TypeID.bool: return .integer(text.first == UInt8(ascii: "t") ? 1 : 0)
        case TypeID.bytea: return .bytes(try Self.bytes(hex: text))
        default: return .text(String(decoding: text, as: UTF8.self))
        }
    }

    /// A whole number; zeros after a decimal point are let through.
    private static func integer(_ text: UnsafeRawBufferPointer) throws(SQLError) -> Int64 {
        let string = String(decoding: text, as: UTF8.self)
        if let value = Int64(string) { return value }
        let parts = string.split(separator: ".", omittingEmptySubsequences: false)
        if parts.count == 2, parts[1].allSatisfy({ $0 == "0" }), let value = Int64(parts[0]) { return value }
        throw .failed(message: "\(string) is no 64-bit integer")
    }

    /// `\x` and two digits a byte.
    private static func bytes(hex text: UnsafeRawBufferPointer) throws(SQLError) -> [UInt8] {
        guard text.count >= 2, text.count % 2 == 0, text[0] == UInt8(ascii: "\\"), text[1] == UInt8(ascii: "x") else {
            throw .failed(message: "the server writes bytea in another form than hex")
        }
        return [UInt8](unsafeUninitializedCapacity: text.count / 2 - 1) { target, count in
            count = text.count / 2 - 1
            for index in 0..<count {
                target[index] = digit(text[2 * index + 2]) << 4 | digit(text[2 * index + 3])
            }
        }
    }

    private static func digit(_ character: UInt8) -> UInt8 {
        character <= UInt8(ascii: "9") ? character & 15 : (character & 15) + 9
    }
}

extension SQLError {
    static let textWithNUL = SQLError.failed(message: "text with a NUL character cannot be stored")
}
