import DriveCore
import HTTPEdge

/// Files and folders as `disk.*` shows them. Values a call has just written are numbers, values read back are strings.
enum NodeWire {
    /// Which members are numbers, by the kind of call that answers.
    struct Shape: Sendable {
        var numbers: Set<String> = []
        /// `DELETED_BY` of an object that was never in the trash.
        var neverDeleted: Value = "0"

        /// `get`, lists.
        static let read = Shape()
        /// `addFolder`, `addSubFolder`, `disk.folder.copyTo`.
        static let newFolder = Shape(numbers: ["ID", "REAL_OBJECT_ID", "DELETED_TYPE"], neverDeleted: .null)
        /// `uploadFile`, `disk.file.copyTo`.
        static let newFile = Shape(
            numbers: ["ID", "DELETED_TYPE", "GLOBAL_CONTENT_VERSION", "FILE_ID"], neverDeleted: .null)
        /// `moveTo`.
        static let moved = Shape(numbers: ["PARENT_ID"])
        /// `disk.folder.markDeleted`, and both `restore` when they took something out of the trash.
        static let deletionChanged = Shape(numbers: ["DELETED_TYPE"])
        /// `uploadVersion`, `restoreFromVersion`.
        static let newContent = Shape(numbers: ["GLOBAL_CONTENT_VERSION"])
    }

    static func value(_ node: Node, as shape: Shape = .read, _ wire: WireContext) -> Value {
        .writtenObject { json in
            json.member("ID", node.id.rawValue, as: shape)
            json.member("NAME", node.name)
            json.member("CODE", node.code.map(Value.string) ?? .null)
            json.member("STORAGE_ID", node.storage.rawValue, as: shape)
            json.member("TYPE", node.kind.rawValue)
            // No object stands in for another one here, so that every folder is its own.
            if node.kind == .folder { json.member("REAL_OBJECT_ID", node.id.rawValue, as: shape) }
            json.member("PARENT_ID", node.parent?.rawValue ?? 0, as: shape)
            json.member("DELETED_TYPE", node.deletion.rawValue, as: shape)
            if let content = node.content {
                json.member("GLOBAL_CONTENT_VERSION", content.number, as: shape)
                json.member("FILE_ID", content.version.rawValue, as: shape)
                json.member("SIZE", digits: content.sizeBytes)
            }
            json.member("CREATE_TIME", date: node.createdMs, wire.dates)
            json.member("UPDATE_TIME", date: node.updatedMs, wire.dates)
            json.member("DELETE_TIME", date: node.deletedMs, wire.dates)
            json.member("CREATED_BY", author: node.createdBy)
            json.member("UPDATED_BY", author: node.updatedBy)
            if let deletedBy = node.deletedBy {
                json.member("DELETED_BY", author: deletedBy)
            } else {
                json.member("DELETED_BY", shape.neverDeleted)
            }
            if let content = node.content {
                json.member("DOWNLOAD_URL", wire.links.download(node: node.id, version: content.version, as: wire))
            }
            if let page = detailPage(node, origin: wire.origin) {
                json.member("DETAIL_URL", pieces: page)
            } else {
                json.member("DETAIL_URL", Value.null)
            }
        }
    }

    /// Where a person would look at it, in pieces; readable and not percent-encoded, as the vendor's samples are. Nil
    /// in drives that no page shows.
    private static func detailPage(_ node: Node, origin: String) -> [String]? {
        var pieces: [String]
        switch node.place.storageKind {
        case .user: pieces = [origin, "/company/personal/user/", String(node.place.ownerID), "/disk"]
        case .group: pieces = [origin, "/workgroups/group/", String(node.place.ownerID), "/disk"]
        case .common: pieces = [origin, "/docs"]
        case .restapp, .chat: return nil
        }
        pieces.append(node.kind == .folder ? "/path" : "/file")
        for folder in node.place.folders { pieces += ["/", folder] }
        if node.parent != nil { pieces += ["/", node.name] }
        return pieces
    }

    /// `getChildren` of both kinds filters and orders by the fields of a folder.
    static let syntax = ListingSyntax<NodeField>([
        .init("ID", .id, .integer),
        .init("NAME", .name, .text),
        .init("TYPE", .kind, .text),
        .init("CODE", .code, .text),
        .init("STORAGE_ID", .storage, .integer),
        .init("REAL_OBJECT_ID", .id, .integer, filters: false),
        .init("PARENT_ID", .parent, .integer),
        .init("CREATE_TIME", .created, .date),
        .init("UPDATE_TIME", .updated, .date),
        .init("DELETE_TIME", .deleted, .date),
        .init("CREATED_BY", .createdBy, .integer, filters: false),
        .init("UPDATED_BY", .updatedBy, .integer, filters: false),
        .init("DELETED_BY", .deletedBy, .integer, filters: false),
        .init("DELETED_TYPE", .deletion, .integer),
    ])
}

extension JSONText {
    fileprivate mutating func member(_ key: String, _ number: Int64, as shape: NodeWire.Shape) {
        if shape.numbers.contains(key) { member(key, number) } else { member(key, digits: number) }
    }
}
