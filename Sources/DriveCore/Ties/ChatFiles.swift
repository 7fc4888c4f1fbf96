import SQLStore

extension Drive {
    /// Code of a file that was sent to a chat as it is: shown as a file, not as a picture (page `im.disk.file.commit`).
    package static let originalCode = "media_original"

    /// Sends files to a chat as one message. A file that lies outside the chat's folder is copied into it, under a free
    /// name; one that lies there already is sent as it is.
    ///
    /// - Parameter files: read right is needed on each; named twice, sent once.
    /// - Parameter asOriginals: marks what was sent with `originalCode`.
    /// - Throws: `.notFound(.chat)`, `.denied(.chat)`; `.notFound(.node)`, `.denied(.node)` for the first file that cannot
    ///   be sent, and nothing is sent then; `.noSpace`.
    package func send(
        files: [Node.ID], asOriginals: Bool = false, text: String, to dialog: Dialog, as caller: Caller
    ) async throws -> Message {
        let (now, settings) = (now(), settings)
        return try await writingWithinSpace { tx in
            let chat = try tx.chat(dialog, for: caller, atMs: now)
            let folder = try tx.folder(of: chat, atMs: now)
            var sent: [Node.ID] = []
            var seen: Set<Node.ID> = []
            for id in files where seen.insert(id).inserted {
                let file = try tx.node(id, kind: .file, needing: .read, for: caller)
                if try tx.lies(id, below: folder) {
                    sent.append(id)
                } else {
                    try tx.requireSpace(file.content?.sizeBytes ?? 0, settings: settings)
                    sent.append(
                        try tx.insertCopy(
                            of: file, named: FileName(unchecked: file.name), in: folder, by: caller.person, atMs: now,
                            uniqueName: true))
                }
            }
            if asOriginals {
                for id in sent { try tx.run("UPDATE node SET code = \(Self.originalCode) WHERE id = \(id)") }
            }
            return try tx.send(sent, text, to: chat, by: caller.person, atMs: now)
        }
    }

    /// Sends a new file to a chat as one message; it lies in the chat's folder, under a free name.
    /// - Throws: `.notFound(.chat)`, `.denied(.chat)`, `.noSpace`.
    package func send(
        _ content: StagedContent, named name: FileName, text: String, to dialog: Dialog, as caller: Caller
    ) async throws -> Message {
        let (now, settings) = (now(), settings)
        return try await writingWithinSpace { tx in
            let chat = try tx.chat(dialog, for: caller, atMs: now)
            let folder = try tx.folder(of: chat, atMs: now)
            try tx.requireSpace(content.sizeBytes, settings: settings)
            let facts = VersionFacts(name: name, by: caller.person, atMs: now)
            let file = try tx.insertFile(
                facts, in: folder, blob: tx.insertBlob(content, atMs: now), sizeBytes: content.sizeBytes,
                uniqueName: true)
            return try tx.send([file], text, to: chat, by: caller.person, atMs: now)
        }
    }

    /// A living file of a chat, sent or only lying in its folder. Whoever takes part in the chat may ask.
    /// - Throws: `.notFound(.chat)`, `.denied(.chat)`, `.notFound(.node)` when there is none in the chat's folder.
    package func file(_ id: Node.ID, of chat: Chat.ID, as caller: Caller) async throws -> Node {
        try await read(as: caller) { tx in
            _ = try tx.chat(chat, for: caller)
            guard let file = try tx.nodeIfAny(id), file.kind == .file, file.deletion == .alive,
                try tx.chat(holding: id) == chat
            else { throw DriveError.notFound(.node(id)) }
            return file
        }
    }

    /// What a message that was taken back says.
    package static let withdrawnText = "Message deleted"

    /// Removes a file from a chat for good. Only whoever sent it may; a file in the folder that was never sent counts as
    /// sent by whoever put it there. A message is taken back with the last of its files.
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
                WHERE id IN (SELECT message_id FROM message_file WHERE node_id = \(id)) AND NOT EXISTS (
                    SELECT 1 FROM message_file f JOIN node n ON n.id = f.node_id
                    WHERE f.message_id = message.id AND f.node_id <> \(id)
                        AND n.deleted_type = \(Node.Deletion.alive.rawValue))
                """)
            try tx.purge(id, atMs: now)
            return true
        }
    }
}

extension Transaction {
    fileprivate func send(
        _ files: [Node.ID], _ text: String, to chat: Chat, by person: Person.ID, atMs now: Int64
    ) throws -> Message {
        let id = try insertMessage(text, in: chat.id, by: person, files: files, atMs: now)
        return Message(
            id: id, chat: chat.id, author: person, text: text, isDeleted: false, replyTo: nil, createdMs: now,
            files: try files.map { try existingNode($0) })
    }
}
