import DriveCore
import HTTPEdge
import Testing

@Suite("Comments and results of tasks")
struct CommentMethodsTests {
    @Test("links of a comment's file serve whoever sees the task, one to save and one to show")
    func links() async throws {
        try await Door.open { door in
            let scene = try await TalkScene(door)
            let root = try await door.drive.personalStorage(of: Person.ID(1)).root
            let paper = try await door.upload("a.pdf", to: root.rawValue, content: "%PDF-1.4\n%%EOF\n")
            let own = try await door.call(
                "task.commentitem.add",
                [.int(scene.task), ["POST_MESSAGE": "Read it", "UF_FORUM_MESSAGE_DOC": [.string("n\(paper)")]]])
            let seen = try await door.call(
                "task.commentitem.get", [.int(scene.task), own.result], webhook: scene.annsWebhook)
            let attached = try #require(seen.result["ATTACHED_OBJECTS"])
            let id = try #require(attached.keys.first)
            for (link, action) in [("DOWNLOAD_URL", "download"), ("VIEW_URL", "show")] {
                let path = attached[id]?[link]?.string ?? ""
                #expect(path.hasPrefix("/bitrix/tools/disk/uf.php?attachedId=\(id)&auth%5Bauth%5D="))
                #expect(path.hasSuffix("&action=\(action)&ncc=1"))
                let reply = try await door.send(.get, path)
                #expect(reply.status == 200)
                #expect(reply.text == "%PDF-1.4\n%%EOF\n")
                let disposition = reply.headers[.contentDisposition] ?? ""
                #expect(disposition.hasPrefix(action == "show" ? "inline" : "attachment"))
            }
            let closed = try await door.send(.get, "/bitrix/tools/disk/uf.php?attachedId=\(id)&action=show&ncc=1")
            #expect(closed.failure == "401 NO_AUTH_FOUND")
        }
    }

    @Test("a comment's file is an attached object of the comment; access follows the task")
    func attachedObject() async throws {
        try await Door.open { door in
            let scene = try await TalkScene(door)
            for (id, type, module, entity) in [
                (scene.attachment, "forum_message", "forum", scene.comment),
                (scene.itemAttachment, "tasks_task_checklist", "tasks", scene.item),
                (scene.taskAttachment, "tasks_task", "tasks", scene.task),
            ] {
                let object = try await door.call(
                    "disk.attachedobject.get", ["id": .int(id)], webhook: scene.annsWebhook
                ).result
                #expect(object["OBJECT_ID"] == .string(String(scene.photo)))
                #expect(object["ENTITY_TYPE"] == .string(type))
                #expect(object["MODULE_ID"] == .string(module))
                #expect(object["ENTITY_ID"] == .string(String(entity)))
                #expect(try await door.fetch(object["DOWNLOAD_URL"]?.string ?? "").text == "photo1.png")
                let closed = try await door.call(
                    "disk.attachedobject.get", ["id": .int(id)], webhook: scene.bensWebhook)
                #expect(closed.failure == "400 ACCESS_DENIED")
            }
        }
    }

