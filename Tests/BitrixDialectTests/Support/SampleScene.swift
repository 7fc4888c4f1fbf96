import DriveCore
import HTTPEdge
import NIOCore

/// One of everything that a method can be called on, in the drive of the administrator.
struct SampleScene {
    let door: Door
    /// The administrator's own drive and its root.
    let storage, root: Int64
    /// Two folders in the root; `file` lies in the first.
    let folder, other: Int64
    /// A file of two contents, the older one, and its attachment to `task`.
    let file, oldVersion, task, attachment: Int64
    /// A comment on `task`, another one pinned as its result, and a checklist of two items.
    let comment, pinnedComment, checklist, item: Int64
    let trashedFile, trashedFolder: Int64
    /// People besides the administrator; Ann takes part in `chat`.
    let ann, ben: Int64
    /// A chat bound to LEAD 5, its folder, a file sent to it, and the message that carries it.
    let chat, chatFolder, chatFile, message: Int64
    let applicationStorage: Int64
    /// Makes the names of new things differ from call to call.
    var salt = 0

    init(_ door: Door) async throws {
        self.door = door
        (ann, ben) = (try await door.person("ann").id.rawValue, try await door.person("ben").id.rawValue)
        let own = try await door.drive.personalStorage(of: Person.ID(1))
        (storage, root) = (own.id.rawValue, own.root.rawValue)
        func make(_ name: String) async throws -> Int64 {
            try await door.drive.addFolder(named: FileName(name), in: own.root, as: door.administrator).id.rawValue
        }
        (folder, other, trashedFolder) = (try await make("Plans"), try await make("Other"), try await make("Gone"))
        file = try await door.upload("plan.txt", to: folder)
        oldVersion = try await door.call("disk.file.get", ["id": .int(file)]).result["FILE_ID"]?.number ?? 0
        _ = try await door.call("disk.file.uploadversion", ["id": .int(file), "fileContent": "bmV3"])
        trashedFile = try await door.upload("gone.txt", to: folder)
        _ = try await door.call("disk.file.markdeleted", ["id": .int(trashedFile)])
        _ = try await door.call("disk.folder.markdeleted", ["id": .int(trashedFolder)])

        let chatFields: Value = [
            "USERS": [.int(ann)], "TITLE": "Lead", "ENTITY_TYPE": "LEAD", "ENTITY_ID": "5",
        ]
        chat = try await door.call("im.chat.add", chatFields).result.number
        chatFolder = try await door.call("im.disk.folder.get", ["CHAT_ID": .int(chat)]).result["ID"]?.number ?? 0
        chatFile = try await door.upload("scan.png", to: chatFolder)
        let sent = try await door.call("im.disk.file.commit", ["CHAT_ID": .int(chat), "UPLOAD_ID": .int(chatFile)])
        message = sent.result["MESSAGE_ID"]?.number ?? 0

        task = try await door.addTask(["TITLE": "Review", "RESPONSIBLE_ID": .int(ann)])
        let attached = try await door.call("tasks.task.files.attach", ["taskId": .int(task), "fileId": .int(file)])
        attachment = attached.result["attachmentId"]?.number ?? 0
        comment = try await door.comment("Done", on: task)
        pinnedComment = try await door.comment("Prepared", on: task)
        _ = try await door.call("tasks.task.result.addFromComment", ["commentId": .int(pinnedComment)])
        checklist = try await door.call("task.checklistitem.add", [.int(task), ["TITLE": "List", "PARENT_ID": 0]])
            .result.number
        item = try await door.call("task.checklistitem.add", [.int(task), ["TITLE": "Report"]]).result.number
        let application = try await door.send(.get, "/rest/disk.storage.getforapp?auth=" + door.token)
        applicationStorage = application.result["ID"]?.number ?? 0
    }
}

extension Door {
    fileprivate func comment(_ text: String, on task: Int64) async throws -> Int64 {
        try await call("task.commentitem.add", [.int(task), ["POST_MESSAGE": .string(text)]]).result.number
    }
}

extension Drive {
    /// Small content, taken in as a request does it.
    func staged(_ text: String) async throws -> StagedContent {
        let stage = stageContent()
        try await stage.write(ByteBuffer(string: text))
        return try await stage.finish()
    }

    /// A file made by the system, so that nobody may edit it for having made it.
    func systemFile(_ name: String, in folder: Node.ID) async throws -> Node {
        try await addFile(named: FileName(name), in: folder, content: staged(name), as: .system)
    }
}
