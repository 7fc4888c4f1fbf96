import DriveCore
import HTTPEdge
import SQLStore
import Testing

@Suite("Lists of drives, folders and files")
struct DiskListTests {
    private func fill(_ door: Door, _ count: Int) async throws -> Storage {
        let storage = try await door.drive.personalStorage(of: Person.ID(1))
        for index in 0..<count {
            _ = try await door.drive.addFolder(
                named: FileName("f\(100 + index)"), in: storage.root, as: door.administrator)
        }
        return storage
    }

    @Test(
        "a page is fifty, next says where the following one begins, and -1 counts nothing", arguments: Engine.allCases)
    func pages(engine: Engine) async throws {
        try await Door.open(engine) { door in
            let id = Value.int(try await fill(door, 60).id.rawValue)
            let first = try await door.call("disk.storage.getchildren", ["id": id])
            #expect(first.result.array.count == 50)
            #expect(first.json["total"] == 60)
            #expect(first.json["next"] == 50)
            let second = try await door.call("disk.storage.getchildren", ["id": id, "start": 50])
            #expect(second.result.array.count == 10)
            #expect(second.json["next"] == nil)
            let between = try await door.call("disk.storage.getchildren", ["id": id, "start": "7"])
            #expect(between.json["next"] == 57)
            let past = try await door.call("disk.storage.getchildren", ["id": id, "start": 1000])
            #expect(past.result == [])
            #expect(past.json["total"] == 60)
            let uncounted = try await door.call("disk.storage.getchildren", ["id": id, "start": -1])
            #expect(uncounted.result.array.count == 50)
            #expect(uncounted.json["total"] == 0)
            #expect(uncounted.json["next"] == nil)
            let far = try await door.call("disk.storage.getchildren", ["id": id, "start": .int(.max)])
            #expect(far.status == 200 && far.result == [])
        }
    }

    @Test("the SDKs' walk by id reaches everything once, up and down", arguments: Engine.allCases)
    func keyset(engine: Engine) async throws {
        try await Door.open(engine) { door in
            let root = try await fill(door, 60).root
            for (sign, direction, begin) in [(">", "ASC", Int64(0)), ("<", "DESC", Int64.max)] {
                var last = begin
                var seen: [Int64] = []
                while true {
                    let page = try await door.call(
                        "disk.folder.getchildren",
                        [
                            "id": .int(root.rawValue), "order": ["ID": .string(direction)],
                            "filter": .object([.init(sign + "ID", .int(last))]), "START": -1,
                        ]
                    ).result.array.map { $0["ID"]?.number ?? 0 }
                    seen += page
                    last = page.last ?? 0
                    if page.count < 50 { break }
                }
                #expect(seen.count == 60 && Set(seen).count == 60)
            }
        }
    }

    @Test("every prefix works on every field the page says one can filter by", arguments: Engine.allCases)
    func prefixes(engine: Engine) async throws {
        try await Door.open(engine) { door in
            let storage = try await fill(door, 3)
            let values: [(String, Value)] = [
                ("ID", 1), ("NAME", "f101"), ("TYPE", "folder"), ("CODE", "x"), ("STORAGE_ID", 1), ("PARENT_ID", 1),
                ("CREATE_TIME", "2026-01-12"), ("UPDATE_TIME", "2026-01-12"), ("DELETE_TIME", "2026-01-12"),
                ("DELETED_TYPE", 0),
            ]
            for (name, value) in values {
                for prefix in ["", "=", "!=", "!", ">", ">=", "<", "<=", "@", "!@", "%", "=%", "%="] {
                    let isList = prefix.hasSuffix("@")
                    let reply = try await door.call(
                        "disk.storage.getchildren",
                        [
                            "id": .int(storage.id.rawValue),
                            "filter": .object([.init(prefix + name, isList ? .array([value]) : value)]),
                        ])
                    #expect(reply.status == 200, "\(prefix)\(name): \(reply.text)")
                }
            }
            func names(_ key: String, _ value: Value) async throws -> [String] {
                try await door.call(
                    "disk.storage.getchildren",
                    ["id": .int(storage.id.rawValue), "filter": .object([.init(key, value)])]
                ).result.names
            }
            #expect(try await names("NAME", "f101") == ["f101"])
            #expect(try await names("%NAME", "10") == ["f100", "f101", "f102"])
            #expect(try await names("=%NAME", "%1") == ["f101"])
            #expect(try await names("!NAME", "f101") == ["f100", "f102"])
            #expect(try await names(">NAME", "f100") == ["f101", "f102"])
            #expect(try await names("@NAME", ["f100", "f102", "x"]) == ["f100", "f102"])
            #expect(try await names("!@NAME", ["f100", "f102"]) == ["f101"])
            #expect(try await names(">=CREATE_TIME", "2026-09-21") == ["f100", "f101", "f102"])
            #expect(try await names(">CREATE_TIME", "2026-09-22") == [])
            #expect(try await names("CREATE_TIME", "2026-09-21T14:13:20+00:00") == ["f100", "f101", "f102"])
            #expect(try await names("TYPE", "file") == [])
        }
    }

