import DriveCore
import HTTPEdge

/// The model of a custom field; which keys it has depends on the kind of entity.
enum CustomFieldWire {
    /// - Parameter requestID: only in the answer to a write.
    static func value(_ field: CustomField, _ links: Links, requestID: String? = nil) -> Value {
        var members: [Value.Member] = [
            .init("id", .int(field.id.rawValue)), .init("name", .string(field.name)), .init("type", "file"),
            .init("account_id", .int(links.account.id)), .init("code", field.code.map(Value.string) ?? .null),
            .init("sort", .int(field.sort)), .init("is_api_only", .bool(field.isAPIOnly)), .init("enums", .null),
            .init("group_id", .null), .init("required_statuses", stages(field.requiredStages)),
        ]
        switch field.kind {
        case .leads:
            members += [
                .init("is_computed", false), .init("remind", .null), .init("hidden_statuses", []),
                .init("chained_lists", .null),
            ]
        case .contacts, .companies:
            members += [.init("is_deletable", true), .init("is_predefined", false), .init("remind", .null)]
        case .customers: members.append(.init("chained_lists", .null))
        }
        members += [.init("currency", .null), .init("entity_type", .string(field.kind.rawValue))]
        if let requestID { members.append(.init("request_id", .string(requestID))) }
        let href = links.api("\(field.kind.rawValue)/custom_fields/\(field.id)")
        members.append(.init("_links", ["self": ["href": .string(href)]]))
        return .object(members)
    }

    private static func stages(_ stages: [CustomField.Stage]) -> Value {
        guard !stages.isEmpty else { return .null }
        return .array(stages.map { ["status_id": .int($0.status), "pipeline_id": .int($0.pipeline)] })
    }
}
