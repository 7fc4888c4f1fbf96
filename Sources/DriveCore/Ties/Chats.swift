import SQLStore

extension Drive {
    /// A new chat. `caller` takes part in it and owns it; anyone may make one.
    package func addChat(_ new: NewChat, as caller: Caller) async throws -> Chat.ID {
        let now = now()
        return try await database.write { tx in
            let id = Chat.ID(
                try tx.int(
                    """
                    INSERT INTO chat (kind, title, description, color, owner_id, entity_type, entity_id, created_ms)
                    VALUES (\(new.kind.rawValue), \(new.title), \(new.description), \(new.color?.rawValue ?? ""),
                        \(caller.person), \(new.entityType), \(new.entityID), \(now))
                    RETURNING id
                    """))
            let color = new.color ?? ChatColor.allCases[Int(id.rawValue % Int64(ChatColor.allCases.count))]
            let title = new.title.isEmpty ? "\(color.name) chat №\(id)" : new.title
            try tx.run("UPDATE chat SET title = \(title), color = \(color.rawValue) WHERE id = \(id)")
            try tx.insertMembers([caller.person] + new.members, of: id, seeingFrom: 0, atMs: now)
            if !new.message.isEmpty { _ = try tx.insertMessage(new.message, in: id, by: caller.person, atMs: now) }
            return id
        }
    }

    /// The chat bound to that object: its own one, else the newest. Anyone may ask, and learns no more than the id.
    /// - Returns: nil when there is none.
    package func chat(boundTo entityType: String, _ entityID: String) async throws -> Chat.ID? {
        try await database.read { tx in
            try tx.row(
                """
                SELECT id FROM chat WHERE entity_type = \(entityType) AND entity_id = \(entityID)
                ORDER BY CASE WHEN dialog_key IS NULL THEN 1 ELSE 0 END, id DESC LIMIT 1
                """
            ).map { Chat.ID(try $0.int(0)) }
        }
    }

    /// A chat `caller` takes part in.
    /// - Throws: `.notFound(.chat)`, `.denied(.chat)`.
    package func chat(_ dialog: Dialog, as caller: Caller) async throws -> Chat {
        let now = now()
        if case .chat(let id) = dialog { return try await read(as: caller) { try $0.chat(id, for: caller) } }
        return try await database.write { try $0.chat(dialog, for: caller, atMs: now) }
    }

    /// Who takes part, by id.
    /// - Throws: `.notFound(.chat)`, `.denied(.chat)` unless `caller` is one of them.
    package func members(of id: Chat.ID, as caller: Caller) async throws -> [Person.ID] {
        try await read(as: caller) { tx in
            let chat = try tx.chat(id, for: caller)
            return try tx.members(of: chat.id)
        }
    }

    /// The same people as a list of persons.
    /// - Throws: `.notFound(.chat)`, `.denied(.chat)`, `.invalidListing`.
    package func members(
        of id: Chat.ID, _ listing: Listing<PersonField>, as caller: Caller
    ) async throws -> Page<Person> {
        try await read(as: caller) { tx in
            let chat = try tx.chat(id, for: caller)
            return try tx.page(
                listing, columns: Person.columns, from: "person p",
                where: "p.id IN (SELECT m.person_id FROM chat_member m WHERE m.chat_id = \(chat.id))", id: "p.id"
            ) { row in
                try Person(row, departments: try tx.departments(of: Person.ID(try row.int(0))))
            }
        }
    }

    /// Lets people in; whoever takes part may. People already in it stay as they are, unknown ones are passed over.
    ///
    /// - Parameter hidingHistory: the new ones do not see earlier messages.
    /// - Throws: `.notFound(.chat)`, `.denied(.chat)`, `.chat(.fixedMembers)`, `.notFound(.person)` when none of them exists.
    package func addMembers(
        _ people: [Person.ID], to id: Chat.ID, hidingHistory: Bool, as caller: Caller
    ) async throws {
        let now = now()
        try await database.write { tx in
            let chat = try tx.chat(id, for: caller)
            if chat.hasFixedMembers { throw DriveError.chat(.fixedMembers) }
            let seesFrom =
                hidingHistory ? try tx.int("SELECT coalesce(max(id), 0) + 1 FROM message WHERE chat_id = \(id)") : 0
            let known = try tx.insertMembers(people, of: id, seeingFrom: seesFrom, atMs: now)
            if known == 0 { throw DriveError.notFound(.person(people.first ?? Person.ID(0))) }
        }
    }

    /// Takes somebody out of a chat: the owner anybody, everybody themselves. A leaving owner hands the chat to whoever
    /// has been in it longest.
    ///
    /// - Throws: `.notFound(.chat)`, `.denied(.chat)`, `.chat`.
    package func removeMember(_ person: Person.ID, from id: Chat.ID, as caller: Caller) async throws {
        try await database.write { tx in
            let chat = try tx.chat(id, for: caller)
            if chat.hasFixedMembers { throw DriveError.chat(.fixedMembers) }
            if person != caller.person, chat.owner != caller.person, !caller.isSystem {
                throw DriveError.chat(.notOwner)
            }
            let removed = try tx.run("DELETE FROM chat_member WHERE chat_id = \(id) AND person_id = \(person)")
            if removed == 0 { throw DriveError.chat(.notAMember) }
            guard person == chat.owner else { return }
            try tx.run(
                """
                UPDATE chat SET owner_id = coalesce((SELECT person_id FROM chat_member WHERE chat_id = \(id)
                    ORDER BY joined_ms, person_id LIMIT 1), 0)
                WHERE id = \(id)
                """)
        }
    }

    /// Hands a chat over to another of its people. Only its owner may.
    /// - Throws: `.notFound(.chat)`, `.denied(.chat)`, `.chat(.fixedMembers)`, `.chat(.notOwner)`, `.chat(.notAMember)`.
    package func setOwner(_ person: Person.ID, of dialog: Dialog, as caller: Caller) async throws {
        let now = now()
        try await database.write { tx in
            let chat = try tx.chat(dialog, for: caller, atMs: now)
            if chat.hasFixedMembers { throw DriveError.chat(.fixedMembers) }
            guard chat.owner == caller.person || caller.isSystem else { throw DriveError.chat(.notOwner) }
            guard try tx.members(of: chat.id).contains(person) else { throw DriveError.chat(.notAMember) }
            try tx.run("UPDATE chat SET owner_id = \(person) WHERE id = \(chat.id)")
        }
    }

    /// Gives a chat another title; whoever takes part may, except where its title is that of something else.
    /// - Throws: `.notFound(.chat)`, `.denied(.chat)`, `.chat(.fixedMembers)`.
    package func renameChat(_ dialog: Dialog, to title: String, as caller: Caller) async throws {
        let now = now()
        try await database.write { tx in
            let chat = try tx.chat(dialog, for: caller, atMs: now)
            if chat.hasFixedMembers { throw DriveError.chat(.fixedMembers) }
            try tx.run("UPDATE chat SET title = \(title) WHERE id = \(chat.id)")
        }
    }
}
