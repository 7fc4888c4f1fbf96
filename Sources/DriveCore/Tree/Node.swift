/// A drive: one per person, one for the company, one per group and application, and one unlisted per chat server.
package struct Storage: Sendable, Hashable {
    package typealias ID = Identifier<Storage>
    package enum Kind: String, Sendable, CaseIterable { case user, common, group, restapp, chat }

    package let id: ID
    package let kind: Kind
    /// Person, group or application; 0 for `common` and `chat`.
    package let ownerID: Int64
    package let name: String
    package let code: String?
    package let root: Node.ID
}

/// A folder or a file.
package struct Node: Sendable, Hashable {
    package typealias ID = Identifier<Node>
    package enum Kind: String, Sendable { case folder, file }
    package enum Deletion: Int64, Sendable {
        case alive = 0
        case trashed = 3
        case trashedWithParent = 4
    }

    package let id: ID
    /// Random version 4, lower case.
    package let uuid: String
    package let storage: Storage.ID
    /// Nil for a root folder.
    package let parent: ID?
    package let kind: Kind
    /// As typed, extension included.
    package let name: String
    package let code: String?
    package let deletion: Deletion
    package let createdMs: Int64
    package let updatedMs: Int64
    /// When it was last trashed; kept after a restore.
    package let deletedMs: Int64?
    /// A person's id, 0 the system, -1 a client of the company.
    package let createdBy: Int64
    package let updatedBy: Int64
    package let deletedBy: Int64?
    /// Nil for a folder.
    package let content: Content?
    /// Where it lies, for links a person reads.
    package var place: Place

    /// The active content of a file.
    package struct Content: Sendable, Hashable {
        package let version: Version.ID
        package let versionUUID: String
        /// How many contents the file has had, from 1; never goes back.
        package let number: Int64
        package let versionCount: Int64
        package let sizeBytes: Int64
        /// Lower case, no dot; may be empty.
        package let fileExtension: String
        /// As declared; empty when unknown. Never trusted for serving.
        package let mediaType: String
        package let sourceID: Int64?
        /// The upload session the active version came in by.
        package let session: Upload.ID?
    }
}

/// The folders above a node.
package struct Place: Sendable, Hashable {
    package let storageKind: Storage.Kind
    package let ownerID: Int64
    /// The drive's root folder.
    package let root: Node.ID
    /// Names of the folders between the root and the node, outermost first; the root itself is not named.
    package var folders: [String]
}

/// One content a file has or had.
package struct Version: Sendable, Hashable {
    package typealias ID = Identifier<Version>

    package let id: ID
    package let uuid: String
    package let node: Node.ID
    package let nodeUUID: String
    /// The file's content number when this content came.
    package let number: Int64
    /// The file's name then, extension included.
    package let name: String
    package let fileExtension: String
    package let mediaType: String
    package let sizeBytes: Int64
    package let sourceID: Int64?
    package let createdMs: Int64
    package let updatedMs: Int64
    package let createdBy: Int64
    package let updatedBy: Int64
    package let isActive: Bool
}

/// How much a caller may do with a node; each level includes the ones before it.
package enum Level: Int64, Sendable, Comparable, CaseIterable {
    case none = 0
    case read, add, edit, full
    package static func < (left: Level, right: Level) -> Bool { left.rawValue < right.rawValue }
}

/// One explicit right, as a caller asks for it.
package struct Right: Sendable, Hashable {
    /// `U7` person, `*` everyone, `D1` / `DR1` department, `SG3` group.
    package let subject: String
    package let level: Level
    package init(subject: String, level: Level) {
        self.subject = subject
        self.level = level
    }
}
