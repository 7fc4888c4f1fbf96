import DriveCore
import HTTPEdge

/// `task.item.addfile`, `getfiles` and `deletefile`, deprecated and still called; their arguments by order.
enum TaskFileMethods {
    static let all = [add, getFiles, delete]

    /// The file comes as `FILE[NAME]` and `FILE[CONTENT]`, in its place by order, or flat as `NAME` and `CONTENT`.
    static let add = Method(
        "task.item.addfile", scope: "task", content: ContentPaths(["CONTENT"], [nil, "CONTENT"]),
        words: Words(noSpace: .core("Could not save file<br>"))
    ) { params, call in
        let words = words("addfile")
        let isFlat = params["CONTENT"] != nil
        let slots: [PositionalArguments.Slot] = isFlat ? [.task] : [.task, .init("fileParameters", "FILE")]
        let arguments = PositionalArguments(params, slots, words)
        let task = try arguments.id(0, of: TaskItem.self)
        let file = isFlat ? params.tree : arguments[1]
        guard let file else { throw words.missing(1, "fileParameters") }
        guard case .object = file else { throw words.mistyped(1, "fileParameters", type: "array") }
        guard let text = file["NAME"]?.text, !text.isEmpty else {
            throw Failure.core("File name is not specified<br>")
        }
        let name = try FileName(text)
        let noContent = Failure.core("File content is not specified<br>")
        guard let incoming = file["CONTENT"].flatMap({ IncomingContent($0) }) else { throw noContent }
        do {
            try await call.drive.checkMayAddFile(to: task, as: call.caller)
            guard let content = try await incoming.finish(in: call.drive) else { throw noContent }
            let added = try await call.drive.addFile(named: name, content: content, to: task, as: call.caller)
            return Answer([
                "ATTACHMENT_ID": .int(added.id.rawValue), "FILE_ID": .int(added.node.rawValue),
                "NAME": .string(added.name),
            ])
        } catch DriveError.denied(.task) {
            throw words.refused()
        }
    }

    static let getFiles = Method("task.item.getfiles", scope: "task") { params, call in
        let words = words("getfiles")
        let arguments = PositionalArguments(params, [.task], words)
        let task = try arguments.id(0, of: TaskItem.self)
        do {
            let files = try await call.drive.files(ofTask: task, as: call.caller)
            return Answer(.array(files.map { AttachedFileWire.value($0, call.wire) }))
        } catch DriveError.notFound(.task) {
            throw words.failed()
        }
    }

    /// The file itself stays where it is.
    static let delete = Method("task.item.deletefile", scope: "task") { params, call in
        let words = words("deletefile")
        let arguments = PositionalArguments(params, [.task, .init("attachmentId")], words)
        let (task, id) = (try arguments.id(0, of: TaskItem.self), try arguments.id(1, of: Attachment.self))
        do {
            try await call.drive.detach(id, fromTask: task, as: call.caller)
        } catch DriveError.denied(.task) {
            throw words.refused()
        } catch DriveError.notFound(.attachment) {
            throw words.failed()
        }
        return Answer(true)
    }

    private static func words(_ method: String) -> LegacyWords {
        LegacyWords(method: "ctaskitem::\(method)()", tail: "<br>")
    }
}
