import SQLStore

/// Which messages of a chat to read.
package enum MessageWindow: Sendable, Hashable {
    /// The newest, newest first.
    case newest
    /// Those before this message, newest first.
    case before(Message.ID)
    /// Those after this message, oldest first; 0: from the beginning.
    case after(Message.ID)
}

extension Drive {
    /// Says something in a chat.
    /// - Parameter isFromSystem: the message has no author.
    /// - Parameter original: the message of the same chat that it answers.
    /// - Throws: `.notFound(.chat)`, `.denied(.chat)`, `.chat(.replyElsewhere)`, `.chat(.replyToNothing)`.
    package func say(
        _ text: String, in dialog: Dialog, answering original: Message.ID? = nil, isFromSystem: Bool = false,
        as caller: Caller
    ) async throws -> Message.ID {
        let now = now()
        let author = isFromSystem ? Person.ID(0) : caller.person
        return try await database.write { tx in
            let chat = try tx.chat(dialog, for: caller, atMs: now)
            if let original { try tx.checkReply(to: original, in: chat.id, for: caller) }
            return try tx.insertMessage(text, in: chat.id, by: author, answering: original, atMs: now)
        }
    }

    /// Messages of a chat, as far as the caller may look back.
    ///
    /// - Parameter limit: 1 or more.
    /// - Returns: none when `window` names a message that is not in the chat.
    /// - Throws: `.notFound(.chat)`, `.denied(.chat)`.
    package func messages(
        in id: Chat.ID, _ window: MessageWindow, limit: Int, as caller: Caller
    ) async throws -> [Message] {
        try await read(as: caller) { tx in
            let chat = try tx.chat(id, for: caller)
            let bound: SQL
            let order: String
            switch window {
            case .newest: (bound, order) = ("1 = 1", "DESC")
            case .before(let last): (bound, order) = ("m.id < \(last)", "DESC")
            case .after(let first): (bound, order) = ("m.id > \(first)", "ASC")
            }
            if let edge = window.edge,
                try !tx.exists(
                    "SELECT 1 FROM message WHERE chat_id = \(chat.id) AND id = \(edge)")
            {
                return []
            }
            let rows = try tx.rows(
                """
                SELECT m.id, m.author_id, m.text, m.created_ms, m.is_deleted, m.reply_to_id FROM message m
                WHERE m.chat_id = \(chat.id) AND \(bound) AND m.id >= coalesce((SELECT sees_from FROM chat_member
                    WHERE chat_id = \(chat.id) AND person_id = \(caller.person)), 0)
                ORDER BY m.id \(raw: order) LIMIT \(limit)
                """)
            // Of a message that was taken back the files are no longer shown.
            let files = try tx.files(ofMessages: try rows.filter { try !$0.bool(4) }.map { try $0.int(0) })
            return try rows.map { row in
                let id = Message.ID(try row.int(0))
                return Message(
                    id: id, chat: chat.id, author: Person.ID(try row.int(1)), text: try row.text(2),
                    isDeleted: try row.bool(4), replyTo: try row.intOrNull(5).map { Message.ID($0) },
                    createdMs: try row.int(3), files: files[id] ?? [])
            }
        }
    }

    /// How much is in a chat.
    /// - Throws: `.notFound(.chat)`, `.denied(.chat)`.
    package func counts(of id: Chat.ID, as caller: Caller) async throws -> ChatCounts {
        try await read(as: caller) { tx in
            _ = try tx.chat(id, for: caller)
            let messages = try tx.rows("SELECT count(*), coalesce(max(id), 0) FROM message WHERE chat_id = \(id)")[0]
            return ChatCounts(
                members: try tx.int("SELECT count(*) FROM chat_member WHERE chat_id = \(id)"),
                messages: try messages.int(0), lastMessage: Message.ID(try messages.int(1)))
        }
    }
}

/// How many people and messages a chat has.
package struct ChatCounts: Sendable, Hashable {
    package let members: Int64
    package let messages: Int64
    /// 0: there is none.
    package let lastMessage: Message.ID
}

extension MessageWindow {
    /// The message that must exist for the window to mean anything.
    fileprivate var edge: Message.ID? {
        switch self {
        case .newest, .after(Message.ID(0)): nil
        case .before(let id), .after(let id): id
        }
    }
}

extension Transaction {
    func insertMessage(
        _ text: String, in chat: Chat.ID, by author: Person.ID, files: [Node.ID] = [],
        answering original: Message.ID? = nil, atMs now: Int64
    ) throws -> Message.ID {
        let id = try int(
            """
            INSERT INTO message (chat_id, author_id, text, is_deleted, reply_to_id, created_ms)
            VALUES (\(chat), \(author), \(text), 0, \(original), \(now)) RETURNING id
            """)
        for file in files {
            try run("INSERT INTO message_file (message_id, node_id) VALUES (\(id), \(file))")
        }
        return Message.ID(id)
    }

    /// - Throws: `.chat(.replyToNothing)`, `.chat(.replyElsewhere)`.
    fileprivate func checkReply(to original: Message.ID, in chat: Chat.ID, for caller: Caller) throws {
        let row = try row(
            """
            SELECT m.chat_id FROM message m JOIN chat_member c ON c.chat_id = m.chat_id
            WHERE m.id = \(original) AND c.person_id = \(caller.person) AND m.id >= c.sees_from
            """)
        guard let row else { throw DriveError.chat(.replyToNothing) }
        if try row.int(0) != chat.rawValue { throw DriveError.chat(.replyElsewhere) }
    }

    fileprivate func files(ofMessages ids: [Int64]) throws -> [Message.ID: [Node]] {
        var files: [Message.ID: [Node]] = [:]
        for some in ids.batches(of: bindingsAtOnce) {
            let rows = try rows(
                "SELECT message_id, node_id FROM message_file WHERE message_id IN (\(list: some)) ORDER BY 1, 2")
            for row in rows {
                guard let node = try nodeIfAny(Node.ID(try row.int(1))), node.deletion == .alive else { continue }
                files[Message.ID(try row.int(0)), default: []].append(node)
            }
        }
        return files
    }
}
