import DriveCore
import HTTPEdge
import Hummingbird
import NIOCore
import Testing

@Suite("Arguments by order")
struct PositionalTests {
    /// Ways to say the same comment; `{task}` stands for its task.
    private static let forms: [(verb: HTTPRequest.Method, query: String, type: String, body: String)] = [
        (.get, "0={task}&1[POST_MESSAGE]=hi", "", ""),
        (.get, "TASKID={task}&FIELDS[POST_MESSAGE]=hi", "", ""),
        (.get, "TASK_ID={task}&FIELDS[POST_MESSAGE]=hi", "", ""),
        (.get, "taskId={task}&arFields[POST_MESSAGE]=hi", "", ""),
        (.get, "FIELDS[POST_MESSAGE]=hi&TASKID={task}", "", ""),
        (.get, "task={task}&what[POST_MESSAGE]=hi", "", ""),
        (.get, "TASKID={task}&comment[POST_MESSAGE]=hi", "", ""),
        (.get, "0={task}&FIELDS[POST_MESSAGE]=hi", "", ""),
        (.get, "1[POST_MESSAGE]=hi&0={task}&2=7&more=8", "", ""),
        (.get, "bx24_request_id=1&bx24_sdk_ver=2&bx24_sdk_type=js&task={task}&what[POST_MESSAGE]=hi", "", ""),
        (.get, "auth_connector=x&auth=y&start=0&task={task}&what[POST_MESSAGE]=hi&more=1", "", ""),
        (.post, "", "application/json", #"[{task}, {"POST_MESSAGE": "hi"}]"#),
        (.post, "", "application/json", #"["{task}", {"POST_MESSAGE": "hi"}, 7, null]"#),
        (.post, "", "application/json", #"{"TASKID": {task}, "FIELDS": {"POST_MESSAGE": "hi"}}"#),
        (.post, "", "application/json", #"{"FIELDS": {"POST_MESSAGE": "hi"}, "TASKID": "{task}"}"#),
        (.post, "", "application/json", #"{"0": {task}, "1": {"POST_MESSAGE": "hi"}}"#),
        (.post, "bx24_request_id=1&bx24_sdk_ver=2", "application/json", #"[{task}, {"POST_MESSAGE": "hi"}]"#),
        (.post, "", "application/x-www-form-urlencoded", "0={task}&1%5BPOST_MESSAGE%5D=hi"),
        (.post, "", "application/x-www-form-urlencoded", "TASKID={task}&FIELDS[POST_MESSAGE]=hi"),
        (
            .post, "", "multipart/form-data; boundary=cut",
            "--cut\r\nContent-Disposition: form-data; name=\"0\"\r\n\r\n{task}\r\n"
                + "--cut\r\nContent-Disposition: form-data; name=\"1[POST_MESSAGE]\"\r\n\r\nhi\r\n--cut--\r\n"
        ),
    ]

    @Test("the same call in every form, by number, by name and by place, is the same call", arguments: forms)
    private func sameCall(verb: HTTPRequest.Method, query: String, type: String, body: String) async throws {
        try await Door.open { door in
            let task = try await door.addTask(["TITLE": "x", "RESPONSIBLE_ID": 1])
            let query = query.replacing("{task}", with: String(task))
            let body = body.replacing("{task}", with: String(task))
            let reply = try await door.send(
                verb, door.webhook + "task.commentitem.add?" + query,
                headers: type.isEmpty ? [:] : [.contentType: type], body: ByteBuffer(string: body))
            #expect(reply.status == 200, "\(reply.text)")
            let all = try await door.call("task.commentitem.getlist", [.int(task)]).result.array
            #expect(all.map { $0["POST_MESSAGE"] } == ["hi"])
            #expect(all.first?["ID"] == .string(String(reply.result.number)))
        }
    }

    @Test("a token beside the arguments is no argument")
    func token() async throws {
        try await Door.open { door in
            let task = try await door.addTask(["TITLE": "x", "RESPONSIBLE_ID": 1])
            for target in [
                "/rest/task.commentitem.add?auth=\(door.token)&0=\(task)&1[POST_MESSAGE]=hi",
                "/rest/task.commentitem.add?auth=\(door.token)&task=\(task)&what[POST_MESSAGE]=hi",
            ] {
                #expect(try await door.send(.get, target).status == 200)
            }
        }
    }

    @Test("a batch binds its commands alike, references included")
    func batch() async throws {
        try await Door.open { door in
            let task = try await door.addTask(["TITLE": "x", "RESPONSIBLE_ID": 1])
            let reply = try await door.call(
                "batch",
                [
                    "cmd": [
                        "add": .string("task.commentitem.add?0=\(task)&1%5BPOST_MESSAGE%5D=hi"),
                        "get": .string("task.commentitem.get?TASKID=\(task)&ITEMID=$result[add]"),
                    ]
                ])
            #expect(reply.result["result"]?["get"]?["POST_MESSAGE"] == "hi")
            #expect(reply.result["result_error"] == [])
        }
    }
}
