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

        Method("disk.file.uploadversion", scope: "disk", takesContent: true, words: versionWords) { params, call in
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
    ]

    private static let versionWords = Words(
        noSpace: .method("DISK_FILE_22006", "Size restriction"),
        notSaved: .method("DISK_FILE_22002", "Could not save file"))
}
