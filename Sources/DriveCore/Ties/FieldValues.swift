import SQLStore

/// A file in a custom field of an entity.
package struct FieldValue: Sendable, Hashable {
    package let field: CustomField.ID
    package let fieldName: String
    package let fieldCode: String?
    package let fileUUID: String
    package let versionUUID: String
    /// As whoever filled the field named it, or the version's own name.
    package let fileName: String
    package let sizeBytes: Int64
    /// The file is in the trash.
    package let isTrashed: Bool
}

/// A file as a client names it for a field or a note.
package struct FileReference: Sendable, Hashable {
    package let fileUUID: String
    /// Nil: the active version, whichever that is at the time of reading.
    package var versionUUID: String?
    /// Nil: the file's own.
    package var name: String?
    package var sizeBytes: Int64?

    package init(fileUUID: String, versionUUID: String? = nil, name: String? = nil, sizeBytes: Int64? = nil) {
        self.fileUUID = fileUUID
        self.versionUUID = versionUUID
        self.name = name
        self.sizeBytes = sizeBytes
    }
}

/// What to write into one custom field of an entity.
package struct FieldChange: Sendable, Hashable {
    package enum Field: Sendable, Hashable {
        case id(CustomField.ID)
        case code(String)
    }

    package let field: Field
    /// Nil clears the field; the file stays tied to the entity.
    package let file: FileReference?

    package init(field: Field, file: FileReference?) {
        self.field = field
        self.file = file
    }
}

extension Transaction {
    /// Fills and clears custom fields. A file that comes into a field is tied to the entity. The file a field holds
    /// already may be named again though it is in the trash.
    /// - Throws: `.item(index:, ...)` of `.noSuchField`, `.fieldFile`, `.fieldVersion`.
    func write(
        _ changes: [FieldChange], of entity: CRMEntity, item index: Int, as caller: Caller, atMs now: Int64
    ) throws {
        for (position, change) in changes.enumerated() {
            guard let field = try customField(change.field, kind: entity.kind) else {
                var byCode = false
                if case .code = change.field { byCode = true }
                throw DriveError.item(index: index, .noSuchField(position: position, byCode: byCode))
            }
            guard let reference = change.file else {
                try run("DELETE FROM field_value WHERE field_id = \(field.id) AND entity_id = \(entity.id)")
                continue
            }
            guard let file = try fileForField(reference.fileUUID, field.id, of: entity.id, for: caller),
                let content = file.content
            else { throw DriveError.item(index: index, .fieldFile(position: position)) }
            var version = content.version
            if let named = reference.versionUUID {
                guard let found = try versionIfAny(uuid: named), found.node == file.id else {
                    throw DriveError.item(index: index, .fieldVersion(position: position))
                }
                version = found.id
            }
            try run(
                """
                INSERT INTO field_value (field_id, entity_id, node_id, version_id, keeps_version, file_name, file_size)
                VALUES (\(field.id), \(entity.id), \(file.id), \(version), \(reference.versionUUID != nil),
                    \(reference.name), \(reference.sizeBytes))
                ON CONFLICT (field_id, entity_id) DO UPDATE SET node_id = excluded.node_id,
                    version_id = excluded.version_id, keeps_version = excluded.keeps_version,
                    file_name = excluded.file_name, file_size = excluded.file_size
                """)
            if file.deletion == .alive { try tie(file.id, to: entity.id, by: caller.person, atMs: now) }
        }
    }

    private func customField(_ field: FieldChange.Field, kind: CRMEntity.Kind) throws -> CustomField? {
        switch field {
        case .id(let id): try customFieldIfAny("f.id = \(id)", kind: kind)
        case .code(let code): try customFieldIfAny("f.code = \(code)", kind: kind)
        }
    }

    private func fileForField(
        _ uuid: String, _ field: CustomField.ID, of entity: CRMEntity.ID, for caller: Caller
    ) throws -> Node? {
        if let file = try fileToTie(uuid, for: caller) { return file }
        guard let file = try nodeIfAny(uuid: uuid) else { return nil }
        let isHeld = try exists(
            """
            SELECT 1 FROM field_value
            WHERE field_id = \(field) AND entity_id = \(entity) AND node_id = \(file.id)
            """)
        return isHeld ? file : nil
    }

    func fieldValues(of ids: [CRMEntity.ID]) throws -> [CRMEntity.ID: [FieldValue]] {
        let found = try rows(
            """
            SELECT w.entity_id, f.id, f.name, f.code, n.uuid, v.uuid, COALESCE(w.file_name, v.name),
                CASE WHEN w.version_id = v.id THEN COALESCE(w.file_size, v.size_bytes) ELSE v.size_bytes END,
                n.deleted_type
            FROM field_value w JOIN custom_field f ON f.id = w.field_id JOIN node n ON n.id = w.node_id
            JOIN version v ON v.id = CASE WHEN w.keeps_version = 1 THEN COALESCE(w.version_id, n.version_id)
                ELSE n.version_id END
            WHERE w.entity_id IN (\(list: ids)) ORDER BY f.sort, f.id
            """)
        return try Dictionary(grouping: found) { CRMEntity.ID(try $0.int(0)) }.mapValues { rows in
            try rows.map { row in
                FieldValue(
                    field: CustomField.ID(try row.int(1)), fieldName: try row.text(2),
                    fieldCode: try row.textOrNull(3), fileUUID: try row.text(4), versionUUID: try row.text(5),
                    fileName: try row.text(6), sizeBytes: try row.int(7), isTrashed: try row.int(8) != 0)
            }
        }
    }
}
