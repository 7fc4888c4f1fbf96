import SQLStore

// Who may do what. Levels are inherited down the tree and explicit rights only ever add, so a node's level is the
// largest of: what its drive gives, what any node above it or itself was granted, what its chat gives, and edit for
// whoever made it. Both forms below (one node, and a predicate for lists) say the same.
//
//   drive        | everyone | its people                      | administrators
//   user         |          | owner full                      | full
//   common       | add      |                                 | full
//   group        |          | members edit, group owner full  | full
//   restapp      |          | the application full            | full
//   chat folder  |          | members edit                    | members only

extension Transaction {
    /// What `caller` may do with the node. `.none` for an unknown one.
    func level(of id: Node.ID, for caller: Caller) throws -> Level {
        if caller.isSystem { return .full }
        let found = try row(
            """
            SELECT s.kind, s.owner_id, n.created_by FROM node n JOIN storage s ON s.id = n.storage_id WHERE n.id = \(id)
            """
        )
        guard let found, let kind = Storage.Kind(rawValue: try found.text(0)) else { return .none }
        return try level(of: id, in: kind, ownerID: try found.int(1), createdBy: try found.int(2), for: caller)
    }

    /// What `caller` may do with a node that was read.
    func level(of node: Node, for caller: Caller) throws -> Level {
        try level(
            of: node.id, in: node.place.storageKind, ownerID: node.place.ownerID, createdBy: node.createdBy, for: caller
        )
    }

    private func level(
        of id: Node.ID, in kind: Storage.Kind, ownerID: Int64, createdBy: Int64, for caller: Caller
    ) throws -> Level {
        let base = try level(ofDrive: kind, ownerID: ownerID, for: caller)
        if base == .full { return .full }
        var level = max(base, try levelFromGrants(on: id, for: caller))
        if kind == .chat { level = max(level, try levelFromChat(of: id, for: caller)) }
        return createdBy == caller.person.rawValue && level >= .read ? max(level, .edit) : level
    }

    /// What a drive gives by itself, explicit rights aside.
    func level(ofDrive kind: Storage.Kind, ownerID: Int64, for caller: Caller) throws -> Level {
        if caller.isSystem { return .full }
        if kind == .chat { return .none }
        if caller.isAdministrator { return .full }
        switch kind {
        case .user: return ownerID == caller.person.rawValue ? .full : .none
        case .common: return .add
        case .restapp: return caller.application?.rawValue == ownerID ? .full : .none
        case .group:
            let owns = try exists(
                "SELECT 1 FROM work_group WHERE id = \(ownerID) AND owner_id = \(caller.person)")
            if owns { return .full }
            let isMember = try exists(
                "SELECT 1 FROM work_group_member WHERE group_id = \(ownerID) AND person_id = \(caller.person)")
            return isMember ? .edit : .none
        case .chat: return .none
        }
    }

    private func levelFromGrants(on id: Node.ID, for caller: Caller) throws -> Level {
        let granted = try int(
            """
            WITH RECURSIVE \(Self.up(from: id))
            SELECT COALESCE(max(g.level), 0) FROM up JOIN node_grant g ON g.node_id = up.id
            WHERE \(caller.holdsGrant)
            """
        )
        return Level(rawValue: granted) ?? .none
    }

    private func levelFromChat(of id: Node.ID, for caller: Caller) throws -> Level {
        let isMember = try exists(
            """
            WITH RECURSIVE \(Self.up(from: id))
            SELECT 1 FROM up JOIN chat c ON c.folder_id = up.id
            JOIN chat_member m ON m.chat_id = c.id AND m.person_id = \(caller.person)
            """
        )
        return isMember ? .edit : .none
    }

    /// The node and everything above it, as the common table `up (id, parent_id)`.
    private static func up(from id: Node.ID) -> SQL {
        """
        up (id, parent_id) AS (
            SELECT id, parent_id FROM node WHERE id = \(id)
            UNION ALL
            SELECT p.id, p.parent_id FROM node p JOIN up ON p.id = up.parent_id
        )
        """
    }

