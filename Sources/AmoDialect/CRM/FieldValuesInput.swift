import DriveCore
import HTTPEdge

/// `custom_fields_values` of an entity as a client writes it. Every field here is of type `file`.
enum FieldValuesInput {
    static func read(_ fields: inout FieldReader) -> [FieldChange] {
        var changes: [FieldChange] = []
        for var field in fields.objects("custom_fields_values") ?? [] {
            let (which, file) = (self.which(&field), self.file(&field))
            if let which, let file { changes.append(FieldChange(field: which, file: file)) }
            fields.take(field)
        }
        return changes
    }

    private static func which(_ field: inout FieldReader) -> FieldChange.Field? {
        if field.tree.present("field_id") == nil, let code = field.text("field_code") { return .code(code) }
        return field.integer("field_id", required: true).map { .id(CustomField.ID($0)) }
    }

    /// Exactly one element; null instead of it, of its value or of the list clears the field.
    /// - Returns: nil when something is wrong, `.some(nil)` to clear.
    private static func file(_ field: inout FieldReader) -> FileReference?? {
        switch field.tree["values"] {
        case .null: return .some(nil)
        case .array(let elements) where elements.count > 1:
            let text = "This collection should contain exactly 1 element."
            field.report(.invalid(field.place("values"), text, item: field.item))
            return nil
        case .array([]):
            field.report(.blank(field.place("values"), item: field.item))
            return nil
        case nil:
            field.report(.missing(field.place("values"), item: field.item))
            return nil
        default: break
        }
        guard let elements = field.objects("values"), var element = elements.first else { return nil }
        defer { field.take(element) }
        switch element.tree["value"] {
        case .null: return .some(nil)
        case nil:
            element.report(.missing(element.place("value"), item: element.item))
            return nil
        default: break
        }
        guard var value = element.object("value") else {
            if element.violations.isEmpty {
                element.report(.wrongType(element.place("value"), "object", item: element.item))
            }
            return nil
        }
        defer { element.take(value) }
        return reference(&value).map { .some($0) }
    }

    private static func reference(_ value: inout FieldReader) -> FileReference? {
        let file = value.uuid("file_uuid", required: true)
        let version = value.uuid("version_uuid")
        let name = value.text("file_name", limit: 255)
        let size = value.integer("file_size")
        if let size, size < 0 {
            value.report(.invalid(value.place("file_size"), "This value should be 0 or more.", item: value.item))
        }
        return file.map { FileReference(fileUUID: $0, versionUUID: version, name: name, sizeBytes: size) }
    }
}
