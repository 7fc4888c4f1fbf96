import SQLStore

extension Drive {
    /// Removes a file or folder for good, alive or trashed, with everything below it, its versions, rights and links.
    /// Its bytes go later, once nothing points at them. Needs full.
    /// - Throws: `.notFound`, `.denied`, `.isRootFolder`.
    package func purge(_ id: Node.ID, kind: Node.Kind, as caller: Caller) async throws {
        try await database.write { tx in
            let node = try tx.node(id, kind: kind, needing: .full, for: caller, allowTrashed: true)
            guard node.parent != nil else { throw DriveError.isRootFolder }
            try tx.purge(id)
        }
    }
}

extension Transaction {
    /// Removes a node and everything below it. Versions, rights, attachments and links go with their node.
    func purge(_ id: Node.ID) throws {
        try run(
            """
            DELETE FROM node WHERE id IN (
                WITH RECURSIVE below (id) AS (
                    SELECT id FROM node WHERE id = \(id)
                    UNION ALL
                    SELECT c.id FROM node c JOIN below b ON c.parent_id = b.id
                ) SELECT id FROM below)
            """
        )
    }
}
