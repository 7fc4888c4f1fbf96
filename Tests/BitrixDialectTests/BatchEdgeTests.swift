import DriveCore
import HTTPEdge
import Testing

/// Protocol reference, section 8: what commands may do to each other.
@Suite("Batch at its edges")
struct BatchEdgeTests {
    @Test("51 commands: fifty results, one error, and the batch is a success")
    func length() async throws {
        try await Door.open { door in
            let commands = Value.array(Array(repeating: "user.admin", count: 51))
            let reply = try await door.call("batch", ["cmd": commands])
            #expect(reply.status == 200)
            #expect(reply.result["result"]?.array.count == 50)
            let errors = reply.result["result_error"]
            #expect(errors?.keys == ["50"])
            #expect(
                errors?["50"] == [
                    "error": "ERROR_BATCH_LENGTH_EXCEEDED", "error_description": "Max batch length exceeded",
                ])
        }
    }

    @Test("the fifty-first command is not executed")
    func notExecuted() async throws {
        try await Door.open { door in
            let commands = (0..<51).map { number in
                Value.Member("c\(number)", .string("disk.storage.addfolder?id=1&data[NAME]=n\(number)"))
            }
            _ = try await door.call("batch", ["cmd": .object(commands)])
            #expect(try await door.call("disk.storage.getchildren", ["id": 1]).json["total"] == 50)
        }
    }

    @Test(
        "a reference to itself, to what comes later, to a failed command or a row that is not there is empty text",
        arguments: [
            "$result[self][ID]", "$result[later][ID]", "$result[failed][ID]", "$result[rows][49][ID]",
            "$result[rows][-1][ID]", "$result[rows][0][ID][x]", "$result[nowhere]",
        ])
    func nowhere(reference: String) async throws {
        try await Door.open { door in
            let reply = try await door.call(
                "batch",
                [
                    "cmd": [
                        "rows": "disk.storage.getlist?order[ID]=ASC", "failed": "disk.file.get?id=999999",
                        "self": .string("disk.storage.getlist?filter[NAME]=\(reference)"),
                        "id": .string("disk.folder.get?id=\(reference)"), "later": "disk.storage.get?id=1",
                    ]
                ])
            #expect(reply.status == 200)
            #expect(reply.result["result"]?["self"] == [])
            #expect(reply.result["result_error"]?.keys == ["failed", "id"])
            #expect(reply.result["result_error"]?["id"]?["error"] == "ERROR_ARGUMENT")
        }
    }

    @Test("commands that refer to each other in a circle end, each with what was there before it")
    func circle() async throws {
        try await Door.open { door in
            let reply = try await door.call(
                "batch",
                [
                    "cmd": [
                        "a": "disk.storage.addfolder?id=1&data[NAME]=a$result[b][NAME]",
                        "b": "disk.storage.addfolder?id=1&data[NAME]=b$result[a][NAME]",
                    ]
                ])
            #expect(reply.result["result"]?["a"]?["NAME"] == "a")
            #expect(reply.result["result"]?["b"]?["NAME"] == "ba")
        }
    }

    @Test("a reference to a whole folder brings in all its members")
    func wholeFolder() async throws {
        try await Door.open { door in
            let reply = try await door.call(
                "batch",
                [
                    "cmd": [
                        "a": "disk.storage.addfolder?id=1&data[NAME]=a",
                        "b": "disk.folder.addsubfolder?id=$result[a][ID]&data=$result[a]",
                    ]
                ])
            #expect(reply.result["result"]?["b"]?["NAME"] == "a")
            let parent = try #require(reply.result["result"]?["a"]?["ID"]?.number)
            #expect(reply.result["result"]?["b"]?["PARENT_ID"] == .string(String(parent)))
        }
    }

    @Test("text that a reference brings in is not read as a reference again")
    func once() async throws {
        try await Door.open { door in
            let made = try await door.call("disk.storage.addfolder", ["id": 1, "data": ["NAME": "$result[b][ID]"]])
            let reply = try await door.call(
                "batch",
                [
                    "cmd": [
                        "b": "disk.storage.get?id=1",
                        "a": .string("disk.folder.get?id=\(made.result["ID"]?.number ?? 0)"),
                        "c": "disk.storage.addfolder?id=1&data[NAME]=x$result[a][NAME]",
                    ]
                ])
            #expect(reply.result["result"]?["c"]?["NAME"] == "x$result[b][ID]")
        }
    }

    @Test("a batch in a batch, an upload and a download are refused whatever their case and suffix")
    func nested() async throws {
        try await Door.open { door in
            let inner = "batch?cmd[x]=disk.storage.addfolder%3Fid%3D1%26data%5BNAME%5D%3Dn"
            let reply = try await door.call(
                "batch", ["cmd": [.string(inner), "Batch.json", "UPLOAD", "download.xml?token=x"]])
            #expect(reply.status == 200 && reply.result["result"] == [])
            let codes = reply.result["result_error"]?.array.map { $0["error"]?.string ?? "" } ?? []
            #expect(codes == Array(repeating: "ERROR_BATCH_METHOD_NOT_ALLOWED", count: 4))
            #expect(try await door.call("disk.storage.getchildren", ["id": 1]).json["total"] == 0)
        }
    }

    @Test(
        "with halt nothing after the failure is done, and nothing of it is in the answer",
        arguments: ["1", "Y", "true"])
    func halt(flag: String) async throws {
        try await Door.open { door in
            let reply = try await door.form(
                "batch",
                "halt=\(flag)&cmd[a]=disk.storage.addfolder%3Fid%3D1%26data%5BNAME%5D%3Da&cmd[b]=no.such"
                    + "&cmd[c]=disk.storage.addfolder%3Fid%3D1%26data%5BNAME%5D%3Dc")
            #expect(reply.result["result"]?.keys == ["a"] && reply.result["result_time"]?.keys == ["a"])
            #expect(reply.result["result_error"]?.keys == ["b"])
            #expect(try await door.call("disk.storage.getchildren", ["id": 1]).result.names == ["a"])
        }
    }

    @Test(
        "a command that is no text is refused by itself",
        arguments: [nil, ["a"], ["a": 1], true, ""] as [Value])
    func malformed(command: Value) async throws {
        try await Door.open { door in
            let reply = try await door.call("batch", ["cmd": ["bad": command, "good": "user.admin"]])
            #expect(reply.status == 200)
            #expect(reply.result["result_error"]?["bad"]?["error"] == "ERROR_METHOD_NOT_FOUND")
            #expect(reply.result["result"]?["good"] == true)
        }
    }

    @Test("every part without an entry is an empty list")
    func emptyParts() async throws {
        try await Door.open { door in
            let none = try await door.call("batch", ["cmd": [:]])
            #expect(
                none.result == [
                    "result": [], "result_error": [], "result_total": [], "result_next": [], "result_time": [],
                ])
            let failed = try await door.call("batch", ["cmd": ["x": "no.such"]])
            #expect(failed.result["result"] == [] && failed.result["result_time"] == [])
            #expect(failed.result["result_total"] == [] && failed.result["result_next"] == [])
        }
    }
}
