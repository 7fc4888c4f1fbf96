import DriveCore
import HTTPEdge
import Testing

/// Section 9 of the disk reference, a test a trap.
@Suite("Traps of the disk methods", .serialized)
struct TrapTests {
    @Test("1: what a call has just written is a number, read back it is a string")
    func numbers() async throws {
        try await Door.open { door in
            let made = try await door.call("disk.storage.addfolder", ["id": 1, "data": ["NAME": "n"]]).result["ID"]
            guard case .int(let id)? = made else { throw Unexpected(made) }
            #expect(try await door.call("disk.folder.get", ["id": .int(id)]).result["ID"] == .string(String(id)))
        }
    }

    @Test("2: moving to another drive is false with 200, and nothing moves", arguments: ["file", "folder"])
    func acrossDrives(kind: String) async throws {
        try await Door.open { door in
            let scene = try await SampleScene(door)
            let common = try await door.drive.storage(door.drive.account.commonStorage, as: door.administrator).root
            let id = Value.int(kind == "file" ? scene.file : scene.folder)
            let before = try await door.call("disk.\(kind).get", ["id": id]).result["PARENT_ID"]
            let reply = try await door.call(
                "disk.\(kind).moveTo", ["id": id, "targetFolderId": .int(common.rawValue)])
            #expect(reply.status == 200 && reply.result == false)
            #expect(try await door.call("disk.\(kind).get", ["id": id]).result["PARENT_ID"] == before)
        }
    }

    @Test("3: a drive of no number is null with 200", arguments: ["abc", "1x", [1], true] as [Value])
    func noNumber(id: Value) async throws {
        try await Door.open { door in
            let reply = try await door.call("disk.storage.get", ["id": id])
            #expect(reply.status == 200 && reply.json["result"] == .null)
        }
    }

    @Test("4: without access a list is empty where a get is refused")
    func withoutAccess() async throws {
        try await Door.open { door in
            let scene = try await SampleScene(door)
            let webhook = try await door.webhook(of: Person.ID(scene.ben))
            for (family, id) in [("storage", scene.storage), ("folder", scene.folder)] {
                let params: Value = ["id": .int(id)]
                let list = try await door.call("disk.\(family).getChildren", params, webhook: webhook)
                #expect(list.status == 200 && list.result == [] && list.json["total"] == 0)
                let get = try await door.call("disk.\(family).get", params, webhook: webhook)
                #expect(get.failure == "400 ACCESS_DENIED")
            }
        }
    }

    @Test("5: content comes as a pair or bare", arguments: [["a.txt", "aGk="], "aGk="] as [Value])
    func content(form: Value) async throws {
        try await Door.open { door in
            let scene = try await SampleScene(door)
            let places: [(String, Int64)] = [
                ("disk.storage.uploadFile", scene.storage), ("disk.folder.uploadFile", scene.folder),
                ("disk.file.uploadVersion", scene.file),
            ]
            for (method, id) in places {
                let reply = try await door.call(
                    method, ["id": .int(id), "data": ["NAME": "new.txt"], "fileContent": form])
                #expect(reply.result["SIZE"] == "2", "\(reply.text)")
                #expect(try await door.fetch(reply.result["DOWNLOAD_URL"]?.string ?? "").text == "hi")
            }
        }
    }

    @Test("6: the upload's address is uploadUrl, and the part is named by field")
    func twoSteps() async throws {
        try await Door.open { door in
            let scene = try await SampleScene(door)
            let first = try await door.call("disk.folder.uploadFile", ["id": .int(scene.folder)]).result
            let (field, url) = (first["field"]?.string ?? "", first["uploadUrl"]?.string ?? "")
            #expect(field == "file" && url.hasPrefix("https://files.example/rest/upload.json?auth="))
            #expect(try await door.post(file: "a", "1", field: "other", to: url).failure == "400 ERROR_ARGUMENT")
            let made = try await door.post(file: "a", "1", field: field, to: url)
            #expect(made.status == 200 && made.result["NAME"] == "a" && made.json["time"] != nil)
            #expect(try await door.post(file: "b", "1", field: field, to: url).failure == "400 ERROR_ARGUMENT")
        }
    }

    @Test("7: a FILE_ID is never taken for an object")
    func contentIDs() async throws {
        try await Door.open { door in
            let scene = try await SampleScene(door)
            // Versions are counted apart from objects: push their numbers beyond any object's.
            var id: Int64 = 0
            for _ in 0..<80 {
                let reply = try await door.call(
                    "disk.file.uploadVersion", ["id": .int(scene.file), "fileContent": "aGk="])
                id = reply.result["FILE_ID"]?.number ?? 0
            }
            #expect(try await door.call("disk.version.get", ["id": .int(id)]).status == 200)
            for method in ["disk.file.get", "disk.folder.get", "disk.file.getVersions", "disk.file.delete"] {
                #expect(try await door.call(method, ["id": .int(id)]).failure == "400 ERROR_NOT_FOUND", "\(method)")
            }
        }
    }

    @Test("8: folders and files share one sequence of ids")
    func sequence() async throws {
        try await Door.open { door in
            let scene = try await SampleScene(door)
            var ids: [Int64] = []
            for number in 0..<3 {
                let name = Value.string("n\(number)")
                ids.append(
                    try await door.call("disk.folder.addSubFolder", ["id": .int(scene.other), "data": ["NAME": name]])
                        .result["ID"]?.number ?? 0)
                ids.append(try await door.upload("f\(number)", to: scene.other))
            }
            #expect(ids == ids.sorted() && Set(ids).count == 6)
            let listed = try await door.call(
                "disk.folder.getChildren", ["id": .int(scene.other), "order": ["ID": "ASC"]])
            #expect(listed.result.array.map { $0["ID"]?.number ?? 0 } == ids)
        }
    }

