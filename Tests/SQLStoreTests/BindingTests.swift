import SQLStore
import Testing

@Suite("Bindings and results")
struct BindingTests {
    static let texts = [
        "", " ", "plain", "it's \"quoted\" `so` [and] so", "'); DROP TABLE name; --", "$1 ? :name @x %_\\",
        "line\nline\r\t",
        "Договор №7 — копия.pdf", "日本語 🇺🇦 👨‍👩‍👧", "e\u{301} é", "\u{FEFF}bom", String(repeating: "ж", count: 300_000),
    ]
    static let numbers: [Int64] = [0, 1, -1, .max, .min, (1 << 53) + 1]
    static let byteStrings: [[UInt8]] = [
        [], [0], [0, 0, 0], Array(0...255), Array("\\x00".utf8), [UInt8](repeating: 0xFF, count: 500_000),
    ]

    @Test("text comes back as it was bound", arguments: Engine.allCases, texts)
    func text(engine: Engine, text: String) async throws {
        try await withTables(engine) { database async throws in
            let row = try await database.write { tx in
                try tx.row("INSERT INTO item (word) VALUES (\(text)) RETURNING word, number, raw")
            }
            #expect(row?.values == [.text(text), .null, .null])
            let found = try await database.read { tx in try tx.rows("SELECT word FROM item WHERE word = \(text)") }
            #expect(found.map(\.values) == [[.text(text)]])
            #expect(try await database.names().isEmpty, "no text becomes a statement")
        }
    }

    @Test("integers come back as they were bound", arguments: Engine.allCases, numbers)
    func integers(engine: Engine, number: Int64) async throws {
        try await withTables(engine) { database async throws in
            let row = try await database.write { tx in
                try tx.row("INSERT INTO item (number) VALUES (\(number)) RETURNING number")
            }
            #expect(row?.values == [.integer(number)])
            let count = try await database.read { tx in
                try tx.int("SELECT count(*) FROM item WHERE number = \(number) AND number <= \(Int64.max)")
            }
            #expect(count == 1)
        }
    }

    @Test("bytes come back as they were bound", arguments: Engine.allCases, byteStrings)
    func bytes(engine: Engine, bytes: [UInt8]) async throws {
        try await withTables(engine) { database async throws in
            let row = try await database.write { tx in
                try tx.row("INSERT INTO item (raw) VALUES (\(bytes)) RETURNING raw, length(raw)")
            }
            #expect(row?.values == [.bytes(bytes), .integer(Int64(bytes.count))])
        }
    }

    @Test("nulls are bound to columns of every kind, and compared", arguments: Engine.allCases)
    func nulls(engine: Engine) async throws {
        try await withTables(engine) { database async throws in
            let nothing: (Int64?, String?, [UInt8]?) = (nil, nil, nil)
            let found = try await database.write { tx in
                try tx.run(
                    "INSERT INTO item (number, word, raw) VALUES (\(nothing.0), \(nothing.1), \(nothing.2))")
                try tx.run("INSERT INTO item (number, word, raw) VALUES (\(7), \("seven"), \([7] as [UInt8]))")
                try tx.run("UPDATE item SET number = \(nothing.0), word = \(nothing.1) WHERE number = \(7)")
                return (
                    try tx.rows("SELECT number, word, raw FROM item ORDER BY id"),
                    try tx.int("SELECT count(*) FROM item WHERE number = \(nothing.0) OR word = \(nothing.1)"),
                    try tx.int("SELECT count(*) FROM item WHERE \(nothing.0) IS NULL"),
                    try tx.int("SELECT count(*) FROM item WHERE COALESCE(\(nothing.0), number, \(5)) = \(5)")
                )
            }
            #expect(found.0.map(\.values) == [[.null, .null, .null], [.null, .null, .bytes([7])]])
            #expect(found.1 == 0, "null equals nothing")
            #expect(found.2 == 2)
            #expect(found.3 == 2)
        }
    }

