import DriveCore
import HTTPEdge

/// `filter[...]`, `query` and `order[...]` of a list of entities.
struct EntityFilter {
    let conditions: [Condition<EntityField>]
    let order: [Listing<EntityField>.Order]

    /// - Throws: 400 for a value of the wrong type.
    init(_ query: Value, kind: CRMEntity.Kind) throws {
        var tree = try FilterTree<EntityField>(query)
        if let value = query.present("query") {
            guard let text = value.text else { throw Failure([.wrongType("query", "string")]) }
            if !text.isEmpty { tree.add(.contains(.name, text)) }
        }
        try tree.texts("name", .name)
        try tree.numbers("id", .id)
        try tree.numbers("responsible_user_id", .responsible)
        try tree.numbers("created_by", .createdBy)
        try tree.numbers("updated_by", .updatedBy)
        try tree.times("created_at", .created)
        try tree.times("updated_at", .updated)
        // Nothing here has a task, so no task is within any range.
        if tree.present("closest_task_at") != nil { tree.add(.oneOf(.id, [])) }
        switch kind {
        case .leads:
            try tree.range("price", .price)
            try tree.times("closed_at", .closed)
            try tree.numbers("pipeline_id", .pipeline)
            if let statuses = tree.present("statuses") { tree.add(try Self.stages(statuses)) }
        case .customers:
            try tree.range("next_price", .price)
            try tree.times("next_date", .nextDate)
            try tree.numbers("status_id", .status)
        case .contacts, .companies: break
        }
        conditions = tree.conditions
        order = try FilterTree<EntityField>.order(query, ["id": .id, "created_at": .created, "updated_at": .updated])
    }

    /// `filter[statuses][0][pipeline_id]=3&filter[statuses][0][status_id]=142`: any of the stages; a stage may name only
    /// one of the two.
    private static func stages(_ value: Value) throws -> Condition<EntityField> {
        var stages: [ListingValue] = []
        var statuses: [ListingValue] = []
        var pipelines: [ListingValue] = []
        for (index, element) in value.elements.enumerated() {
            let path = "filter.statuses.\(index)"
            guard case .object = element else { throw Failure([.wrongType(path, "array")]) }
            func number(_ key: String) throws -> Int64? {
                try element.present(key).map { try FilterTree<EntityField>.integer($0, "\(path).\(key)") }
            }
            switch (try number("pipeline_id"), try number("status_id")) {
            case (let pipeline?, let status?): stages.append(.text("\(pipeline):\(status)"))
            case (let pipeline?, nil): pipelines.append(.integer(pipeline))
            case (nil, let status?): statuses.append(.integer(status))
            case (nil, nil): throw Failure([.missing("\(path).status_id")])
            }
        }
        return .any([.oneOf(.stage, stages), .oneOf(.status, statuses), .oneOf(.pipeline, pipelines)])
    }
}
