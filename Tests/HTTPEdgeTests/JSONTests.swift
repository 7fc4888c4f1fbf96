import NIOCore
import Testing

@testable import HTTPEdge

@Suite("JSON")
struct JSONTests {
    static let good: [(String, Value)] = [
        ("{}", [:]), ("[]", []), ("null", nil), (" true ", true), ("false", false),
        ("0", 0), ("-0", 0), ("-12", -12), ("9223372036854775807", 9_223_372_036_854_775_807),
        ("-9223372036854775808", .int(.min)), ("9223372036854775808", .double(9_223_372_036_854_775_808)),
        ("1.5", .double(1.5)), ("1e2", .double(100)), ("1E+2", .double(100)), ("-2.5e-1", .double(-0.25)),
        (#""""#, ""), (#""a\"\\\/\b\f\n\r\tz""#, "a\"\\/\u{8}\u{c}\n\r\tz"),
        (#""\u0416\u00e9 \uD83D\uDE00""#, "Жé 😀"), ("\"Ж😀\"", "Ж😀"),
        (#"{"a":1,"b":[true,null,{"c":"d"}],"e":{}}"#, ["a": 1, "b": [true, nil, ["c": "d"]], "e": [:]]),
        ("\t{ \"a\" :\r\n[ 1 , 2 ] }\n", ["a": [1, 2]]),
        (#"{"a":1,"b":2,"a":3}"#, ["a": 3, "b": 2]),
        ("[[[]]]", [[[]]]),
    ]

    @Test("RFC 8259 texts are read", arguments: good)
    func reads(text: String, value: Value) throws {
        #expect(try Value.json(ByteBuffer(string: text)) == value)
    }

    @Test("a text is read the same whichever way it is cut", arguments: good)
    func everySplit(text: String, value: Value) throws {
        let bytes = Array(text.utf8)
        for cut in 0...bytes.count {
            #expect(try Self.read([Array(bytes[..<cut]), Array(bytes[cut...])]) == value)
        }
        #expect(try Self.read(bytes.map { [$0] }) == value)
    }

    static func read(_ pieces: [[UInt8]]) throws -> Value {
        var reader = JSONReader(limits: .init(), isBase64: nil)
        for piece in pieces + [[0x20]] {
            var input = ByteBuffer(bytes: piece)
            _ = try reader.step(&input)
        }
        return try reader.value()
    }

    @Test(
        "anything else is refused",
        arguments: [
            "", " ", "{", "[", "[1", "{\"a\"", "{\"a\":", "{\"a\":1", "[1,]", "{\"a\":1,}", "{,}", "[,]", "{a:1}",
            "{'a':1}",
            "{\"a\" 1}", "[1 2]", "]", "}", "[}", "{]", "[1}", "{} {}", "[]x", "nul", "nulL", "True", "tru e", "01",
            "-",
            "+1", "1.", ".5", "1e", "1e+", "--1", "1.2.3", "0x10", "NaN", "Infinity", "1e999", "\"", "\"\\", "\"\\x\"",
            "\"\\u12\"", "\"\\u12g4\"", "\"\\ud800\"", "\"\\ud800x\"", "\"\\ud800\\n\"", "\"\\udc00\"",
            "\"\\ud800\\ud800\"", "\"a\u{1}\"", "\"a\nb\"", "\"\\u0000\"", "\u{feff}{}", "// x\n{}", "1 2",
        ])
    func refuses(text: String) {
        #expect { try Value.json(ByteBuffer(string: text)) } throws: {
            guard case .malformed? = $0 as? ParsingError else { return false }
            return true
        }
    }

    @Test(
        "strings that are not UTF-8 are refused",
        arguments: [[0xff], [0xc3], [0xc0, 0x80], [0xed, 0xa0, 0x80]] as [[UInt8]])
    func encodings(bytes: [UInt8]) {
        #expect(throws: ParsingError.malformed("text that is not UTF-8")) {
            try Value.json(ByteBuffer(bytes: [0x22] + bytes + [0x22]))
        }
    }

    @Test("limits on depth, memory and values hold")
    func limits() throws {
        func nested(_ depth: Int) -> ByteBuffer {
            ByteBuffer(string: String(repeating: "[", count: depth) + String(repeating: "]", count: depth))
        }
        _ = try Value.json(nested(32))
        #expect(throws: ParsingError.tooDeep) { try Value.json(nested(33)) }
        #expect(throws: ParsingError.tooDeep) { try Value.json(nested(1_000_000)) }
        var limits = ParsingLimits()
        limits.memory = 100
        #expect(throws: ParsingError.tooLarge) {
            try Value.json(ByteBuffer(string: "\"" + String(repeating: "x", count: 101) + "\""), limits: limits)
        }
        #expect(throws: ParsingError.tooLarge) {
            try Value.json(ByteBuffer(string: String(repeating: "1", count: 101)), limits: limits)
        }
        limits.values = 3
        _ = try Value.json(ByteBuffer(string: "[1,2]"), limits: limits)
        #expect(throws: ParsingError.tooMany) { try Value.json(ByteBuffer(string: "[1,2,3]"), limits: limits) }
    }

