import SQLStore

extension Drive {
    /// The drives `caller` may read. Drives of chats are never listed.
    package func storages(_ listing: Listing<StorageField>, as caller: Caller) async throws -> Page<Storage> {
        try await read(as: caller) { tx in
            let visible: SQL = """
                s.kind <> 'chat' AND (\(caller.readsDrive) OR EXISTS (
                    SELECT 1 FROM node_grant g WHERE g.node_id = s.root_id AND \(caller.holdsGrant)))
                """
            return try tx.page(
                listing, columns: StorageRow.columns, from: "storage s", where: visible, id: "s.id",
                read: StorageRow.read)
        }
    }

    /// - Throws: `.notFound` when there is none, `.denied` without read right on its root.
    package func storage(_ id: Storage.ID, as caller: Caller) async throws -> Storage {
        try await read(as: caller) { tx in
            let storage = try tx.storage(id)
            guard try tx.level(of: storage.root, for: caller) >= .read else { throw DriveError.denied(.storage(id)) }
            return storage
        }
    }

    /// The personal drive of `person`.
    /// - Throws: `.notFound(.person)`.
    package func personalStorage(of person: Person.ID) async throws -> Storage {
        try await database.read { tx in
            guard let storage = try tx.storageIfAny(kind: .user, ownerID: person.rawValue) else {
                throw DriveError.notFound(.person(person))
            }
            return storage
        }
    }

    /// Renames the drive of the caller's application.
    /// - Throws: `.notFound(.storage)`, `.denied(.storage)` for any other drive.
    package func rename(storage id: Storage.ID, to name: FileName, as caller: Caller) async throws -> Storage {
        let now = now()
        return try await database.write { tx in
            let storage = try tx.storage(id)
            guard storage.kind == .restapp, storage.ownerID == caller.application?.rawValue else {
                throw DriveError.denied(.storage(id))
            }
            try tx.run("UPDATE storage SET name = \(name.text), name_fold = \(name.folded) WHERE id = \(id)")
            try tx.run(
                """
                UPDATE node SET name = \(name.text), name_fold = \(name.folded), updated_ms = \(now),
                    updated_by = \(caller.person)
                WHERE id = \(storage.root)
                """
            )
            return try tx.storage(id)
        }
    }

    /// The drive of the caller's application, made when it is first asked for.
    /// - Throws: `.notFound(.application)` when the caller comes without one.
    package func applicationStorage(as caller: Caller) async throws -> Storage {
        guard let application = caller.application else { throw DriveError.notFound(.application) }
        let now = now()
        return try await database.write { tx in
            if let storage = try tx.storageIfAny(kind: .restapp, ownerID: application.rawValue) { return storage }
            guard let row = try tx.row("SELECT title FROM application WHERE id = \(application)") else {
                throw DriveError.notFound(.application)
            }
            return try tx.insertStorage(
                kind: .restapp, ownerID: application.rawValue, name: try row.text(0), by: caller.person, atMs: now)
        }
    }
}

enum StorageRow {
    static let columns = "s.id, s.kind, s.owner_id, s.name, s.code, s.root_id"

    static func read(_ row: Row) throws -> Storage {
        guard let kind = Storage.Kind(rawValue: try row.text(1)) else {
            throw SQLError.failed(message: "storage \(try row.int(0)) has an unknown kind")
        }
        return Storage(
            id: Storage.ID(try row.int(0)), kind: kind, ownerID: try row.int(2), name: try row.text(3),
            code: try row.textOrNull(4), root: Node.ID(try row.int(5)))
    }
}

extension Transaction {
    /// A listed drive, whatever its rights.
    /// - Throws: `.notFound(.storage)`; for the drive of chats too.
    func storage(_ id: Storage.ID) throws -> Storage {
        let found = try row("SELECT \(raw: StorageRow.columns) FROM storage s WHERE s.id = \(id) AND s.kind <> 'chat'")
        guard let found else { throw DriveError.notFound(.storage(id)) }
        return try StorageRow.read(found)
    }

    /// A drive by what it belongs to.
    func storageIfAny(kind: Storage.Kind, ownerID: Int64) throws -> Storage? {
        try row(
            """
            SELECT \(raw: StorageRow.columns) FROM storage s WHERE s.kind = \(kind.rawValue) AND s.owner_id = \(ownerID)
            """
        ).map(StorageRow.read)
    }
}
