import SQLStore

extension Drive {
    /// Gives a message another text. Only its author may, while they take part in the chat.
    ///
    /// - Parameter text: nil: the right is asked for and nothing changed; empty: the message is taken back, as by
    ///   `deleteMessage`.
    /// - Throws: `.chat(.notYourMessage)`; for a message that was taken back too.
    package func editMessage(_ id: Message.ID, to text: String?, as caller: Caller) async throws {
        try await database.write { tx in
            let message = try tx.message(id, for: caller)
            guard message.isCallers, !message.isDeleted else { throw DriveError.chat(.notYourMessage) }
            guard let text else { return }
            if text.isEmpty {
                try tx.takeBack(id)
            } else {
                try tx.run("UPDATE message SET text = \(text) WHERE id = \(id)")
            }
        }
    }

    /// Takes a message back: its text says so and its files are no longer shown with it. They stay in the chat's folder.
    /// Its author may, and of any chat but a private one the owner. A second time changes nothing.
    /// - Throws: `.chat(.notYourMessage)`.
    package func deleteMessage(_ id: Message.ID, as caller: Caller) async throws {
        try await database.write { tx in
            let message = try tx.message(id, for: caller)
            guard message.isCallers || message.isInCallersChat else { throw DriveError.chat(.notYourMessage) }
            try tx.takeBack(id)
        }
    }
}

/// What decides who may change a message.
private struct MessageStanding {
    let isCallers: Bool
    /// In a chat the caller owns, private ones apart.
    let isInCallersChat: Bool
    let isDeleted: Bool
}

extension Transaction {
    /// - Throws: `.chat(.notYourMessage)` for a message the caller does not see.
    fileprivate func message(_ id: Message.ID, for caller: Caller) throws -> MessageStanding {
        let found = try row(
            """
            SELECT m.author_id, m.is_deleted, c.owner_id, c.kind FROM message m JOIN chat c ON c.id = m.chat_id
            JOIN chat_member cm ON cm.chat_id = c.id AND cm.person_id = \(caller.person) AND m.id >= cm.sees_from
            WHERE m.id = \(id)
            """)
        guard let found else { throw DriveError.chat(.notYourMessage) }
        let caller = caller.person.rawValue
        return MessageStanding(
            isCallers: try found.int(0) == caller,
            isInCallersChat: try found.int(2) == caller && found.text(3) != Chat.Kind.private.rawValue,
            isDeleted: try found.bool(1))
    }

    fileprivate func takeBack(_ id: Message.ID) throws {
        try run("UPDATE message SET text = \(Drive.withdrawnText), is_deleted = 1 WHERE id = \(id)")
    }
}
