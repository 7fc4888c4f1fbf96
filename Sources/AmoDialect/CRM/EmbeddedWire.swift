import DriveCore
import HTTPEdge

/// `_embedded` of an entity: its tags, and what it is tied to.
enum EmbeddedWire {
    static func value(_ entity: CRMEntity, _ links: Links, with: WithList) -> Value {
        var members: [Value.Member] = []
        // The customers' mode is segments, and there are none.
        if entity.kind == .customers { members.append(.init("segments", [])) }
        let tags = entity.tags.map { tag -> Value in
            ["id": .int(tag.id.rawValue), "name": .string(tag.name), "color": nil]
        }
        members.append(.init("tags", .array(tags)))
        for kind in Self.always(entity.kind) + Self.onRequest(entity.kind).filter({ with.contains($0.rawValue) }) {
            let related = entity.related.filter { $0.kind == kind }.map { Self.value($0, of: entity.kind, links) }
            members.append(.init(kind.rawValue, .array(related)))
        }
        if with.contains("catalog_elements") { members.append(.init("catalog_elements", [])) }
        if entity.kind == .leads, with.contains("loss_reason") { members.append(.init("loss_reason", [])) }
        return .object(members)
    }

    private static func always(_ kind: CRMEntity.Kind) -> [CRMEntity.Kind] {
        kind == .leads || kind == .contacts ? [.companies] : []
    }

    private static func onRequest(_ kind: CRMEntity.Kind) -> [CRMEntity.Kind] {
        switch kind {
        case .leads: [.contacts]
        case .contacts: [.leads, .customers]
        case .companies: [.contacts, .leads, .customers]
        case .customers: [.contacts, .companies]
        }
    }

    private static func value(_ other: RelatedEntity, of kind: CRMEntity.Kind, _ links: Links) -> Value {
        var members: [Value.Member] = [.init("id", .int(other.id.rawValue))]
        if other.kind == .contacts, kind != .companies { members.append(.init("is_main", .bool(other.isMain))) }
        members.append(.init("_links", ["self": ["href": .string(links.entity(other.id, other.kind))]]))
        return .object(members)
    }
}

/// `custom_fields_values` of an entity.
enum FieldValueWire {
    /// Null when no field is filled.
    static func list(_ values: [FieldValue]) -> Value {
        guard !values.isEmpty else { return .null }
        return .array(
            values.map { value in
                [
                    "field_id": .int(value.field.rawValue), "field_name": .string(value.fieldName),
                    "field_code": value.fieldCode.map(Value.string) ?? .null, "field_type": "file",
                    "values": [
                        [
                            "value": [
                                "file_uuid": .string(value.fileUUID), "version_uuid": .string(value.versionUUID),
                                "file_name": .string(value.fileName), "file_size": .int(value.sizeBytes),
                                "is_deleted": .bool(value.isTrashed),
                            ]
                        ]
                    ],
                ]
            })
    }
}
