import DriveCore
import HTTPEdge

/// A file attached to a task, a comment or a checklist item, as the older task methods show it. `FILE_ID` is the file's id
/// on the drive; the links are relative.
enum AttachedFileWire {
    /// Pages `task.commentitem.get` and `task.item.getfiles`: every scalar a string, links that carry a credential.
    static func value(_ file: Attachment, _ wire: WireContext) -> Value {
        value(file, id: .string(file.id.description), wire.links.attachmentPaths(file.id, as: wire))
    }

    /// Page `task.checklistitem.get`: a number for the attachment, links without a credential; `[]` for no files.
    static func checklist(_ files: [Attachment]) -> Value {
        .map(
            files.map { file in
                .init(
                    file.id.description,
                    value(file, id: .int(file.id.rawValue), Links.attachmentPaths(file.id)))
            })
    }

    private static func value(_ file: Attachment, id: Value, _ paths: (download: String, show: String)) -> Value {
        [
            "ATTACHMENT_ID": id,
            "NAME": .string(file.name),
            "SIZE": .string(String(file.sizeBytes)),
            "FILE_ID": .string(file.node.description),
            "DOWNLOAD_URL": .string(paths.download),
            "VIEW_URL": .string(paths.show),
        ]
    }
}