    /// Section 5: which page prints which number.
    private static let parameter0 = [
        "storage.get", "storage.getChildren", "storage.uploadFile", "folder.uploadFile", "file.get", "file.rename",
        "file.copyTo", "file.moveTo", "file.delete", "file.markDeleted", "file.restore", "file.uploadVersion",
        "file.getVersions", "file.restoreFromVersion",
    ]
    private static let parameter1 = [
        "storage.addFolder", "folder.get", "folder.getChildren", "folder.addSubFolder", "folder.shareToUser",
        "folder.copyTo", "folder.moveTo", "folder.rename", "folder.deleteTree", "folder.markDeleted",
        "folder.restore",
    ]

    @Test(
        "9: a missing argument is Parameter #0 or #1 by the page",
        arguments: parameter0.map { ($0, 0) } + parameter1.map { ($0, 1) })
    func parameters(method: String, number: Int) async throws {
        try await Door.open { door in
            let reply = try await door.call("disk." + method)
            #expect(reply.failure == "400 ERROR_ARGUMENT")
            let text = "Invalid value of parameter {Parameter #\(number)}"
            #expect(reply.json["error_description"] == .string(text))
        }
    }

    @Test("10: an unprefixed text with % is a pattern, without it is equality")
    func patterns() async throws {
        try await Door.open { door in
            let scene = try await SampleScene(door)
            func names(_ filter: Value) async throws -> [String] {
                try await door.call("disk.storage.getChildren", ["id": .int(scene.storage), "filter": filter])
                    .result.names
            }
            #expect(try await names(["NAME": "%LAN%"]) == ["Plans"])
            #expect(try await names(["NAME": "LAN"]) == [])
            #expect(try await names(["NAME": "Plans"]) == ["Plans"])
            #expect(try await names(["%NAME": "lan"]) == ["Plans"])
        }
    }

    @Test("11: an empty list for filter or rights is none at all")
    func emptyLists() async throws {
        try await Door.open { door in
            let scene = try await SampleScene(door)
            let list = try await door.call(
                "disk.storage.getChildren", ["id": .int(scene.storage), "filter": [], "order": []])
            #expect(list.json["total"] == 2)
            let form = try await door.form("disk.storage.getChildren", "id=\(scene.storage)&filter[]=&order[]=")
            #expect(form.json["total"] == 2)
            let made = try await door.call(
                "disk.storage.uploadFile",
                ["id": .int(scene.storage), "data": ["NAME": "a"], "fileContent": "aGk=", "rights": []])
            #expect(made.status == 200)
        }
    }

    @Test("12: a copy is another object, a move is the same one", arguments: ["file", "folder"])
    func copies(kind: String) async throws {
        try await Door.open { door in
            let scene = try await SampleScene(door)
            let id = kind == "file" ? scene.file : scene.folder
            let params: Value = ["id": .int(id), "targetFolderId": .int(scene.other)]
            let copy = try await door.call("disk.\(kind).copyTo", params).result
            #expect(copy["ID"]?.number != id && copy["PARENT_ID"] == .string("\(scene.other)"))
            let target = try await door.call("disk.storage.addFolder", ["id": 1, "data": ["NAME": "t"]]).result["ID"]
            let moved = try await door.call(
                "disk.\(kind).moveTo", ["id": .int(id), "targetFolderId": target ?? .null]
            ).result
            #expect(moved["ID"] == .string("\(id)") && moved["PARENT_ID"] == target)
        }
    }

    @Test("13: any script and any space comes back as it went in, in DETAIL_URL too")
    func names() async throws {
        try await Door.open { door in
            for name in ["Договор № 1 (итог).txt", "合同 & 100% #1.txt", "عقد.txt", "a  b + c.txt", "😀.txt"] {
                let made = try await door.call(
                    "disk.storage.uploadFile",
                    ["id": 1, "data": ["NAME": .string(name)], "fileContent": "aGk="]
                ).result
                let read = try await door.call("disk.file.get", ["id": made["ID"] ?? .null]).result
                #expect(read["NAME"] == .string(name))
                #expect(
                    read["DETAIL_URL"]
                        == .string("https://files.example/company/personal/user/1/disk/file/" + name))
            }
        }
    }

    @Test("14: a unique name is the first free number before the last extension")
    func uniqueNames() async throws {
        try await Door.open { door in
            func upload(_ name: String) async throws -> Value? {
                try await door.call(
                    "disk.storage.uploadFile",
                    [
                        "id": 1, "data": ["NAME": .string(name)], "fileContent": "aGk=",
                        "generateUniqueName": true,
                    ]
                ).result["NAME"]
            }
            let names = ["a.tar.gz", "a.tar.gz", "a.tar (2).gz", "a.tar.gz", "a.tar.gz", "b", "b"]
            var given: [Value?] = []
            for name in names { given.append(try await upload(name)) }
            #expect(
                given == [
                    "a.tar.gz", "a.tar (1).gz", "a.tar (2).gz", "a.tar (3).gz", "a.tar (4).gz", "b", "b (1)",
                ])
        }
    }

    private struct Unexpected: Error {
        let value: Value?
        init(_ value: Value?) { self.value = value }
    }
}
