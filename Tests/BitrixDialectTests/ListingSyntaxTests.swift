import DriveCore
import HTTPEdge
import Testing

@testable import BitrixDialect

@Suite("Filter, order and start")
struct ListingSyntaxTests {
    private func listing(_ params: Value) throws -> Listing<NodeField> {
        try NodeWire.syntax.listing(Parameters(params), dates: WireDates(zone: "UTC"))
    }

    private func conditions(_ key: String, _ value: Value) throws -> [Condition<NodeField>] {
        try listing(["filter": .object([.init(key, value)])]).conditions
    }

    @Test("each of the twelve prefixes means what the page says")
    func prefixes() throws {
        #expect(try conditions("ID", "5") == [.equals(.id, .integer(5))])
        #expect(try conditions("=ID", 5) == [.equals(.id, .integer(5))])
        #expect(try conditions("!=ID", 5) == [.differs(.id, .integer(5))])
        #expect(try conditions("!ID", 5) == [.differs(.id, .integer(5))])
        #expect(try conditions(">ID", 5) == [.greater(.id, .integer(5))])
        #expect(try conditions(">=ID", 5) == [.greaterOrEqual(.id, .integer(5))])
        #expect(try conditions("<ID", 5) == [.less(.id, .integer(5))])
        #expect(try conditions("<=ID", 5) == [.lessOrEqual(.id, .integer(5))])
        #expect(try conditions("@ID", [5, "6"]) == [.oneOf(.id, [.integer(5), .integer(6)])])
        #expect(try conditions("!@ID", [5]) == [.noneOf(.id, [.integer(5)])])
        #expect(try conditions("%NAME", "mol") == [.contains(.name, "mol")])
        #expect(try conditions("=%NAME", "mol%") == [.like(.name, pattern: "mol%")])
        #expect(try conditions("%=NAME", "%mol") == [.like(.name, pattern: "%mol")])
    }

    @Test("the page's own example, a pattern without a prefix, is a pattern; without % it is equality")
    func unprefixed() throws {
        #expect(try conditions("NAME", "%Folder%") == [.like(.name, pattern: "%Folder%")])
        #expect(try conditions("NAME", "Folder") == [.equals(.name, .text("Folder"))])
        #expect(try conditions("=NAME", "100%") == [.equals(.name, .text("100%"))])
    }

    @Test("a list makes equality a membership")
    func lists() throws {
        #expect(try conditions("ID", [1, 2]) == [.oneOf(.id, [.integer(1), .integer(2)])])
        #expect(try conditions("!ID", [1]) == [.noneOf(.id, [.integer(1)])])
        #expect(try conditions("@ID", 7) == [.oneOf(.id, [.integer(7)])])
    }

    @Test("nothing is greater than no value, as a batch chain past the last page asks")
    func endOfChain() throws {
        #expect(try conditions(">ID", "") == [.oneOf(.id, [])])
    }

    @Test("a date is a second long, since the column has milliseconds")
    func dates() throws {
        let second: Int64 = 1_769_539_624_000
        #expect(
            try conditions("CREATE_TIME", "2026-01-27T18:47:04+00:00")
                == [.greaterOrEqual(.created, .integer(second)), .less(.created, .integer(second + 1000))])
        #expect(
            try conditions(">CREATE_TIME", "2026-01-27T18:47:04+00:00")
                == [.greaterOrEqual(.created, .integer(second + 1000))])
        #expect(
            try conditions("<=CREATE_TIME", "2026-01-27T18:47:04+00:00")
                == [.less(.created, .integer(second + 1000))])
        #expect(
            try conditions(">=CREATE_TIME", "2026-01-12")
                == [.greaterOrEqual(.created, .integer(1_768_176_000_000))])
    }

    @Test("the order is kept, and several fields may be named")
    func order() throws {
        let order: Value = ["NAME": "DESC", "ID": "asc"]
        #expect(try listing(["order": order]).order == [.init(.name, descending: true), .init(.id)])
    }

    @Test("an empty list is no filter and no order", arguments: [Value.array([]), .array([.string("")]), .null])
    func empty(value: Value) throws {
        let listing = try listing(["filter": value, "order": value])
        #expect(listing == Listing<NodeField>())
    }

    @Test("start counts rows, -1 asks for no count")
    func start() throws {
        #expect(try listing(["start": "50"]).offset == 50)
        #expect(try listing(["START": 50]).offset == 50)
        #expect(try listing(["start": -1]).wantsTotal == false)
        #expect(try listing([:]).wantsTotal)
    }

    @Test(
        "what cannot be a listing is refused as an argument",
        arguments: [
            ["filter": ["FOO": 1]], ["filter": ["CREATED_BY": 1]], ["filter": "x"], ["filter": ["ID": "abc"]],
            ["filter": ["ID": "99999999999999999999"]], ["filter": [">ID": [1, 2]]], ["filter": ["%NAME": ["a"]]],
            ["filter": ["CREATE_TIME": "yesterday"]], ["filter": ["%CREATE_TIME": "27"]], ["filter": ["ID": true]],
            ["order": ["FOO": "ASC"]], ["order": ["ID": "UP"]], ["order": "ID"], ["start": -2], ["start": "x"],
            ["start": "99999999999999999999"], ["start": ["a"]],
        ] as [Value])
    func refused(params: Value) {
        do {
            _ = try listing(params)
            Issue.record("accepted")
        } catch {
            #expect((error as? Failure)?.status == 400)
            #expect((error as? Failure)?.code == "ERROR_ARGUMENT")
        }
    }

    @Test("the company drive's ENTITY_ID is a word and filters as one")
    func entity() throws {
        func conditions(_ key: String, _ value: Value) throws -> [Condition<StorageField>] {
            try StorageWire.syntax.listing(
                Parameters(["filter": .object([.init(key, value)])]), dates: WireDates(zone: "UTC")
            ).conditions
        }
        #expect(try conditions("ENTITY_ID", 7) == [.equals(.ownerID, .integer(7))])
        #expect(try conditions("ENTITY_ID", "shared_files_s1") == [.equals(.ownerID, .integer(0))])
        #expect(try conditions("ENTITY_ID", "0") == [.equals(.ownerID, .integer(-1))])
        #expect(try conditions("ENTITY_TYPE", "user") == [.equals(.kind, .text("user"))])
    }

    @Test("patterns match as LIKE does")
    func patterns() {
        #expect(Pattern("%SHARED%").matches("shared_files_s1"))
        #expect(Pattern("shared%s1").matches("shared_files_s1"))
        #expect(!Pattern("files").matches("shared_files_s1"))
        #expect(!Pattern("a%a").matches("a"))
    }
}
