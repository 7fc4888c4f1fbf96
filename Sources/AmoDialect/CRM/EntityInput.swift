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
        let bodies: [Value] =
            switch body {
            case .array(let items): items
            case .object: [body]
            default: throw Failure([.wrongType("", "array")], detail: "Request validation failed")
            }
        guard !bodies.isEmpty else { throw Failure([.blank("")], detail: "Request validation failed") }
        guard bodies.count <= CRMEntity.batchLimit else {
            let text = "The list should contain \(CRMEntity.batchLimit) items or less."
            throw Failure([.invalid("", text)], detail: "Request validation failed")
        }
        var violations: [Failure.Violation] = []
        let inputs = bodies.enumerated().map { index, item in
            Self(item, kind: kind, needsID: needsID, position: index, &violations)
        }
        guard violations.isEmpty else { throw Failure(violations, detail: "Request validation failed") }
        return inputs
    }

    static func one(_ body: Value, kind: CRMEntity.Kind) throws -> EntityInput {
        guard case .object = body else {
            throw Failure([.wrongType("", "object")], detail: "Request validation failed")
        }
        var violations: [Failure.Violation] = []
        let input = Self(body, kind: kind, needsID: false, position: 0, &violations)
        guard violations.isEmpty else { throw Failure(violations, detail: "Request validation failed") }
        return input
    }

    private init(
        _ tree: Value, kind: CRMEntity.Kind, needsID: Bool, position: Int, _ violations: inout [Failure.Violation]
    ) {
        switch tree["request_id"] {
        case .string(let text): requestID = text
        case .int(let number): requestID = String(number)
        default: requestID = String(position)
        }
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
        case .contacts:
            change.firstName = fields.text("first_name", limit: 255)
            change.lastName = fields.text("last_name", limit: 255)
        case .companies: break
        case .customers:
            change.price = fields.integer("next_price")
            change.nextDateMs = fields.timeMs("next_date")
            change.status = fields.integer("status_id")
        }
        self.change = change
        Self.checkCustomFields(&fields)
        violations += fields.violations
    }

    /// The account has no custom fields, so that any that is named is not one of its choices.
    private static func checkCustomFields(_ fields: inout FieldReader) {
        guard let value = fields.tree.present("custom_fields_values") else { return }
        guard case .array(let values) = value else {
            fields.report(.wrongType("custom_fields_values", "array", item: fields.item))
            return
        }
        for (index, field) in values.enumerated() {
            let key = field["field_id"] == nil && field["field_code"] != nil ? "field_code" : "field_id"
            fields.report(.noChoice("custom_fields_values.\(index).\(key)", item: fields.item))
        }
    }
}
