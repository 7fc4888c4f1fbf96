import HTTPEdge
import Hummingbird
import NIOCore
import Testing

@testable import BitrixDialect

/// Protocol reference, sections 1, 2 and 13.
@Suite("Every method in every encoding", .serialized)
struct EncodingMatrixTests {
    @Test(
        "JSON, a form, multipart, a query and a header give one answer, byte for byte but for what is random",
        arguments: MethodTable.all.map(\.name))
    func alike(method: String) async throws {
        var answers: [CallForm: String] = [:]
        for form in CallForm.allCases {
            try await Door.open { door in
                let scene = try await SampleScene(door)
                let params = try #require(
                    try scene.sample(of: method.lowercased()), "give one of \(method)'s conversations a line sample:")
                let reply = try await door.send(method, params, as: form)
                #expect(reply.status == 200, "\(form): \(reply.text)")
                #expect(reply.headers[.contentType] == "application/json; charset=utf-8")
                #expect(reply.json.keys.first == "result" && reply.json.keys.last == "time")
                #expect(reply.json["time"]?.keys == Self.timeMembers)
                answers[form] = reply.masked
            }
        }
        for form in CallForm.allCases { #expect(answers[form] == answers[.json], "\(form)") }
    }

    /// Section 13, point 9: `time` has eight fields on every success.
    private static let timeMembers = [
        "start", "finish", "duration", "processing", "date_start", "date_finish", "operating_reset_at", "operating",
    ]

    private static let spellings = [
        "disk.file.get", "disk.file.get/", "/disk.file.get", "//disk.file.get//", "disk.file.get.json",
        "disk.file.get.json/", "disk.file.get.JSON", "Disk.File.Get", "DISK.FILE.GET", "disk%2Efile%2Eget",
        "disk%2efile%2eget.json", "%64isk.file.get",
    ]

    @Test("any spelling of the path reaches the method with any credential, telemetry or not", arguments: spellings)
    func paths(spelling: String) async throws {
        try await Door.open { door in
            let root = try await door.drive.personalStorage(of: door.administrator.person).root.rawValue
            let file = try await door.upload("a.txt", to: root)
            let form: HTTPFields = [.contentType: "application/x-www-form-urlencoded"]
            let json: HTTPFields = [.contentType: "application/json"]
            let bearer: HTTPFields = [.authorization: "Bearer \(door.token)"]
            for telemetry in ["", "&" + CallForm.telemetry] {
                let replies = [
                    try await door.send(.get, door.webhook + spelling + "?id=\(file)" + telemetry),
                    try await door.send(.get, "/rest/\(spelling)?id=\(file)&auth=\(door.token)" + telemetry),
                    try await door.send(
                        .post, "/rest/\(spelling)?x=1" + telemetry, headers: form,
                        body: ByteBuffer(string: "auth=\(door.token)&id=\(file)")),
                    try await door.send(
                        .post, "/rest/\(spelling)?x=1" + telemetry, headers: json,
                        body: ByteBuffer(string: #"{"auth":"\#(door.token)","id":\#(file)}"#)),
                    try await door.send(.get, "/rest/\(spelling)?id=\(file)" + telemetry, headers: bearer),
                ]
                for reply in replies { #expect(reply.result["NAME"] == "a.txt", "\(reply.text)") }
            }
        }
    }

    @Test("a body wins over the query, a parameter nobody knows is passed over")
    func precedence() async throws {
        try await Door.open { door in
            let root = try await door.drive.personalStorage(of: door.administrator.person).root.rawValue
            let file = try await door.upload("a.txt", to: root)
            let reply = try await door.send(
                .post, door.webhook + "disk.file.get?id=999999&auth_connector=x&unknown[a][]=1",
                headers: [.contentType: "application/json"], body: ByteBuffer(string: #"{"id":\#(file),"more":{}}"#))
            #expect(reply.result["NAME"] == "a.txt")
        }
    }
}
