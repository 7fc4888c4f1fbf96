import DriveCore
import HTTPEdge

/// A content of a file as `disk.version.get` and `disk.file.getVersions` show it: every scalar a string.
enum VersionWire {
    static func value(_ version: Version, _ wire: WireContext) -> Value {
        .object([
            .init("ID", .string(version.id.description)),
            .init("OBJECT_ID", .string(version.node.description)),
            .init("SIZE", .string(String(version.sizeBytes))),
            .init("NAME", .string(version.name)),
            .init("GLOBAL_CONTENT_VERSION", .string(String(version.number))),
            .init("CREATE_TIME", wire.dates.value(version.createdMs)),
            .init("CREATED_BY", PersonWire.author(version.createdBy)),
            .init(
                "DOWNLOAD_URL", .string(wire.links.download(node: version.node, version: version.id, as: wire))),
        ])
    }

    static let syntax = ListingSyntax<VersionField>([
        .init("ID", .id, .integer),
        .init("SIZE", .size, .integer),
        .init("NAME", .name, .text),
        .init("CREATE_TIME", .created, .date),
        .init("CREATED_BY", .createdBy, .integer),
    ])
}

/// The link between a file and the task it is attached to: every scalar a string.
enum AttachmentWire {
    static func value(_ attachment: Attachment, _ wire: WireContext) -> Value {
        .object([
            .init("ID", .string(attachment.id.description)),
            .init("OBJECT_ID", .string(attachment.node.description)),
            .init("MODULE_ID", .string(attachment.module)),
            .init("ENTITY_TYPE", .string(attachment.entityType)),
            .init("ENTITY_ID", .string(String(attachment.entityID))),
            .init("CREATE_TIME", wire.dates.value(attachment.createdMs)),
            .init("CREATED_BY", PersonWire.author(attachment.createdBy)),
            .init("DOWNLOAD_URL", .string(wire.links.attachment(attachment.id, as: wire))),
            .init("NAME", .string(attachment.name)),
            .init("SIZE", .string(String(attachment.sizeBytes))),
        ])
    }
}
