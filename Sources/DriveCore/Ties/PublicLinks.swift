import SQLStore

extension Drive {
    /// The code of the link to a living file or folder that everybody who asks is given; made when there is none, or when
    /// the last one was revoked, has expired or is used up. Needs read.
    /// - Throws: `.notFound`, `.denied`.
    package func externalLink(to id: Node.ID, kind: Node.Kind, as caller: Caller) async throws -> String {
        let (now, key) = (now(), account.signingKey)
        return try await database.write { tx in
            _ = try tx.node(id, kind: kind, needing: .read, for: caller)
            if let code = try tx.standingCode(of: id, key: key, atMs: now) { return code }
            try tx.run("UPDATE public_link SET is_standing = 0 WHERE node_id = \(id) AND is_standing = 1")
            let seed = PublicLinkSeed(node: id, isStanding: true, passwordHash: "", by: caller.person, atMs: now)
            return try tx.insert(seed, key: key).code
        }
    }

    /// A new link to a living file or folder, with terms of its own. Needs read.
    /// - Returns: the link, and the code that stands in its address.
    /// - Throws: `.notFound`, `.denied`, `.invalidValue`.
    package func createPublicLink(
        to node: Node.ID, _ terms: PublicLinkTerms = .init(), as caller: Caller
    ) async throws -> (link: PublicLink, code: String) {
        let (now, key) = (now(), account.signingKey)
        try terms.check(atMs: now)
        let hash = try terms.password.map { try PasswordHash(of: $0).text } ?? ""
        return try await database.write { tx in
            _ = try tx.node(node, needing: .read, for: caller)
            var seed = PublicLinkSeed(node: node, isStanding: false, passwordHash: hash, by: caller.person, atMs: now)
            seed.expiresMs = terms.expiresMs
            seed.maxDownloads = terms.maxDownloads
            let made = try tx.insert(seed, key: key)
            guard let link = try tx.publicLink(made.id) else {
                throw SQLError.failed(message: "a link vanished while it was made")
            }
            return (link, made.code)
        }
    }

    /// Every link to anything, revoked and expired ones too, by id. For the administrator's command.
    package func publicLinks() async throws -> [PublicLink] {
        try await database.read { tx in
            try tx.rows("SELECT \(raw: PublicLinkRow.columns) FROM \(raw: PublicLinkRow.tables) ORDER BY l.id")
                .map(PublicLinkRow.read)
        }
    }

    /// Changes a link's terms; its address stays. Downloads counted so far stay counted. For the administrator's command.
    /// - Returns: nil when there is none with that id, or it was revoked.
    /// - Throws: `.invalidValue`.
    package func changePublicLink(_ id: PublicLink.ID, _ changes: PublicLinkChanges) async throws -> PublicLink? {
        let now = now()
        try PublicLinkTerms(
            password: changes.password.value, expiresMs: changes.expiresMs.value,
            maxDownloads: changes.maxDownloads.value
        ).check(atMs: now)
        let hash = try changes.password.value.map { try PasswordHash(of: $0).text }
        return try await database.write { tx in
            let isThere = try tx.exists("SELECT 1 FROM public_link WHERE id = \(id) AND revoked_ms IS NULL")
            guard isThere else { return nil }
            switch changes.password {
            case .keep: break
            case .clear, .set: try tx.run("UPDATE public_link SET password_hash = \(hash ?? "") WHERE id = \(id)")
            }
            switch changes.expiresMs {
            case .keep: break
            case .clear, .set:
                try tx.run("UPDATE public_link SET expires_ms = \(changes.expiresMs.value.sqlValue) WHERE id = \(id)")
            }
            switch changes.maxDownloads {
            case .keep: break
            case .clear, .set:
                try tx.run(
                    "UPDATE public_link SET max_downloads = \(changes.maxDownloads.value.sqlValue) WHERE id = \(id)")
            }
            return try tx.publicLink(id)
        }
    }

