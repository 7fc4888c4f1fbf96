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

    /// Sends files to a chat as one message. A file that lies outside the chat's folder is copied into it, under a free
    /// name; one that lies there already is sent as it is.
    ///
    /// - Parameter files: read right is needed on each; named twice, sent once.
    /// - Throws: `.notFound(.chat)`, `.denied(.chat)`; `.notFound(.node)`, `.denied(.node)` for the first file that cannot
    ///   be sent, and nothing is sent then; `.noSpace`.
    package func send(
        files: [Node.ID], text: String, to dialog: Dialog, as caller: Caller
    ) async throws -> Message {
        let (now, settings) = (now(), settings)
        return try await writingWithinSpace { tx in
            let chat = try tx.chat(dialog, for: caller, atMs: now)
            let folder = try tx.folder(of: chat, atMs: now)
            var sent: [Node] = []
            var seen: Set<Node.ID> = []
            for id in files where seen.insert(id).inserted {
                let file = try tx.node(id, kind: .file, needing: .read, for: caller)
                if try tx.lies(id, below: folder) {
                    sent.append(file)
                } else {
                    try tx.requireSpace(file.content?.sizeBytes ?? 0, settings: settings)
                    let copy = try tx.insertCopy(
                        of: file, named: FileName(unchecked: file.name), in: folder, by: caller.person, atMs: now,
                        uniqueName: true)
                    sent.append(try tx.existingNode(copy))
                }
            }
            let message = try tx.insertMessage(text, in: chat.id, by: caller.person, files: sent.map(\.id), atMs: now)
            return Message(
                id: message, chat: chat.id, author: caller.person, text: text, isDeleted: false, replyTo: nil,
                createdMs: now,
                files: sent)
        }
    }
}

extension Drive {
    /// What a message of a withdrawn file says.
    package static let withdrawnText = "Message deleted"

    /// Removes a file from a chat for good, with the messages it was sent by taken back. Only whoever sent it may; a file
    /// in the folder that was never sent counts as sent by whoever put it there.
    ///
    /// - Returns: false when it was somebody else's: nothing is changed then.
    /// - Throws: `.notFound(.chat)`, `.denied(.chat)`, `.notFound(.node)` when there is no such file in the chat's folder.
    package func withdraw(_ id: Node.ID, from chat: Chat.ID, as caller: Caller) async throws -> Bool {
        let now = now()
        return try await database.write { tx in
            _ = try tx.chat(chat, for: caller)
            guard let file = try tx.nodeIfAny(id), file.kind == .file, try tx.chat(holding: id) == chat else {
                throw DriveError.notFound(.node(id))
            }
            let senders = try tx.rows(
                """
                SELECT DISTINCT m.author_id FROM message m JOIN message_file f ON f.message_id = m.id
                WHERE f.node_id = \(id)
                """
            ).map { try $0.int(0) }
            guard (senders.isEmpty ? [file.createdBy] : senders).allSatisfy({ $0 == caller.person.rawValue }) else {
                return false
            }
            try tx.run(
                """
                UPDATE message SET text = \(Self.withdrawnText), is_deleted = 1
                WHERE id IN (SELECT message_id FROM message_file WHERE node_id = \(id))
                """)
            try tx.purge(id, atMs: now)
            return true
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
