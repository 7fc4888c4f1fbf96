import SQLStore

extension Transaction {
    /// A chat `caller` takes part in; for the system, any.
    /// - Throws: `.notFound(.chat)`, `.denied(.chat)`.
    func chat(_ id: Chat.ID, for caller: Caller) throws -> Chat {
        guard let chat = try chatIfAny(where: "c.id = \(id)") else { throw DriveError.notFound(.chat) }
        if !caller.isSystem {
            let takesPart = try exists(
                "SELECT 1 FROM chat_member WHERE chat_id = \(id) AND person_id = \(caller.person)")
            if !takesPart { throw DriveError.denied(.chat) }
        }
        return chat
    }

    /// As `chat(_:for:)`; the chat of two people or of a work group is made when it is missing.
    func chat(_ dialog: Dialog, for caller: Caller, atMs now: Int64) throws -> Chat {
        switch dialog {
        case .chat(let id): try chat(id, for: caller)
        case .person(let person): try privateChat(of: caller.person, and: person, for: caller, atMs: now)
        case .group(let group): try groupChat(of: group, for: caller, atMs: now)
        }
    }

    func members(of id: Chat.ID) throws -> [Person.ID] {
        try rows("SELECT person_id FROM chat_member WHERE chat_id = \(id) ORDER BY person_id")
            .map { Person.ID(try $0.int(0)) }
    }

    /// Lets in those of `people` who exist and are active.
    /// - Returns: how many of them there are, in the chat before or not.
    @discardableResult
    func insertMembers(_ people: [Person.ID], of id: Chat.ID, seeingFrom: Int64, atMs now: Int64) throws -> Int {
        var known = 0
        for some in Set(people).sorted().batches(of: bindingsAtOnce) {
            let active = try rows("SELECT id FROM person WHERE id IN (\(list: some)) AND is_active = 1")
                .map { try $0.int(0) }
            known += active.count
            for person in active {
                try run(
                    """
                    INSERT INTO chat_member (chat_id, person_id, joined_ms, sees_from)
                    VALUES (\(id), \(person), \(now), \(seeingFrom))
                    ON CONFLICT (chat_id, person_id) DO NOTHING
                    """)
            }
        }
        return known
    }

    /// Makes `people` exactly who takes part.
    func setMembers(_ people: [Person.ID], of id: Chat.ID, atMs now: Int64) throws {
        for person in Set(try members(of: id)).subtracting(people) {
            try run("DELETE FROM chat_member WHERE chat_id = \(id) AND person_id = \(person)")
        }
        try insertMembers(people, of: id, seeingFrom: 0, atMs: now)
    }

    /// The one chat with `key`, made when it is missing.
    func chat(
        key: String, kind: Chat.Kind, title: String, owner: Person.ID, entityType: String = "", entityID: String = "",
        atMs now: Int64
    ) throws -> Chat {
        if let chat = try chatIfAny(where: "c.dialog_key = \(key)") { return chat }
        let colors = ChatColor.allCases
        let color = colors[Int(owner.rawValue.magnitude % UInt64(colors.count))]
        try run(
            """
            INSERT INTO chat (kind, title, description, color, owner_id, entity_type, entity_id, dialog_key, created_ms)
            VALUES (\(kind.rawValue), \(title), '', \(color.rawValue), \(owner), \(entityType), \(entityID), \(key), \(now))
            ON CONFLICT (dialog_key) DO NOTHING
            """)
        guard let chat = try chatIfAny(where: "c.dialog_key = \(key)") else { throw DriveError.notFound(.chat) }
        return chat
    }

    private func privateChat(
        of one: Person.ID, and other: Person.ID, for caller: Caller, atMs now: Int64
    ) throws -> Chat {
        let people = Set([one, other]).sorted()
        let active = try rows("SELECT id FROM person WHERE id IN (\(list: people)) AND is_active = 1")
        guard active.count == people.count else { throw DriveError.notFound(.chat) }
        let key = "\(min(one, other)):\(max(one, other))"
        let chat = try chat(key: key, kind: .private, title: "", owner: one, atMs: now)
        try insertMembers(people, of: chat.id, seeingFrom: 0, atMs: now)
        return chat
    }

    private func groupChat(of group: Int64, for caller: Caller, atMs now: Int64) throws -> Chat {
        guard let row = try row("SELECT name, owner_id FROM work_group WHERE id = \(group)") else {
            throw DriveError.notFound(.chat)
        }
        let owner = Person.ID(try row.int(1))
        let people = try rows("SELECT person_id FROM work_group_member WHERE group_id = \(group)")
            .map { Person.ID(try $0.int(0)) }
        let mayEnter = caller.isSystem || owner == caller.person || people.contains(caller.person)
        guard mayEnter else { throw DriveError.denied(.chat) }
        let chat = try chat(
            key: "sg\(group)", kind: .group, title: try row.text(0), owner: owner,
            entityType: Chat.groupEntityType, entityID: String(group), atMs: now)
        try setMembers([owner] + people, of: chat.id, atMs: now)
        return chat
    }

    private func chatIfAny(where condition: SQL) throws -> Chat? {
        try row(
            """
            SELECT c.id, c.kind, c.title, c.description, c.color, c.owner_id, c.entity_type, c.entity_id, c.folder_id,
                c.created_ms, CASE WHEN c.dialog_key IS NULL THEN 0 ELSE 1 END
            FROM chat c WHERE \(condition)
            """
        ).map(Chat.init(row:))
    }
}

extension Chat {
    init(row: Row) throws {
        id = Chat.ID(try row.int(0))
        guard let kind = Kind(rawValue: try row.text(1)) else { throw SQLError.failed(message: "unknown kind of chat") }
        self.kind = kind
        title = try row.text(2)
        description = try row.text(3)
        color = ChatColor(rawValue: try row.text(4)) ?? .azure
        owner = Person.ID(try row.int(5))
        entityType = try row.text(6)
        entityID = try row.text(7)
        folder = try row.intOrNull(8).map { Node.ID($0) }
        createdMs = try row.int(9)
        hasFixedMembers = try row.bool(10)
    }
}

/// How many values one `IN` list may carry: far below what either engine takes.
let bindingsAtOnce = 500

extension Array {
    /// The elements in runs of at most `size`.
    func batches(of size: Int) -> [ArraySlice<Element>] {
        stride(from: 0, to: count, by: size).map { self[$0..<Swift.min($0 + size, count)] }
    }
}

extension SQL.StringInterpolation {
    mutating func appendInterpolation(list values: ArraySlice<some SQLBindable>) {
        appendInterpolation(list: Array(values))
    }
}
