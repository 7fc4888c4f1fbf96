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

        Method("disk.folder.uploadfile", scope: "disk", takesContent: true) { params, call in
            let id: Node.ID = try params.id("id")
            let upload = try UploadRequest(params)
            guard let content = try params.fileContent() else { return Answer(try await upload.address(in: id, call)) }
            return Answer(try await upload.store(content, in: id, call))
        },
    ]
}