    @Test("the first call of most clients finds one's own drive, with numbers or strings", arguments: Engine.allCases)
    func ownDrive(engine: Engine) async throws {
        try await Door.open(engine) { door in
            for id in [1, "1"] as [Value] {
                let reply = try await door.call(
                    "disk.storage.getlist", ["filter": ["ENTITY_TYPE": "user", "ENTITY_ID": id]])
                #expect(reply.json["total"] == 1)
                let drive = reply.result.array.first ?? .null
                #expect(drive["ENTITY_ID"] == "1")
                #expect(
                    drive.keys == [
                        "ID", "NAME", "CODE", "MODULE_ID", "ENTITY_TYPE", "ENTITY_ID", "ROOT_OBJECT_ID",
                    ])
                let got = try await door.call("disk.storage.get", ["id": drive["ID"] ?? .null])
                #expect(got.result == drive)
            }
            let common = try await door.call("disk.storage.getlist", ["filter": ["ENTITY_ID": "shared_files_s1"]])
            #expect(common.result.array.map { $0["ENTITY_TYPE"] } == ["common"])
            let all = try await door.call("disk.storage.getlist", ["filter": [], "order": ["ID": "DESC"]])
            #expect(all.result.array.count == 2)
            let pattern = try await door.call("disk.storage.getlist", ["filter": ["%ENTITY_ID": "shared"]])
            #expect(pattern.json["total"] == 1)
        }
    }

    @Test(
        "without access the children of a drive are an empty list, and of an unknown one an error",
        arguments: Engine.allCases)
    func rights(engine: Engine) async throws {
        try await Door.open(engine) { door in
            let storage = try await fill(door, 2)
            let hers = try await door.webhook(of: door.person("ada").id)
            let params: Value = ["id": .int(storage.id.rawValue)]
            let reply = try await door.call("disk.storage.getchildren", params, webhook: hers)
            #expect(reply.result == [])
            #expect(reply.json["total"] == 0)
            let folder = try await door.call(
                "disk.folder.getchildren", ["id": .int(storage.root.rawValue)], webhook: hers)
            #expect(folder.result == [])
            let listed = try await door.call("disk.storage.getlist", webhook: hers)
            #expect(listed.result.array.map { $0["ENTITY_TYPE"] }.contains("common"))
            #expect(listed.result.array.count == 2)
            #expect(try await door.call("disk.storage.getchildren", ["id": 999]).failure == "400 ERROR_NOT_FOUND")
            #expect(try await door.call("disk.folder.getchildren", ["id": 999]).failure == "400 ERROR_NOT_FOUND")
        }
    }

    @Test("folders are made in drives and folders, and a taken name is refused", arguments: Engine.allCases)
    func folders(engine: Engine) async throws {
        try await Door.open(engine) { door in
            let storage = try await fill(door, 1)
            let id = Value.int(storage.id.rawValue)
            let made = try await door.call(
                "disk.storage.addfolder", ["id": id, "data": ["NAME": "Договоры #1"], "rights": []]
            ).result
            #expect(made["PARENT_ID"] == .string(storage.root.description))
            #expect(made["REAL_OBJECT_ID"] == made["ID"])
            #expect(
                made["DETAIL_URL"] == "https://files.example/company/personal/user/1/disk/path/Договоры #1")
            let taken = try await door.call("disk.storage.addfolder", ["id": id, "data": ["NAME": "ДОГОВОРЫ #1"]])
            #expect(taken.failure == "400 DISK_OBJ_22000")
            #expect(taken.json["error_description"] == "A folder with this name already exists")
            let read = try await door.call("disk.folder.get", ["id": made["ID"] ?? .null]).result
            #expect(read["NAME"] == "Договоры #1")
            #expect(read["REAL_OBJECT_ID"] == read["ID"])
            #expect(try await door.call("disk.file.get", ["id": made["ID"] ?? .null]).failure == "400 ERROR_NOT_FOUND")
        }
    }

    @Test("what getfields says can be filtered is what lists filter by")
    func fields() async throws {
        try await Door.open { door in
            let folder = try await door.call("disk.folder.getfields").result
            #expect(folder.keys.count == 14)
            #expect(folder["CREATED_BY"] == ["TYPE": "integer", "USE_IN_FILTER": false, "USE_IN_SHOW": true])
            let file = try await door.call("disk.file.getfields").result
            #expect(file.keys.count == 16)
            #expect(file["SIZE"]?["USE_IN_FILTER"] == false)
            let storage = try await door.call("disk.storage.getfields").result
            #expect(storage.keys.count == 7)
            #expect(storage["ENTITY_ID"]?["TYPE"] == "string")
        }
    }
}
