import SQLStore

extension Note {
    static let columns = """
        o.id, o.entity_id, e.kind, o.note_type, o.params, o.file_uuid, o.version_uuid, o.file_name, o.file_text, \
        o.is_pinned, o.responsible_id, e.group_id, o.created_by, o.updated_by, o.created_ms, o.updated_ms, \
        (SELECT v.uuid FROM node n JOIN version v ON v.id = n.version_id \
        WHERE n.id = o.node_id AND o.keeps_version = 0)
        """
    static let tables = "note o JOIN entity e ON e.id = o.entity_id"

    /// Reads `columns`.
    init(row: Row) throws {
        guard let kind = Kind(rawValue: try row.text(3)), let entityKind = CRMEntity.Kind(rawValue: try row.text(2))
        else { throw SQLError.failed(message: "note \(try row.int(0)) is of no known type") }
        var content = Content.params(try row.text(4))
        if let file = try row.textOrNull(5) {
            content = .file(
                AttachedFile(
                    fileUUID: file, versionUUID: try row.textOrNull(16) ?? row.text(6), name: try row.text(7),
                    text: try row.textOrNull(8)))
        }
        self.init(
            id: ID(try row.int(0)), entity: CRMEntity.ID(try row.int(1)), entityKind: entityKind, kind: kind,
            content: content, isPinned: try row.bool(9), responsible: Person.ID(try row.int(10)),
            group: try row.int(11), createdBy: try row.int(12), updatedBy: try row.int(13),
            createdMs: try row.int(14), updatedMs: try row.int(15))
    }

    /// Which rows of `tables` a caller sees.
    static func visibility(kind: CRMEntity.Kind, entity: CRMEntity.ID?, to caller: Caller) -> SQL {
        let whose: SQL = entity.map { "o.entity_id = \($0)" as SQL } ?? "1 = 1"
        return """
            \(whose) AND e.kind = \(kind.rawValue) AND e.is_deleted = 0 AND (\(CRMEntity.visibility(to: caller)))
            """
    }
}

/// What the body of a note puts into its row.
struct NoteRow {
    let kind: Note.Kind
    var params = ""
    var node: Node.ID?
    var fileUUID: String?
    var versionUUID: String?
    var keepsVersion = false
    var fileName: String?
    var text: String?
}

extension Transaction {
    /// - Throws: `.notFound(.entity)` when the caller does not see `entity`; nil is nothing to see.
    func checkVisible(_ entity: CRMEntity.ID?, kind: CRMEntity.Kind, for caller: Caller) throws {
        guard let entity else { return }
        guard try entityIfAny(entity, kind: kind, for: caller) != nil else { throw DriveError.notFound(.entity) }
    }

    /// Nil also when `caller` does not see its entity.
    func noteIfAny(_ id: Note.ID, kind: CRMEntity.Kind, entity: CRMEntity.ID?, for caller: Caller) throws -> Note? {
        try row(
            """
            SELECT \(raw: Note.columns) FROM \(raw: Note.tables)
            WHERE o.id = \(id) AND \(Note.visibility(kind: kind, entity: entity, to: caller))
            """
        ).map(Note.init(row:))
    }

    /// A note this transaction has made or changed.
    func existingNote(_ id: Note.ID) throws -> Note {
        guard let row = try row("SELECT \(raw: Note.columns) FROM \(raw: Note.tables) WHERE o.id = \(id)") else {
            throw SQLError.failed(message: "note \(id) is gone the moment it was written")
        }
        return try Note(row: row)
    }

    /// What `body` puts into the row. An attached file is tied to the entity. The file `old` holds already may be named
    /// again though it is in the trash.
    /// - Throws: `.item(index:, .note)` for a file or version that cannot be attached.
    func content(
        _ body: NoteChange.Body, instead old: Note? = nil, in entity: CRMEntity, item index: Int, as caller: Caller,
        atMs now: Int64
    ) throws -> NoteRow {
        switch body {
        case .params(let params, let kind): return NoteRow(kind: kind, params: params)
        case .file(let reference, let text):
            let isHeld = old?.fileUUID == reference.fileUUID
            let found = try fileToTie(reference.fileUUID, for: caller)
            guard let file = try isHeld ? found ?? nodeIfAny(uuid: reference.fileUUID) : found,
                let active = file.content
            else { throw DriveError.item(index: index, .note(.noSuchFile)) }
            var version = active.versionUUID
            if let named = reference.versionUUID {
                guard let found = try versionIfAny(uuid: named), found.node == file.id else {
                    throw DriveError.item(index: index, .note(.noSuchVersion))
                }
                version = found.uuid
            }
            if file.deletion == .alive { try tie(file.id, to: entity.id, by: caller.person, atMs: now) }
            return NoteRow(
                kind: .attachment, node: file.id, fileUUID: file.uuid, versionUUID: version,
                keepsVersion: reference.versionUUID != nil, fileName: reference.name ?? file.name, text: text)
        }
    }

    func write(_ content: NoteRow, into id: Note.ID) throws {
        try run(
            """
            UPDATE note SET note_type = \(content.kind.rawValue), params = \(content.params),
                node_id = \(content.node), file_uuid = \(content.fileUUID), version_uuid = \(content.versionUUID),
                keeps_version = \(content.keepsVersion), file_name = \(content.fileName), file_text = \(content.text)
            WHERE id = \(id)
            """)
    }
}