    @Test(
        "values are written exactly",
        arguments: [
            (nil, "null"), (true, "true"), (0, "0"), (.int(.min), "-9223372036854775808"),
            (.int(.max), "9223372036854775807"), (.double(1_769_539_624.498846), "1769539624.498846"),
            (.double(0.041), "0.041"), (.double(0.001), "0.001"), (.double(0.0004), "0.0004"),
            (.double(1_769_539_624.5), "1769539624.5"), (.double(1_769_539_624.05), "1769539624.05"),
            (.double(999_999_999_999.999), "999999999999.999"), (.double(0.1 + 0.2), "0.30000000000000004"),
            (.double(3), "3"), (.double(-0.5), "-0.5"), (.double(.nan), "null"),
            (.double(.infinity), "null"), ("a/b <é>", "\"a/b <é>\""),
            ("q\"b\\n\n\u{1}\u{1f}\u{7f}", "\"q\\\"b\\\\n\\n\\u0001\\u001f\u{7f}\""),
            ([], "[]"), ([:], "{}"), ([1, "x", nil], "[1,\"x\",null]"),
            (["b": 1, "a": ["c": []]], "{\"b\":1,\"a\":{\"c\":[]}}"),
        ] as [(Value, String)])
    func writes(value: Value, text: String) {
        var buffer = ByteBuffer()
        value.writeJSON(into: &buffer)
        #expect(String(buffer: buffer) == text)
    }

    @Test("an object written member by member is the tree's JSON, and reads as the tree")
    func writtenAtOnce() throws {
        let long = String(repeating: "long \"é\" ", count: 1000)
        let written = Value.writtenObject { json in
            json.member("ID", digits: -7)
            json.member("SIZE", Int64.max)
            json.member("NA\"ME", "a\\b")
            json.member("URL", pieces: ["http://x", "/\n/", "", "é\""])
            json.member("TIME", upTo: 9) { bytes in
                for (index, byte) in "12:05".utf8.enumerated() { bytes[index] = byte }
                return 5
            }
            json.member("CODE", Value.null)
            json.member("LIST", [1, [:], []])
            json.member("INNER", .writtenObject { $0.member("LONG", long) })
            json.member("NONE", .writtenObject { _ in })
            json.member("DEEP") { $0.member("A") { $0.member("B", Int64(1)) } }
        }
        let tree: Value = [
            "ID": "-7", "SIZE": .int(.max), "NA\"ME": "a\\b", "URL": "http://x/\n/é\"", "TIME": "12:05", "CODE": nil,
            "LIST": [1, [:], []], "INNER": ["LONG": .string(long)], "NONE": [:],
            "DEEP": ["A": ["B": 1]],
        ]
        func text(_ value: Value) -> String {
            var buffer = ByteBuffer()
            value.writeJSON(into: &buffer)
            return String(buffer: buffer)
        }
        #expect(text([written, 1, written]) == text([tree, 1, tree]))
        #expect(written == tree && tree == written && written == written)
        #expect(written["INNER"]?["LONG"] == .string(long))
        #expect(written["MISSING"] == nil)
        #expect(written.elements == tree.elements)
        guard case .object(let members) = ([written] as Value).unwritten.elements.first else {
            Issue.record("not a tree")
            return
        }
        #expect(members.map(\.key) == ["ID", "SIZE", "NA\"ME", "URL", "TIME", "CODE", "LIST", "INNER", "NONE", "DEEP"])
    }

    @Test("wherever in a text a character stands that must be escaped, it is", arguments: 1...20)
    func escapes(length: Int) {
        let controls = (UInt8(0)..<0x20).map { ($0, "u00" + ($0 < 16 ? "0" : "") + String($0, radix: 16)) }
        let special = controls + [(0x22, "\""), (0x5c, "\\")]
        let short: [UInt8: String] = [0x08: "b", 0x09: "t", 0x0a: "n", 0x0c: "f", 0x0d: "r"]
        // Neighbours on both sides of what is special, and beyond ASCII.
        for filling in ["a", "!", "#", "[", "]", " ", "\u{7f}"] {
            for (byte, code) in special {
                for place in 0..<length {
                    let before = String(repeating: filling, count: place)
                    let after = String(repeating: filling, count: length - place - 1) + "é"
                    let text = before + String(UnicodeScalar(byte)) + after
                    var buffer = ByteBuffer()
                    Value.string(text).writeJSON(into: &buffer)
                    #expect(String(buffer: buffer) == "\"" + before + "\\" + (short[byte] ?? code) + after + "\"")
                }
            }
            var buffer = ByteBuffer()
            let plain = String(repeating: filling, count: length) + "é€😀"
            Value.string(plain).writeJSON(into: &buffer)
            #expect(String(buffer: buffer) == "\"" + plain + "\"")
        }
    }

    @Test("random bytes never crash the reader")
    func fuzz() throws {
        var random = SeededRandom(seed: 8259)
        let alphabet = Array("{}[]:,\"\\u0123456789dDeE+-.truefalsn \n\u{1}Ж".utf8)
        for _ in 0..<20_000 {
            let bytes = (0..<Int.random(in: 0..<40, using: &random)).map { _ in alphabet.randomElement(using: &random)!
            }
            let whole = try? Value.json(ByteBuffer(bytes: bytes))
            let byPieces = try? Self.read(bytes.map { [$0] })
            #expect(whole == byPieces)
            if let whole {
                var written = ByteBuffer()
                whole.writeJSON(into: &written)
                #expect((try? Value.json(written)) != nil)
            }
        }
    }
}

/// SplitMix64, so that a failure comes back.
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}
