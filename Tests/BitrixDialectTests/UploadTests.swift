import DriveCore
import HTTPEdge
import Hummingbird
import NIOCore
import Testing

@Suite("Bytes in and out through Bitrix24 calls")
struct UploadTests {
    private func root(_ door: Door) async throws -> Node.ID {
        try await door.drive.personalStorage(of: Person.ID(1)).root
    }

    private func bytes(_ file: Value, _ door: Door) async throws -> String {
        try await door.fetch(file["DOWNLOAD_URL"]?.string ?? "").text
    }

    @Test(
        "content comes as a pair, as bare base64, and with PHP keys; spaces stand for plus and line breaks for nothing")
    func forms() async throws {
        try await Door.open { door in
            let id = try await root(door)
            let pair = try await door.call(
                "disk.folder.uploadfile",
                ["id": .int(id.rawValue), "data": ["NAME": "a"], "fileContent": ["b", "+/8r\nZg=="]])
            let bare = try await door.call(
                "disk.folder.uploadfile",
                ["id": .int(id.rawValue), "data": ["NAME": "b"], "fileContent": "+/8rZg=="])
            let form = try await door.form(
                "disk.folder.uploadFile", "id=\(id)&data[NAME]=c&fileContent[0]=x&fileContent[1]=+/8rZg==")
            let list = try await door.form(
                "disk.folder.uploadFile", "id=\(id)&data[NAME]=d&fileContent[]=x&fileContent[]=%2B%2F8rZg==")
            for reply in [pair, bare, form, list] {
                #expect(reply.status == 200)
                #expect(reply.result["SIZE"] == "4")
                let fetched = try await door.fetch(reply.result["DOWNLOAD_URL"]?.string ?? "")
                #expect(Array(fetched.body.readableBytesView) == [0xFB, 0xFF, 0x2B, 0x66])
            }
        }
    }

    @Test("content longer than a database row takes comes back byte for byte")
    func long() async throws {
        try await Door.open { door in
            // 3 MB of "abc", which is "YWJj" in base64.
            let body = ByteBuffer(
                string: #"{"fileContent":["x",""# + String(repeating: "YWJj", count: 1_000_000)
                    + #""],"data":{"NAME":"long.txt"},"id":\#(try await root(door))}"#)
            let reply = try await door.send(
                .post, door.webhook + "disk.folder.uploadfile", headers: [.contentType: "application/json"], body: body)
            #expect(reply.result["SIZE"] == "3000000")
            let fetched = try await door.fetch(reply.result["DOWNLOAD_URL"]?.string ?? "")
            #expect(fetched.text == String(repeating: "abc", count: 1_000_000))
        }
    }

    @Test("a file read back has strings where the new one had numbers")
    func types() async throws {
        try await Door.open { door in
            let new = try await door.call(
                "disk.folder.uploadfile",
                ["id": .int(try await root(door).rawValue), "data": ["NAME": "a.txt"], "fileContent": "aGk="]
            ).result
            #expect(new["GLOBAL_CONTENT_VERSION"] == 1)
            #expect(new["DELETED_TYPE"] == 0)
            let read = try await door.call("disk.file.get", ["id": new["ID"] ?? .null]).result
            #expect(read["ID"] == .string(String(new["ID"]?.number ?? 0)))
            #expect(read["FILE_ID"] == .string(String(new["FILE_ID"]?.number ?? 0)))
            #expect(read["GLOBAL_CONTENT_VERSION"] == "1")
            #expect(read["DELETED_TYPE"] == "0")
            #expect(read["DELETED_BY"] == "0")
            #expect(new["DELETED_BY"] == .null)
            #expect(read["DOWNLOAD_URL"] != new["DOWNLOAD_URL"])
            #expect(read.keys == new.keys)
        }
    }

    @Test("a new version keeps the name, counts up and leaves the old content where it was")
    func versions() async throws {
        try await Door.open { door in
            let file = try await door.call(
                "disk.folder.uploadfile",
                ["id": .int(try await root(door).rawValue), "data": ["NAME": "a.txt"], "fileContent": "b25l"]
            ).result
            let next = try await door.call(
                "disk.file.uploadVersion", ["id": file["ID"] ?? .null, "fileContent": ["b.txt", "dHdv"]]
            ).result
            #expect(next["NAME"] == "a.txt")
            #expect(next["GLOBAL_CONTENT_VERSION"] == 2)
            #expect(next["ID"] == .string(String(file["ID"]?.number ?? 0)))
            #expect(next["FILE_ID"]?.string != nil && next["FILE_ID"]?.number != file["FILE_ID"]?.number)
            let list = try await door.call("disk.file.getversions", ["id": file["ID"] ?? .null])
            #expect(list.json["total"] == 2)
            #expect(list.result.array.map { $0["GLOBAL_CONTENT_VERSION"] } == ["2", "1"])
            #expect(try await bytes(next, door) == "two")
            #expect(try await bytes(list.result.array[1], door) == "one")
            let version = try await door.call("disk.version.get", ["id": list.result.array[1]["ID"] ?? .null]).result
            #expect(
                version.keys == [
                    "ID", "OBJECT_ID", "SIZE", "NAME", "GLOBAL_CONTENT_VERSION", "CREATE_TIME", "CREATED_BY",
                    "DOWNLOAD_URL",
                ])
            #expect(try await bytes(version, door) == "one")
            let filtered = try await door.call(
                "disk.file.getversions", ["id": file["ID"] ?? .null, "filter": ["ID": version["ID"] ?? .null]])
            #expect(filtered.result.array.count == 1)
        }
    }

