import SQLStore

extension Drive {
    /// Moves files to the trash. Needs edit on each. Unknown or unreadable ones are passed over, trashed ones stay as
    /// they are.
    /// - Throws: `.denied` when one may be read but not edited; nothing is changed then.
    package func trash(files uuids: [String], as caller: Caller) async throws {
        let now = now()
        try await database.write { tx in
            for node in try tx.editableFiles(uuids, for: caller) where node.deletion == .alive {
                try tx.trash(node, by: caller.person, atMs: now)
            }
        }
    }

    /// Moves a living file or folder to the trash, a folder with all that is alive in it. A file needs edit, a folder full.
    /// - Throws: `.notFound`, `.denied`, `.isRootFolder`.
    package func trash(_ id: Node.ID, kind: Node.Kind, as caller: Caller) async throws -> Node {
        let now = now()
        return try await database.write { tx in
            let node = try tx.node(id, kind: kind, needing: kind == .folder ? .full : .edit, for: caller)
            guard node.parent != nil else { throw DriveError.isRootFolder }
            try tx.trash(node, by: caller.person, atMs: now)
            return try tx.existingNode(id)
        }
    }

    /// Takes a file or folder out of the trash, a folder with what was trashed along with it (and not what was trashed
    /// before). A taken name gets a number. A living one is returned as it is. A file needs edit, a folder an administrator.
    /// - Throws: `.notFound`, `.denied`, `.trashed(.node)` naming a parent that is in the trash itself.
    package func restore(
        _ id: Node.ID, kind: Node.Kind, as caller: Caller
    ) async throws -> (node: Node, wasTrashed: Bool) {
        let now = now()
        return try await database.write { tx in
            let node = try tx.node(id, kind: kind, needing: .edit, for: caller, allowTrashed: true)
            guard kind == .file || caller.isAdministrator else { throw DriveError.denied(.node(id)) }
            if node.deletion == .alive { return (node, false) }
            try tx.revive(node, by: caller.person, atMs: now)
            return (try tx.existingNode(id), true)
        }
    }

    /// Takes files out of the trash; a taken name gets a number. Needs edit on each. A living file is returned as it is.
    /// A file whose folder is in the trash is passed over.
    /// - Returns: the files in the order asked for, once each, without unknown ones.
    /// - Throws: `.denied` when one may be read but not edited; nothing is changed then.
    package func restore(files uuids: [String], as caller: Caller) async throws -> [Node] {
        let now = now()
        return try await database.write { tx in
            var restored: [Node] = []
            for node in try tx.editableFiles(uuids, for: caller) {
                do {
                    if node.deletion != .alive { try tx.revive(node, by: caller.person, atMs: now) }
                    restored.append(try tx.existingNode(node.id))
                } catch DriveError.trashed { continue }
            }
            return restored
        }
    }
}

extension Transaction {
    /// The files among `uuids` that the caller may read, once each, in order.
    /// - Throws: `.denied(.node)` when one of them may not be edited.
    fileprivate func editableFiles(_ uuids: [String], for caller: Caller) throws -> [Node] {
        var seen: Set<String> = []
        var nodes: [Node] = []
        for uuid in uuids where seen.insert(uuid).inserted {
            do {
                nodes.append(try file(uuid: uuid, needing: .edit, for: caller, allowTrashed: true))
            } catch DriveError.notFound { continue }
        }
        return nodes
    }

    /// Puts a living node into the trash, and what is alive below it along with it.
    func trash(_ node: Node, by person: Person.ID, atMs now: Int64) throws {
        let mark: SQL = "deleted_ms = \(now), deleted_by = \(person)"
        if node.kind == .folder {
            try run(
                """
                UPDATE node SET deleted_type = \(Node.Deletion.trashedWithParent.rawValue), \(mark)
                WHERE id IN (
                    WITH RECURSIVE below (id) AS (
                        SELECT id FROM node WHERE parent_id = \(node.id) AND deleted_type = 0
                        UNION ALL
                        SELECT c.id FROM node c JOIN below b ON c.parent_id = b.id WHERE c.deleted_type = 0
                    ) SELECT id FROM below)
                """
            )
        }
        try run("UPDATE node SET deleted_type = \(Node.Deletion.trashed.rawValue), \(mark) WHERE id = \(node.id)")
    }

    /// Makes a trashed node alive again under its name or, when that is taken, the first free numbered one; with a
    /// folder what was trashed along with it.
    /// - Throws: `.trashed(.node)` when its parent is in the trash.
    func revive(_ node: Node, by person: Person.ID, atMs now: Int64) throws {
        if let parent = node.parent, try !exists("SELECT 1 FROM node WHERE id = \(parent) AND deleted_type = 0") {
            throw DriveError.trashed(.node(parent))
        }
        let along = Node.Deletion.trashedWithParent.rawValue
        if node.kind == .folder {
            try run(
                """
                UPDATE node SET deleted_type = 0, updated_ms = \(now), updated_by = \(person) WHERE id IN (
                    WITH RECURSIVE below (id) AS (
                        SELECT id FROM node WHERE parent_id = \(node.id) AND deleted_type = \(along)
                        UNION ALL
                        SELECT c.id FROM node c JOIN below b ON c.parent_id = b.id WHERE c.deleted_type = \(along)
                    ) SELECT id FROM below)
                """
            )
        }
        let name = try freeName(FileName(unchecked: node.name), for: node)
        try run(
            """
            UPDATE node SET deleted_type = 0, name = \(name.text), name_fold = \(name.folded),
                name_key = CASE WHEN name_key IS NULL THEN NULL ELSE \(name.folded) END,
                updated_ms = \(now), updated_by = \(person)
            WHERE id = \(node.id)
            """
        )
        if name.text != node.name, let version = node.content?.version {
            try run("UPDATE version SET name = \(name.text), name_fold = \(name.folded) WHERE id = \(version)")
        }
    }
}
