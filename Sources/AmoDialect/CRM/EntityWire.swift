import DriveCore
import HTTPEdge

/// The models of leads, contacts, companies and customers.
enum EntityWire {
    /// - Parameter with: what the client asked for beyond the model.
    static func value(_ entity: CRMEntity, _ links: Links, with: WithList = WithList(nil)) -> Value {
        var members: [Value.Member] = [.init("id", .int(entity.id.rawValue)), .init("name", .string(entity.name))]
        switch entity.kind {
        case .leads: members.append(.init("price", .int(entity.price)))
        case .contacts:
            members += [
                .init("first_name", .string(entity.firstName)), .init("last_name", .string(entity.lastName)),
            ]
        case .companies: break
        case .customers:
            members += [
                .init("next_price", .int(entity.price)), .init("next_date", Self.seconds(entity.nextDateMs)),
            ]
        }
        members += [
            .init("responsible_user_id", .int(entity.responsible.rawValue)), .init("group_id", .int(entity.group)),
        ]
        if entity.kind == .leads || entity.kind == .customers {
            members.append(.init("status_id", .int(entity.status)))
        }
        if entity.kind == .leads {
            members += [
                .init("pipeline_id", .int(entity.pipeline)),
                .init("loss_reason_id", entity.lossReason.map(Value.int) ?? .null),
            ]
            if with.contains("source_id") { members.append(.init("source_id", .null)) }
        }
        members += [
            .init("created_by", .int(entity.createdBy)), .init("updated_by", .int(entity.updatedBy)),
            .init("created_at", .int(entity.createdMs / 1000)), .init("updated_at", .int(entity.updatedMs / 1000)),
        ]
        if entity.kind == .leads { members.append(.init("closed_at", Self.seconds(entity.closedMs))) }
        members += [.init("closest_task_at", .null), .init("is_deleted", false)]
        if entity.kind == .contacts { members.append(.init("is_unsorted", false)) }
        members.append(.init("custom_fields_values", FieldValueWire.list(entity.fields)))
        switch entity.kind {
        case .leads:
            members += [.init("score", .null), .init("labor_cost", .null)]
            if with.contains("is_price_modified_by_robot") {
                members.append(.init("is_price_modified_by_robot", false))
            }
        case .customers:
            members += [
                .init("periodicity", .int(entity.periodicity)), .init("ltv", 0), .init("purchases_count", 0),
                .init("average_check", 0),
            ]
        case .contacts, .companies: break
        }
        members += [
            .init("account_id", .int(links.account.id)),
            .init("_links", ["self": ["href": .string(links.entity(entity))]]),
            .init("_embedded", EmbeddedWire.value(entity, links, with: with)),
        ]
        return .object(members)
    }

    /// What a change answers.
    static func changed(_ entity: CRMEntity, _ links: Links) -> [Value.Member] {
        [
            .init("id", .int(entity.id.rawValue)), .init("updated_at", .int(entity.updatedMs / 1000)),
            .init("_links", ["self": ["href": .string(links.entity(entity))]]),
        ]
    }

    /// The older naming that the links of a file use. Changed by the system shows as changed by nobody, as on the page.
    static func linked(_ entity: CRMEntity) -> Value {
        var members: [Value.Member] = [
            .init("id", .int(entity.id.rawValue)), .init("name", .string(entity.name)),
            .init("created_by", .int(entity.createdBy)), .init("main_user_id", .int(entity.responsible.rawValue)),
            .init("date_create", .int(entity.createdMs / 1000)),
        ]
        if entity.kind == .leads {
            members += [.init("price", .int(entity.price)), .init("pipeline_id", .int(entity.pipeline))]
        }
        members += [
            .init("date_update", .int(entity.updatedMs / 1000)),
            .init("updated_by", entity.updatedBy == 0 ? .null : .int(entity.updatedBy)),
            .init("entity_type", .string(entity.kind.rawValue)),
        ]
        if entity.kind == .leads { members.append(.init("status_id", .int(entity.status))) }
        members.append(.init("closest_task_at", .null))
        return .object(members)
    }

    private static func seconds(_ ms: Int64?) -> Value { ms.map { .int($0 / 1000) } ?? .null }
}
