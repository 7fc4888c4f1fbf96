import SQLStore

extension Drive {
    /// The extensions of the files `accountFiles` would list, each once, in order, lower case, without a dot. An empty text
    /// stands for files without one.
    ///
    /// - Parameter limit: extensions at most: anybody who may upload can invent more.
    /// - Throws: `.invalidListing`.
    package func accountFileExtensions(
        _ conditions: [Condition<NodeField>], limit: Int64, as caller: Caller
    ) async throws -> [String] {
        let common = account.commonStorage
        return try await read(as: caller) { tx in
            let asked = try Listing(conditions: conditions).conditionSQL(seeing: CRMEntity.visibility(to: caller))
            let saysDeletion = conditions.contains { $0.fields.contains(.deletion) }
            let alive: SQL = saysDeletion ? "1 = 1" : "n.deleted_type = 0"
            return try tx.rows(
                """
                SELECT DISTINCT n.extension FROM node n JOIN storage s ON s.id = n.storage_id
                WHERE \(alive) AND \(caller.findsInAccount(common)) AND \(asked)
                ORDER BY n.extension LIMIT \(limit)
                """
            ).map { try $0.text(0) }
        }
    }
}

extension Caller {
    /// True of a `node n`, with its `storage s`, that is a file of the company drive or linked to any entity, as far as
    /// the caller may read it.
    func findsInAccount(_ common: Storage.ID) -> SQL {
        """
        n.kind = 'file' AND (n.storage_id = \(common)
            OR EXISTS (SELECT 1 FROM entity_link l WHERE l.node_id = n.id)) AND \(readsNode)
        """
    }
}
