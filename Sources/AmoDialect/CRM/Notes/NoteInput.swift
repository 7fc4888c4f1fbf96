import DriveCore
import HTTPEdge
import NIOCore

/// A note as a client writes it. Unknown fields are passed over.
struct NoteInput {
    /// The client's own, or the position in the list.
    let requestID: String
    var change: NoteChange

    /// - Parameter needsEntity: the path names none.
    /// - Throws: 400 with everything that is wrong with every item; nothing is written then.
    static func new(_ body: Value, needsEntity: Bool) throws -> [NoteInput] {
        try WrittenList.read(body) { tree, position, violations in
            Self(tree, position, isNew: true, needed: needsEntity ? "entity_id" : nil, &violations)
        }
    }

    static func changes(_ body: Value) throws -> [NoteInput] {
        try WrittenList.read(body) { Self($0, $1, isNew: false, needed: "id", &$2) }
    }

    /// One change; the path says of which note.
    static func change(_ body: Value) throws -> NoteInput {
        try WrittenList.readOne(body) { Self($0, $1, isNew: false, needed: nil, &$2) }
    }

    /// - Parameter needed: the one id that must be there.
    private init(
        _ tree: Value, _ position: Int, isNew: Bool, needed: String?, _ violations: inout [Failure.Violation]
    ) {
        requestID = WrittenList.requestID(of: tree, at: position)
        var fields = FieldReader(tree, item: requestID)
        var change = NoteChange()
        if case .object = tree {
            if !isNew { change.id = fields.integer("id", required: needed == "id").map { Note.ID($0) } }
            change.entity = fields.integer("entity_id", required: needed == "entity_id").map { CRMEntity.ID($0) }
            change.body = Self.body(&fields, isNew: isNew)
            change.responsible = fields.integer("responsible_user_id").map { Person.ID($0) }
            change.createdBy = fields.integer("created_by")
            change.updatedBy = fields.integer("updated_by")
            change.createdMs = fields.timeMs("created_at")
            change.updatedMs = fields.timeMs("updated_at")
            // Nothing here is triggered by a note.
            _ = fields.boolean("is_need_to_trigger_digital_pipeline")
        } else {
            fields.report(.wrongType("", "object", item: requestID))
        }
        self.change = change
        violations += fields.violations
    }

    /// `note_type` and `params` come together, or in a change not at all.
    private static func body(_ fields: inout FieldReader, isNew: Bool) -> NoteChange.Body? {
        let hasParams = fields.tree.present("params") != nil
        guard let type = fields.text("note_type", required: isNew || hasParams) else { return nil }
        guard let kind = Note.Kind(rawValue: type) else {
            fields.report(.noChoice("note_type", item: fields.item))
            return nil
        }
        guard hasParams else {
            fields.report(.missing("params", item: fields.item))
            return nil
        }
        guard case .object = fields.tree["params"], var params = fields.object("params") else {
            fields.report(.wrongType("params", "object", item: fields.item))
            return nil
        }
        defer { fields.take(params) }
        return kind == .attachment ? file(&params) : text(&params, kind)
    }

    private static func file(_ params: inout FieldReader) -> NoteChange.Body? {
        let file = params.uuid("file_uuid", required: true)
        let version = params.uuid("version_uuid")
        let name = params.text("file_name", limit: 255).flatMap { $0.isEmpty ? nil : $0 }
        let text = params.text("text", limit: Note.textLimit)
        return file.map { .file(FileReference(fileUUID: $0, versionUUID: version, name: name), text: text) }
    }

    private static func text(_ params: inout FieldReader, _ kind: Note.Kind) -> NoteChange.Body? {
        let text = params.text("text", required: kind == .common, limit: Note.textLimit)
        if kind == .common, text == "" { params.report(.blank(params.place("text"), item: params.item)) }
        var buffer = ByteBuffer()
        params.tree.writeJSON(into: &buffer)
        return .params(String(buffer: buffer), kind: kind)
    }
}
