import DriveCore
import Foundation
import HTTPEdge
import Hummingbird
import NIOCore
import Testing

@Suite("Old file methods of tasks")
struct TaskFileMethodsTests {
    private static let multipart = "multipart/form-data; boundary=cut"

    private static func part(_ name: String, _ value: String) -> String {
        "--cut\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n"
    }

    /// "hello" is `aGVsbG8=` in base64.
    private static let forms: [(type: String, body: String)] = [
        ("application/json", #"{"TASK_ID":{task},"FILE":{"NAME":"a.txt","CONTENT":"aGVsbG8="}}"#),
        ("application/json", #"{"TASK_ID":"{task}","NAME":"a.txt","CONTENT":"aGVsbG8="}"#),
        ("application/json", #"[{task},{"NAME":"a.txt","CONTENT":"aGVsbG8="}]"#),
        ("application/json", #"{"taskId":{task},"fileParameters":{"CONTENT":"aGVsbG8=","NAME":"a.txt"}}"#),
        ("application/json", #"{"task":{task},"what":{"CONTENT":"aGVsbG8=","NAME":"a.txt"}}"#),
        ("application/x-www-form-urlencoded", "TASK_ID={task}&FILE[NAME]=a.txt&FILE[CONTENT]=aGVsbG8%3D"),
        ("application/x-www-form-urlencoded", "0={task}&1[NAME]=a.txt&1[CONTENT]=aGVsbG8="),
        ("application/x-www-form-urlencoded", "NAME=a.txt&CONTENT=aGVsbG8=&TASK_ID={task}"),
        (
            multipart,
            part("TASK_ID", "{task}") + part("FILE[NAME]", "a.txt") + part("FILE[CONTENT]", "aGVsbG8=") + "--cut--"
        ),
        (multipart, part("1[CONTENT]", "aGVsbG8=") + part("1[NAME]", "a.txt") + part("0", "{task}") + "--cut--"),
    ]

    @Test("a file comes in every form into Uploaded files of the caller's drive and onto the task", arguments: forms)
    private func adding(type: String, body: String) async throws {
        try await Door.open { door in
            let task = try await door.addTask(["TITLE": "x", "RESPONSIBLE_ID": 1])
            let body = body.replacing("{task}", with: String(task))
            let reply = try await door.send(
                .post, door.webhook + "task.item.addfile", headers: [.contentType: type], body: ByteBuffer(string: body)
            )
            #expect(reply.status == 200, "\(reply.text)")
            #expect(reply.result.keys == ["ATTACHMENT_ID", "FILE_ID", "NAME"])
            let listed = try await door.call("task.item.getfiles", ["TASKID": .int(task)]).result.array
            #expect(listed.count == 1)
            #expect(listed.first?["ATTACHMENT_ID"]?.number == reply.result["ATTACHMENT_ID"]?.number)
            #expect(listed.first?["FILE_ID"]?.number == reply.result["FILE_ID"]?.number)
            #expect(try await door.send(.get, listed.first?["DOWNLOAD_URL"]?.string ?? "").text == "hello")
            let file = try await door.call("disk.file.get", ["id": reply.result["FILE_ID"] ?? .null]).result
            #expect(file["NAME"] == "a.txt" && file["SIZE"] == "5")
            let folder = try await door.call("disk.folder.get", ["id": file["PARENT_ID"] ?? .null]).result
            #expect(folder["NAME"] == "Uploaded files")
            let root = try await door.drive.personalStorage(of: Person.ID(1)).root
            #expect(folder["PARENT_ID"] == .string(root.description))
        }
    }

    @Test("a second file of the same name is numbered; a batch adds files too")
    func again() async throws {
        try await Door.open { door in
            let task = try await door.addTask(["TITLE": "x", "RESPONSIBLE_ID": 1])
            let command = "task.item.addfile?TASK_ID=\(task)&FILE%5BNAME%5D=a.txt&FILE%5BCONTENT%5D=aGk%3D"
            let reply = try await door.call("batch", ["cmd": ["a": .string(command), "b": .string(command)]])
            #expect(reply.result["result"]?["a"]?["NAME"] == "a.txt")
            #expect(reply.result["result"]?["b"]?["NAME"] == "a (1).txt")
            let files = try await door.call(
                "tasks.task.get", ["taskId": .int(task), "select": ["UF_TASK_WEBDAV_FILES"]])
            #expect(files.result["task"]?["ufTaskWebdavFiles"]?.array.count == 2)
        }
    }

    @Test("content longer than a database row takes comes back byte for byte")
    func long() async throws {
        try await Door.open { door in
            let task = try await door.addTask(["TITLE": "x", "RESPONSIBLE_ID": 1])
            // 3 MB of "abc", which is "YWJj" in base64.
            let body = ByteBuffer(
                string: #"{"FILE":{"CONTENT":""# + String(repeating: "YWJj", count: 1_000_000)
                    + #"","NAME":"long.txt"},"TASK_ID":\#(task)}"#)
            let reply = try await door.send(
                .post, door.webhook + "task.item.addfile", headers: [.contentType: "application/json"], body: body)
            #expect(reply.status == 200)
            let files = try await door.call("task.item.getfiles", [.int(task)]).result.array
            #expect(files.first?["SIZE"] == "3000000")
            let fetched = try await door.send(.get, files.first?["DOWNLOAD_URL"]?.string ?? "")
            #expect(fetched.text == String(repeating: "abc", count: 1_000_000))
        }
    }

    @Test("a request with many contents is refused, not kept")
    func many() async throws {
        try await Door.open { door in
            let task = try await door.addTask(["TITLE": "x", "RESPONSIBLE_ID": 1])
            let form = (1...50).map { "f\($0)[CONTENT]=aGk=" }.joined(separator: "&")
            let reply = try await door.form("task.item.addfile", "TASK_ID=\(task)&" + form)
            #expect(reply.failure == "400 INVALID_REQUEST")
        }
    }

    @Test("a file detached from its task stays on the drive")
    func detaching() async throws {
        try await Door.open { door in
            let scene = try await TalkScene(door)
            let reply = try await door.call(
                "task.item.deletefile", ["TASK_ID": .int(scene.task), "ATTACHMENT_ID": .int(scene.taskAttachment)])
            #expect(reply.result == true)
            #expect(try await door.call("task.item.getfiles", [.int(scene.task)]).result == [])
            #expect(try await door.call("disk.file.get", ["id": .int(scene.photo)]).status == 200)
            // What is attached to the comment and the item is attached still.
            let comment = try await door.call("task.commentitem.get", [.int(scene.task), .int(scene.comment)])
            #expect(comment.result["ATTACHED_OBJECTS"]?.keys == [String(scene.attachment)])
        }
    }

    @Test("without room nothing is added, in the words of the page's family")
    func full() async throws {
        try await Door.open(storageLimit: 3) { door in
            let task = try await door.addTask(["TITLE": "x", "RESPONSIBLE_ID": 1])
            let reply = try await door.call(
                "task.item.addfile", ["TASK_ID": .int(task), "FILE": ["NAME": "a.txt", "CONTENT": "aGVsbG8="]])
            #expect(reply.failure == "400 ERROR_CORE")
            #expect(try await door.call("task.item.getfiles", [.int(task)]).result == [])
        }
    }

    @Test("a trashed file keeps its attachments and serves again when restored; a purged one takes them along")
    func trash() async throws {
        try await Door.open { door in
            let scene = try await TalkScene(door)
            func attachments() async throws -> [Int] {
                let comment = try await door.call("task.commentitem.get", [.int(scene.task), .int(scene.comment)])
                let item = try await door.call("task.checklistitem.get", [.int(scene.task), .int(scene.item)])
                return [
                    comment.result["ATTACHED_OBJECTS"]?.keys.count ?? -1, item.result["ATTACHMENTS"]?.keys.count ?? -1,
                    try await door.call("task.item.getfiles", [.int(scene.task)]).result.array.count,
                ]
            }
            func download() async throws -> Int {
                let files = try await door.call("task.item.getfiles", [.int(scene.task)]).result.array
                return try await door.send(.get, files.first?["DOWNLOAD_URL"]?.string ?? "").status
            }
            let id: Value = ["id": .int(scene.photo)]
            _ = try await door.call("disk.file.markdeleted", id)
            #expect(try await download() == 404)
            _ = try await door.call("disk.file.restore", id)
            #expect(try await attachments() == [1, 1, 1])
            #expect(try await download() == 200)
            _ = try await door.call("disk.file.delete", id)
            #expect(try await attachments() == [0, 0, 0])
            let comment = try await door.call("task.commentitem.get", [.int(scene.task), .int(scene.comment)])
            #expect(comment.result["ATTACHED_OBJECTS"] == .object([]))
            let item = try await door.call("task.checklistitem.get", [.int(scene.task), .int(scene.item)])
            #expect(item.result["ATTACHMENTS"] == [])
        }
    }
}
