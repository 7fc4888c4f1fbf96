import SQLStore

extension Drive {
    /// New content for a living file, active at once; the name stays. Needs edit.
    /// - Throws: `.notFound(.node)`, `.denied`, `.noSpace`.
    package func addVersion(
        to file: Node.ID, content: StagedContent, mediaType: String = "", as caller: Caller
    ) async throws -> Node {
        let (now, settings) = (now(), settings)
        return try await writingWithinSpace { tx in
            let node = try tx.node(file, kind: .file, needing: .edit, for: caller)
            try tx.requireSpace(content.sizeBytes, settings: settings)
            let facts = VersionFacts(
                name: FileName(unchecked: node.name), mediaType: mediaType, by: caller.person, atMs: now)
            try tx.insertVersion(facts, of: file, blob: tx.insertBlob(content, atMs: now), sizeBytes: content.sizeBytes)
            return try tx.existingNode(file)
        }
    }

    /// Makes an older content the active one; no new version is made. The file takes that version's name, numbered when
    /// a sibling has it. Needs edit.
    /// - Throws: `.notFound(.file)` (trashed too), `.denied`, `.versionOfAnotherFile` (unknown version too).
    package func activate(versionUUID: String, ofFile uuid: String, as caller: Caller) async throws -> Node {
        let now = now()
        return try await database.write { tx in
            let node = try tx.file(uuid: uuid, needing: .edit, for: caller)
            guard let version = try tx.versionIfAny(uuid: versionUUID), version.node == node.id else {
                throw DriveError.versionOfAnotherFile
            }
            if version.isActive { return node }
            try tx.run(
                """
                UPDATE node SET version_id = \(version.id), size_bytes = \(version.sizeBytes),
                    media_type = \(version.mediaType), source_id = \(version.sourceID.sqlValue),
                    updated_ms = \(now), updated_by = \(caller.person)
                WHERE id = \(node.id)
                """
            )
            try tx.takeName(FileName(unchecked: version.name), for: node)
            return try tx.existingNode(node.id)
        }
    }

    /// Brings an older content back as a new version; the count of contents grows, the name stays. Needs full.
    /// - Throws: `.notFound(.node)`, `.notFound(.version)`, `.denied`, `.versionOfAnotherFile`, `.noSpace`.
    package func restore(version id: Version.ID, of file: Node.ID, as caller: Caller) async throws -> Node {
        let (now, settings) = (now(), settings)
        return try await writingWithinSpace { tx in
            let node = try tx.node(file, kind: .file, needing: .full, for: caller)
            let version = try tx.version(id)
            guard version.node == file else { throw DriveError.versionOfAnotherFile }
            try tx.requireSpace(version.sizeBytes, settings: settings)
            let blob = try tx.int("SELECT blob_id FROM version WHERE id = \(id)")
            let facts = VersionFacts(
                name: FileName(unchecked: node.name), mediaType: version.mediaType, by: caller.person, atMs: now,
                sourceID: version.sourceID)
            try tx.insertVersion(facts, of: file, blob: blob, sizeBytes: version.sizeBytes)
            try tx.copyPreviews(of: id, toActiveOf: file)
            return try tx.existingNode(file)
        }
    }

    /// The contents of a living file, newest first unless the listing orders otherwise. Needs read.
    /// - Throws: `.notFound(.node)` when there is no such file or it is trashed, `.denied`, `.invalidListing`.
    package func versions(
        of file: Node.ID, _ listing: Listing<VersionField>, as caller: Caller
    ) async throws -> Page<Version> {
        var listing = listing
        if listing.order.isEmpty { listing.order = [.init(.id, descending: true)] }
        return try await read(as: caller) { [listing] tx in
            _ = try tx.node(file, kind: .file, needing: .read, for: caller)
            return try tx.page(
                listing, columns: VersionRow.columns, from: VersionRow.tables, where: "v.node_id = \(file)", id: "v.id",
                read: VersionRow.read)
        }
    }

    /// - Throws: `.notFound(.version)`, `.denied(.version)` without read right on the file.
    package func version(_ id: Version.ID, as caller: Caller) async throws -> Version {
        try await read(as: caller) { tx in
            let version = try tx.version(id)
            guard try tx.level(of: version.node, for: caller) >= .read else { throw DriveError.denied(.version(id)) }
            return version
        }
    }

