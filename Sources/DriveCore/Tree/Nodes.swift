extension Drive {
    /// A file or folder by id, in the trash or not.
    ///
    /// - Parameter kind: nil: either.
    /// - Throws: `.notFound` when there is none of that kind, `.denied` without read right.
    package func node(_ id: Node.ID, kind: Node.Kind? = nil, as caller: Caller) async throws -> Node { throw Unbuilt() }

    /// A file by UUID.
    /// - Throws: `.notFound` when unknown, unreadable, or trashed and not `includingTrashed`.
    package func file(uuid: String, includingTrashed: Bool = false, as caller: Caller) async throws -> Node {
        throw Unbuilt()
    }

    /// What lies directly in a folder. Alive only, unless the listing has a condition on `deletion`.
    /// - Returns: no rows (total 0) when `caller` may not read the folder.
    /// - Throws: `.notFound` when there is no such folder or it is trashed.
    package func children(
        of folder: Node.ID, _ listing: Listing<NodeField>, as caller: Caller
    ) async throws -> Page<Node> { throw Unbuilt() }

    /// What lies directly in a drive's root. As `children(of:)`; `.notFound(.storage)` when there is no such drive.
    package func children(
        ofStorage storage: Storage.ID, _ listing: Listing<NodeField>, as caller: Caller
    ) async throws -> Page<Node> { throw Unbuilt() }

    /// The files amoCRM shows: those of the company drive and those linked to a CRM entity, as far as `caller` may
    /// read; personal drives otherwise never. The listing says whether trashed ones are meant (condition on `deletion`);
    /// without one only living files are listed.
    package func accountFiles(_ listing: Listing<NodeField>, as caller: Caller) async throws -> Page<Node> {
        throw Unbuilt()
    }

    /// A new folder. Needs add.
    /// - Throws: `.notFound` when `parent` is not a living folder, `.denied`, `.nameTaken`, `.invalidRights`.
    package func addFolder(
        named name: FileName, in parent: Node.ID, rights: [Right] = [], as caller: Caller
    ) async throws -> Node { throw Unbuilt() }

    /// Renames a living file or folder in place. Needs edit. The active version takes the name too.
    package func rename(_ id: Node.ID, to name: FileName, as caller: Caller) async throws -> Node { throw Unbuilt() }
}

/// An explicit level as the two dialects name it, with its number.
extension Level {
    /// The level a rights list names by number. The numbers are this server's own and stable.
    package static let assignable: [Level] = [.full, .edit, .read]
}
