import DriveCore
import HTTPEdge

/// A task of the administrator's for themselves with `photo1.png` from their own drive attached to it, to its first
/// comment, which is a result, and to its checklist item, in which Ann takes part. Ben has nothing to do with it.
struct TalkScene {
    let door: Door
    let ann: Person
    let ben: Person
    let annsWebhook: String
    let bensWebhook: String
    let task: Int64
    let own: Int64
    let photo: Int64
    let taskAttachment: Int64
    let comment: Int64
    let attachment: Int64
    /// A comment without files.
    let plain: Int64
    let result: Int64
    let list: Int64
    let item: Int64
    let itemAttachment: Int64

    init(_ door: Door) async throws {
        self.door = door
        ann = try await door.person("ann")
        ben = try await door.person("ben")
        annsWebhook = try await door.webhook(of: ann.id)
        bensWebhook = try await door.webhook(of: ben.id)
        own = try await door.uploadToOwnDrive("contract.txt")
        photo = try await door.uploadToOwnDrive("photo1.png")
        let files: Value = [.string("n\(photo)")]
        task = try await door.addTask(["TITLE": "Task Example", "RESPONSIBLE_ID": 1])
        let attached = try await door.call(
            "tasks.task.files.attach", ["taskId": .int(task), "fileId": .int(photo)])
        taskAttachment = attached.result["attachmentId"]?.number ?? 0
        comment = try await door.call(
            "task.commentitem.add",
            [
                "TASKID": .int(task),
                "FIELDS": [
                    "POST_MESSAGE": "Text of the new comment for the task",
                    "POST_DATE": "2025-07-15T14:30:00+03:00", "UF_FORUM_MESSAGE_DOC": files,
                ],
            ]
        ).result.number
        plain = try await door.call(
            "task.commentitem.add",
            [
                "TASKID": .int(task),
                "FIELDS": ["POST_MESSAGE": "Prepared new photos", "POST_DATE": "2025-07-15T14:31:00+03:00"],
            ]
        ).result.number
        let shown = try await door.call("task.commentitem.get", [.int(task), .int(comment)])
        attachment = shown.result["ATTACHED_OBJECTS"]?.keys.first.flatMap(Int64.init) ?? 0
        let pinned = try await door.call("tasks.task.result.addFromComment", ["commentId": .int(comment)])
        result = pinned.result["id"]?.number ?? 0
        list = try await door.call(
            "task.checklistitem.add", [.int(task), ["TITLE": "Checklist 1", "PARENT_ID": 0]]
        ).result.number
        item = try await door.call(
            "task.checklistitem.add",
            [
                .int(task),
                [
                    "TITLE": "Prepare report", "SORT_INDEX": 4, "IS_IMPORTANT": "Y", "UF_CHECKLIST_FILES": files,
                    "MEMBERS": .object([.init(ann.id.description, ["TYPE": "A"])]),
                ],
            ]
        ).result.number
        let read = try await door.call("task.checklistitem.get", [.int(task), .int(item)])
        itemAttachment = read.result["ATTACHMENTS"]?.keys.first.flatMap(Int64.init) ?? 0
    }

    var values: [String: String] {
        [
            "webhook": door.webhook, "token": door.token, "ann": ann.id.description, "ben": ben.id.description,
            "task": String(task), "own": String(own), "photo": String(photo), "taskattachment": String(taskAttachment),
            "comment": String(comment), "attachment": String(attachment), "plain": String(plain),
            "result": String(result), "list": String(list), "item": String(item),
            "itemattachment": String(itemAttachment),
        ]
    }

    /// `{task}`, `{comment}` ... in a JSON text stand for this scene's ids.
    func value(_ json: String) throws -> Value {
        var json = json
        for (name, id) in values { json = json.replacing("{\(name)}", with: id) }
        return try Value.json(.init(string: json))
    }

    /// All that hangs on the task, to see that nothing has changed.
    func state() async throws -> [Value] {
        var state: [Value] = []
        for method in ["task.commentitem.getlist", "task.checklistitem.getlist", "task.item.getfiles"] {
            state.append(try await door.call(method, [.int(task)]).result.withoutCredentials)
        }
        state.append(try await door.call("tasks.task.result.list", ["taskId": .int(task)]).result)
        state.append(try await door.call("tasks.task.get", ["taskId": .int(task), "select": ["*", "UF_*"]]).result)
        return state
    }
}

extension Value {
    /// The same with every link cut off, for each one is new.
    var withoutCredentials: Value {
        switch self {
        case .string(let text) where text.hasPrefix("/bitrix/"): "link"
        case .array(let values): .array(values.map(\.withoutCredentials))
        case .object(let members): .object(members.map { .init($0.key, $0.value.withoutCredentials) })
        default: self
        }
    }
}
