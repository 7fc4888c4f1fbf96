import DriveCore
import HTTPEdge
import Testing

@Suite("Batch")
struct BatchTests {
    @Test("results, errors, totals and times stand under the commands' keys, and the whole is 200")
    func shape() async throws {
        try await Door.open { door in
            let storage = try await door.drive.personalStorage(of: Person.ID(1))
            let reply = try await door.call(
                "batch",
                [
                    "cmd": [
                        "root": .string("disk.storage.getchildren?id=\(storage.id)"),
                        "bad": "disk.file.get?id=999999", "none": "no.such.method",
                        "null": "disk.storage.get.json?id=x",
                    ]
                ])
            #expect(reply.status == 200)
            #expect(reply.result["result"] == ["root": [], "null": nil])
            #expect(
                reply.result["result_error"] == [
                    "bad": [
                        "error": "ERROR_NOT_FOUND", "error_description": "Could not find entity with id `999999`",
                    ],
                    "none": ["error": "ERROR_METHOD_NOT_FOUND", "error_description": "Method not found!"],
                ])
            #expect(reply.result["result_total"] == ["root": 0])
            #expect(reply.result["result_next"] == [])
            #expect(reply.result["result_time"]?.keys == ["root", "null"])
            #expect(reply.json["time"] != nil)
        }
    }

    @Test("a list of commands gives a list of results, in a form too")
    func lists() async throws {
        try await Door.open { door in
            let json = try await door.call("batch", ["cmd": ["user.admin", "disk.storage.gettypes"], "halt": 0])
            #expect(json.result["result"] == [true, ["user", "common", "group"]])
            #expect(json.result["result_error"] == [])
            let form = try await door.form("batch", "halt=0&cmd[a]=user.admin&cmd[b]=methods%3Fscope%3Dtask")
            #expect(form.result["result"]?["a"] == true)
        }
    }

    @Test("a later command can use any part of an earlier result")
    func references() async throws {
        try await Door.open { door in
            let reply = try await door.call(
                "batch",
                [
                    "cmd": [
                        "me": "user.current",
                        "drive": "disk.storage.getlist?filter%5BENTITY_TYPE%5D=user&filter[ENTITY_ID]=$result[me][ID]",
                        "folder":
                            "disk.storage.addfolder?id=$result[drive][0][ID]&data[NAME]=Made by $result[me][NAME]",
                        "same": "disk.folder.get?id=$result[folder][ID]",
                        "page": "disk.storage.getchildren?id=$result[drive][0][ID]&filter[>ID]=$result[gone][49][ID]",
                        "in": "user.get?FILTER[ID]=$result[me][UF_DEPARTMENT]",
                    ]
                ])
            #expect(reply.result["result_error"] == [])
            #expect(reply.result["result"]?["same"]?["NAME"] == "Made by Administrator")
            #expect(reply.result["result"]?["page"] == [])
            #expect(reply.result["result"]?["in"]?.array.count == 1)
        }
    }

    @Test("halt stops at the first failure and keeps what went before")
    func halt() async throws {
        try await Door.open { door in
            let commands: Value = ["a": "server.time", "b": "disk.file.get", "c": "server.time"]
            let halted = try await door.call("batch", ["cmd": commands, "halt": 1])
            #expect(halted.result["result"]?.keys == ["a"])
            #expect(halted.result["result_error"]?.keys == ["b"])
            let whole = try await door.call("batch", ["cmd": commands, "halt": false])
            #expect(whole.result["result"]?.keys == ["a", "c"])
        }
    }

    @Test("of 52 commands fifty run and two are too many; with halt one is said to be")
    func length() async throws {
        try await Door.open { door in
            let commands = Value.object((0..<52).map { .init("c\($0)", "user.admin") })
            let reply = try await door.call("batch", ["cmd": commands])
            #expect(reply.status == 200)
            #expect(reply.result["result"]?.keys.count == 50)
            #expect(reply.result["result_error"]?.keys == ["c50", "c51"])
            #expect(reply.result["result_error"]?["c50"]?["error"] == "ERROR_BATCH_LENGTH_EXCEEDED")
            let halted = try await door.call("batch", ["cmd": commands, "halt": true])
            #expect(halted.result["result_error"]?.keys == ["c50"])
        }
    }

    @Test(
        "batch, upload and download are not allowed inside",
        arguments: ["batch?cmd[]=user.admin", "BATCH", "upload.json", "download?token=x"])
    func barred(command: String) async throws {
        try await Door.open { door in
            let reply = try await door.call("batch", ["cmd": ["x": .string(command)]])
            #expect(reply.result["result_error"]?["x"]?["error"] == "ERROR_BATCH_METHOD_NOT_ALLOWED")
        }
    }

    @Test("content inside a command is decoded as elsewhere")
    func upload() async throws {
        try await Door.open { door in
            let storage = try await door.drive.personalStorage(of: Person.ID(1))
            let command =
                "disk.storage.uploadfile?id=\(storage.id)&data[NAME]=a.txt&fileContent[0]=x&fileContent[1]=aGk%3D"
            let reply = try await door.call("batch", ["cmd": ["up": .string(command)]])
            let url = reply.result["result"]?["up"]?["DOWNLOAD_URL"]?.string ?? ""
            #expect(try await door.fetch(url).text == "hi")
        }
    }

    @Test("scopes hold inside")
    func scopes() async throws {
        try await Door.open { door in
            let poor = try await door.webhook(of: Person.ID(1), scopes: ["im"])
            let reply = try await door.call("batch", ["cmd": ["x": "disk.storage.getlist"]], webhook: poor)
            #expect(reply.result["result_error"]?["x"]?["error"] == "insufficient_scope")
        }
    }

    @Test(
        "a batch without a list of commands is an argument error",
        arguments: [[:], ["cmd": "x"], ["cmd": nil]] as [Value])
    func malformed(params: Value) async throws {
        try await Door.open { door in
            let reply = try await door.call("batch", params)
            #expect(reply.failure == "400 ERROR_ARGUMENT")
        }
    }
}
