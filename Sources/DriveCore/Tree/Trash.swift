import SQLStore

extension Drive {
    /// Moves files to the trash. Needs edit on each. Unknown or unreadable ones are passed over, trashed ones stay as
    /// they are.
    /// - Throws: `.denied` when one may be read but not edited; nothing is changed then.
    package func trash(files uuids: [String], as caller: Caller) async throws {
        let now = now()
        try await database.write { tx in
            for node in try tx.editableFiles(uuids, for: caller) where node.deletion == .alive {
                try tx.run(
                    """
                    UPDATE node SET deleted_type = \(Node.Deletion.trashed.rawValue), deleted_ms = \(now),
                        deleted_by = \(caller.person)
                    WHERE id = \(node.id)
                    """
                )
            }
        }
    }

    /// Takes files out of the trash; a taken name gets a number. Needs edit on each. A living file is returned as it is.
    /// A file trashed with its folder comes back once the folder does and is passed over here.
    /// - Returns: the files in the order asked for, once each, without unknown ones.
    /// - Throws: `.denied` when one may be read but not edited; nothing is changed then.
    package func restore(files uuids: [String], as caller: Caller) async throws -> [Node] {
        let now = now()
        return try await database.write { tx in
            var restored: [Node] = []
            for node in try tx.editableFiles(uuids, for: caller) where node.deletion != .trashedWithParent {
                if node.deletion == .trashed { try tx.revive(node, by: caller.person, atMs: now) }
                restored.append(try tx.existingNode(node.id))
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

    /// Makes a trashed node alive again under its name or, when that is taken, the first free numbered one.
    func revive(_ node: Node, by person: Person.ID, atMs now: Int64) throws {
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
