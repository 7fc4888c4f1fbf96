import DriveCore
import HTTPEdge
import Hummingbird
import NIOCore
import Testing

/// One request that cannot be served, and what the caller is told.
struct BadRequest: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let method: String
    /// `{storage}`, `{root}` and `{file}` stand for ids.
    var query = ""
    var body = ""
    var type = "application/json"
    /// Declared length, when it is not the body's.
    var length: Int?
    let expected: String

    init(
        _ title: String, _ method: String, query: String = "", _ body: String = "", type: String = "application/json",
        length: Int? = nil, gives expected: String
    ) {
        testDescription = title
        self.method = method
        self.query = query
        self.body = body
        self.type = type
        self.length = length
        self.expected = expected
    }

    static let form = "application/x-www-form-urlencoded"

    private static func upload(_ title: String, _ members: String, gives expected: String) -> BadRequest {
        BadRequest(title, "disk.folder.uploadfile", #"{"id":{root},\#(members)}"#, gives: expected)
    }

    private static func named(_ title: String, _ name: String) -> [BadRequest] {
        [
            upload(
                "a file named " + title, #""data":{"NAME":"\#(name)"},"fileContent":"aGk=""#,
                gives: "400 ERROR_ARGUMENT"),
            BadRequest(
                "a folder named " + title, "disk.storage.addfolder", #"{"id":{storage},"data":{"NAME":"\#(name)"}}"#,
                gives: "400 ERROR_ARGUMENT"),
            BadRequest(
                "a posted file named " + title, "disk.folder.uploadfile", #"{"id":{root},"data":{"NAME":"\#(name)"}}"#,
                gives: "400 ERROR_ARGUMENT"),
        ]
    }

    static let names: [BadRequest] =
        named("over-long", String(repeating: "я", count: 128)) + named("..", "..") + named(".", ".")
        + named("with a slash", "a/b") + named("with a backslash", #"a\\b"#) + named("with a colon", "a:b")
        + named("with a star", "a*b") + named("with a question mark", "a?b") + named("with a quote", #"a\"b"#)
        + named("with angle brackets", "<a>") + named("with a bar", "a|b") + named("with a line break", #"a\nb"#)
        + named("with a bidirectional override", #"a\u202Etxt.exe"#) + named("of spaces", "   ")
        + named("with an escape character", #"a\u001Bb"#)

    static let types: [BadRequest] = [
        .init("an id that is an object", "disk.file.get", #"{"id":{"a":1}}"#, gives: "400 ERROR_ARGUMENT"),
        .init("an id that is a list", "disk.file.get", #"{"id":[1]}"#, gives: "400 ERROR_ARGUMENT"),
        .init("an id that is true", "disk.file.get", #"{"id":true}"#, gives: "400 ERROR_ARGUMENT"),
        .init("an id that is null", "disk.file.get", #"{"id":null}"#, gives: "400 ERROR_ARGUMENT"),
        .init("an id that is a word", "disk.folder.get", #"{"id":"root"}"#, gives: "400 ERROR_ARGUMENT"),
        .init("an id that is a fraction", "disk.file.get", #"{"id":1.5}"#, gives: "400 ERROR_ARGUMENT"),
        .init("a negative id", "disk.file.get", #"{"id":-1}"#, gives: "400 ERROR_NOT_FOUND"),
        .init("an id of zero", "disk.storage.get", #"{"id":0}"#, gives: "400 ERROR_NOT_FOUND"),
        .init("an id beyond 64 bits", "disk.file.get", #"{"id":9223372036854775808}"#, gives: "400 ERROR_ARGUMENT"),
        .init(
            "an id of a hundred digits", "disk.storage.get", #"{"id":1\#(String(repeating: "0", count: 100))}"#,
            gives: "400 ERROR_ARGUMENT"),
        .init("an id of 1e400", "disk.storage.get", #"{"id":"1e400"}"#, gives: "400 ERROR_ARGUMENT"),
        .init("the greatest id", "disk.version.get", #"{"id":9223372036854775807}"#, gives: "400 ERROR_NOT_FOUND"),
        .init("no id", "disk.version.get", "{}", gives: "400 ERROR_ARGUMENT"),
        .init("no id of an attachment", "disk.attachedobject.get", "{}", gives: "400 ERROR_ARGUMENT"),
        .init("an upper-case name of a parameter", "disk.file.get", #"{"ID":{file}}"#, gives: "400 ERROR_ARGUMENT"),
        .init("a content id for a file", "disk.file.get", #"{"id":{content}}"#, gives: "400 ERROR_NOT_FOUND"),
        .init("a file for a folder", "disk.folder.get", #"{"id":{file}}"#, gives: "400 ERROR_NOT_FOUND"),
        .init("a folder for a file", "disk.file.getversions", #"{"id":{root}}"#, gives: "400 ERROR_NOT_FOUND"),
        .init("children of a file", "disk.folder.getchildren", #"{"id":{file}}"#, gives: "400 ERROR_NOT_FOUND"),
        .init("a start before the beginning", "disk.storage.getlist", #"{"start":-2}"#, gives: "400 ERROR_ARGUMENT"),
        .init("a start beyond 64 bits", "disk.storage.getlist", #"{"start":1e30}"#, gives: "400 ERROR_ARGUMENT"),
        .init("a filter that is text", "disk.storage.getlist", #"{"filter":"x"}"#, gives: "400 ERROR_ARGUMENT"),
        .init(
            "a filter by an unknown field", "disk.storage.getlist", #"{"filter":{"COLOR":1}}"#,
            gives: "400 ERROR_ARGUMENT"),
        .init(
            "an order that is no direction", "disk.storage.getlist", #"{"order":{"ID":"sideways"}}"#,
            gives: "400 ERROR_ARGUMENT"),
        .init(
            "data that is text", "disk.storage.addfolder", #"{"id":{storage},"data":"x"}"#, gives: "400 ERROR_ARGUMENT"),
        .init("no data", "disk.folder.addsubfolder", #"{"id":{root}}"#, gives: "400 ERROR_ARGUMENT"),
        .init(
            "a name that is a list", "disk.folder.addsubfolder", #"{"id":{root},"data":{"NAME":["x"]}}"#,
            gives: "400 ERROR_ARGUMENT"),
        .init("people by an unknown field", "user.get", #"{"FILTER":{"SHOE":1}}"#, gives: "400 ERROR_ARGUMENT"),
        .init("a person without an address", "user.add", #"{"UF_DEPARTMENT":[1]}"#, gives: "400 ERROR_ARGUMENT"),
        .init(
            "a department that is a word", "user.add", #"{"EMAIL":"a@b.c","UF_DEPARTMENT":["x"]}"#,
            gives: "400 ERROR_ARGUMENT"),
    ]

    static let contents: [BadRequest] = [
        .init(
            "no content for a drive", "disk.storage.uploadfile", #"{"id":{storage},"data":{"NAME":"x"}}"#,
            gives: "400 ERROR_ARGUMENT"),
        upload("empty content", #""data":{"NAME":"x"},"fileContent":"""#, gives: "400 ERROR_COULD_NOT_SAVE_FILE"),
        upload(
            "content of padding alone", #""data":{"NAME":"x"},"fileContent":["x","===="]"#,
            gives: "400 ERROR_COULD_NOT_SAVE_FILE"),
        upload("a content list of one", #""data":{"NAME":"x"},"fileContent":["x"]"#, gives: "400 ERROR_ARGUMENT"),
        upload("content that is a number", #""data":{"NAME":"x"},"fileContent":5"#, gives: "400 ERROR_ARGUMENT"),
        upload(
            "content that is an object", #""data":{"NAME":"x"},"fileContent":{"a":"b"}"#, gives: "400 ERROR_ARGUMENT"),
        upload("content without a name", #""fileContent":["x","aGk="]"#, gives: "400 DISK_BASE_SERVICE_22001"),
        .init(
            "an empty new version", "disk.file.uploadversion", #"{"id":{file},"fileContent":""}"#,
            gives: "400 DISK_FILE_22002"),
        .init("no new version", "disk.file.uploadversion", #"{"id":{file}}"#, gives: "400 ERROR_ARGUMENT"),
        .init(
            "a version of no file", "disk.file.uploadversion", #"{"id":999999,"fileContent":"aGk="}"#,
            gives: "400 ERROR_NOT_FOUND"),
    ]

    static let bodies: [BadRequest] = [
        .init("JSON cut short", "disk.file.get", #"{"id":"#, gives: "400 INVALID_REQUEST"),
        .init("JSON with something after it", "disk.file.get", #"{"id":1} x"#, gives: "400 INVALID_REQUEST"),
        .init("JSON that is a scalar", "disk.file.get", "5", gives: "400 INVALID_REQUEST"),
        .init(
            "JSON with a NUL in a name", "disk.folder.addsubfolder", #"{"id":{root},"data":{"NAME":"a\u0000b"}}"#,
            gives: "400 INVALID_REQUEST"),
        .init(
            "JSON with half a surrogate", "disk.folder.addsubfolder", #"{"id":{root},"data":{"NAME":"\ud800"}}"#,
            gives: "400 INVALID_REQUEST"),
        .init(
            "deep JSON", "disk.file.get", #"{"id":\#(String(repeating: "[", count: 5000))"#,
            gives: "400 INVALID_REQUEST"),
        .init(
            "deep brackets", "disk.file.get", "id\(String(repeating: "[a]", count: 5000))=1", type: form,
            gives: "400 INVALID_REQUEST"),
        .init("a broken escape in a form", "disk.file.get", "id=%zz", type: form, gives: "400 INVALID_REQUEST"),
        .init("a broken escape in the query", "disk.file.get", query: "id=%zz", gives: "400 INVALID_REQUEST"),
        .init("bytes that are no UTF-8", "disk.file.get", query: "id=%ff%fe", gives: "400 INVALID_REQUEST"),
        .init("a body shorter than declared", "disk.file.get", #"{"id":1}"#, length: 100, gives: "400 INVALID_REQUEST"),
        .init(
            "a multipart body that never ends", "disk.file.get",
            "--cut\r\nContent-Disposition: form-data; name=\"id\"\r\n\r\n1", type: "multipart/form-data; boundary=cut",
            gives: "400 INVALID_REQUEST"),
        .init(
            "a multipart body without a boundary", "disk.file.get", "--cut--", type: "multipart/form-data",
            gives: "400 INVALID_REQUEST"),
        .init(
            "content cut short in the middle", "disk.folder.uploadfile",
            #"{"id":{root},"data":{"NAME":"x"},"fileContent":"aGk"#, gives: "400 INVALID_REQUEST"),
        .init("a body declared beyond all bounds", "disk.file.get", "{}", length: .max, gives: "400 INVALID_REQUEST"),
    ]

    static let all = names + types + contents + bodies
}

@Suite("Bad input at the Bitrix24 door")
struct BadInputTests {
    @Test("is answered in the dialect's words and leaves the drive as it was", arguments: BadRequest.all)
    func refused(request: BadRequest) async throws {
        try await Door.open { door in
            let storage = try await door.drive.personalStorage(of: Person.ID(1))
            // Ids of the four number spaces are driven apart, so that one taken for another is caught.
            for index in 0..<3 {
                _ = try await door.drive.addFolder(
                    named: FileName("\(index)"), in: storage.root, as: door.administrator)
            }
            let file = try await door.call(
                "disk.folder.uploadfile",
                ["id": .int(storage.root.rawValue), "data": ["NAME": "there"], "fileContent": "aGk="]
            ).result
            let before = try await state(door, storage)
            let values = [
                "{storage}": "\(storage.id)", "{root}": "\(storage.root)", "{file}": "\(file["ID"]?.number ?? 0)",
                "{content}": "\(1000 + (file["FILE_ID"]?.number ?? 0))",
            ]
            var body = request.body
            for (name, value) in values { body = body.replacing(name, with: value) }
            var headers: HTTPFields = [.contentType: request.type]
            if let length = request.length { headers[.contentLength] = String(length) }
            let target = door.webhook + request.method + (request.query.isEmpty ? "" : "?" + request.query)
            let reply = try await door.send(.post, target, headers: headers, body: ByteBuffer(string: body))
            #expect(reply.failure == request.expected, "\(reply.text.prefix(300))")
            #expect(reply.json.keys.starts(with: ["error", "error_description"]) && reply.json["result"] == nil)
            #expect(try await state(door, storage) == before)
        }
    }

    private func state(_ door: Door, _ storage: Storage) async throws -> Value {
        let list = try await door.call(
            "disk.storage.getchildren", ["id": .int(storage.id.rawValue), "order": ["ID": "ASC"]]
        ).result
        let report = try await door.drive.check(repair: false)
        return [
            "names": .array(list.names.map(Value.string)),
            "sizes": .array(list.array.map { $0["SIZE"] ?? .null }),
            "stray": .int(Int64(report.unreferenced.count)), "blobs": .int(report.blobsChecked),
        ]
    }

    @Test("of a doubled parameter the last one counts")
    func doubled() async throws {
        try await Door.open { door in
            let storage = try await door.drive.personalStorage(of: Person.ID(1))
            for body in [#"{"id":"x","id":\#(storage.id)}"#, #"{"id":{"a":1},"id":\#(storage.id)}"#] {
                let reply = try await door.send(
                    .post, door.webhook + "disk.storage.getchildren", headers: [.contentType: "application/json"],
                    body: ByteBuffer(string: body))
                #expect(reply.status == 200)
            }
            #expect(try await door.form("disk.storage.getchildren", "id=x&id=\(storage.id)").status == 200)
        }
    }

    @Test("storage.get of what is no number is null, as its page says", arguments: ["x", "", nil, [1]] as [Value])
    func storageOfNoNumber(id: Value) async throws {
        try await Door.open { door in
            let reply = try await door.call("disk.storage.get", ["id": id])
            if id.string == "x" || id == [1] {
                #expect(reply.status == 200)
                #expect(reply.json.keys.first == "result" && reply.result == .null)
            } else {
                #expect(reply.failure == "400 ERROR_ARGUMENT")
            }
        }
    }

    @Test(
        "each page's own text for a missing parameter",
        arguments: [
            ("disk.storage.get", "Invalid value of parameter {Parameter #0}"),
            ("disk.storage.getchildren", "Invalid value of parameter {Parameter #0}"),
            ("disk.storage.uploadfile", "Invalid value of parameter {Parameter #0}"),
            ("disk.folder.uploadfile", "Invalid value of parameter {Parameter #0}"),
            ("disk.file.get", "Invalid value of parameter {Parameter #0}"),
            ("disk.file.uploadversion", "Invalid value of parameter {Parameter #0}"),
            ("disk.file.getversions", "Invalid value of parameter {Parameter #0}"),
            ("disk.storage.addfolder", "Invalid value of parameter {Parameter #1}"),
            ("disk.folder.get", "Invalid value of parameter {Parameter #1}"),
            ("disk.folder.getchildren", "Invalid value of parameter {Parameter #1}"),
            ("disk.folder.addsubfolder", "Invalid value of parameter {Parameter #1}"),
            ("disk.version.get", "Invalid value of parameter `id`"),
        ])
    func texts(method: String, text: String) async throws {
        try await Door.open { door in
            let reply = try await door.call(method)
            #expect(reply.failure == "400 ERROR_ARGUMENT")
            #expect(reply.json["error_description"] == .string(text))
        }
    }

    @Test("what breaks inside is logged and answered without a word of it")
    func unexpected() async throws {
        try await Door.open { door in
            try await door.drive.database.runScript("ALTER TABLE node RENAME TO lost;")
            let reply = try await door.call("disk.storage.getchildren", ["id": 1])
            #expect(reply.failure == "500 INTERNAL_SERVER_ERROR")
            #expect(reply.json["error_description"] == "Internal server error")
        }
    }

    @Test("a full drive refuses content in the words of each page")
    func full() async throws {
        try await Door.open(storageLimit: 5) { door in
            let id = Value.int(try await door.drive.personalStorage(of: Person.ID(1)).root.rawValue)
            let params: Value = ["id": id, "data": ["NAME": "a"], "fileContent": "aGVsbG8="]
            let file = try await door.call("disk.folder.uploadfile", params)
            #expect(file.status == 200)
            let more: Value = ["id": id, "data": ["NAME": "b"], "fileContent": "aGVsbG8="]
            let refused = try await door.call("disk.folder.uploadfile", more)
            #expect(refused.failure == "400 ERROR_COULD_NOT_SAVE_FILE")
            let version = try await door.call(
                "disk.file.uploadversion", ["id": file.result["ID"] ?? .null, "fileContent": "aGVsbG8h"])
            #expect(version.failure == "400 DISK_FILE_22006")
        }
    }
}