    /// Ends a link for good. For the administrator's command.
    /// - Returns: false when there is none with that id. Revoking twice succeeds.
    package func revokePublicLink(_ id: PublicLink.ID) async throws -> Bool {
        try await database.write { [now] tx in
            let changed = try tx.run(
                """
                UPDATE public_link SET revoked_ms = COALESCE(revoked_ms, \(now())), is_standing = 0 WHERE id = \(id)
                """)
            return changed > 0
        }
    }
}

/// What a new link is made of.
struct PublicLinkSeed {
    let node: Node.ID
    let isStanding: Bool
    /// Empty when no password is asked.
    let passwordHash: String
    let by: Person.ID
    let atMs: Int64
    var expiresMs: Int64?
    var maxDownloads: Int64?
}

/// How a link is read from its row.
enum PublicLinkRow {
    static let columns = """
        l.id, l.node_id, n.name, n.deleted_type, l.expires_ms, l.max_downloads, l.downloads, l.created_ms, \
        l.created_by, l.revoked_ms, l.password_hash
        """
    static let tables = "public_link l JOIN node n ON n.id = l.node_id"

    static func read(_ row: Row) throws -> PublicLink {
        PublicLink(
            id: PublicLink.ID(try row.int(0)), node: Node.ID(try row.int(1)), name: try row.text(2),
            isTrashed: try row.int(3) != 0, expiresMs: try row.intOrNull(4), maxDownloads: try row.intOrNull(5),
            downloads: try row.int(6), createdMs: try row.int(7), createdBy: Person.ID(try row.int(8)),
            isRevoked: !row.isNull(9), passwordMark: PublicLink.mark(ofPasswordHash: try row.text(10)))
    }
}

extension Transaction {
    /// A link by id, in whatever state it is.
    func publicLink(_ id: PublicLink.ID) throws -> PublicLink? {
        try row("SELECT \(raw: PublicLinkRow.columns) FROM \(raw: PublicLinkRow.tables) WHERE l.id = \(id)")
            .map(PublicLinkRow.read)
    }

    /// The code of the node's standing link, as long as that leads somewhere.
    fileprivate func standingCode(of node: Node.ID, key: [UInt8], atMs now: Int64) throws -> String? {
        let found = try row(
            """
            SELECT \(raw: PublicLinkRow.columns), l.nonce, l.code_hash FROM \(raw: PublicLinkRow.tables)
            WHERE l.node_id = \(node) AND l.is_standing = 1
            """)
        guard let found else { return nil }
        let link = try PublicLinkRow.read(found)
        let code = PublicLink.code(nonce: try found.text(11), key: key)
        // Under another signing key its code is lost, though whoever has the address may go on using it.
        guard link.isOpen(atMs: now), !link.isUsedUp, Secret.hash(code) == (try found.text(12)) else { return nil }
        return code
    }

    /// A link under a code that no other has.
    fileprivate func insert(_ seed: PublicLinkSeed, key: [UInt8]) throws -> (id: PublicLink.ID, code: String) {
        for _ in 1...5 {
            let nonce = Hex.text(Secret.bytes(16))
            let code = PublicLink.code(nonce: nonce, key: key)
            let inserted = try row(
                """
                INSERT INTO public_link (node_id, code_hash, nonce, is_standing, password_hash, expires_ms,
                    max_downloads, downloads, created_ms, created_by, revoked_ms)
                VALUES (\(seed.node), \(Secret.hash(code)), \(nonce), \(seed.isStanding), \(seed.passwordHash),
                    \(seed.expiresMs.sqlValue), \(seed.maxDownloads.sqlValue), 0, \(seed.atMs), \(seed.by), NULL)
                ON CONFLICT DO NOTHING RETURNING id
                """)
            if let inserted { return (PublicLink.ID(try inserted.int(0)), code) }
        }
        throw SQLError.unique
    }
}
