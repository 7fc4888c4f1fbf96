import DriveCore
import HTTPEdge

/// `disk.file.*`.
enum FileMethods {
    static let all: [Method] = [
        Method("disk.file.getfields", scope: "disk") { _, _ in Answer(FieldsWire.value(FieldsWire.file)) },

        Method("disk.file.get", scope: "disk") { params, call in
            let file = try await call.drive.node(params.id("id"), kind: .file, as: call.caller)
            return Answer(NodeWire.value(file, call.wire))
        },

        search,

        Method("disk.file.uploadversion", scope: "disk", content: .fileContent, words: versionWords) {
            params, call in
            let id: Node.ID = try params.id("id")
            guard let incoming = try params.fileContent() else { throw BadArgument("fileContent") }
            try await call.drive.checkMayAddVersion(to: id, as: call.caller)
            guard let content = try await incoming.finish(in: call.drive) else { throw versionWords.notSaved }
            let file = try await call.drive.addVersion(to: id, content: content, as: call.caller)
            return Answer(NodeWire.value(file, as: .newContent, call.wire))
        },

        Method("disk.file.getversions", scope: "disk") { params, call in
            let id: Node.ID = try params.id("id")
            // The page knows no `order`: newest first.
            let listing = try VersionWire.syntax.listing(params, dates: call.dates, order: "")
            let page = try await call.drive.versions(of: id, listing, as: call.caller)
            return Answer(page, of: listing) { VersionWire.value($0, call.wire) }
        },

        Method("disk.file.rename", scope: "disk", words: renameWords) { params, call in
            let id: Node.ID = try params.id("id")
            guard let name = params["newName"]?.text else { throw BadArgument("newName") }
            if name.isEmpty { throw Failure.method("0", "Empty name") }
            let file = try await call.drive.rename(id, kind: .file, to: FileName(name), as: call.caller)
            return Answer(NodeWire.value(file, call.wire))
        },

        Method("disk.file.copyto", scope: "disk", words: copyWords) { params, call in
            let copy = try await call.drive.copy(
                file: params.id("id"), to: params.id("targetFolderId"), as: call.caller)
            return Answer(NodeWire.value(copy, as: .newFile, call.wire))
        },

        Method("disk.file.moveto", scope: "disk") { params, call in
            try await NodeWire.moved(params, kind: .file, call)
        },

        Method("disk.file.markdeleted", scope: "disk") { params, call in
            let file = try await call.drive.trash(params.id("id"), kind: .file, as: call.caller)
            return Answer(NodeWire.value(file, call.wire))
        },

        Method("disk.file.restore", scope: "disk") { params, call in
            try await NodeWire.restored(params, kind: .file, call)
        },

        Method("disk.file.delete", scope: "disk") { params, call in
            try await call.drive.purge(params.id("id"), kind: .file, as: call.caller)
            return Answer(true)
        },

        Method("disk.file.restorefromversion", scope: "disk", words: copyWords) { params, call in
            let file = try await call.drive.restore(
                version: params.id("versionId"), of: params.id("id"), as: call.caller)
            return Answer(NodeWire.value(file, as: .newContent, call.wire))
        },

        // The page: a text, the same for everybody who asks.
        Method("disk.file.getexternallink", scope: "disk") { params, call in
            let code = try await call.drive.externalLink(to: params.id("id"), kind: .file, as: call.caller)
            return Answer(.string("\(call.wire.origin)/~\(code)"))
        },
    ]

    private static let renameWords = Words(
        fileTaken: .method("DISK_OBJ_22000", "A file with that name already exists"))
    private static let copyWords = Words(noSpace: .method("DISK_FILE_22003", "Could not copy file"))

    private static let versionWords = Words(
        noSpace: .method("DISK_FILE_22006", "Size restriction"),
        notSaved: .method("DISK_FILE_22002", "Could not save file"))
}
