import DriveCore
import HTTPEdge
import Testing

@Suite("Checklists of tasks")
struct ChecklistMethodsTests {
    @Test(
        "items without a parent go into the first checklist, made when there is none; 0 and an unknown parent make one")
    func parents() async throws {
        try await Door.open { door in
            let task = try await door.addTask(["TITLE": "x", "RESPONSIBLE_ID": 1])
            func add(_ fields: Value) async throws -> Int64 {
                try await door.call("task.checklistitem.add", [.int(task), fields]).result.number
            }
            let first = try await add(["TITLE": "one"])
            let second = try await add(["TITLE": "two"])
            let own = try await add(["TITLE": "Own", "PARENT_ID": "0"])
            let unknown = try await add(["TITLE": "Other", "PARENT_ID": 999_999])
            let below = try await add(["TITLE": "below", "PARENT_ID": .int(second), "IS_COMPLETE": true])
            let items = try await door.call("task.checklistitem.getlist", [.int(task), ["ID": "asc"]]).result.array
            #expect(items.map { $0["TITLE"] } == ["Checklist 1", "one", "two", "Own", "Other", "below"])
            let list = items.first?["ID"] ?? .null
            #expect(items.map { $0["PARENT_ID"] } == [0, list, list, 0, 0, .string(String(second))])
            #expect(items.map { $0["ID"]?.number } == [list.number, first, second, own, unknown, below])
            #expect(items.map { $0["SORT_INDEX"] } == ["0", "0", "1", "1", "2", "0"])
            #expect(items.last?["IS_COMPLETE"] == "Y" && items.last?["TOGGLED_BY"] == "1")
        }
    }

    @Test("completing and renewing note who did it and when, once, for anybody who sees the task")
    func toggling() async throws {
        try await Door.open { door in
            let scene = try await TalkScene(door)
            func toggle(_ method: String, webhook: String?) async throws -> Value {
                try await door.call(
                    "task.checklistitem.\(method)", [.int(scene.task), .int(scene.item)], webhook: webhook
                ).result
            }
            func item() async throws -> Value {
                try await door.call("task.checklistitem.get", [.int(scene.task), .int(scene.item)]).result
            }
            #expect(try await toggle("complete", webhook: scene.annsWebhook) == true)
            let completed = try await item()
            #expect(completed["IS_COMPLETE"] == "Y")
            #expect(completed["TOGGLED_BY"] == .string(scene.ann.id.description))
            #expect(completed["TOGGLED_DATE"] == "2026-09-21T14:13:20+00:00")
            door.clock.advance(ms: 60_000)
            #expect(try await toggle("complete", webhook: nil) == true)
            #expect(try await item()["TOGGLED_DATE"] == completed["TOGGLED_DATE"])
            #expect(try await toggle("renew", webhook: scene.bensWebhook) == false)
            #expect(try await toggle("renew", webhook: nil) == true)
            let renewed = try await item()
            #expect(renewed["IS_COMPLETE"] == "N" && renewed["TOGGLED_BY"] == "1")
        }
    }

    @Test("members take part in the task; a later list of members replaces them in the item only")
    func members() async throws {
        try await Door.open { door in
            let scene = try await TalkScene(door)
            let id: Value = ["taskId": .int(scene.task)]
            let task = try await door.call("tasks.task.get", id).result["task"]
            #expect(task?["accomplices"] == [.string(scene.ann.id.description)])
            let update = try await door.call(
                "task.checklistitem.update",
                [
                    .int(scene.task), .int(scene.item),
                    ["MEMBERS": .object([.init(scene.ben.id.description, ["TYPE": "U"])])],
                ], webhook: scene.annsWebhook)
            #expect(update.status == 200 && update.result == .null)
            let seen = try await door.call(
                "task.checklistitem.get", [.int(scene.task), .int(scene.item)], webhook: scene.bensWebhook
            ).result
            #expect(seen["MEMBERS"]?.array.map { $0["ID"] } == [.string(scene.ben.id.description)])
            #expect(seen["MEMBERS"]?.array.first?["TYPE"] == "U")
            let after = try await door.call("tasks.task.get", id).result["task"]
            #expect(after?["auditors"] == [.string(scene.ben.id.description)])
            #expect(after?["accomplices"] == [.string(scene.ann.id.description)])
        }
    }

