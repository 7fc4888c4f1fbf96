import SQLStore

extension Drive {
    /// Folder of a personal drive where files kept from chats land.
    package static let savedFilesName = "Saved Files"

    /// Copies a chat's file into *Saved Files* of the caller's own drive, under a free name; the folder is made when it is
    /// missing. Rows only: no bytes move.
    ///
    /// - Throws: `.notFound(.node)` when no such file lies in a chat's folder, `.denied(.chat)` unless `caller` takes part
    ///   in that chat, `.trashed(.node)`, `.noSpace`, `.nameTaken(.folder)` when a file is in the folder's way.
    package func saveFromChat(_ id: Node.ID, as caller: Caller) async throws -> (folder: Node, file: Node) {
        let (now, settings) = (now(), settings)
        return try await writingWithinSpace { tx in
            guard let file = try tx.nodeIfAny(id), file.kind == .file, let chat = try tx.chat(holding: id) else {
                throw DriveError.notFound(.node(id))
            }
            _ = try tx.chat(chat, for: caller)
            if file.deletion != .alive { throw DriveError.trashed(.node(id)) }
            try tx.requireSpace(file.content?.sizeBytes ?? 0, settings: settings)
            let folder = try tx.folder(named: Self.savedFilesName, ofDriveOf: caller.person, atMs: now)
            let copy = try tx.insertCopy(
                of: file, named: FileName(unchecked: file.name), in: folder, by: caller.person, atMs: now,
                uniqueName: true)
            return (try tx.existingNode(folder), try tx.existingNode(copy))
        }
    }
}

extension Transaction {
    /// A folder at the root of a personal drive, made when it is missing.
    /// - Throws: `.notFound(.person)`, `.nameTaken(.folder)` when a file is in its way.
    func folder(named name: String, ofDriveOf person: Person.ID, atMs now: Int64) throws -> Node.ID {
        let kind = Storage.Kind.user.rawValue
        // Takes the row's lock, so that two requests make one folder.
        try run("UPDATE storage SET root_id = root_id WHERE kind = \(kind) AND owner_id = \(person)")
        guard let row = try row("SELECT root_id FROM storage WHERE kind = \(kind) AND owner_id = \(person)") else {
            throw DriveError.notFound(.person(person))
        }
        let root = Node.ID(try row.int(0))
        let name = FileName(unchecked: name)
        let found = try self.row(
            """
            SELECT id, kind FROM node WHERE parent_id = \(root) AND name_key = \(name.folded)
                AND deleted_type = \(Node.Deletion.alive.rawValue)
            """)
        guard let found else { return try insertFolder(named: name, in: root, by: person, atMs: now) }
        guard try found.text(1) == Node.Kind.folder.rawValue else { throw DriveError.nameTaken(.folder) }
        return Node.ID(try found.int(0))
    }
}