    @Test("a taken name is refused, or numbered before the extension when asked for")
    func conflicts() async throws {
        try await Door.open { door in
            let id = try await root(door)
            func upload(_ unique: Value) async throws -> Reply {
                try await door.call(
                    "disk.folder.uploadfile",
                    [
                        "id": .int(id.rawValue), "data": ["NAME": "a.tar.gz"], "fileContent": "aGk=",
                        "generateUniqueName": unique,
                    ])
            }
            #expect(try await upload(false).status == 200)
            let refused = try await upload("N")
            #expect(refused.failure == "400 DISK_OBJ_22000")
            #expect(refused.json["error_description"] == "A file with this name already exists")
            #expect(try await upload("Y").result["NAME"] == "a.tar (1).gz")
            #expect(try await upload(true).result["NAME"] == "a.tar (2).gz")
            #expect(try await upload("maybe").failure == "400 ERROR_ARGUMENT")
        }
    }

    @Test("the two-step upload posts the file to an address that works once")
    func twoSteps() async throws {
        try await Door.open { door in
            let id = try await root(door)
            let first = try await door.call("disk.folder.uploadfile", ["id": .int(id.rawValue), "rights": []])
            #expect(first.result["field"] == "file")
            let url = first.result["uploadUrl"]?.string ?? ""
            #expect(url.hasPrefix("https://files.example/rest/upload.json?auth="))
            #expect(!url.contains(door.webhook.split(separator: "/")[2]))
            #expect(try await door.post(file: "x", "y", field: "other", to: url).failure == "400 ERROR_ARGUMENT")
            let posted = try await door.post(file: "отчёт.txt", "hello", to: url)
            #expect(posted.status == 200)
            #expect(posted.result["NAME"] == "отчёт.txt")
            #expect(posted.result["ID"].map { if case .int = $0 { true } else { false } } == true)
            #expect(posted.json["time"] != nil)
            #expect(try await bytes(posted.result, door) == "hello")
            #expect(try await door.post(file: "again.txt", "hello", to: url).failure == "400 ERROR_ARGUMENT")
        }
    }

