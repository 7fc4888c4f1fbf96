import SQLStore

/// Whoever sees an entity reads and writes its notes.
extension Drive {
    /// New notes, all or none, in the order given. A file that is attached is tied to the entity.
    ///
    /// - Parameter entity: whose; nil: each note says it itself.
    /// - Throws: `.notFound(.entity)` for `entity`; `.item(index:, ...)` of `.note` and `.noSuchPerson`.
    package func addNotes(
        _ new: [NoteChange], kind: CRMEntity.Kind, entity: CRMEntity.ID?, as caller: Caller
    ) async throws -> [Note] {
        let nowMs = now()
        return try await database.write { tx in
            try tx.checkVisible(entity, kind: kind, for: caller)
            return try new.enumerated().map { index, note in
                guard let id = entity ?? note.entity,
                    let parent = try tx.entityIfAny(id, kind: kind, for: caller), let body = note.body
                else { throw DriveError.item(index: index, .note(.noSuchEntity)) }
                try tx.checkPeople(
                    responsible: note.responsible, createdBy: note.createdBy, updatedBy: note.updatedBy, item: index)
                let content = try tx.content(body, in: parent, item: index, as: caller, atMs: nowMs)
                let createdBy = note.createdBy ?? caller.person.rawValue
                let createdMs = note.createdMs ?? nowMs
                let made = try tx.int(
                    """
                    INSERT INTO note (entity_id, note_type, params, node_id, file_uuid, version_uuid, keeps_version,
                        file_name, file_text, is_pinned, responsible_id, created_by, updated_by, created_ms, updated_ms)
                    VALUES (\(parent.id), \(content.kind.rawValue), \(content.params), \(content.node),
                        \(content.fileUUID), \(content.versionUUID), \(content.keepsVersion), \(content.fileName),
                        \(content.text), 0, \(note.responsible ?? parent.responsible), \(createdBy),
                        \(note.updatedBy ?? createdBy), \(createdMs), \(note.updatedMs ?? createdMs))
                    RETURNING id
                    """)
                return try tx.existingNote(Note.ID(made))
            }
        }
    }

    /// Changes notes, all or none, in the order given.
    ///
    /// - Parameter entity: as in `addNotes`; a note of another entity is unknown then.
    /// - Throws: as `addNotes`.
    package func updateNotes(
        _ changes: [NoteChange], kind: CRMEntity.Kind, entity: CRMEntity.ID?, as caller: Caller
    ) async throws -> [Note] {
        let nowMs = now()
        return try await database.write { tx in
            try tx.checkVisible(entity, kind: kind, for: caller)
            return try changes.enumerated().map { index, change in
                guard let id = change.id, let old = try tx.noteIfAny(id, kind: kind, entity: entity, for: caller),
                    let parent = try tx.entityIfAny(old.entity, kind: kind, for: caller)
                else { throw DriveError.item(index: index, .note(.unknown)) }
                guard change.entity == nil || change.entity == old.entity else {
                    throw DriveError.item(index: index, .note(.noSuchEntity))
                }
                try tx.checkPeople(
                    responsible: change.responsible, createdBy: change.createdBy, updatedBy: change.updatedBy,
                    item: index)
                if let body = change.body {
                    let content = try tx.content(
                        body, instead: old, in: parent, item: index, as: caller, atMs: nowMs)
                    try tx.write(content, into: id)
                }
                try tx.run(
                    """
                    UPDATE note SET responsible_id = \(change.responsible ?? old.responsible),
                        created_by = \(change.createdBy ?? old.createdBy),
                        updated_by = \(change.updatedBy ?? caller.person.rawValue),
                        created_ms = \(change.createdMs ?? old.createdMs), updated_ms = \(change.updatedMs ?? nowMs)
                    WHERE id = \(id)
                    """)
                return try tx.existingNote(id)
            }
        }
    }

    /// Nil when there is no such note, or `caller` does not see its entity.
    ///
    /// - Parameter entity: whose; nil: anybody's of that kind.
    package func note(
        _ id: Note.ID, kind: CRMEntity.Kind, entity: CRMEntity.ID? = nil, as caller: Caller
    ) async throws -> Note? {
        try await read(as: caller) { tx in try tx.noteIfAny(id, kind: kind, entity: entity, for: caller) }
    }

    /// Notes of one entity, or of all of a kind that `caller` sees.
    /// - Throws: `.notFound(.entity)`, `.invalidListing`.
    package func notes(
        kind: CRMEntity.Kind, entity: CRMEntity.ID?, _ listing: Listing<NoteField>, as caller: Caller
    ) async throws -> Page<Note> {
        try await read(as: caller) { tx in
            try tx.checkVisible(entity, kind: kind, for: caller)
            return try tx.page(
                listing, columns: Note.columns, from: Note.tables,
                where: Note.visibility(kind: kind, entity: entity, to: caller), id: "o.id", read: Note.init(row:))
        }
    }

    /// Puts a note at the head of the feed, or takes it back from there.
    /// - Returns: false when there is no such note, or `caller` does not see its entity.
    package func pin(
        _ id: Note.ID, kind: CRMEntity.Kind, isPinned: Bool, as caller: Caller
    ) async throws -> Bool {
        try await database.write { tx in
            guard try tx.noteIfAny(id, kind: kind, entity: nil, for: caller) != nil else { return false }
            try tx.run("UPDATE note SET is_pinned = \(isPinned) WHERE id = \(id)")
            return true
        }
    }
}
