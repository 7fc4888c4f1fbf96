import SQLStore

extension Drive {
    /// The folder a chat's files lie in, made when first asked for. Whoever takes part in the chat may edit there.
    /// - Throws: `.notFound(.chat)`, `.denied(.chat)`.
    package func folder(of dialog: Dialog, as caller: Caller) async throws -> Node.ID {
        let now = now()
        return try await database.write { tx in
            let chat = try tx.chat(dialog, for: caller, atMs: now)
            return try tx.folder(of: chat, atMs: now)
        }
    }
}

extension Transaction {
    /// A chat's folder, made when it is missing or was thrown away.
    func folder(of chat: Chat, atMs now: Int64) throws -> Node.ID {
        if let folder = chat.folder, try isLiving(folder) { return folder }
        // Takes the row's lock: of two requests that both found no folder the second one waits and then sees the first's.
        try run("UPDATE chat SET folder_id = folder_id WHERE id = \(chat.id)")
        let current = try row("SELECT folder_id FROM chat WHERE id = \(chat.id)")?.intOrNull(0).map { Node.ID($0) }
        if let current, try isLiving(current) { return current }
        let root = try int("SELECT root_id FROM storage WHERE kind = \(Storage.Kind.chat.rawValue) AND owner_id = 0")
        let folder = try insertFolder(
            named: FileName(unchecked: "chat\(chat.id)"), in: Node.ID(root), by: chat.owner, atMs: now, uniqueName: true
        )
        try run("UPDATE chat SET folder_id = \(folder) WHERE id = \(chat.id)")
        return folder
    }

    /// True when `node` lies somewhere below `folder`.
    func lies(_ node: Node.ID, below folder: Node.ID) throws -> Bool {
        try exists(
            """
            WITH RECURSIVE up (parent_id) AS (
                SELECT parent_id FROM node WHERE id = \(node)
                UNION ALL SELECT n.parent_id FROM node n JOIN up ON n.id = up.parent_id)
            SELECT 1 FROM up WHERE parent_id = \(folder)
            """)
    }

    /// The chat in whose folder `node` lies; nil when in none.
    func chat(holding node: Node.ID) throws -> Chat.ID? {
        try row(
            """
            WITH RECURSIVE up (parent_id) AS (
                SELECT parent_id FROM node WHERE id = \(node)
                UNION ALL SELECT n.parent_id FROM node n JOIN up ON n.id = up.parent_id)
            SELECT c.id FROM chat c JOIN up ON c.folder_id = up.parent_id
            """
        ).map { Chat.ID(try $0.int(0)) }
    }

    private func isLiving(_ folder: Node.ID) throws -> Bool {
        try exists(
            """
            SELECT 1 FROM node WHERE id = \(folder) AND kind = \(Node.Kind.folder.rawValue)
                AND deleted_type = \(Node.Deletion.alive.rawValue)
            """)
    }
}
