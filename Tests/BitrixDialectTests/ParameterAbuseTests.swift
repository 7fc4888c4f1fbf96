import DriveCore
import Foundation
import HTTPEdge
import Hummingbird
import NIOCore
import SQLStore
import Testing

@testable import BitrixDialect

/// Everything that can be wrong with one parameter, tried on every parameter of every method.
@Suite("Bad values for every parameter of every method", .serialized)
struct ParameterAbuseTests {
    /// Stands in JSON text for bytes that are no UTF-8.
    private static let broken = "broken-utf-8"

    /// Nil: the parameter is not there.
    private static let values: [(name: String, value: Value?)] = [
        ("missing", nil), ("null", .null), ("empty text", ""), ("an empty list", []), ("a list", ["x", "y"]),
        ("a list of numbers", [1]), ("an object", ["a": ["b": 1]]), ("true", true), ("a negative number", -1),
        ("zero", 0), ("the greatest number", .int(.max)), ("a number beyond 64 bits", .double(1e19)),
        ("text of a number beyond 64 bits", "9223372036854775808"), ("a fraction", .double(1.5)), ("a word", "word"),
        ("long text", .string(String(repeating: "я", count: 100_000))),
        ("text that is turned round", "\u{202E}txt.exe"), ("text with a NUL", "a\u{0}b"),
        ("bytes that are no UTF-8", .string(broken)),
    ]

    @Test(
        "never a 5xx, always the envelope, and what is refused changes nothing", arguments: MethodTable.all.map(\.name))
    func abuse(method: String) async throws {
        try await Door.open { door in
            var scene = try await SampleScene(door)
            let paths = try #require(try scene.sample(of: method.lowercased())).paths()
            var before = try await door.digest()
            for path in paths {
                for (name, value) in Self.values {
                    scene.salt += 1
                    let sample = try #require(try scene.sample(of: method.lowercased()))
                    let reply = try await send(method, sample.replacing(path[...], with: value), door)
                    let trial = "\(path.joined(separator: ".")): \(name)"
                    #expect(reply.status < 500, "\(trial): \(reply.text)")
                    if reply.status == 200 {
                        #expect(reply.json.keys.first == "result" && reply.json["time"] != nil, "\(trial)")
                        before = try await door.digest()
                    } else {
                        #expect((400..<500).contains(reply.status), "\(trial)")
                        #expect(reply.json.keys.prefix(2) == ["error", "error_description"], "\(trial): \(reply.text)")
                        #expect(reply.error != nil && reply.json["error_description"]?.string != nil, "\(trial)")
                        #expect(reply.json["result"] == nil && reply.text.utf8.count < 500_000, "\(trial)")
                        let after = try await door.digest()
                        #expect(after == before, "\(trial): \(reply.failure) changed \(after.changes(from: before))")
                        before = after
                    }
                }
            }
            let report = try await door.drive.check(repair: false)
            #expect(report.isClean && report.unreferenced == [], "\(report)")
        }
    }

    private func send(_ method: String, _ params: Value, _ door: Door) async throws -> Reply {
        var body = ByteBuffer()
        params.writeJSON(into: &body)
        if let place = body.readableBytesView.firstRange(of: Array(Self.broken.utf8)) {
            body.setBytes([0xC3, 0x28, 0xFF], at: place.lowerBound)
        }
        let target = Door.needsApplication(method) ? "/rest/\(method)?auth=\(door.token)" : door.webhook + method
        return try await door.send(.post, target, headers: [.contentType: "application/json"], body: body)
    }

    @Test(
        "what is too long, too deep or too much is refused before it is read",
        arguments: ["text of 9 MB", "34 levels", "60,000 values"])
    func limits(what: String) async throws {
        let value =
            switch what {
            case "34 levels": String(repeating: "[", count: 33) + String(repeating: "]", count: 33)
            case "60,000 values": "[" + String(repeating: "1,", count: 59_999) + "1]"
            default: "\"" + String(repeating: "a", count: 9_000_000) + "\""
            }
        try await Door.open { door in
            for method in ["disk.storage.get", "batch", "disk.folder.uploadfile", "tasks.task.add"] {
                let reply = try await door.send(
                    .post, door.webhook + method, headers: [.contentType: "application/json"],
                    body: ByteBuffer(string: #"{"id":1,"x":"# + value + "}"))
                #expect(reply.failure == "400 INVALID_REQUEST", "\(method)")
            }
        }
    }

    @Test("a form of too many or too deep parameters is refused")
    func forms() async throws {
        try await Door.open { door in
            for form in [
                (0..<60_000).map { "a\($0)=1" }.joined(separator: "&"),
                "a" + String(repeating: "[b]", count: 40) + "=1",
            ] {
                #expect(try await door.form("disk.storage.get", form).failure == "400 INVALID_REQUEST")
                let batch = try await door.call("batch", ["cmd": ["x": .string("disk.storage.get?" + form)]])
                #expect(batch.result["result_error"]?["x"]?["error"] == "INVALID_REQUEST")
            }
        }
    }
}

extension Value {
    /// The way to every member of every object in it, and to the first element of every list.
    func paths() -> [[String]] {
        switch self {
        case .object(let members):
            members.flatMap { member in [[member.key]] + member.value.paths().map { [member.key] + $0 } }
        case .array(let values): values.first.map { [["0"]] + $0.paths().map { ["0"] + $0 } } ?? []
        default: []
        }
    }

    /// Itself with something else at `path`; nil takes it away.
    func replacing(_ path: ArraySlice<String>, with value: Value?) -> Value {
        guard let key = path.first else { return value ?? .null }
        let rest = path.dropFirst()
        func replaced(_ old: Value) -> Value? { rest.isEmpty ? value : old.replacing(rest, with: value) }
        switch self {
        case .object(let members):
            return .object(
                members.compactMap { member in
                    guard member.key == key else { return member }
                    return replaced(member.value).map { Member(key, $0) }
                })
        case .array(let values):
            return .array(
                values.enumerated().compactMap { String($0.offset) == key ? replaced($0.element) : $0.element })
        default: return self
        }
    }
}

/// What every table holds, a number a table.
struct TableDigest: Equatable {
    var tables: [String: Int] = [:]

    func changes(from other: TableDigest) -> [String] {
        tables.keys.filter { tables[$0] != other.tables[$0] }.sorted()
    }
}

extension Door {
    /// - Precondition: the database is SQLite.
    func digest() async throws -> TableDigest {
        try await drive.database.read { tx in
            let names = try tx.rows("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
            var digest = TableDigest()
            for name in try names.map({ try $0.text(0) }) {
                digest.tables[name] = try tx.rows("SELECT * FROM \(raw: name)").hashValue
            }
            return digest
        }
    }
}
