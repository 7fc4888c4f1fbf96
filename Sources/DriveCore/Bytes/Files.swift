import SQLStore

extension Drive {
    /// A new file with its first version. Needs add on `parent`.
    ///
    /// - Parameter mediaType: as declared; empty when not.
    /// - Parameter uniqueName: on conflict take the first free ` (1)`, ` (2)` ... instead of refusing.
    /// - Throws: `.notFound` when `parent` is not a living folder, `.denied`, `.nameTaken(.file)`, `.invalidRights`,
    ///   `.noSpace`, `.ticketUsed`.
    package func addFile(
        named name: FileName, in parent: Node.ID, content: StagedContent, mediaType: String = "",
        uniqueName: Bool = false, rights: [Right] = [], ticket: OneTimeTicket? = nil, as caller: Caller
    ) async throws -> Node {
        let (now, settings) = (now(), settings)
        return try await writingWithinSpace { tx in
            _ = try tx.node(parent, kind: .folder, needing: .add, for: caller)
            if let ticket { try tx.spend(ticket, atMs: now) }
            try tx.requireSpace(content.sizeBytes, settings: settings)
            let facts = VersionFacts(name: name, mediaType: mediaType, by: caller.person, atMs: now)
            let blob = try tx.insertBlob(content, atMs: now)
            let id = try tx.insertFile(
                facts, in: parent, blob: blob, sizeBytes: content.sizeBytes, uniqueName: uniqueName)
            try tx.grant(rights, on: id)
            return try tx.existingNode(id)
        }
    }

    /// Refuses what `addFile` would refuse, before bytes are kept for it: no living folder, no right to add, a taken name.
    /// - Parameter name: nil: not known yet, or free to be numbered.
    package func checkMayAddFile(to parent: Node.ID, named name: FileName? = nil, as caller: Caller) async throws {
        try await read(as: caller) { tx in
            _ = try tx.node(parent, kind: .folder, needing: .add, for: caller)
            if let name, try tx.isTaken(name, in: parent) { throw DriveError.nameTaken(.file) }
        }
    }

    /// Refuses what `addVersion` would refuse, before bytes are kept for it: no living file, no right to edit.
    package func checkMayAddVersion(to file: Node.ID, as caller: Caller) async throws {
        _ = try await read(as: caller) { tx in try tx.node(file, kind: .file, needing: .edit, for: caller) }
    }

    /// A copy of a living file in another folder, its active content as version 1: rows only, no bytes move. Needs read
    /// on the file and add on the folder.
    /// - Throws: `.notFound`, `.denied`, `.nameTaken(.file)`, `.noSpace`.
    package func copy(
        file: Node.ID, to folder: Node.ID, uniqueName: Bool = false, as caller: Caller
    ) async throws -> Node {
        let (now, settings) = (now(), settings)
        return try await writingWithinSpace { tx in
            let node = try tx.node(file, kind: .file, needing: .read, for: caller)
            _ = try tx.node(folder, kind: .folder, needing: .add, for: caller)
            try tx.requireSpace(node.content?.sizeBytes ?? 0, settings: settings)
            let copy = try tx.insertCopy(
                of: node, named: FileName(unchecked: node.name), in: folder, by: caller.person, atMs: now,
                uniqueName: uniqueName)
            return try tx.existingNode(copy)
        }
    }
}

/// Works once: whoever spends it second gets `.ticketUsed`.
package struct OneTimeTicket: Sendable {
    /// Random, unique.
    package let nonce: String
    package let expiresMs: Int64
    package init(nonce: String, expiresMs: Int64) {
        self.nonce = nonce
        self.expiresMs = expiresMs
    }
}

extension Transaction {
    /// A file with its first version. Rights are the caller's business.
    func insertFile(
        _ facts: VersionFacts, in parent: Node.ID, blob: Int64, sizeBytes: Int64, uniqueName: Bool = false
    ) throws -> Node.ID {
        let seed = NodeSeed(kind: .file, name: facts.name, by: facts.by, atMs: facts.atMs)
        let (id, name) = try insert(seed, in: parent, uniqueName: uniqueName)
        var facts = facts
        facts.name = name
        try insertVersion(facts, of: id, blob: blob, sizeBytes: sizeBytes)
        return id
    }

    /// A file with the active content of `file` as its first version; no bytes move.
    func insertCopy(
        of file: Node, named name: FileName, in folder: Node.ID, by person: Person.ID, atMs now: Int64,
        uniqueName: Bool = false
    ) throws -> Node.ID {
        guard let content = file.content else { throw DriveError.notFound(.node(file.id)) }
        let blob = try int("SELECT blob_id FROM version WHERE id = \(content.version)")
        let facts = VersionFacts(
            name: name, mediaType: content.mediaType, by: person, atMs: now, sourceID: content.sourceID)
        let copy = try insertFile(
            facts, in: folder, blob: blob, sizeBytes: content.sizeBytes, uniqueName: uniqueName)
        try copyPreviews(of: content.version, toActiveOf: copy)
        return copy
    }

    /// - Throws: `.ticketUsed` when it is spent or past its time.
    func spend(_ ticket: OneTimeTicket, atMs now: Int64) throws {
        guard now < ticket.expiresMs else { throw DriveError.ticketUsed }
        try run("DELETE FROM used_ticket WHERE expires_ms <= \(now)")
        let spent = try run(
            """
            INSERT INTO used_ticket (nonce, expires_ms) VALUES (\(ticket.nonce), \(ticket.expiresMs))
            ON CONFLICT DO NOTHING
            """
        )
        guard spent == 1 else { throw DriveError.ticketUsed }
    }
}
