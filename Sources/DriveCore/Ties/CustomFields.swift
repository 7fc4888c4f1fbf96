import SQLStore

/// A field an administrator added to the leads, contacts, companies or customers. It holds a file.
package struct CustomField: Sendable, Hashable {
    package typealias ID = Identifier<CustomField>

    /// A status in a pipeline.
    package struct Stage: Sendable, Hashable {
        package let pipeline: Int64
        package let status: Int64
        package init(pipeline: Int64, status: Int64) {
            self.pipeline = pipeline
            self.status = status
        }
    }

    package let id: ID
    package let kind: CRMEntity.Kind
    package var name: String
    /// Another name for it in writes, unique in its kind; nil: none.
    package var code: String?
    /// Place among the fields of its kind.
    package var sort: Int64
    /// Forms show it but do not let it be edited.
    package var isAPIOnly: Bool
    /// Stages a form lets a lead enter only when the field is filled; calls are not held to it, as at the vendor.
    package var requiredStages: [Stage]
}

/// What to write into a definition; nil leaves it as it is, or at its default in a new one.
package struct CustomFieldChange: Sendable, Hashable {
    /// Needed in a new one.
    package var name: String?
    package var code: String?
    /// A new one without it stands last.
    package var sort: Int64?
    package var isAPIOnly: Bool?
    package var requiredStages: [CustomField.Stage]?

    package init() {}
}

/// Everybody reads definitions; only an administrator writes them.
extension Drive {
    /// New fields of one kind, all or none, in the order given.
    /// - Throws: `.denied(.entity)`, `.item(index:, .codeTaken)`.
    package func addCustomFields(
        _ new: [CustomFieldChange], kind: CRMEntity.Kind, as caller: Caller
    ) async throws -> [CustomField] {
        guard caller.isAdministrator else { throw DriveError.denied(.entity) }
        return try await database.write { tx in
            try new.enumerated().map { index, change in
                let last = try tx.int(
                    "SELECT COALESCE(max(sort), 499) FROM custom_field WHERE kind = \(kind.rawValue)")
                var field = CustomField(
                    id: CustomField.ID(0), kind: kind, name: "", code: nil, sort: last + 1, isAPIOnly: false,
                    requiredStages: [])
                field.apply(change)
                let made = try tx.row(
                    """
                    INSERT INTO custom_field (kind, name, code, sort, is_api_only, required_stages)
                    VALUES (\(kind.rawValue), \(field.name), \(field.code), \(field.sort), \(field.isAPIOnly),
                        \(field.stagesText))
                    ON CONFLICT (kind, code) DO NOTHING RETURNING \(raw: CustomField.ownColumns)
                    """)
                guard let made else { throw DriveError.item(index: index, .codeTaken) }
                return try CustomField(row: made)
            }
        }
    }

    /// Changes fields of one kind, all or none, in the order given.
    /// - Throws: `.denied(.entity)`, `.item(index:, .noSuchEntity)` for an unknown one, `.item(index:, .codeTaken)`.
    package func updateCustomFields(
        _ changes: [(id: CustomField.ID, change: CustomFieldChange)], kind: CRMEntity.Kind, as caller: Caller
    ) async throws -> [CustomField] {
        guard caller.isAdministrator else { throw DriveError.denied(.entity) }
        return try await database.write { tx in
            try changes.enumerated().map { index, item in
                guard var field = try tx.customFieldIfAny("f.id = \(item.id)", kind: kind) else {
                    throw DriveError.item(index: index, .noSuchEntity)
                }
                field.apply(item.change)
                do {
                    try tx.run(
                        """
                        UPDATE custom_field SET name = \(field.name), code = \(field.code), sort = \(field.sort),
                            is_api_only = \(field.isAPIOnly), required_stages = \(field.stagesText)
                        WHERE id = \(field.id)
                        """)
                } catch SQLError.unique { throw DriveError.item(index: index, .codeTaken) }
                return field
            }
        }
    }

    /// Nil when there is no such field of that kind.
    package func customField(_ id: CustomField.ID, kind: CRMEntity.Kind) async throws -> CustomField? {
        try await database.read { tx in try tx.customFieldIfAny("f.id = \(id)", kind: kind) }
    }

    package func customFields(
        kind: CRMEntity.Kind, _ listing: Listing<CustomFieldField>
    ) async throws -> Page<CustomField> {
        try await database.read { tx in
            try tx.page(
                listing, columns: CustomField.columns, from: "custom_field f", where: "f.kind = \(kind.rawValue)",
                id: "f.id", read: CustomField.init(row:))
        }
    }

    /// Removes a field with what entities have in it. The files stay, and stay tied.
    /// - Returns: false when there is no such field of that kind.
    /// - Throws: `.denied(.entity)`.
    package func removeCustomField(
        _ id: CustomField.ID, kind: CRMEntity.Kind, as caller: Caller
    ) async throws -> Bool {
        guard caller.isAdministrator else { throw DriveError.denied(.entity) }
        return try await database.write { tx in
            try tx.run("DELETE FROM custom_field WHERE id = \(id) AND kind = \(kind.rawValue)") > 0
        }
    }
}

extension CustomField {
    fileprivate static let ownColumns = "id, kind, name, code, sort, is_api_only, required_stages"
    /// What `init(row:)` reads, of table `custom_field f`.
    static let columns = "f.id, f.kind, f.name, f.code, f.sort, f.is_api_only, f.required_stages"

    init(row: Row) throws {
        guard let kind = CRMEntity.Kind(rawValue: try row.text(1)) else {
            throw SQLError.failed(message: "custom field \(try row.int(0)) is of no known kind")
        }
        let stages = try row.text(6).split(separator: " ").compactMap { pair -> Stage? in
            let numbers = pair.split(separator: ":").compactMap { Int64($0) }
            return numbers.count == 2 ? Stage(pipeline: numbers[0], status: numbers[1]) : nil
        }
        self.init(
            id: ID(try row.int(0)), kind: kind, name: try row.text(2), code: try row.textOrNull(3),
            sort: try row.int(4), isAPIOnly: try row.bool(5), requiredStages: stages)
    }

    fileprivate var stagesText: String {
        requiredStages.map { "\($0.pipeline):\($0.status)" }.joined(separator: " ")
    }

    fileprivate mutating func apply(_ change: CustomFieldChange) {
        name = change.name ?? name
        code = change.code ?? code
        sort = change.sort ?? sort
        isAPIOnly = change.isAPIOnly ?? isAPIOnly
        requiredStages = change.requiredStages ?? requiredStages
    }
}

extension Transaction {
    func customFieldIfAny(_ condition: SQL, kind: CRMEntity.Kind) throws -> CustomField? {
        try row(
            "SELECT \(raw: CustomField.columns) FROM custom_field f WHERE f.kind = \(kind.rawValue) AND \(condition)"
        ).map(CustomField.init(row:))
    }
}
