import DriveCore
import HTTPEdge

/// `disk.folder.*`.
enum FolderMethods {
    static let all: [Method] = [
        Method("disk.folder.getfields", scope: "disk") { _, _ in Answer(FieldsWire.value(FieldsWire.folder)) },

        Method("disk.folder.get", scope: "disk", words: .parameter1) { params, call in
            let folder = try await call.drive.node(params.id("id"), kind: .folder, as: call.caller)
            return Answer(NodeWire.value(folder, call.wire))
        },

        Method("disk.folder.getchildren", scope: "disk", words: .parameter1) { params, call in
            let id: Node.ID = try params.id("id")
            let listing = try NodeWire.syntax.listing(params, dates: call.dates)
            let page = try await call.drive.children(of: id, listing, as: call.caller)
            return Answer(page, of: listing) { NodeWire.value($0, call.wire) }
        },

        Method("disk.folder.addsubfolder", scope: "disk", words: .parameter1) { params, call in
            let id: Node.ID = try params.id("id")
            let name = try FileName(params.dataName())
            let folder = try await call.drive.addFolder(named: name, in: id, as: call.caller)
            return Answer(NodeWire.value(folder, as: .newFolder, call.wire))
        },

        Method("disk.folder.uploadfile", scope: "disk", content: .fileContent) { params, call in
            let id: Node.ID = try params.id("id")
            let upload = try UploadRequest(params)
            guard let content = try params.fileContent() else { return Answer(try await upload.address(in: id, call)) }
            return Answer(try await upload.store(content, in: id, call))
        },

        Method("disk.folder.rename", scope: "disk", words: words(root: "Could not rename root folder")) {
            params, call in
            let id: Node.ID = try params.id("id")
            let name = try FileName(params.text("newName"))
            return Answer(
                NodeWire.value(try await call.drive.rename(id, kind: .folder, to: name, as: call.caller), call.wire))
        },

        Method("disk.folder.copyto", scope: "disk", words: words()) { params, call in
            let copy = try await call.drive.copy(
                folder: params.id("id"), to: params.id("targetFolderId"), as: call.caller)
            return Answer(NodeWire.value(copy, as: .newFolder, call.wire))
        },

        Method("disk.folder.moveto", scope: "disk", words: moveWords) { params, call in
            try await NodeWire.moved(params, kind: .folder, call)
        },

        Method("disk.folder.sharetouser", scope: "disk", words: .parameter1) { params, call in
            let (id, person) = (try params.id("id", as: Node.self), try params.id("userId", as: Person.self))
            let task = try params.text("taskName")
            guard let level = RightsWire.level(named: task) else {
                throw Failure.method("ACCESS_DENIED", "Access denied")
            }
            try await call.drive.share(folder: id, with: person, level: level, as: call.caller)
            return Answer(true)
        },

        Method("disk.folder.markdeleted", scope: "disk", words: .parameter1) { params, call in
            let folder = try await call.drive.trash(params.id("id"), kind: .folder, as: call.caller)
            return Answer(NodeWire.value(folder, as: .deletionChanged, call.wire))
        },

        Method("disk.folder.deletetree", scope: "disk", words: .parameter1) { params, call in
            try await call.drive.purge(params.id("id"), kind: .folder, as: call.caller)
            return Answer(true)
        },

        Method("disk.folder.restore", scope: "disk", words: .parameter1) { params, call in
            try await NodeWire.restored(params, kind: .folder, call)
        },

        // The page: a text, the same for everybody who asks.
        Method("disk.folder.getexternallink", scope: "disk", words: .parameter1) { params, call in
            let code = try await call.drive.externalLink(to: params.id("id"), kind: .folder, as: call.caller)
            return Answer(.string("\(call.wire.origin)/~\(code)"))
        },
    ]

    private static let moveWords: Words = {
        var words = Words.parameter1
        words.isRootFolder = .method("", "Could not move root folder")
        return words
    }()

    private static func words(root: String = "Could not delete root folder") -> Words {
        var words = Words.parameter1
        words.isRootFolder = .method("DISK_OBJ_22000", root)
        words.noSpace = .method("DISK_FILE_22003", "Could not copy file")
        return words
    }
}
