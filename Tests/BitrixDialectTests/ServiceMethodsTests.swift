import DriveCore
import HTTPEdge
import Hummingbird
import NIOCore
import Testing

@testable import BitrixDialect

@Suite("Service methods")
struct ServiceMethodsTests {
    @Test("a person holds their own code, those of everyone, of their departments and of their groups")
    func access() async throws {
        try await Door.open { door in
            var new = NewPerson(login: "ann")
            new.departments = [1, 3]
            let ann = try await door.drive.addPerson(new, as: door.administrator)
            let group = try await door.drive.addGroup(
                named: "Sales", owner: Person.ID(1), members: [ann.id], as: door.administrator)
            let own = try await door.drive.addGroup(named: "Own", owner: ann.id, as: door.administrator)
            let hers = try await door.webhook(of: ann.id, scopes: [])
            for (codes, holds) in [
                (["U\(ann.id)"], true), (["U1"], false), (["G1"], false), (["G2"], true), (["AU"], true),
                (["U1", "AU"], true), (["D3"], true), (["DR1"], true), (["D2"], false), (["SG\(group.id)"], true),
                (["SG\(own.id)"], true), (["SG999"], false), ([], false), (["", "u\(ann.id)", "x"], false),
            ] as [([String], Bool)] {
                let asked = Value.array(codes.map(Value.string))
                let reply = try await door.call("user.access", ["ACCESS": asked], webhook: hers)
                #expect(reply.result == .bool(holds), "\(codes)")
                #expect(try await door.call("user.access", ["ACCESS": asked]).result == true)
            }
            #expect(try await door.form("user.access", "ACCESS[]=G1&ACCESS[]=U\(ann.id)", webhook: hers).result == true)
            #expect(try await door.call("user.access", webhook: hers).result == false)
            #expect(try await door.call("user.access", ["ACCESS": ["a": ["b"]]], webhook: hers).result == false)
        }
    }

    @Test("names of codes: unknown ones are left out, none at all is false, none known an empty list")
    func names() async throws {
        try await Door.open { door in
            let ann = try await door.person("ann")
            let code = "U\(ann.id)"
            let reply = try await door.call(
                "access.name", ["ACCESS": [.string(code), "AU", "U999999", "G77", .string(code), "U01", "U-1"]])
            #expect(
                reply.result == [
                    code: ["provider": "Users", "name": "ann", "provider_id": "user"],
                    "AU": ["provider": "", "name": "All authorized users", "provider_id": "other"],
                ] as Value)
            #expect(try await door.call("access.name", ["ACCESS": ["U999999"]]).result == [])
            for nothing in [[:], ["ACCESS": []], ["ACCESS": ""], ["ACCESS": nil], ["ACCESS": [""]]] as [Value] {
                #expect(try await door.call("access.name", nothing).result == false)
            }
            let many = Value.array((1...3000).map { .string("U\($0)") })
            #expect(try await door.call("access.name", ["ACCESS": many]).result.keys == ["U1", code])
        }
    }

    @Test("application methods tell a webhook what their pages do")
    func application() async throws {
        try await Door.open { door in
            let info = try await door.call("app.info")
            #expect(info.failure == "400 ACCESS_DENIED")
            #expect(info.json["error_description"] == "Access denied! Application context required")
            #expect(try await door.call("events").failure == "403 ACCESS_DENIED")
            #expect(try await door.call("event.test", ["any": "data"]).failure == "403 WRONG_AUTH_TYPE")
            let events = try await door.send(.get, "/rest/events?SCOPE=task&auth=\(door.token)")
            #expect(events.result == [])
            let bad = try await door.send(.get, "/rest/events?FULL=maybe&auth=\(door.token)")
            #expect(bad.failure == "400 ERROR_ARGUMENT")
            for code in ["rest_offline_extended", "rest_auth_connector", "no_such"] {
                #expect(try await door.call("feature.get", ["CODE": .string(code)]).result == ["value": "N"])
            }
            for nothing in [[:], ["CODE": ""], ["CODE": ["x"]], ["CODE": nil]] as [Value] {
                let reply = try await door.call("feature.get", nothing)
                #expect(reply.failure == "400 CODE_EMPTY")
                #expect(reply.json["error_description"] == "CODE can't be empty")
            }
        }
    }

    @Test(
        "what is not there is not found, inside a batch too",
        arguments: [
            "event.bind", "event.get", "event.unbind", "event.offline.get", "event.offline.list", "event.offline.clear",
            "event.offline.error", "im.v2.Event.get", "imbot.v2.File.upload", "disk.file.upload",
            "disk.file.shareToUser", "disk.version.delete", "disk.storage.add", "disk.trash.getchildren",
        ])
    func absent(method: String) async throws {
        try await Door.open { door in
            let reply = try await door.call(method)
            #expect(reply.failure == "404 ERROR_METHOD_NOT_FOUND")
            let batch = try await door.call("batch", ["cmd": ["x": .string(method)]])
            #expect(batch.result["result_error"]?["x"]?["error"] == "ERROR_METHOD_NOT_FOUND")
        }
    }

    @Test("what the transport reads never reaches a method")
    func transport() async throws {
        let tree: Value = [
            "0": "7", "auth": "x", "auth_connector": "y", "bx24_request_id": "1", "bx24_sdk_ver": "2",
            "bx24_sdk_type": "js", "1": ["auth": "kept"],
        ]
        #expect(Parameters(tree).tree == ["0": "7", "1": ["auth": "kept"]])
        try await Door.open { door in
            let telemetry = "bx24_request_id=1&bx24_sdk_ver=2&bx24_sdk_type=php&auth_connector=c"
            let get = try await door.send(.get, door.webhook + "user.get?\(telemetry)&ID=1")
            #expect(get.json["total"] == 1)
            let post = try await door.send(
                .post, door.webhook + "user.get/?\(telemetry)", headers: [.contentType: "application/json"],
                body: ByteBuffer(string: #"{"ID":1,"auth":"ignored"}"#))
            #expect(post.json["total"] == 1)
            let batch = try await door.call("batch", ["cmd": ["x": .string("user.get?\(telemetry)&ID=1")]])
            #expect(batch.result["result_total"] == ["x": 1])
        }
    }
}
