import HTTPEdge
import Testing

@testable import BitrixDialect

@Suite("References between batch commands")
struct BatchReferencesTests {
    let references = BatchReferences([
        .init("users", [["ID": "7", "UF_DEPARTMENT": [1, 2]]]),
        .init("t", ["task": ["id": "9"]]),
        .init("n", 5),
    ])

    @Test("a reference that is the whole value keeps its type")
    func whole() {
        #expect(references.resolve("$result[n]") == 5)
        #expect(references.resolve("$result[users][0][UF_DEPARTMENT]") == [1, 2])
        #expect(references.resolve("$result[t][task][id]") == "9")
    }

    @Test("a reference inside text is spelled out")
    func inside() {
        #expect(references.resolve("n$result[t][task][id]") == "n9")
        #expect(references.resolve("$result[n]-$result[n]") == "5-5")
    }

    @Test("a reference that leads nowhere is empty")
    func nowhere() {
        #expect(references.resolve("$result[gone][0][ID]") == "")
        #expect(references.resolve("x$result[users][9]y") == "xy")
    }

    @Test("references are found in nested values; other text is left as it is")
    func nested() {
        #expect(references.resolve(["filter": [">ID": "$result[n]"]]) == ["filter": [">ID": 5]])
        #expect(references.resolve("costs $result and $result[") == "costs $result and $result[")
    }

    @Test("an empty map is a list, and so is one numbered from 0")
    func phpArrays() {
        #expect(Value.phpArray([]) == [])
        #expect(Value.phpArray([.init("0", 1), .init("1", 2)]) == [1, 2])
        #expect(Value.phpArray([.init("1", 2)]) == ["1": 2])
    }
}
