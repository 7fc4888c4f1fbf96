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

        func number(_ name: String, _ value: Int64) -> Value.Member {
            .init(name, numbers.contains(name) ? .int(value) : .string(String(value)))
        }
    }

    static func value(_ node: Node, as shape: Shape = .read, _ wire: WireContext) -> Value {
        var members: [Value.Member] = []
        members.reserveCapacity(18)
        members.append(shape.number("ID", node.id.rawValue))
        members.append(.init("NAME", .string(node.name)))
        members.append(.init("CODE", node.code.map(Value.string) ?? .null))
        members.append(shape.number("STORAGE_ID", node.storage.rawValue))
        members.append(.init("TYPE", .string(node.kind.rawValue)))
        // No object stands in for another one here, so that every folder is its own.
        if node.kind == .folder { members.append(shape.number("REAL_OBJECT_ID", node.id.rawValue)) }
        members.append(shape.number("PARENT_ID", node.parent?.rawValue ?? 0))
        members.append(shape.number("DELETED_TYPE", node.deletion.rawValue))
        if let content = node.content {
            members.append(shape.number("GLOBAL_CONTENT_VERSION", content.number))
            members.append(shape.number("FILE_ID", content.version.rawValue))
            members.append(.init("SIZE", .string(String(content.sizeBytes))))
        }
        members.append(.init("CREATE_TIME", wire.dates.value(node.createdMs)))
        members.append(.init("UPDATE_TIME", wire.dates.value(node.updatedMs)))
        members.append(.init("DELETE_TIME", wire.dates.value(node.deletedMs)))
        members.append(.init("CREATED_BY", PersonWire.author(node.createdBy)))
        members.append(.init("UPDATED_BY", PersonWire.author(node.updatedBy)))
        members.append(.init("DELETED_BY", node.deletedBy.map(PersonWire.author) ?? shape.neverDeleted))
        if let content = node.content {
            members.append(
                .init("DOWNLOAD_URL", .string(wire.links.download(node: node.id, version: content.version, as: wire))))
        }
        members.append(.init("DETAIL_URL", detailURL(node, origin: wire.origin)))
        return .object(members)
    }

    /// Where a person would look at it; readable and not percent-encoded, as the vendor's samples are. Null in drives
    /// that no page shows.
    static func detailURL(_ node: Node, origin: String) -> Value {
        var pieces: [String]
        switch node.place.storageKind {
        case .user: pieces = [origin, "/company/personal/user/", String(node.place.ownerID), "/disk"]
        case .group: pieces = [origin, "/workgroups/group/", String(node.place.ownerID), "/disk"]
        case .common: pieces = [origin, "/docs"]
        case .restapp, .chat: return .null
        }
        pieces.append(node.kind == .folder ? "/path" : "/file")
        for folder in node.place.folders { pieces += ["/", folder] }
        if node.parent != nil { pieces += ["/", node.name] }
        return .string(String(pieces: pieces))
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
