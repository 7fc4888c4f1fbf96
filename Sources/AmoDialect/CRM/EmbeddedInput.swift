import DriveCore
import HTTPEdge

/// Tags, companies and contacts of an entity as a client writes them, in `_embedded` and beside it.
enum EmbeddedInput {
    /// `_embedded.tags` is all the entity has afterwards, null none; `tags_to_add`, `tags_to_delete` change what it has.
    static func tags(_ fields: inout FieldReader) -> EntityTag.Change {
        var change = EntityTag.Change()
        if var embedded = fields.object("_embedded") {
            if embedded.tree["tags"] == .null { change.replacement = [] }
            if let tags = references("tags", &embedded) { change.replacement = tags }
            fields.take(embedded)
        }
        change.additions = references("tags_to_add", &fields) ?? []
        change.removals = references("tags_to_delete", &fields) ?? []
        return change
    }

    /// Each by `id` or by `name`.
    private static func references(_ key: String, _ fields: inout FieldReader) -> [EntityTag.Reference]? {
        guard let readers = fields.objects(key) else { return nil }
        var tags: [EntityTag.Reference] = []
        for var tag in readers {
            if let id = tag.integer("id") {
                tags.append(.id(EntityTag.ID(id)))
            } else if let name = tag.text("name", required: tag.tree.present("id") == nil, limit: 255) {
                if name.allSatisfy(\.isWhitespace) { tag.report(.blank(tag.place("name"), item: tag.item)) }
                tags.append(.name(name))
            }
            fields.take(tag)
        }
        return tags
    }

    /// `_embedded.companies` (one at most) of leads, contacts and customers, `_embedded.contacts` of leads and
    /// customers. No segment of customers is known here.
    static func related(_ fields: inout FieldReader, kind: CRMEntity.Kind) -> [RelatedEntity.Reference] {
        // Anything but an object has been reported by whoever read the tags.
        guard case .object = fields.tree["_embedded"], var embedded = fields.object("_embedded") else { return [] }
        var related: [RelatedEntity.Reference] = []
        func read(_ other: CRMEntity.Kind, limit: Int) {
            for (position, reader) in (embedded.objects(other.rawValue, limit: limit) ?? []).enumerated() {
                var reader = reader
                let id = reader.integer("id", required: true)
                let isMain = other == .contacts ? reader.boolean("is_main") : nil
                embedded.take(reader)
                if let id { related.append(.init(id: .init(id), kind: other, isMain: isMain, position: position)) }
            }
        }
        if kind != .companies { read(.companies, limit: 1) }
        if kind == .leads || kind == .customers { read(.contacts, limit: 250) }
        if kind == .customers, let segments = embedded.objects("segments") {
            for segment in segments { embedded.report(.noChoice(segment.place("id"), item: segment.item)) }
        }
        fields.take(embedded)
        return related
    }
}
