import SQLStore

extension Drive {
    /// What lies directly in a folder. Alive only, unless the listing has a condition on `deletion`.
    ///
    /// Only what `caller` may read is returned: everything in a folder they may read, otherwise what was given to them
    /// by name.
    /// - Throws: `.notFound` when there is no such folder or it is trashed, `.invalidListing`.
    package func children(
        of folder: Node.ID, _ listing: Listing<NodeField>, as caller: Caller
    ) async throws -> Page<Node> {
        try await read(as: caller) { tx in
            guard let node = try tx.nodeIfAny(folder), node.kind == .folder, node.deletion == .alive else {
                throw DriveError.notFound(.node(folder))
            }
            return try tx.children(of: folder, listing, for: caller)
        }
    }

    /// What lies directly in a drive's root. As `children(of:)`; `.notFound(.storage)` when there is no such drive.
    package func children(
        ofStorage storage: Storage.ID, _ listing: Listing<NodeField>, as caller: Caller
    ) async throws -> Page<Node> {
        try await read(as: caller) { tx in try tx.children(of: tx.storage(storage).root, listing, for: caller) }
    }

    /// The files amoCRM shows: those of the company drive and those linked to a CRM entity, as far as `caller` may
    /// read; personal drives otherwise never. The listing says whether trashed ones are meant (condition on `deletion`);
    /// without one only living files are listed.
    /// - Throws: `.invalidListing`.
    package func accountFiles(_ listing: Listing<NodeField>, as caller: Caller) async throws -> Page<Node> {
        let common = account.commonStorage
        return try await read(as: caller) { tx in
            let shown = caller.findsInAccount(common)
            return try tx.nodes(
                listing, where: shown, seeing: CRMEntity.visibility(to: caller), among: tx.candidates(for: listing))
        }
    }
}

extension Transaction {
    /// As `Drive.children(of:)`, of a folder known to be there.
    func children(
        of folder: Node.ID, _ listing: Listing<NodeField>, for caller: Caller
    ) throws -> Page<Node> {
        // Levels are inherited: in a readable folder everything is readable, in another only what was given by name.
        let readsAll = try level(of: folder, for: caller) >= .read
        let readable: SQL =
            readsAll ? "1 = 1" : "EXISTS (SELECT 1 FROM node_grant g WHERE g.node_id = n.id AND \(caller.holdsGrant))"
        return try nodes(
            listing, where: "n.parent_id = \(folder) AND \(readable)", countFrom: "node n",
            keptTotal: readsAll ? livingCount(in: folder) : nil, among: candidates(for: listing, in: folder))
    }
}

extension Transaction {
    /// How many living things lie directly in a folder: the statement that looks it up, nothing is counted.
    func livingCount(in folder: Node.ID) -> SQL {
        "SELECT COALESCE(sum(living), 0) FROM folder_count WHERE folder_id = \(folder)"
    }

    /// One page of nodes, their places known. Without a condition on `deletion` only living ones. As `page`.
    func nodes(
        _ listing: Listing<NodeField>, where condition: SQL, seeing: SQL = "1 = 1", countFrom: String? = nil,
        keptTotal: SQL? = nil, among candidates: SQL?
    ) throws -> Page<Node> {
        let saysDeletion = listing.conditions.contains { $0.fields.contains(.deletion) }
        let alive: SQL = saysDeletion ? condition : "n.deleted_type = 0 AND \(condition)"
        var page = try page(
            listing, columns: NodeRow.columns, from: NodeRow.tables, where: alive, id: "n.id", seeing: seeing,
            countFrom: countFrom, keptTotal: keptTotal, among: candidates, read: NodeRow.read)
        page.rows = try placed(page.rows)
        return page
    }
}

extension Condition {
    /// The fields the condition speaks of.
    package var fields: [Field] {
        switch self {
        case .equals(let field, _), .differs(let field, _), .less(let field, _), .lessOrEqual(let field, _),
            .greater(let field, _), .greaterOrEqual(let field, _), .oneOf(let field, _), .noneOf(let field, _),
            .like(let field, _), .contains(let field, _):
            [field]
        case .any(let conditions): conditions.flatMap(\.fields)
        case .not(let condition): condition.fields
        }
    }
}
