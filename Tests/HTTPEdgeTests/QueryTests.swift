import NIOCore
import Testing

@testable import HTTPEdge

@Suite("Queries in PHP's bracket notation")
struct QueryTests {
    @Test(
        "brackets make the tree PHP makes",
        arguments: [
            ("fields[TITLE]=a", ["fields": ["TITLE": "a"]]),
            ("filter[%3E%3DID]=10", ["filter": [">=ID": "10"]]),
            ("select[]=ID&select[]=NAME", ["select": ["ID", "NAME"]]),
            ("select[0]=ID&select[1]=NAME", ["select": ["ID", "NAME"]]),
            ("fileContent[0]=a.txt&fileContent[1]=aGk%3D", ["fileContent": ["a.txt", "aGk="]]),
            (
                "rights[0][TASK_ID]=75&rights[0][ACCESS_CODE]=U7",
                ["rights": [["TASK_ID": "75", "ACCESS_CODE": "U7"]]]
            ),
            ("ORDER[]=", ["ORDER": [""]]),
            ("key=", ["key": ""]),
            ("key", ["key": ""]),
            ("0=123&1[POST_MESSAGE]=x", ["0": "123", "1": ["POST_MESSAGE": "x"]]),
            ("a=1&a=2", ["a": "2"]),
            ("a=1&b=2&a=3", ["a": "3", "b": "2"]),
            ("a[1]=x&a[0]=y", ["a": ["1": "x", "0": "y"]]),
            ("a[0]=x&a[2]=y", ["a": ["0": "x", "2": "y"]]),
            ("a[5]=x&a[]=y", ["a": ["5": "x", "6": "y"]]),
            ("a[00]=x", ["a": ["00": "x"]]),
            ("a[][b]=1&a[][b]=2", ["a": [["b": "1"], ["b": "2"]]]),
            ("a=1&a[b]=2", ["a": ["b": "2"]]),
            ("a[b]=1&a=2", ["a": "2"]),
            ("a+b=c+d%2B", ["a b": "c d+"]),
            ("a.b=1&c d[e.f]=2", ["a.b": "1", "c d": ["e.f": "2"]]),
            ("&&a=1&&", ["a": "1"]),
            ("=1&[x]=2&a=3", ["a": "3"]),
            ("a=b=c", ["a": "b=c"]),
            ("%61%5B%5D=%D0%96", ["a": ["Ж"]]),
            ("", [:]),
        ] as [(String, Value)])
    func trees(query: String, tree: Value) throws {
        #expect(try Value.query(query) == tree)
    }

    @Test("a short plain query reads the same in one pass as in general")
    func onePass() throws {
        var random = SeededRandom(seed: 3986)
        let letters = ["a", "b", "A", "1", "=", "=", "&", "&", ".", "]", " ", "/", "~", "[", "%41", "+", "é", "\u{7f}"]
        var limits = ParsingLimits()
        limits.values = 5
        var plain = 0
        for round in 0..<20_000 {
            let known = round % 2 == 0 ? letters.count : 13
            let query = (0..<Int.random(in: 0...24, using: &random)).map { _ in
                letters[Int.random(in: 0..<known, using: &random)]
            }.joined()
            guard let members = PlainQuery.members(of: query, limits: limits) else { continue }
            plain += 1
            #expect(try Value.tree(ofQuery: query, limits: limits) == .object(members), "\(query)")
        }
        #expect(plain > 5000)
        #expect(PlainQuery.members(of: "a=1&a=2&a=3&a=4&a=5&a=6", limits: limits) == nil)
        #expect(PlainQuery.members(of: String(repeating: "a", count: 513), limits: .init()) == nil)
    }

    @Test("of many keys the last value wins and the first one's place is kept", arguments: [7, 8, 9, 10, 300])
    func manyKeys(count: Int) throws {
        let pairs = (0..<count).map { "k\($0)=old" } + (0..<count).reversed().map { "k\($0)=\($0)" }
        let tree = try Value.query(pairs.joined(separator: "&"))
        #expect(tree == .object((0..<count).map { .init("k\($0)", .string(String($0))) }))
    }

    @Test(
        "unbalanced brackets are read as PHP reads them",
        arguments: [
            ("a[b=1", ["a_b": "1"]),
            ("a[b][c=1", ["a": ["b": "1"]]),
            ("a[b]c=1", ["a": ["b": "1"]]),
            ("a[b]c[d]=1", ["a": ["b": "1"]]),
            ("a]=1", ["a]": "1"]),
            ("a[[b]=1", ["a": ["[b": "1"]]),
        ] as [(String, Value)])
    func unbalanced(query: String, tree: Value) throws {
        #expect(try Value.query(query) == tree)
    }

    @Test(
        "what is no text is refused",
        arguments: ["a=%", "a=%4", "a=%zz", "%=1", "a=%4&b=1", "a=%FF", "a=%C3", "a=%00", "a%00=1", "a[%00]=1", "a=\0"])
    func malformed(query: String) {
        #expect { try Value.query(query) } throws: {
            guard case .malformed? = $0 as? ParsingError else { return false }
            return true
        }
    }

    @Test("limits on memory, depth and number of values hold")
    func limits() throws {
        var limits = ParsingLimits()
        limits.memory = 10
        #expect(throws: ParsingError.tooLarge) { try Value.query("abcdef=ghijk", limits: limits) }
        limits = ParsingLimits()
        limits.depth = 3
        _ = try Value.query("a[b][c]=1", limits: limits)
        #expect(throws: ParsingError.tooDeep) { try Value.query("a[b][c][d]=1", limits: limits) }
        limits.values = 4
        _ = try Value.query("a[]=1&a[]=2&a[]=3", limits: limits)
        #expect(throws: ParsingError.tooMany) { try Value.query("a[]=1&a[]=2&a[]=3&a[]=4", limits: limits) }
        #expect(throws: ParsingError.tooDeep) { try Value.query("a" + String(repeating: "[x]", count: 100_000) + "=1") }
    }

    @Test("random text never crashes the reader, and reads the same in any pieces")
    func fuzz() throws {
        var random = SeededRandom(seed: 3986)
        let alphabet = Array("ab01[]&=%+2fF \0-".utf8)
        for _ in 0..<20_000 {
            let bytes = (0..<Int.random(in: 0..<40, using: &random)).map { _ in alphabet.randomElement(using: &random)!
            }
            let whole = try? Value.query(String(decoding: bytes, as: UTF8.self))
            var reader = FormReader(limits: .init(), isBase64: nil)
            let byPieces = try? {
                for byte in bytes + [0x26] {
                    var piece = ByteBuffer(bytes: [byte])
                    _ = try reader.step(&piece)
                }
                return try reader.finish().tree
            }()
            #expect(whole == byPieces)
        }
    }

    @Test("a hundred thousand keys take no quadratic time", .timeLimit(.minutes(1)))
    func manyKeys() throws {
        var limits = ParsingLimits()
        limits.values = 1_000_000
        let flat = (0..<100_000).map { "key\($0)=\($0)" }.joined(separator: "&")
        guard case .object(let members) = try Value.query(flat, limits: limits) else {
            Issue.record("no object")
            return
        }
        #expect(members.count == 100_000)
        #expect(members.last == Value.Member("key99999", "99999"))
        let list = String(repeating: "a[]=1&", count: 100_000)
        guard case .array(let elements)? = try Value.query(list, limits: limits)["a"] else {
            Issue.record("no array")
            return
        }
        #expect(elements.count == 100_000)
    }
}

extension Value.Member: Equatable {
    public static func == (left: Self, right: Self) -> Bool { left.key == right.key && left.value == right.value }
}