    @Test("an item moves behind another, into that one's checklist, and the others close up")
    func moving() async throws {
        try await Door.open { door in
            let task = try await door.addTask(["TITLE": "x", "RESPONSIBLE_ID": 1])
            var ids: [String: Int64] = [:]
            for (name, parent) in [("A", nil), ("a", "A"), ("b", "A"), ("c", "A"), ("B", nil)] as [(String, String?)] {
                ids[name] = try await door.call(
                    "task.checklistitem.add",
                    [.int(task), ["TITLE": .string(name), "PARENT_ID": .int(parent.flatMap { ids[$0] } ?? 0)]]
                ).result.number
            }
            func children(of parent: String) async throws -> [String] {
                let items = try await door.call("task.checklistitem.getlist", [.int(task), ["SORT_INDEX": "asc"]])
                return items.result.array.filter { $0["PARENT_ID"]?.number == ids[parent] ?? 0 }
                    .compactMap { $0["TITLE"]?.string }
            }
            func move(_ item: String, after other: String) async throws -> Reply {
                try await door.call(
                    "task.checklistitem.moveafteritem",
                    [.int(task), .int(ids[item] ?? 0), .int(ids[other] ?? 0)])
            }
            let moved = try await move("a", after: "b")
            #expect(moved.status == 200 && moved.result == .null)
            #expect(try await children(of: "A") == ["b", "a", "c"])
            #expect(try await move("c", after: "b").status == 200)
            #expect(try await children(of: "A") == ["b", "c", "a"])
            #expect(try await move("b", after: "A").status == 200)
            #expect(try await children(of: "") == ["A", "b", "B"])
            #expect(try await children(of: "A") == ["c", "a"])
            #expect(try await move("A", after: "c").failure == "400 ERROR_CORE")
        }
    }

    @Test("deleting an item takes what is below it and their attachments; files stay")
    func deleting() async throws {
        try await Door.open { door in
            let scene = try await TalkScene(door)
            let reply = try await door.call("task.checklistitem.delete", [.int(scene.task), .int(scene.list)])
            #expect(reply.result == true)
            #expect(try await door.call("task.checklistitem.getlist", [.int(scene.task)]).result == [])
            let gone = try await door.call("disk.attachedobject.get", ["id": .int(scene.itemAttachment)])
            #expect(gone.failure == "400 ERROR_NOT_FOUND")
            #expect(try await door.call("disk.file.get", ["id": .int(scene.photo)]).status == 200)
        }
    }

    @Test("files of an update replace those of the item, and stay when none are named")
    func files() async throws {
        try await Door.open { door in
            let scene = try await TalkScene(door)
            func update(_ fields: Value) async throws -> [String] {
                _ = try await door.call("task.checklistitem.update", [.int(scene.task), .int(scene.item), fields])
                let item = try await door.call("task.checklistitem.get", [.int(scene.task), .int(scene.item)])
                return item.result["ATTACHMENTS"]?.keys ?? []
            }
            let old = String(scene.itemAttachment)
            #expect(try await update(["TITLE": "Other"]) == [old])
            #expect(try await update(["UF_CHECKLIST_FILES": [.string("n\(scene.own)"), .string(old)]]).count == 2)
            #expect(try await update(["UF_CHECKLIST_FILES": ""]) == [])
        }
    }

    @Test("a task shows its items by their ids, and an empty list without any")
    func inTask() async throws {
        try await Door.open { door in
            let scene = try await TalkScene(door)
            let task = try await door.call("tasks.task.get", ["taskId": .int(scene.task), "select": ["CHECKLIST"]])
            let checklist = task.result["task"]?["checklist"]
            #expect(checklist?.keys == [String(scene.list), String(scene.item)])
            let item = checklist?[String(scene.item)]
            #expect(
                item?.keys == [
                    "id", "taskId", "createdBy", "parentId", "title", "sortIndex", "isComplete", "isImportant",
                    "toggledBy", "toggledDate", "ufChecklistFiles", "members", "attachments", "entityId", "action",
                ])
            #expect(item?["parentId"] == .string(String(scene.list)))
            #expect(item?["ufChecklistFiles"] == true)
            #expect(checklist?[String(scene.list)]?["parentId"] == "0")
            let listed = try await door.call("tasks.task.list", ["select": ["CHECKLIST"]])
            #expect(listed.result["tasks"]?.array.first?["checklist"]?.keys.count == 2)
            let empty = try await door.addTask(["TITLE": "x", "RESPONSIBLE_ID": 1])
            let bare = try await door.call("tasks.task.get", ["taskId": .int(empty), "select": ["CHECKLIST"]])
            #expect(bare.result["task"]?["checklist"] == [])
        }
    }

    @Test("creator, person responsible and accomplices work on checklists, auditors tick off only")
    func actions() async throws {
        try await Door.open { door in
            let scene = try await TalkScene(door)
            _ = try await door.call(
                "tasks.task.update",
                ["taskId": .int(scene.task), "fields": ["AUDITORS": [.int(scene.ben.id.rawValue)]]])
            func allowed(_ action: Int64, _ item: Int64, webhook: String?) async throws -> Value {
                try await door.call(
                    "task.checklistitem.isactionallowed", [.int(scene.task), .int(item), .int(action)],
                    webhook: webhook
                ).result
            }
            for action: Int64 in 1...5 {
                #expect(try await allowed(action, scene.item, webhook: nil) == true)
                #expect(try await allowed(action, scene.item, webhook: scene.annsWebhook) == true)
                #expect(try await allowed(action, scene.item, webhook: scene.bensWebhook) == .bool(action == 4))
                #expect(try await allowed(action, 999_999, webhook: nil) == false)
            }
            #expect(try await allowed(6, scene.item, webhook: nil) == false)
        }
    }
}
