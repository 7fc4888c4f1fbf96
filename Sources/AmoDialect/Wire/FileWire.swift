import DriveCore
import HTTPEdge

extension JSONText {
    /// Who did something: a user of the account, the system, or a client of the company.
    mutating func member(_ key: String, actor id: Int64) {
        let type =
            switch id {
            case 0: "robot"
            case -1: "client"
            default: "internal"
            }
        member(key) { json in
            json.member("type", type)
            json.member("id", id)
        }
    }

    fileprivate mutating func member(_ key: String, href: String) { member(key) { $0.member("href", href) } }

    fileprivate mutating func member(_ key: String, metadata name: NameWire) {
        member(key) { json in
            json.member("extension", name.fileExtension)
            json.member("mime_type", name.mediaType)
        }
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
    let fileExtension: String
    let mediaType: String

    init(fullName: String, fileExtension: String, mediaType: String) {
        name = FileName.stem(of: fullName, extension: fileExtension)
        sanitized = SanitizedName.of(name)
        linkName = fileExtension.isEmpty ? sanitized : String(pieces: [sanitized, ".", fileExtension])
        type = MediaType.family(declared: mediaType, fileExtension: fileExtension)
        self.fileExtension = fileExtension
        self.mediaType = MediaType.shown(declared: mediaType, fileExtension: fileExtension)
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
        return .writtenObject { json in
            json.member("_links") { json in
                json.member("download", href: links.download(file.uuid, name: name.linkName))
                json.member(
                    "download_version",
                    href: links.download(file.uuid, version: content.versionUUID, name: name.linkName))
                json.member("self", href: links.file(file.uuid))
            }
            json.member("id", file.id.rawValue)
            json.member("created_at", file.createdMs / 1000)
            json.member("created_by", actor: file.createdBy)
            if isTrashed {
                json.member("deleted_at", (file.deletedMs ?? file.updatedMs) / 1000)
                json.member("deleted_by", actor: file.deletedBy ?? 0)
            } else {
                json.member("deleted_at", Value.null)
                json.member("deleted_by", Value.null)
            }
            json.member("has_multiple_versions", .bool(content.versionCount > 1))
            json.member("is_trashed", .bool(isTrashed))
            json.member("metadata", metadata: name)
            json.member("name", name.name)
            json.member("previews", PreviewWire.value(previews, of: content.versionUUID, in: file.uuid, links))
            json.member("sanitized_name", name.sanitized)
            if let session { json.member("session_id", session.rawValue) }
            json.member("size", content.sizeBytes)
            json.member("source_id", content.sourceID.map(Value.int) ?? .null)
            json.member("type", name.type)
            json.member("updated_at", file.updatedMs / 1000)
            json.member("updated_by", actor: file.updatedBy)
            json.member("uuid", file.uuid)
            json.member("version_uuid", content.versionUUID)
        }
    }
}

/// The version model.
enum VersionWire {
    static func value(_ version: Version, _ links: Links, previews: [Preview] = []) -> Value {
        let name = NameWire(
            fullName: version.name, fileExtension: version.fileExtension, mediaType: version.mediaType)
        return .writtenObject { json in
            json.member("_links") { json in
                json.member(
                    "download", href: links.download(version.nodeUUID, version: version.uuid, name: name.linkName))
                json.member("self", href: links.version(version.uuid, of: version.nodeUUID))
            }
            json.member("created_at", version.createdMs / 1000)
            json.member("created_by", actor: version.createdBy)
            json.member("file_uuid", version.nodeUUID)
            json.member("is_main", .bool(version.isActive))
            json.member("metadata", metadata: name)
            json.member("name", name.name)
            json.member("previews", PreviewWire.value(previews, of: version.uuid, in: version.nodeUUID, links))
            json.member("sanitized_name", name.sanitized)
            json.member("size", version.sizeBytes)
            json.member("source_id", version.sourceID.map(Value.int) ?? .null)
            json.member("type", name.type)
            json.member("updated_at", version.updatedMs / 1000)
            json.member("updated_by", actor: version.updatedBy)
            json.member("uuid", version.uuid)
        }
    }
}
