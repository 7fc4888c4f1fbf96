import SQLStore

/// What a visitor of a link sees of a file or folder: nothing of where it lies or whose it is.
package struct SharedItem: Sendable, Hashable {
    package let uuid: String
    package let kind: Node.Kind
    package let name: String
    /// Of the active content; 0 for a folder.
    package let sizeBytes: Int64
    package let updatedMs: Int64

    init(_ node: Node) {
        uuid = node.uuid
        kind = node.kind
        name = node.name
        sizeBytes = node.content?.sizeBytes ?? 0
        updatedMs = node.updatedMs
    }
}

/// A place a link leads to: the shared thing itself, or something below a shared folder.
package struct SharedPlace: Sendable {
    /// One of the folders above.
    package struct Step: Sendable, Hashable {
        package let uuid: String
        package let name: String
    }

    package let item: SharedItem
    /// From the shared folder down to the one the item lies in; empty for the shared thing itself.
    package let above: [Step]
    /// What lies in it, folders first, then by name; nil for a file.
    package let children: Page<SharedItem>?

    /// Items of a folder shown at once.
    package static let pageLength: Int64 = 100
}

// What visitors do. None of it looks at anybody's rights: the link is the right. Whatever is not there for the visitor
// (no such link, revoked, expired, in the trash, outside the shared folder) is nil alike.

extension Drive {
    /// The link with that code, neither revoked nor expired nor in the trash. It may be used up, and it may ask for a
    /// password; both are the caller's to see to.
    package func publicLink(code: String) async throws -> PublicLink? {
        let (now, hash) = (now(), Secret.hash(code))
        return try await database.read { tx in
            let found = try tx.row(
                """
                SELECT \(raw: PublicLinkRow.columns), l.code_hash FROM \(raw: PublicLinkRow.tables)
                WHERE l.code_hash = \(hash)
                """)
            guard let found, Secret.equal(Array(try found.text(11).utf8), Array(hash.utf8)) else { return nil }
            let link = try PublicLinkRow.read(found)
            return link.isOpen(atMs: now) ? link : nil
        }
    }

    /// Tries a password. Takes some tens of milliseconds and 16 MiB on purpose: limit who may try how often.
    /// - Returns: the mark of the password that was right; nil when it was wrong or none is asked.
    package func passwordMark(of id: PublicLink.ID, matching password: String) async throws -> String? {
        let hash = try await database.read { tx in
            try tx.row("SELECT password_hash FROM public_link WHERE id = \(id)").map { try $0.text(0) }
        }
        guard let hash, PasswordHash(stored: hash).matches(password) else { return nil }
        return PublicLink.mark(ofPasswordHash: hash)
    }

    /// - Parameter uuid: of something below the shared folder; nil: the shared thing itself.
    /// - Parameter page: of a folder's items, from 1.
    package func sharedPlace(in link: PublicLink.ID, at uuid: String?, page: Int64 = 1) async throws -> SharedPlace? {
        let now = now()
        let offset = (min(max(page, 1), 1_000_000) - 1) * SharedPlace.pageLength
        return try await database.read { tx in
            guard let (node, above) = try tx.shared(by: link, uuid, atMs: now) else { return nil }
            var children: Page<SharedItem>?
            if node.kind == .folder {
                let listing = Listing<NodeField>(
                    order: [.init(.kind, descending: true), .init(.name)], offset: offset,
                    limit: SharedPlace.pageLength)
                let page = try tx.children(of: node.id, listing, for: .system)
                children = Page(rows: page.rows.map(SharedItem.init), total: page.total, hasMore: page.hasMore)
            }
            return SharedPlace(item: SharedItem(node), above: above, children: children)
        }
    }

    /// The bytes of a file; nil for a folder too.
    package func sharedContent(in link: PublicLink.ID, at uuid: String?) async throws -> ReadableContent? {
        let now = now()
        do {
            return try await readable { tx in
                guard let version = try tx.shared(by: link, uuid, atMs: now)?.node.content?.version else {
                    throw Absent()
                }
                return version
            }
        } catch is Absent { return nil }
    }

    /// Counts one download, exactly: of two that race for the last one, one gets it.
    /// - Returns: false, and nothing is counted, when none is left or the link is over.
    package func countDownload(of id: PublicLink.ID) async throws -> Bool {
        let now = now()
        return try await database.write { tx in
            try tx.run(
                """
                UPDATE public_link SET downloads = downloads + 1
                WHERE id = \(id) AND revoked_ms IS NULL AND (expires_ms IS NULL OR expires_ms > \(now))
                    AND (max_downloads IS NULL OR downloads < max_downloads)
                """) > 0
        }
    }

    private struct Absent: Error {}
}

extension Transaction {
    /// A living node at or below what an open link leads to, and the folders between the two.
    fileprivate func shared(
        by id: PublicLink.ID, _ uuid: String?, atMs now: Int64
    ) throws -> (node: Node, above: [SharedPlace.Step])? {
        guard let link = try publicLink(id), link.isOpen(atMs: now) else { return nil }
        let found = if let uuid { try nodeIfAny(uuid: uuid) } else { try nodeIfAny(link.node) }
        guard let node = found, node.deletion == .alive else { return nil }
        let way = try rows(
            """
            WITH RECURSIVE up (id, parent_id, uuid, name, depth) AS (
                SELECT id, parent_id, uuid, name, 0 FROM node WHERE id = \(node.id)
                UNION ALL
                SELECT p.id, p.parent_id, p.uuid, p.name, up.depth + 1 FROM node p JOIN up ON p.id = up.parent_id
                WHERE up.id <> \(link.node)
            )
            SELECT id, uuid, name FROM up ORDER BY depth DESC
            """)
        // The way up ends at the shared thing, or else at the root of some drive.
        guard let top = way.first, try top.int(0) == link.node.rawValue else { return nil }
        return (
            node, try way.dropLast().map { SharedPlace.Step(uuid: try $0.text(1), name: try $0.text(2)) }
        )
    }
}