    @Test("what the first step says holds for the second: name, numbering, and who may")
    func carried() async throws {
        try await Door.open { door in
            let id = try await root(door)
            func address(_ params: [Value.Member] = []) async throws -> String {
                let reply = try await door.call(
                    "disk.folder.uploadfile", .object([.init("id", .int(id.rawValue))] + params))
                return reply.result["uploadUrl"]?.string ?? ""
            }
            let named = try await address([
                .init("data", ["NAME": "named.txt"]), .init("generateUniqueName", true),
            ])
            #expect(try await door.post(file: "x.txt", "1", to: named).result["NAME"] == "named.txt")
            let again = try await address([
                .init("data", ["NAME": "named.txt"]), .init("generateUniqueName", true),
            ])
            // A file without a byte can come this way.
            let empty = try await door.post(file: "x.txt", "", to: again)
            #expect(empty.result["NAME"] == "named (1).txt")
            #expect(empty.result["SIZE"] == "0")
            let late = try await address()
            #expect(try await door.fetch(late).status == 405)
            #expect(try await door.post(file: "x", "y", to: late + "x").failure == "401 invalid_token")
            #expect(
                try await door.post(file: "x", "y", to: late.replacing("auth=", with: "auth=0")).failure
                    == "401 invalid_token")
            #expect(
                try await door.post(file: "x", "y", to: "https://files.example/rest/upload.json").failure
                    == "401 NO_AUTH_FOUND")
            door.clock.advance(ms: 24 * 3600 * 1000 + 1)
            #expect(try await door.post(file: "x", "y", to: late).failure == "401 expired_token")
        }
    }

    @Test("a download link needs nothing else, ends in time, and cannot be changed")
    func links() async throws {
        try await Door.open { door in
            let file = try await door.call(
                "disk.folder.uploadfile",
                ["id": .int(try await root(door).rawValue), "data": ["NAME": "a.txt"], "fileContent": "aGVsbG8="]
            ).result
            let url = file["DOWNLOAD_URL"]?.string ?? ""
            #expect(url.hasPrefix("https://files.example/rest/download.json?auth="))
            #expect(url.contains("&token=disk%7C"))
            let whole = try await door.fetch(url)
            #expect(whole.status == 200)
            #expect(whole.headers[.eTag]?.hasPrefix("\"") == true)
            let part = try await door.fetch(url, headers: [.range: "bytes=1-3"])
            #expect(part.status == 206)
            #expect(part.text == "ell")
            #expect(try await door.fetch(url, verb: .head).headers[.contentLength] == "5")
            #expect(try await door.fetch(url, verb: .post).status == 405)
            #expect(try await door.fetch(url + "A").failure == "401 invalid_token")
            #expect(try await door.fetch(url.replacing("token=disk", with: "t=disk")).failure == "401 NO_AUTH_FOUND")
            door.clock.advance(ms: door.drive.settings.linkLifetimeMs + 1)
            #expect(try await door.fetch(url).failure == "401 expired_token")
        }
    }

    @Test("rights given with an upload let others read it, and the link asks for them when it is used")
    func rights() async throws {
        try await Door.open { door in
            let ada = try await door.person("ada")
            let hers = try await door.webhook(of: ada.id)
            let id = try await root(door)
            let rights: Value = [["TASK_ID": "71", "ACCESS_CODE": .string("U\(ada.id)")]]
            let file = try await door.call(
                "disk.folder.uploadfile",
                ["id": .int(id.rawValue), "data": ["NAME": "a"], "fileContent": "aGk=", "rights": rights]
            ).result
            let closed = try await door.call(
                "disk.folder.uploadfile", ["id": .int(id.rawValue), "data": ["NAME": "b"], "fileContent": "aGk="]
            ).result
            let read = try await door.call("disk.file.get", ["id": file["ID"] ?? .null], webhook: hers)
            #expect(read.status == 200)
            #expect(try await bytes(read.result, door) == "hi")
            let denied = try await door.call("disk.file.get", ["id": closed["ID"] ?? .null], webhook: hers)
            #expect(denied.failure == "400 ACCESS_DENIED")
            #expect(denied.json["error_description"] == "Access denied")
            let write = try await door.call(
                "disk.file.uploadversion", ["id": file["ID"] ?? .null, "fileContent": "aGk="], webhook: hers)
            #expect(write.failure == "400 ACCESS_DENIED")
            let other = try await door.drive.personalStorage(of: Person.ID(1))
            let params: Value = ["id": .int(other.id.rawValue)]
            #expect(try await door.call("disk.storage.get", params, webhook: hers).failure == "400 ACCESS_DENIED")
            #expect(try await door.call("disk.folder.get", ["id": .int(id.rawValue)], webhook: hers).status == 400)
            let upload = try await door.call("disk.folder.uploadfile", ["id": .int(id.rawValue)], webhook: hers)
            #expect(upload.failure == "400 ACCESS_DENIED")
        }
    }

    @Test(
        "rights that cannot be read are refused and nothing is stored",
        arguments: [
            "x", [["TASK_ID": 1, "ACCESS_CODE": "U1"]], [["TASK_ID": 71]], [["TASK_ID": 71, "ACCESS_CODE": "X1"]],
            ["x"],
        ] as [Value])
    func malformedRights(rights: Value) async throws {
        try await Door.open { door in
            let id = Value.int(try await root(door).rawValue)
            let reply = try await door.call(
                "disk.folder.uploadfile",
                ["id": id, "data": ["NAME": "a"], "fileContent": "aGk=", "rights": rights])
            #expect(reply.failure == "400 ")
            #expect(reply.json["error_description"] == "Invalid rights format")
            #expect(try await door.call("disk.folder.getchildren", ["id": id]).json["total"] == 0)
        }
    }
}
