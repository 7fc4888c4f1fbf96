import SQLStore

/// A Bitrix24 attached object: a file tied to a task, a comment or a checklist item. It stays while the file is in the
/// trash, and goes when the file is purged.
package struct Attachment: Sendable, Hashable {
    package typealias ID = Identifier<Attachment>

    package let id: ID
    package let node: Node.ID
    package let module: String
    package let entityType: String
    package let entityID: Int64
    package let createdMs: Int64
    package let createdBy: Int64
    /// The file's own name and size now.
    package let name: String
    package let sizeBytes: Int64
}

extension Drive {
    /// - Throws: `.notFound(.attachment)`, `.denied` when the caller may read neither the file nor the task.
    package func attachment(_ id: Attachment.ID, as caller: Caller) async throws -> Attachment {
        try await read(as: caller) { try $0.attachment(id, for: caller) }
    }

    /// The bytes of an attached file, for whoever may read the file or the task it is attached to.
    /// - Throws: as `attachment(_:as:)`; `.notFound(.node)` while the file is in the trash.
    package func content(ofAttachment id: Attachment.ID, as caller: Caller) async throws -> ReadableContent {
        let attachment = try await attachment(id, as: caller)
        return try await content(of: attachment.node, allowTrashed: false, as: .system)
    }

    /// Attaches a file to a task. The file stays where it is; attached before, it keeps its attachment.
    ///
    /// - Throws: `.denied(.task)` when there is no such task the caller may change, `.task(.unreadableFile)` when there is
    ///   no such file the caller may read.
    package func attach(_ file: Node.ID, to task: TaskItem.ID, as caller: Caller) async throws -> Attachment.ID {
        let now = now()
        return try await database.write { tx in
            _ = try tx.task(task, toChangeFor: caller)
            let id = try tx.attach(file, to: .task(task), for: caller, atMs: now)
            try tx.noteChange(of: task, by: caller, atMs: now)
            return id
        }
    }

    /// The attachments of those of `tasks` the caller may see, oldest first.
    package func attachments(
        ofTasks tasks: [TaskItem.ID], as caller: Caller
    ) async throws -> [TaskItem.ID: [Attachment.ID]] {
        try await read(as: caller) { tx in
            var found: [TaskItem.ID: [Attachment.ID]] = [:]
            for some in tasks.batches(of: bindingsAtOnce) {
                let rows = try tx.rows(
                    """
                    SELECT a.entity_id, a.id FROM attachment a JOIN task t ON t.id = a.entity_id
                    WHERE a.entity_type = \(AttachmentHost.taskType) AND a.entity_id IN (\(list: some))
                        AND \(caller.seesTask())
                    ORDER BY a.id
                    """)
                for row in rows {
                    found[TaskItem.ID(try row.int(0)), default: []].append(Attachment.ID(try row.int(1)))
                }
            }
            return found
        }
    }
}

extension Transaction {
    func attachment(_ id: Attachment.ID, for caller: Caller) throws -> Attachment {
        guard let row = try row("SELECT \(raw: Attachment.columns) FROM \(raw: Attachment.tables) WHERE a.id = \(id)")
        else { throw DriveError.notFound(.attachment(id)) }
        let attachment = try Attachment(row: row)
        if try level(of: attachment.node, for: caller) >= .read { return attachment }
        guard try seesHost(type: attachment.entityType, id: attachment.entityID, caller) else {
            throw DriveError.denied(.attachment(id))
        }
        return attachment
    }

    /// The attachments of hosts of one type, oldest first, by the hosts' ids.
    func attachments(ofType type: String, _ ids: [Int64]) throws -> [Int64: [Attachment]] {
        var found: [Int64: [Attachment]] = [:]
        for some in ids.batches(of: bindingsAtOnce) {
            let rows = try rows(
                """
                SELECT \(raw: Attachment.columns) FROM \(raw: Attachment.tables)
                WHERE a.entity_type = \(type) AND a.entity_id IN (\(list: some)) ORDER BY a.id
                """)
            for row in rows {
                let attachment = try Attachment(row: row)
                found[attachment.entityID, default: []].append(attachment)
            }
        }
        return found
    }

    /// - Parameter author: somebody else who must be able to read the file too; nil: nobody.
    /// - Throws: `.task(.unreadableFile)`.
    func attach(
        _ file: Node.ID, to host: AttachmentHost, for caller: Caller, author: Caller? = nil, atMs now: Int64
    ) throws -> Attachment.ID {
        guard let node = try nodeIfAny(file), node.kind == .file, node.deletion == .alive else {
            throw DriveError.task(.unreadableFile)
        }
        for reader in [caller, author].compactMap({ $0 }) where try level(of: file, for: reader) < .read {
            throw DriveError.task(.unreadableFile)
        }
        let (type, entity) = (host.entityType, host.entityID)
        try run(
            """
            INSERT INTO attachment (node_id, module, entity_type, entity_id, created_ms, created_by)
            VALUES (\(file), \(host.module), \(type), \(entity), \(now), \(caller.person))
            ON CONFLICT (entity_type, entity_id, node_id) DO NOTHING
            """)
        return Attachment.ID(
            try int(
                """
                SELECT id FROM attachment WHERE entity_type = \(type) AND entity_id = \(entity) AND node_id = \(file)
                """))
    }

    /// Makes `files` exactly what is attached to a host.
    /// - Throws: `.task(.unreadableFile)` for a file the caller or `author` may not read and an attachment of something
    ///   else.
    func setFiles(
        _ files: [TaskFields.File], of host: AttachmentHost, for caller: Caller, author: Caller? = nil, atMs now: Int64
    ) throws {
        let (type, entity) = (host.entityType, host.entityID)
        var old: [Attachment.ID: Node.ID] = [:]
        for row in try rows(
            "SELECT id, node_id FROM attachment WHERE entity_type = \(type) AND entity_id = \(entity)")
        {
            old[Attachment.ID(try row.int(0))] = Node.ID(try row.int(1))
        }
        var kept: Set<Attachment.ID> = []
        for file in files {
            switch file {
            case .attachment(let id):
                guard old[id] != nil else { throw DriveError.task(.unreadableFile) }
                kept.insert(id)
            case .node(let node):
                if let attached = old.first(where: { $0.value == node })?.key {
                    kept.insert(attached)
                } else {
                    kept.insert(try attach(node, to: host, for: caller, author: author, atMs: now))
                }
            }
        }
        for id in Set(old.keys).subtracting(kept) { try run("DELETE FROM attachment WHERE id = \(id)") }
    }
}

extension Attachment {
    static let tables = "attachment a JOIN node n ON n.id = a.node_id"
    static let columns = """
        a.id, a.node_id, a.module, a.entity_type, a.entity_id, a.created_ms, a.created_by, n.name, n.size_bytes
        """

    init(row: Row) throws {
        id = ID(try row.int(0))
        node = Node.ID(try row.int(1))
        module = try row.text(2)
        entityType = try row.text(3)
        entityID = try row.int(4)
        createdMs = try row.int(5)
        createdBy = try row.int(6)
        name = try row.text(7)
        sizeBytes = try row.int(8)
    }
}
