import DriveCore
import HTTPEdge

/// Who did something: a user of the account, the system, or a client of the company.
enum ActorWire {
    static func value(_ id: Int64) -> Value {
        let type =
            switch id {
            case 0: "robot"
            case -1: "client"
            default: "internal"
            }
        return ["type": .string(type), "id": .int(id)]
    }
}

/// What a file's or a version's name and type look like on the wire.
struct NameWire {
    /// Without the extension, in its own script.
    let name: String
    let sanitized: String
    /// Last segment of download links.
    let linkName: String
    let type: String
    let metadata: Value

    init(fullName: String, fileExtension: String, mediaType: String) {
        name = FileName.stem(of: fullName, extension: fileExtension)
        sanitized = SanitizedName.of(name)
        linkName = fileExtension.isEmpty ? sanitized : "\(sanitized).\(fileExtension)"
        type = MediaType.family(declared: mediaType, fileExtension: fileExtension)
        metadata = [
            "extension": .string(fileExtension),
            "mime_type": .string(MediaType.shown(declared: mediaType, fileExtension: fileExtension)),
        ]
    }
}

/// The file model: every key every time, nulls included.
enum FileWire {
    /// - Parameter session: shown as `session_id` when there is one; lists never show it.
    /// - Parameter previews: of the active version.
    /// - Throws: `.notFound` for a folder, which has no content.
    static func value(
        _ file: Node, _ links: Links, session: Upload.ID? = nil, previews: [Preview] = []
    ) throws -> Value {
        guard let content = file.content else { throw DriveError.notFound(.file(uuid: file.uuid)) }
        let name = NameWire(
            fullName: file.name, fileExtension: content.fileExtension, mediaType: content.mediaType)
        let isTrashed = file.deletion != .alive
        var members: [Value.Member] = [
            .init(
                "_links",
                [
                    "download": ["href": .string(links.download(file.uuid, name: name.linkName))],
                    "download_version": [
                        "href": .string(
                            links.download(file.uuid, version: content.versionUUID, name: name.linkName))
                    ],
                    "self": ["href": .string(links.file(file.uuid))],
                ]),
            .init("id", .int(file.id.rawValue)),
            .init("created_at", .int(file.createdMs / 1000)),
            .init("created_by", ActorWire.value(file.createdBy)),
            .init("deleted_at", isTrashed ? .int((file.deletedMs ?? file.updatedMs) / 1000) : .null),
            .init("deleted_by", isTrashed ? ActorWire.value(file.deletedBy ?? 0) : .null),
            .init("has_multiple_versions", .bool(content.versionCount > 1)),
            .init("is_trashed", .bool(isTrashed)),
            .init("metadata", name.metadata),
            .init("name", .string(name.name)),
            .init("previews", PreviewWire.value(previews, of: content.versionUUID, in: file.uuid, links)),
            .init("sanitized_name", .string(name.sanitized)),
        ]
        if let session { members.append(.init("session_id", .int(session.rawValue))) }
        members += [
            .init("size", .int(content.sizeBytes)),
            .init("source_id", content.sourceID.map(Value.int) ?? .null),
            .init("type", .string(name.type)),
            .init("updated_at", .int(file.updatedMs / 1000)),
            .init("updated_by", ActorWire.value(file.updatedBy)),
            .init("uuid", .string(file.uuid)),
            .init("version_uuid", .string(content.versionUUID)),
        ]
        return .object(members)
    }
}

/// The version model.
enum VersionWire {
    static func value(_ version: Version, _ links: Links, previews: [Preview] = []) -> Value {
        let name = NameWire(
            fullName: version.name, fileExtension: version.fileExtension, mediaType: version.mediaType)
        return [
            "_links": [
                "download": [
                    "href": .string(links.download(version.nodeUUID, version: version.uuid, name: name.linkName))
                ],
                "self": ["href": .string(links.version(version.uuid, of: version.nodeUUID))],
            ],
            "created_at": .int(version.createdMs / 1000),
            "created_by": ActorWire.value(version.createdBy),
            "file_uuid": .string(version.nodeUUID),
            "is_main": .bool(version.isActive),
            "metadata": name.metadata,
            "name": .string(name.name),
            "previews": PreviewWire.value(previews, of: version.uuid, in: version.nodeUUID, links),
            "sanitized_name": .string(name.sanitized),
            "size": .int(version.sizeBytes),
            "source_id": version.sourceID.map(Value.int) ?? .null,
            "type": .string(name.type),
            "updated_at": .int(version.updatedMs / 1000),
            "updated_by": ActorWire.value(version.updatedBy),
            "uuid": .string(version.uuid),
        ]
    }
}