    /// A node the caller may use at `level`.
    ///
    /// - Parameter kind: nil: either.
    /// - Throws: `.notFound(.node)` when there is none of that kind, or it is trashed and not `allowTrashed`;
    ///   `.denied(.node)` below `level`.
    func node(
        _ id: Node.ID, kind: Node.Kind? = nil, needing level: Level, for caller: Caller, allowTrashed: Bool = false
    ) throws -> Node {
        guard let node = try nodeIfAny(id), kind == nil || node.kind == kind,
            allowTrashed || node.deletion == .alive
        else { throw DriveError.notFound(.node(id)) }
        guard try self.level(of: node, for: caller) >= level else { throw DriveError.denied(.node(id)) }
        return node
    }

    /// Puts explicit rights on a node; one for a subject it already has replaces it.
    /// - Throws: `.invalidRights` for a subject of no known form.
    func grant(_ rights: [Right], on node: Node.ID) throws {
        for right in rights {
            guard Right.isKnown(subject: right.subject), right.level > .none else { throw DriveError.invalidRights }
            try run(
                """
                INSERT INTO node_grant (node_id, subject, level) VALUES (\(node), \(right.subject), \(right.level.rawValue))
                ON CONFLICT (node_id, subject) DO UPDATE SET level = excluded.level
                """
            )
        }
    }
}

extension Drive {
    /// Gives a person a level on a folder and everything below it; a second time replaces the level. Needs full.
    /// - Throws: `.notFound(.node)`, `.notFound(.person)`, `.denied`.
    package func share(
        folder: Node.ID, with person: Person.ID, level: Level, as caller: Caller
    ) async throws {
        try await database.write { tx in
            _ = try tx.node(folder, kind: .folder, needing: .full, for: caller)
            guard try tx.exists("SELECT 1 FROM person WHERE id = \(person)") else {
                throw DriveError.notFound(.person(person))
            }
            try tx.grant([Right(subject: "U\(person)", level: level)], on: folder)
        }
    }
}

extension Right {
    /// `*` or `AU` everyone, `U7` a person, `D1` or `DR1` a department, `SG3` a group.
    static func isKnown(subject: String) -> Bool {
        if subject == "*" || subject == "AU" { return true }
        for prefix in ["U", "DR", "D", "SG"] where subject.hasPrefix(prefix) {
            let number = subject.dropFirst(prefix.count)
            if number.utf8.count <= 18, !number.isEmpty, number.utf8.allSatisfy({ (48...57).contains($0) }) {
                return true
            }
        }
        return false
    }
}

extension Caller {
    /// True of a `node_grant g` that gives something to the caller.
    var holdsGrant: SQL {
        let mine =
            ["*", "AU", "U\(person)"] + departments.flatMap { ["D\($0)", "DR\($0)"] }
        return """
            (g.subject IN (\(list: mine)) OR g.subject IN (
                SELECT 'SG' || wm.group_id FROM work_group_member wm WHERE wm.person_id = \(person)))
            """
    }

    /// True of a `storage s` whose drive lets the caller read by itself. Drives of chats never do.
    var readsDrive: SQL {
        if isSystem { return "1 = 1" }
        if isAdministrator { return "s.kind <> 'chat'" }
        return """
            (s.kind = 'common' OR (s.kind = 'user' AND s.owner_id = \(person))
                OR (s.kind = 'restapp' AND s.owner_id = \(application?.rawValue ?? 0))
                OR (s.kind = 'group' AND s.owner_id IN (
                    SELECT wm.group_id FROM work_group_member wm WHERE wm.person_id = \(person)
                    UNION SELECT wg.id FROM work_group wg WHERE wg.owner_id = \(person))))
            """
    }

    /// True of a node `n` that the caller may read, wherever it lies. The statement must select from `node n` joined
    /// with its `storage s`.
    var readsNode: SQL {
        if isSystem { return "1 = 1" }
        return """
            (\(readsDrive)
                OR n.id IN (
                    WITH RECURSIVE given (id) AS (
                        SELECT g.node_id FROM node_grant g WHERE \(holdsGrant)
                        UNION
                        SELECT c.folder_id FROM chat c JOIN chat_member cm ON cm.chat_id = c.id
                        WHERE cm.person_id = \(person)
                        UNION
                        SELECT d.id FROM node d JOIN given ON d.parent_id = given.id
                    ) SELECT id FROM given))
            """
    }
}
