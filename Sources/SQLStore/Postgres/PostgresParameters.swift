import CPostgres

/// Bindings as libpq takes them: every type named, so that the server never has to guess.
struct PostgresParameters {
    /// Type ids; 0 leaves a null's type to the place it stands in.
    let types: [Oid]
    private var storage: [UInt8] = []
    /// Where each value starts in `storage`; nil for null.
    private var starts: [Int?] = []
    private var lengths: [Int32] = []
    private var formats: [Int32] = []

    /// - Throws: `.failed` for text with a NUL, which PostgreSQL cannot store.
    init(_ bindings: [SQLValue]) throws(SQLError) {
        types = bindings.map(\.typeID)
        for value in bindings {
            switch value {
            case .null: add(nil, isBinary: false)
            case .integer(let number): add(Array(String(number).utf8), isBinary: false)
            case .text(let text):
                let bytes = Array(text.utf8)
                if bytes.contains(0) { throw .failed(message: "a text with a NUL cannot be stored") }
                add(bytes, isBinary: false)
            case .bytes(let bytes): add(bytes, isBinary: true)
            }
        }
    }

    private mutating func add(_ bytes: [UInt8]?, isBinary: Bool) {
        starts.append(bytes == nil ? nil : storage.count)
        lengths.append(Int32(clamping: bytes?.count ?? 0))
        formats.append(isBinary ? 1 : 0)
        if let bytes {
            storage += bytes
            storage.append(0)
        }
    }

    /// Hands out the three arrays of `PQexecPrepared`.
    func withPointers<Result>(
        _ body: ([UnsafePointer<CChar>?], [Int32], [Int32]) throws -> Result
    ) rethrows -> Result {
        try storage.withUnsafeBufferPointer { bytes in
            try bytes.withMemoryRebound(to: CChar.self) { characters in
                let values = starts.map { start in start.flatMap { characters.baseAddress?.advanced(by: $0) } }
                return try body(values, lengths, formats)
            }
        }
    }
}

extension SQLValue {
    /// `pg_type.oid` of int8, text and bytea.
    fileprivate var typeID: Oid {
        switch self {
        case .null: 0
        case .integer: 20
        case .text: 25
        case .bytes: 17
        }
    }
}