    /// A version by UUID.
    /// - Throws: `.notFound(.file)` as `file(uuid:)`, `.notFound(.versionUUID)` when unknown or of another file.
    package func version(uuid: String, ofFile fileUUID: String, as caller: Caller) async throws -> Version {
        try await read(as: caller) { tx in
            let node = try tx.file(uuid: fileUUID, needing: .read, for: caller)
            guard let version = try tx.versionIfAny(uuid: uuid), version.node == node.id else {
                throw DriveError.notFound(.versionUUID(uuid))
            }
            return version
        }
    }
}

enum VersionRow {
    static let columns = """
        v.id, v.uuid, v.node_id, n.uuid, v.number, v.name, v.extension, v.media_type, v.size_bytes, v.source_id, \
        v.created_ms, v.updated_ms, v.created_by, v.updated_by, CASE WHEN n.version_id = v.id THEN 1 ELSE 0 END
        """
    /// How many columns there are.
    static let count = 15
    static let tables = "version v JOIN node n ON n.id = v.node_id"

    static func read(_ row: Row) throws -> Version {
        Version(
            id: Version.ID(try row.int(0)), uuid: try row.text(1), node: Node.ID(try row.int(2)),
            nodeUUID: try row.text(3), number: try row.int(4), name: try row.text(5), fileExtension: try row.text(6),
            mediaType: try row.text(7), sizeBytes: try row.int(8), sourceID: try row.intOrNull(9),
            createdMs: try row.int(10), updatedMs: try row.int(11), createdBy: try row.int(12),
            updatedBy: try row.int(13), isActive: try row.bool(14))
    }
}

/// What a new version is made of besides its bytes.
struct VersionFacts {
    var name: FileName
    var mediaType = ""
    let by: Person.ID
    let atMs: Int64
    var session: Upload.ID?
    var sourceID: Int64?
}

extension Transaction {
    func version(_ id: Version.ID) throws -> Version {
        let found = try row("SELECT \(raw: VersionRow.columns) FROM \(raw: VersionRow.tables) WHERE v.id = \(id)")
        guard let found else { throw DriveError.notFound(.version(id)) }
        return try VersionRow.read(found)
    }

    func versionIfAny(uuid: String) throws -> Version? {
        try row("SELECT \(raw: VersionRow.columns) FROM \(raw: VersionRow.tables) WHERE v.uuid = \(uuid)")
            .map(VersionRow.read)
    }

    /// Gives a file the name of its active version, numbered when a living sibling has it.
    func takeName(_ name: FileName, for node: Node) throws {
        let name = try freeName(name, for: node)
        try run(
            """
            UPDATE node SET name = \(name.text), name_fold = \(name.folded),
                name_key = CASE WHEN name_key IS NULL THEN NULL ELSE \(name.folded) END,
                extension = \(name.fileExtension)
            WHERE id = \(node.id)
            """
        )
    }

    /// Adds a content to a file and makes it the active one. The file's own name is the caller's business.
    @discardableResult
    func insertVersion(_ facts: VersionFacts, of file: Node.ID, blob: Int64, sizeBytes: Int64) throws -> Version.ID {
        let version = Version.ID(
            try int(
                """
                INSERT INTO version (uuid, node_id, number, blob_id, name, name_fold, extension, media_type, size_bytes,
                    source_id, created_ms, updated_ms, created_by, updated_by, session_id)
                SELECT \(newUUID()), \(file), content_number + 1, \(blob), \(facts.name.text), \(facts.name.folded),
                    \(facts.name.fileExtension), \(facts.mediaType), \(sizeBytes), \(facts.sourceID.sqlValue),
                    \(facts.atMs), \(facts.atMs), \(facts.by), \(facts.by), \(facts.session.sqlValue)
                FROM node WHERE id = \(file) RETURNING id
                """
            ))
        try run(
            """
            UPDATE node SET version_id = \(version), content_number = content_number + 1,
                version_count = version_count + 1, size_bytes = \(sizeBytes), extension = \(facts.name.fileExtension),
                media_type = \(facts.mediaType), source_id = \(facts.sourceID.sqlValue),
                updated_ms = \(facts.atMs), updated_by = \(facts.by)
            WHERE id = \(file)
            """
        )
        return version
    }
}
