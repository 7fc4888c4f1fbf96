package enum EntityField: String, ListingField {
    case id, kind, name, created, updated, closed, responsible, createdBy, updatedBy, price, nextDate, status, pipeline
    /// Pipeline and status together, as `3:142`.
    case stage

    package var column: ListingColumn {
        switch self {
        case .id: ListingColumn("e.id", .integer)
        case .kind: ListingColumn("e.kind", .text)
        case .name: ListingColumn("e.name", .folded(twin: "e.name_fold"))
        case .created: ListingColumn("e.created_ms", .integer)
        case .updated: ListingColumn("e.updated_ms", .integer)
        case .closed: ListingColumn("e.closed_ms", .integer, isNullable: true)
        case .responsible: ListingColumn("e.responsible_id", .integer)
        case .createdBy: ListingColumn("e.created_by", .integer)
        case .updatedBy: ListingColumn("e.updated_by", .integer)
        case .price: ListingColumn("e.price", .integer)
        case .nextDate: ListingColumn("e.next_date_ms", .integer, isNullable: true)
        case .status: ListingColumn("e.status_id", .integer)
        case .pipeline: ListingColumn("e.pipeline_id", .integer)
        case .stage:
            ListingColumn(
                "(CAST(e.pipeline_id AS TEXT) || ':' || CAST(e.status_id AS TEXT))", .text, isSortable: false)
        }
    }
}

/// Fields of custom fields' definitions.
package enum CustomFieldField: String, ListingField {
    case id, name, code, sort

    package var column: ListingColumn {
        switch self {
        case .id: ListingColumn("f.id", .integer)
        case .name: ListingColumn("f.name", .text)
        case .code: ListingColumn("f.code", .text, isNullable: true)
        case .sort: ListingColumn("f.sort", .integer)
        }
    }
}

package enum NoteField: String, ListingField {
    case id, entity, type, updated

    package var column: ListingColumn {
        switch self {
        case .id: ListingColumn("o.id", .integer)
        case .entity: ListingColumn("o.entity_id", .integer)
        case .type: ListingColumn("o.note_type", .text)
        case .updated: ListingColumn("o.updated_ms", .integer)
        }
    }
}