    @Test("text with a NUL is refused, not cut, and the write changes nothing", arguments: Engine.allCases)
    func nul(engine: Engine) async throws {
        try await withTables(engine) { database async throws in
            await #expect(throws: SQLError.self) {
                try await database.write { tx in
                    try tx.run("INSERT INTO name (name) VALUES ('before')")
                    try tx.run("INSERT INTO name (name) VALUES (\("a\u{0}b"))")
                }
            }
            #expect(try await database.names().isEmpty)
        }
    }

    @Test("counts, sums, comparisons and conditions are integers", arguments: Engine.allCases)
    func numbersOfTheEngine(engine: Engine) async throws {
        try await withTables(engine) { database async throws in
            let row = try await database.write { tx in
                try tx.run("INSERT INTO item (number) VALUES (\(Int64.max - 1)), (\(1)), (\(0))")
                return try tx.row(
                    """
                    SELECT count(*), sum(number), max(number), COALESCE(sum(id), 0), length('жжж'), id = 1,
                        CASE WHEN number > \(5) THEN 1 ELSE 0 END
                    FROM item GROUP BY id ORDER BY id LIMIT 1
                    """)
            }
            #expect(
                row?.values == [
                    .integer(1), .integer(.max - 1), .integer(.max - 1), .integer(1), .integer(3), .integer(1),
                    .integer(1),
                ])
        }
    }

    @Test("a list of bindings, of thousands too", arguments: Engine.allCases, [1, 3, 5000])
    func lists(engine: Engine, count: Int) async throws {
        try await withTables(engine) { database async throws in
            let numbers = (1...count).map { Int64($0) }
            let found = try await database.write { tx in
                try tx.run("INSERT INTO item (number) VALUES (\(1)), (\(2)), (\(999_999))")
                return try tx.int("SELECT count(*) FROM item WHERE number IN (\(list: numbers))")
            }
            #expect(found == (count == 1 ? 1 : 2))
        }
    }

    @Test("the number of changed rows is the statement's own", arguments: Engine.allCases)
    func changes(engine: Engine) async throws {
        try await withTables(engine) { database async throws in
            let counts = try await database.write { tx in
                [
                    try tx.run("INSERT INTO item (number) VALUES (1), (2), (3)"),
                    try tx.run("UPDATE item SET number = number + 1 WHERE number > \(1)"),
                    try tx.run("UPDATE item SET number = 0 WHERE number > \(100)"),
                    try tx.run("INSERT INTO name (name) VALUES ('x') ON CONFLICT (name) DO NOTHING"),
                    try tx.run("INSERT INTO name (name) VALUES ('x') ON CONFLICT (name) DO NOTHING"),
                    try tx.run("DELETE FROM item"),
                    try tx.run("CREATE TABLE later (id BIGINT)"),
                ]
            }
            #expect(counts == [3, 2, 0, 1, 0, 3, 0])
        }
    }

    @Test("text is ordered by its bytes", arguments: Engine.allCases)
    func order(engine: Engine) async throws {
        try await withTables(engine) { database async throws in
            let words = ["b", "B", "a", "Z", "ä", "я", "А", "_", "10", "9", "", "a b", "a-b", "aB"]
            let sorted = try await database.write { tx in
                for word in words { try tx.run("INSERT INTO item (word) VALUES (\(word))") }
                return try tx.rows("SELECT word FROM item ORDER BY word").map { try $0.text(0) }
            }
            #expect(sorted == words.sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) })
        }
    }

    @Test("more statements than are kept prepared still run", arguments: Engine.allCases)
    func manyStatements(engine: Engine) async throws {
        try await withTables(engine) { database async throws in
            for _ in 0..<2 {
                let sum = try await database.write { tx in
                    try (0..<600).reduce(Int64(0)) { try $0 + tx.int("SELECT \($1) + \(raw: "\($1)")") }
                }
                #expect(sum == 2 * 600 * 599 / 2)
            }
        }
    }
}
