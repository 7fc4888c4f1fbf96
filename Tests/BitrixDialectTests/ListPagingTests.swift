import DriveCore
import HTTPEdge
import SQLStore
import TestSupport
import Testing

@testable import BitrixDialect

/// A list method whose rows can be walked by id, and how it is asked.
private enum ListMethod: String, CaseIterable, CustomTestStringConvertible {
    case drives = "disk.storage.getlist"
    case driveChildren = "disk.storage.getchildren"
    case folderChildren = "disk.folder.getchildren"
    case versions = "disk.file.getversions"
    case tasks = "tasks.task.list"
    case people = "user.get"

    var testDescription: String { rawValue }

    /// Rows in a fresh account once `fill` has been there.
    static let count = 120

    /// False: the page has no `order`, newest come first.
    var canOrder: Bool { self != .versions }

    /// Makes rows until there are `count`, and returns the parameters that name their place.
    func fill(_ door: Door) async throws -> [Value.Member] {
        let (drive, admin) = (door.drive, door.administrator)
        let own = try await drive.personalStorage(of: admin.person)
        switch self {
        case .drives:
            for number in 0..<(Self.count - 2) {
                _ = try await drive.addGroup(named: "Group \(number)", owner: admin.person, as: admin)
            }
            return []
        case .driveChildren, .folderChildren:
            for number in 0..<Self.count {
                _ = try await drive.addFolder(named: FileName("f\(number)"), in: own.root, as: admin)
            }
            return [.init("id", .int(self == .driveChildren ? own.id.rawValue : own.root.rawValue))]
        case .versions:
            let content = try await drive.staged("v")
            let file = try await drive.addFile(named: FileName("v"), in: own.root, content: content, as: admin)
            for _ in 1..<Self.count { _ = try await drive.addVersion(to: file.id, content: content, as: admin) }
            return [.init("id", .int(file.id.rawValue))]
        case .tasks:
            for number in 0..<Self.count {
                _ = try await door.addTask(["TITLE": .string("Task \(number)"), "RESPONSIBLE_ID": 1])
            }
            return []
        case .people:
            for number in 1..<Self.count { _ = try await door.person("p\(number)") }
            return []
        }
    }

    /// - Parameter beyond: the last id seen.
    func params(
        _ place: [Value.Member], descending: Bool, start: Value, beyond last: Int64? = nil
    ) -> Value {
        let direction: Value = descending ? "DESC" : "ASC"
        var members = place + [.init("start", start)]
        if self == .people {
            members += [.init("sort", "ID"), .init("order", direction)]
        } else if canOrder {
            members.append(.init("order", ["ID": direction]))
        }
        if let last {
            let condition = Value.object([.init(descending ? "<ID" : ">ID", .int(last))])
            members.append(.init(self == .people ? "FILTER" : "filter", condition))
        }
        return .object(members)
    }

    func ids(_ reply: Reply) -> [Int64] {
        let rows = self == .tasks ? reply.result["tasks"] ?? .null : reply.result
        return rows.array.map { ($0["ID"] ?? $0["id"])?.number ?? -1 }
    }
}

/// Protocol reference, section 9.
@Suite("Walking through lists", .serialized)
struct ListPagingTests {
    @Test("by id with start=-1: every row once, nothing counted, nothing next", arguments: Engine.allCases)
    func byID(engine: Engine) async throws {
        for method in ListMethod.allCases {
            try await Door.open(engine) { door in
                let place = try await method.fill(door)
                for descending in method.canOrder ? [false, true] : [true] {
                    var seen: [Int64] = []
                    var pages: [Int] = []
                    repeat {
                        let last = seen.last ?? (descending ? .max : 0)
                        let reply = try await door.call(
                            method.rawValue, method.params(place, descending: descending, start: -1, beyond: last))
                        #expect(reply.status == 200, "\(method): \(reply.text)")
                        #expect(reply.json["total"] == 0 && reply.json["next"] == nil, "\(method)")
                        let ids = method.ids(reply)
                        pages.append(ids.count)
                        seen += ids
                    } while pages.last == 50 && pages.count < 10
                    #expect(pages == [50, 50, 20], "\(method)")
                    #expect(seen == (descending ? seen.sorted(by: >) : seen.sorted()), "\(method)")
                    #expect(Set(seen).count == ListMethod.count, "\(method)")
                }
            }
        }
    }

    @Test("by next: every row once, the total on every page; past the end an empty page", arguments: Engine.allCases)
    func byNext(engine: Engine) async throws {
        for method in ListMethod.allCases {
            try await Door.open(engine) { door in
                let place = try await method.fill(door)
                var seen: [Int64] = []
                var starts: [Int64] = []
                var start: Value? = 0
                while let from = start, starts.count < 10 {
                    let reply = try await door.call(
                        method.rawValue, method.params(place, descending: false, start: from))
                    #expect(reply.json["total"] == 120, "\(method): \(reply.text)")
                    starts.append(from.number)
                    seen += method.ids(reply)
                    start = reply.json["next"]
                }
                #expect(starts == [0, 50, 100] && seen.count == 120 && Set(seen).count == 120, "\(method)")
                for start in [120, 1000, "4611686018427387904"] as [Value] {
                    let past = try await door.call(
                        method.rawValue, method.params(place, descending: false, start: start))
                    #expect(past.status == 200 && method.ids(past) == [], "\(method): \(past.text)")
                    #expect(past.json["total"] == 120 && past.json["next"] == nil, "\(method)")
                }
                let odd = try await door.call(method.rawValue, method.params(place, descending: false, start: "63"))
                #expect(method.ids(odd) == Array(seen[63..<113]) && odd.json["next"] == 113, "\(method)")
            }
        }
    }

    @Test("a chain of pages in one batch ends where the rows do", arguments: Engine.allCases)
    func chain(engine: Engine) async throws {
        try await Door.open(engine) { door in
            let method = ListMethod.folderChildren
            let id = try #require(try await method.fill(door).first).value.number
            let head = "disk.folder.getchildren?id=\(id)&order[ID]=ASC&start=-1&filter[%3EID]="
            let commands = (0..<6).map { number in
                Value.Member(
                    "req_\(number)", .string(head + (number == 0 ? "0" : "$result[req_\(number - 1)][49][ID]")))
            }
            let reply = try await door.call("batch", ["cmd": .object(commands)])
            #expect(reply.result["result_error"] == [])
            let pages = commands.map { reply.result["result"]?[$0.key]?.array.count }
            #expect(pages == [50, 50, 20, 0, 0, 0])
        }
    }
}
