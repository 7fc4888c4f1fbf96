import SQLStore

/// Files and folders to look for by name.
package struct NodeSearch: Sendable, Hashable {
    /// Each must be somewhere in the name, letter case aside. None finds everything.
    package var words: [String]
    /// Nil: both.
    package var kind: Node.Kind?
    /// Nil: every drive.
    package var storage: Storage.ID?
    /// At any depth below this folder, which is not found itself; nil: anywhere.
    package var folder: Node.ID?
    /// Rows to skip, 0 or more.
    package var offset: Int64
    package var limit: Int64

    package init(
        words: [String], kind: Node.Kind? = nil, storage: Storage.ID? = nil, folder: Node.ID? = nil,
        offset: Int64 = 0, limit: Int64 = 50
    ) {
        self.words = words
        self.kind = kind
        self.storage = storage
        self.folder = folder
        self.offset = offset
        self.limit = limit
    }
}

extension Drive {
    /// Living files and folders by their names, as far as `caller` may read them, the last changed first. Neither what
    /// lies in chats' folders nor the root folders of drives; the page has no total.
    ///
    /// - Throws: `.notFound(.storage)` or `.notFound(.node)` when the drive or folder named is not there, is trashed, may
    ///   not be read, or the folder is in another drive; `.denied(.storage)` for a folder the caller may read that is in
    ///   the drive of chats; `.invalidListing`.
    package func search(_ search: NodeSearch, as caller: Caller) async throws -> Page<Node> {
        try await read(as: caller) { tx in
            let scope = try tx.scope(of: search, for: caller)
            let listing = Listing<NodeField>(
                conditions: search.words.map { .contains(.name, $0) }, order: [.init(.updated, descending: true)],
                offset: search.offset, limit: search.limit, wantsTotal: false)
            let kind: SQL =
                switch search.kind {
                case .file: "n.kind = 'file'"
                case .folder: "n.kind = 'folder'"
                case nil: "1 = 1"
                }
            return try tx.nodes(
                listing,
                where: "\(kind) AND n.parent_id IS NOT NULL AND s.kind <> 'chat' AND \(scope) AND \(caller.readsNode)",
                among: tx.candidates(for: listing))
        }
    }
}

extension Transaction {
    fileprivate func scope(of search: NodeSearch, for caller: Caller) throws -> SQL {
        if let id = search.storage {
            let root = try storage(id).root
            // A drive counts as readable like in the list of drives: by itself or through its root.
            guard try level(of: root, for: caller) >= .read else { throw DriveError.notFound(.storage(id)) }
        }
        guard let id = search.folder else { return search.storage.map { "n.storage_id = \($0)" } ?? "1 = 1" }
        guard let folder = try nodeIfAny(id), folder.kind == .folder, folder.deletion == .alive,
            try level(of: id, for: caller) >= .read, folder.storage == search.storage ?? folder.storage
        else { throw DriveError.notFound(.node(id)) }
        if folder.place.storageKind == .chat { throw DriveError.denied(.storage(folder.storage)) }
        if folder.parent == nil { return "n.storage_id = \(folder.storage)" }
        return """
            n.parent_id IN (
                WITH RECURSIVE below (id) AS (
                    SELECT id FROM node WHERE id = \(id)
                    UNION ALL
                    SELECT c.id FROM node c JOIN below b ON c.parent_id = b.id
                    WHERE c.kind = 'folder' AND c.deleted_type = 0
                ) SELECT id FROM below)
            """
    }
}