    @Test("a task counts its comments, in get, in lists and after an update")
    func counts() async throws {
        try await Door.open { door in
            let scene = try await TalkScene(door)
            let id: Value = ["taskId": .int(scene.task)]
            func count() async throws -> Value? {
                try await door.call("tasks.task.get", id).result["task"]?["commentsCount"]
            }
            #expect(try await count() == "2")
            let list = try await door.call("tasks.task.list", ["select": ["COMMENTS_COUNT"]])
            #expect(list.result["tasks"]?.array.first?["commentsCount"] == "2")
            for comment in [scene.plain, scene.comment] {
                _ = try await door.call("task.commentitem.delete", [.int(scene.task), .int(comment)])
            }
            #expect(try await count() == .null)
            #expect(try await door.call("tasks.task.result.list", id).result == [])
            #expect(
                try await door.call("disk.attachedobject.get", ["id": .int(scene.attachment)]).failure
                    == "400 ERROR_NOT_FOUND")
            #expect(try await door.call("disk.file.get", ["id": .int(scene.photo)]).status == 200)
        }
    }

    @Test("an update replaces all files, keeps the attachment of one that stays, and leaves them when none are named")
    func updating() async throws {
        try await Door.open { door in
            let scene = try await TalkScene(door)
            func update(_ fields: Value) async throws -> [String] {
                let reply = try await door.call(
                    "task.commentitem.update", [.int(scene.task), .int(scene.comment), fields])
                #expect(reply.result == true)
                let comment = try await door.call("task.commentitem.get", [.int(scene.task), .int(scene.comment)])
                #expect(comment.result["POST_MESSAGE"] == fields["POST_MESSAGE"])
                return comment.result["ATTACHED_OBJECTS"]?.keys ?? []
            }
            let old = String(scene.attachment)
            #expect(try await update(["POST_MESSAGE": "a"]) == [old])
            let both = try await update([
                "POST_MESSAGE": "b",
                "UF_FORUM_MESSAGE_DOC": [.string("n\(scene.photo)"), .string("n\(scene.own)")],
            ])
            #expect(both.count == 2 && both.first == old)
            #expect(try await update(["POST_MESSAGE": "c", "UF_FORUM_MESSAGE_DOC": [.string(old)]]) == [old])
            #expect(try await update(["POST_MESSAGE": "d", "UF_FORUM_MESSAGE_DOC": []]) == [])
        }
    }

    @Test(
        "order and filter of the list find what they say",
        arguments: [
            (#"{}"#, #"{"ID":{comment}}"#, ["comment"]),
            (#"{"ID":"asc"}"#, #"{">ID":0}"#, ["comment", "plain"]),
            (#"{"ID":"DESC"}"#, #"{"ID":["{comment}","{plain}"]}"#, ["plain", "comment"]),
            (#"{"AUTHOR_NAME":"asc"}"#, #"{"!ID":{plain}}"#, ["comment"]),
            (#"{"AUTHOR_EMAIL":"asc"}"#, #"{"AUTHOR_NAME":"Administrator"}"#, ["comment", "plain"]),
            (#"{"AUTHOR_ID":"desc","ID":"asc"}"#, #"{"!AUTHOR_NAME":"Administrator"}"#, []),
            (#"{"POST_DATE":"desc"}"#, #"{"<=POST_DATE":"2025-07-15T14:30:00+03:00"}"#, ["comment"]),
            (#"{"POST_DATE":"desc"}"#, #"{">POST_DATE":"2025-07-15T14:30:00+03:00"}"#, ["plain"]),
            (#"{}"#, #"{"AUTHOR_ID":{ann}}"#, []),
        ])
    func listing(order: String, filter: String, names: [String]) async throws {
        try await Door.open { door in
            let scene = try await TalkScene(door)
            let reply = try await door.call(
                "task.commentitem.getlist", [.int(scene.task), try scene.value(order), try scene.value(filter)])
            let ids = ["comment": scene.comment, "plain": scene.plain]
            #expect(reply.result.array.compactMap { $0["ID"]?.number } == names.compactMap { ids[$0] })
        }
    }

    @Test("whoever sees the task comments it; only administrators change and delete; others see nothing")
    func rights() async throws {
        try await Door.open { door in
            let scene = try await TalkScene(door)
            let added = try await door.call(
                "task.commentitem.add", [.int(scene.task), ["POST_MESSAGE": "От Анны"]], webhook: scene.annsWebhook)
            let comment = try await door.call("task.commentitem.get", [.int(scene.task), added.result])
            #expect(comment.result["AUTHOR_ID"] == .string(scene.ann.id.description))
            #expect(comment.result["AUTHOR_NAME"] == "ann")
            #expect(comment.result["POST_MESSAGE"] == "От Анны")
            func allowed(_ action: Int64, webhook: String?) async throws -> Value {
                try await door.call(
                    "task.commentitem.isactionallowed", [.int(scene.task), .int(scene.plain), .int(action)],
                    webhook: webhook
                ).result
            }
            for (action, anns) in [(1, true), (2, false), (3, false), (4, false)] as [(Int64, Bool)] {
                #expect(try await allowed(action, webhook: scene.annsWebhook) == .bool(anns))
                #expect(try await allowed(action, webhook: nil) == .bool(action <= 3))
                #expect(try await allowed(action, webhook: scene.bensWebhook) == false)
            }
        }
    }

    @Test("an author pins and unpins their own comment; completing the task closes what is open")
    func results() async throws {
        try await Door.open { door in
            let scene = try await TalkScene(door)
            let id: Value = ["taskId": .int(scene.task)]
            let own = try await door.call(
                "task.commentitem.add", [.int(scene.task), ["POST_MESSAGE": "a [B]b[/B] <i>\nc [b]d"]],
                webhook: scene.annsWebhook
            ).result
            let pinned = try await door.call(
                "tasks.task.result.addFromComment", ["commentId": own], webhook: scene.annsWebhook)
            #expect(pinned.result["createdBy"] == .int(scene.ann.id.rawValue))
            #expect(pinned.result["text"] == "a [B]b[/B] <i>\nc [b]d")
            #expect(pinned.result["formattedText"] == "a <b>b</b> &lt;i&gt;<br />c [b]d")
            func list() async throws -> [Value] { try await door.call("tasks.task.result.list", id).result.array }
            #expect(try await list().map { $0["commentId"] } == [own, .int(scene.comment)])
            #expect(try await list().map { $0["files"] } == [[], [.int(scene.attachment)]])
            func flags() async throws -> [Value?] {
                let reply = try await door.call(
                    "tasks.task.list", ["select": ["ID"], "params": ["WITH_RESULT_INFO": true]])
                let task = reply.result["tasks"]?.array.first
                return [task?["taskHasOpenResult"], task?["taskHasResult"]]
            }
            #expect(try await flags() == ["Y", "Y"])
            _ = try await door.call("tasks.task.update", ["taskId": .int(scene.task), "fields": ["STATUS": 5]])
            #expect(try await list().map { $0["status"] } == [1, 1])
            #expect(try await flags() == ["N", "Y"])
            _ = try await door.call("tasks.task.update", ["taskId": .int(scene.task), "fields": ["STATUS": 3]])
            #expect(try await list().map { $0["status"] } == [1, 1])
            // A closed result may be pinned anew.
            let again = try await door.call(
                "tasks.task.result.addFromComment", ["commentId": own], webhook: scene.annsWebhook)
            #expect(again.result["status"] == 0)
            #expect(try await list().count == 3)
            for _ in 1...2 {
                let unpinned = try await door.call(
                    "tasks.task.result.deleteFromComment", ["commentId": own], webhook: scene.annsWebhook)
                #expect(unpinned.status == 200 && unpinned.result == .null)
            }
            #expect(try await list().map { $0["commentId"] } == [.int(scene.comment)])
        }
    }

    @Test("the scope task opens these methods, and no other")
    func scope() async throws {
        try await Door.open { door in
            let narrow = try await door.webhook(of: Person.ID(1), scopes: ["disk", "im", "user"])
            for method in [
                "task.commentitem.add", "task.checklistitem.get", "tasks.task.result.list", "task.item.addfile",
                "tasks.task.getaccess", "tasks.task.getfields",
            ] {
                #expect(try await door.call(method, webhook: narrow).failure == "403 insufficient_scope")
            }
        }
    }
}
