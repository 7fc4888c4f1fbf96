import DriveCore
import HTTPEdge

/// The definition of a custom field as a client writes it.
struct CustomFieldInput {
    let id: Int64?
    /// The client's own, or the position in the list.
    let requestID: String
    let change: CustomFieldChange

    /// - Throws: 400 with everything that is wrong with every item; nothing is written then.
    static func new(_ body: Value) throws -> [CustomFieldInput] {
        try WrittenList.read(body) { Self($0, position: $1, isNew: true, needsID: false, &$2) }
    }

    static func changes(_ body: Value) throws -> [CustomFieldInput] {
        try WrittenList.read(body) { Self($0, position: $1, isNew: false, needsID: true, &$2) }
    }

    static func change(_ body: Value) throws -> CustomFieldInput {
        try WrittenList.readOne(body) { Self($0, position: $1, isNew: false, needsID: false, &$2) }
    }

    private init(
        _ tree: Value, position: Int, isNew: Bool, needsID: Bool, _ violations: inout [Failure.Violation]
    ) {
        requestID = WrittenList.requestID(of: tree, at: position)
        var fields = FieldReader(tree, item: requestID)
        if case .object = tree {} else { fields.report(.wrongType("", "object", item: requestID)) }
        id = fields.integer("id", required: needsID)
        if let type = fields.text("type", required: isNew), type != "file" {
            fields.report(
                .init(
                    item: requestID, code: "NotSupportedChoice", path: "type",
                    detail: "Only fields of type file are supported."))
        }
        var change = CustomFieldChange()
        change.name = Self.filled("name", &fields, required: isNew)
        change.code = Self.filled("code", &fields, required: false)
        change.sort = fields.integer("sort")
        if let sort = change.sort, !(0...Int64(Int32.max) ~= sort) {
            fields.report(.invalid("sort", "This value should be between 0 and \(Int32.max).", item: requestID))
        }
        change.isAPIOnly = fields.boolean("is_api_only")
        // There is one group of fields, which reads as null.
        if let group = fields.text("group_id"), group != "default" {
            fields.report(.noChoice("group_id", item: requestID))
        }
        change.requiredStages = Self.stages(&fields)
        self.change = change
        violations += fields.violations
    }

    private static func filled(_ key: String, _ fields: inout FieldReader, required: Bool) -> String? {
        let text = fields.text(key, required: required, limit: 255)
        if let text, text.allSatisfy(\.isWhitespace) { fields.report(.blank(key, item: fields.item)) }
        return text
    }

    private static func stages(_ fields: inout FieldReader) -> [CustomField.Stage]? {
        guard let readers = fields.objects("required_statuses") else { return nil }
        var stages: [CustomField.Stage] = []
        for var stage in readers {
            let pipeline = stage.integer("pipeline_id", required: true)
            let status = stage.integer("status_id", required: true)
            fields.take(stage)
            if let pipeline, let status { stages.append(.init(pipeline: pipeline, status: status)) }
        }
        return stages
    }
}
