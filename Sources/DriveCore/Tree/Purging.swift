import SQLStore

extension Drive {
    /// Removes a file or folder for good, alive or trashed, with everything below it, its versions, rights and links.
    /// Its bytes go later, once nothing points at them. Needs full.
    /// - Throws: `.notFound`, `.denied`, `.isRootFolder`.
    package func purge(_ id: Node.ID, kind: Node.Kind, as caller: Caller) async throws {
        let now = now()
        try await database.write { tx in
            let node = try tx.node(id, kind: kind, needing: .full, for: caller, allowTrashed: true)
            guard node.parent != nil else { throw DriveError.isRootFolder }
            try tx.purge(id, atMs: now)
        }
    }
}

extension Transaction {
    /// Removes a node and everything below it. Versions, rights, attachments and links go with their node; their bytes
    /// are left to the garbage collection.
    func purge(_ id: Node.ID, atMs now: Int64) throws {
        let nodes: SQL = "WITH RECURSIVE \(Self.below(id)) SELECT id FROM below"
        try noteGarbage(ofNodes: nodes, atMs: now)
        try run("DELETE FROM node WHERE id IN (\(nodes))")
    }
}
