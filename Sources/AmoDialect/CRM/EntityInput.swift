import DriveCore
import HTTPEdge

/// One entity as a client writes it. Fields of other kinds and unknown ones are passed over.
struct EntityInput {
    let id: Int64?
    /// The client's own, or the position in the list.
    let requestID: String
    let change: EntityChange

    /// A list of objects, or one object alone.
    /// - Throws: 400 with everything that is wrong with every item; nothing is written then.
    static func list(_ body: Value, kind: CRMEntity.Kind, needsID: Bool) throws -> [EntityInput] {
        try WrittenList.read(body) { Self($0, kind: kind, needsID: needsID, position: $1, &$2) }
    }

    static func one(_ body: Value, kind: CRMEntity.Kind) throws -> EntityInput {
        try WrittenList.readOne(body) { Self($0, kind: kind, needsID: false, position: $1, &$2) }
    }

    private init(
        _ tree: Value, kind: CRMEntity.Kind, needsID: Bool, position: Int, _ violations: inout [Failure.Violation]
    ) {
        requestID = WrittenList.requestID(of: tree, at: position)
        var fields = FieldReader(tree, item: requestID)
        if case .object = tree {} else { fields.report(.wrongType("", "object", item: requestID)) }
        id = fields.integer("id", required: needsID)
        var change = EntityChange()
        change.name = fields.text("name", limit: 255)
        change.responsible = fields.integer("responsible_user_id").map { Person.ID($0) }
        change.group = fields.integer("group_id")
        change.createdBy = fields.integer("created_by")
        change.updatedBy = fields.integer("updated_by")
        change.createdMs = fields.timeMs("created_at")
        change.updatedMs = fields.timeMs("updated_at")
        switch kind {
        case .leads:
            change.price = fields.integer("price")
            change.status = fields.integer("status_id")
            change.pipeline = fields.integer("pipeline_id")
            change.closedMs = fields.timeMs("closed_at")
            change.lossReason = fields.integer("loss_reason_id")
        case .contacts:
            change.firstName = fields.text("first_name", limit: 255)
            change.lastName = fields.text("last_name", limit: 255)
        case .companies: break
        case .customers:
            change.price = fields.integer("next_price")
            change.nextDateMs = fields.timeMs("next_date")
            change.status = fields.integer("status_id")
            change.periodicity = fields.integer("periodicity")
            if let days = change.periodicity, days < 0 {
                fields.report(.invalid("periodicity", "This value should be 0 or more.", item: requestID))
            }
        }
        change.tags = EmbeddedInput.tags(&fields)
        change.related = EmbeddedInput.related(&fields, kind: kind)
        change.fields = FieldValuesInput.read(&fields)
        self.change = change
        violations += fields.violations
    }
}
