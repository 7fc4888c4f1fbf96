import DriveCore
import HTTPEdge
import Testing

@Suite("What tasks show around their files")
struct TaskAccessTests {
    @Test("getaccess is of the caller unless users are named, and tells each what they may")
    func access() async throws {
        try await Door.open { door in
            let scene = try await TalkScene(door)
            func access(_ users: Value, webhook: String? = nil) async throws -> Value? {
                let reply = try await door.call(
                    "tasks.task.getaccess", ["taskId": .int(scene.task), "users": users], webhook: webhook)
                return reply.result["allowedActions"]
            }
            #expect(try await access([])?.keys == ["1"])
            #expect(try await access([], webhook: scene.annsWebhook)?.keys == [scene.ann.id.description])
            let people = [scene.ann, scene.ben].map { Value.int($0.id.rawValue) }
            let both = try await access(.array(people))
            let (anns, bens) = (both?[scene.ann.id.description], both?[scene.ben.id.description])
            #expect(anns?["EDIT"] == false && anns?["CHECKLIST.ADD"] == true && anns?["CREATE"] == true)
            #expect(bens?.members.allSatisfy { $0 == false } == true && bens?.members.count == 27)
            #expect(try await access([], webhook: scene.bensWebhook) == [])
            #expect(try await access(.array(people), webhook: scene.bensWebhook) == [])
        }
    }

    @Test(
        "every form of no files detaches all",
        arguments: [
            "fields[UF_TASK_WEBDAV_FILES]=", "fields[UF_TASK_WEBDAV_FILES][]=", "fields[UF_TASK_WEBDAV_FILES][0]=",
        ])
    func emptyForms(form: String) async throws {
        try await Door.open { door in
            let scene = try await TalkScene(door)
            let reply = try await door.form("tasks.task.update", "taskId=\(scene.task)&\(form)")
            #expect(reply.status == 200)
            #expect(try await door.call("task.item.getfiles", [.int(scene.task)]).result == [])
        }
    }

    @Test("every JSON value of no files detaches all", arguments: ["[]", "null", "false", "\"\"", "{}", "[\"\"]"])
    func emptyValues(value: String) async throws {
        try await Door.open { door in
            let scene = try await TalkScene(door)
            let reply = try await door.call(
                "tasks.task.update", scene.value(#"{"taskId":{task},"fields":{"UF_TASK_WEBDAV_FILES":\#(value)}}"#))
            #expect(reply.status == 200)
            let task = try await door.call(
                "tasks.task.get", ["taskId": .int(scene.task), "select": ["UF_TASK_WEBDAV_FILES"]])
            #expect(task.result["task"]?["ufTaskWebdavFiles"] == false)
        }
    }

    @Test("UF_* asks for the three fields as each of them does")
    func allCustomFields() async throws {
        try await Door.open { door in
            let scene = try await TalkScene(door)
            let task = try await door.call(
                "tasks.task.get", ["taskId": .int(scene.task), "select": ["*", "UF_*", "TAGS"]])
            #expect(task.result["task"]?["ufTaskWebdavFiles"] == [.int(scene.taskAttachment)])
            #expect(task.result["task"]?["ufCrmTask"] == false)
        }
    }

    @Test(
        "tasks are found by what they are bound to in the CRM",
        arguments: [
            (#"{"UF_CRM_TASK":"D_10"}"#, ["both"]), (#"{"UF_CRM_TASK":["D_10","C_7"]}"#, ["both", "contact"]),
            (#"{"UF_CRM_TASK":"D_1"}"#, []), (#"{"=UF_CRM_TASK":"C_7"}"#, ["both", "contact"]),
            (#"{"UF_CRM_TASK":false}"#, ["none"]), (#"{"!UF_CRM_TASK":""}"#, ["both", "contact"]),
        ])
    func crm(filter: String, titles: [String]) async throws {
        try await Door.open { door in
            for (title, links) in [("both", ["C_7", "D_10"]), ("contact", ["C_7"]), ("none", [])] {
                _ = try await door.addTask([
                    "TITLE": .string(title), "RESPONSIBLE_ID": 1, "UF_CRM_TASK": .array(links.map(Value.string)),
                ])
            }
            let reply = try await door.call(
                "tasks.task.list",
                ["filter": Value.json(.init(string: filter)), "order": ["TITLE": "asc"], "select": ["TITLE"]])
            #expect(reply.result["tasks"]?.array.compactMap { $0["title"]?.string } == titles)
        }
    }

    @Test("a task below one that is closed to the caller counts as a root")
    func roots() async throws {
        try await Door.open { door in
            let scene = try await TalkScene(door)
            let below = try await door.addTask([
                "TITLE": "below", "RESPONSIBLE_ID": .int(scene.ben.id.rawValue), "PARENT_ID": .int(scene.task),
            ])
            func roots(webhook: String?) async throws -> [Int64] {
                let reply = try await door.call(
                    "tasks.task.list", ["filter": ["ONLY_ROOT_TASKS": "Y"], "select": ["ID"]], webhook: webhook)
                return reply.result["tasks"]?.array.compactMap { $0["id"]?.number } ?? []
            }
            #expect(try await roots(webhook: nil) == [scene.task])
            #expect(try await roots(webhook: scene.bensWebhook) == [below])
        }
    }

    @Test("a deleted task takes its talk along: comments, results, items and all attachments; the files stay")
    func deleted() async throws {
        try await Door.open { door in
            let scene = try await TalkScene(door)
            let gone = try await door.call("tasks.task.delete", ["taskId": .int(scene.task)])
            #expect(gone.result["task"] == true)
            for id in [scene.taskAttachment, scene.attachment, scene.itemAttachment] {
                let reply = try await door.call("disk.attachedobject.get", ["id": .int(id)])
                #expect(reply.failure == "400 ERROR_NOT_FOUND")
            }
            #expect(try await door.call("disk.file.get", ["id": .int(scene.photo)]).status == 200)
            let comment = try await door.call("task.commentitem.get", [.int(scene.task), .int(scene.comment)])
            #expect(comment.failure == "400 ERROR_CORE")
            let result = try await door.call("tasks.task.result.addFromComment", ["commentId": .int(scene.comment)])
            #expect(result.json["error_description"] == "Comment not found.")
            let item = try await door.call("task.checklistitem.complete", [.int(scene.task), .int(scene.item)])
            #expect(item.result == false)
        }
    }
}

extension Value {
    fileprivate var members: [Value] { if case .object(let members) = self { members.map(\.value) } else { [] } }
}
