import SQLStore

extension Drive {
    /// A file or folder by id, in the trash or not.
    ///
    /// - Parameter kind: nil: either.
    /// - Throws: `.notFound` when there is none of that kind, `.denied` without read right.
    package func node(_ id: Node.ID, kind: Node.Kind? = nil, as caller: Caller) async throws -> Node {
        try await read(as: caller) { tx in
            try tx.node(id, kind: kind, needing: .read, for: caller, allowTrashed: true)
        }
    }

    /// A file by UUID.
    /// - Throws: `.notFound(.file)` when unknown, unreadable, or trashed and not `includingTrashed`.
    package func file(uuid: String, includingTrashed: Bool = false, as caller: Caller) async throws -> Node {
        try await read(as: caller) { tx in
            try tx.file(uuid: uuid, needing: .read, for: caller, allowTrashed: includingTrashed)
        }
    }

    /// A new folder. Needs add.
    /// - Throws: `.notFound` when `parent` is not a living folder, `.denied`, `.nameTaken`, `.invalidRights`.
    package func addFolder(
        named name: FileName, in parent: Node.ID, rights: [Right] = [], as caller: Caller
    ) async throws -> Node {
        let now = now()
        return try await database.write { tx in
            _ = try tx.node(parent, kind: .folder, needing: .add, for: caller)
            let id = try tx.insertFolder(named: name, in: parent, by: caller.person, atMs: now)
            try tx.grant(rights, on: id)
            return try tx.existingNode(id)
        }
    }

    /// Renames a living file or folder in place. Needs edit. The active version takes the name too.
    /// - Throws: `.notFound`, `.denied`, `.isRootFolder`, `.nameTaken`.
    package func rename(
        _ id: Node.ID, kind: Node.Kind? = nil, to name: FileName, as caller: Caller
    ) async throws -> Node {
        let now = now()
        return try await database.write { tx in
            let node = try tx.node(id, kind: kind, needing: .edit, for: caller)
            guard node.parent != nil else { throw DriveError.isRootFolder }
            // By bytes: Swift takes two Unicode forms of one name for equal, and the name is kept as typed.
            if node.name.utf8.elementsEqual(name.text.utf8) { return node }
            do {
                try tx.run(
                    """
                    UPDATE node SET name = \(name.text), name_fold = \(name.folded),
                        name_key = CASE WHEN name_key IS NULL THEN NULL ELSE \(name.folded) END,
                        extension = \(node.kind == .file ? name.fileExtension : ""),
                        updated_ms = \(now), updated_by = \(caller.person)
                    WHERE id = \(id)
                    """
                )
            } catch SQLError.unique { throw DriveError.nameTaken(node.kind) }
            if let content = node.content {
                try tx.run(
                    """
                    UPDATE version SET name = \(name.text), name_fold = \(name.folded), extension = \(name.fileExtension),
                        updated_ms = \(now), updated_by = \(caller.person)
                    WHERE id = \(content.version)
                    """
                )
            }
            return try tx.existingNode(id)
        }
    }
}

extension Transaction {
    /// A node known to be there: one this transaction made or has read.
    func existingNode(_ id: Node.ID) throws -> Node {
        guard let node = try nodeIfAny(id) else { throw DriveError.notFound(.node(id)) }
        return node
    }

    /// A file by UUID that the caller may use at `level`.
    ///
    /// - Throws: `.notFound(.file)` when unknown, unreadable, or trashed and not `allowTrashed`; `.denied(.node)` when
    ///   it may be read but not more.
    func file(uuid: String, needing level: Level, for caller: Caller, allowTrashed: Bool = false) throws -> Node {
        guard let node = try nodeIfAny(uuid: uuid), node.kind == .file, allowTrashed || node.deletion == .alive
        else { throw DriveError.notFound(.file(uuid: uuid)) }
        let held = try self.level(of: node, for: caller)
        guard held >= .read else { throw DriveError.notFound(.file(uuid: uuid)) }
        guard held >= level else { throw DriveError.denied(.node(node.id)) }
        return node
    }
}
