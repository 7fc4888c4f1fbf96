/// Fields of files and folders. Times are milliseconds.
package enum NodeField: String, ListingField {
    case id, uuid, kind, name, code, storage, parent, deletion, created, updated, deleted
    case createdBy, updatedBy, deletedBy
    case size, fileExtension, sourceID, contentNumber
    /// The name without its extension.
    case stem
    /// The name, letter case aside even in equality.
    case foldedName
    /// Names of the leads, contacts, companies and customers the file is linked to, as far as the caller sees them.
    case linkedEntityName
    /// 1 when the file is linked to any of those.
    case linkedEntity

    package var column: ListingColumn {
        switch self {
        case .id: ListingColumn("n.id", .integer)
        case .uuid: ListingColumn("n.uuid", .text)
        case .kind: ListingColumn("n.kind", .text)
        case .name: ListingColumn("n.name", .folded(twin: "n.name_fold"))
        case .code: ListingColumn("n.code", .text, isNullable: true)
        case .storage: ListingColumn("n.storage_id", .integer)
        case .parent: ListingColumn("n.parent_id", .integer, isNullable: true)
        case .deletion: ListingColumn("n.deleted_type", .integer)
        case .created: ListingColumn("n.created_ms", .integer)
        case .updated: ListingColumn("n.updated_ms", .integer)
        case .deleted: ListingColumn("n.deleted_ms", .integer, isNullable: true)
        case .createdBy: ListingColumn("n.created_by", .integer)
        case .updatedBy: ListingColumn("n.updated_by", .integer)
        case .deletedBy: ListingColumn("n.deleted_by", .integer, isNullable: true)
        case .size: ListingColumn("n.size_bytes", .integer)
        case .fileExtension: ListingColumn("n.extension", .text)
        case .sourceID: ListingColumn("n.source_id", .integer, isNullable: true)
        case .contentNumber: ListingColumn("n.content_number", .integer)
        case .stem:
            ListingColumn(
                "CASE WHEN n.extension = '' THEN n.name_fold"
                    + " ELSE substr(n.name_fold, 1, length(n.name_fold) - length(n.extension) - 1) END",
                .foldedOnly, isSortable: false)
        case .foldedName: ListingColumn("n.name_fold", .foldedOnly, isSortable: false)
        case .linkedEntityName:
            ListingColumn(
                "e.name_fold", .foldedOnly, isSortable: false,
                anyOf: "EXISTS (SELECT 1 FROM entity_link l JOIN entity e ON e.id = l.entity_id"
                    + " WHERE l.node_id = n.id AND %@)")
        case .linkedEntity:
            ListingColumn(
                "CASE WHEN EXISTS (SELECT 1 FROM entity_link l WHERE l.node_id = n.id) THEN 1 ELSE 0 END", .integer,
                isSortable: false)
        }
    }
}

package enum StorageField: String, ListingField {
    case id, name, code, kind, ownerID

    package var column: ListingColumn {
        switch self {
        case .id: ListingColumn("s.id", .integer)
        case .name: ListingColumn("s.name", .folded(twin: "s.name_fold"))
        case .code: ListingColumn("s.code", .text, isNullable: true)
        case .kind: ListingColumn("s.kind", .text)
        case .ownerID: ListingColumn("s.owner_id", .integer)
        }
    }
}

package enum VersionField: String, ListingField {
    case id, number, name, size, created, createdBy

    package var column: ListingColumn {
        switch self {
        case .id: ListingColumn("v.id", .integer)
        case .number: ListingColumn("v.number", .integer)
        case .name: ListingColumn("v.name", .folded(twin: "v.name_fold"))
        case .size: ListingColumn("v.size_bytes", .integer)
        case .created: ListingColumn("v.created_ms", .integer)
        case .createdBy: ListingColumn("v.created_by", .integer)
        }
    }
}

package enum TaskField: String, ListingField {
    case id, title, status, priority, parent, group, createdBy, responsible, changedBy, closedBy
    case created, changed, closed, deadline
    /// Accomplices or auditors.
    case accomplice, auditor
    case statusChangedBy, startPlan, endPlan
    /// 1 when it is completed.
    case isCompleted
    case creatorLastName, responsibleLastName
    /// What it is bound to in the CRM, each with a space before and behind it: ` C_627 D_10 `.
    case crmLinks

    package var column: ListingColumn {
        switch self {
        case .id: ListingColumn("t.id", .integer)
        case .title: ListingColumn("t.title", .folded(twin: "t.title_fold"))
        case .status: ListingColumn("t.status", .integer)
        case .priority: ListingColumn("t.priority", .integer)
        case .parent: ListingColumn("t.parent_id", .integer, isNullable: true)
        case .group: ListingColumn("t.group_id", .integer)
        case .createdBy: ListingColumn("t.created_by", .integer)
        case .responsible: ListingColumn("t.responsible_id", .integer)
        case .changedBy: ListingColumn("t.changed_by", .integer)
        case .closedBy: ListingColumn("t.closed_by", .integer, isNullable: true)
        case .created: ListingColumn("t.created_ms", .integer)
        case .changed: ListingColumn("t.changed_ms", .integer)
        case .closed: ListingColumn("t.closed_ms", .integer, isNullable: true)
        case .deadline: ListingColumn("t.deadline_ms", .integer, isNullable: true)
        case .accomplice: Self.member("accomplice")
        case .auditor: Self.member("auditor")
        case .statusChangedBy: ListingColumn("t.status_changed_by", .integer, isNullable: true)
        case .startPlan: ListingColumn("t.start_plan_ms", .integer, isNullable: true)
        case .endPlan: ListingColumn("t.end_plan_ms", .integer, isNullable: true)
        case .isCompleted: ListingColumn("CASE WHEN t.status = 5 THEN 1 ELSE 0 END", .integer)
        case .creatorLastName: Self.lastName("t.created_by")
        case .responsibleLastName: Self.lastName("t.responsible_id")
        case .crmLinks: ListingColumn("' ' || t.crm_links || ' '", .text, isSortable: false)
        }
    }

    private static func lastName(_ person: String) -> ListingColumn {
        ListingColumn("(SELECT p.last_name FROM person p WHERE p.id = \(person))", .text, isNullable: true)
    }

    private static func member(_ role: String) -> ListingColumn {
        ListingColumn(
            "m.person_id", .integer, isSortable: false,
            anyOf: "EXISTS (SELECT 1 FROM task_member m WHERE m.task_id = t.id AND m.role = '\(role)' AND %@)")
    }
}

package enum PersonField: String, ListingField {
    case id, login, email, name, lastName, workPosition, gender, timeZone, isActive, isAdministrator, created
    /// Any of the person's departments.
    case department

    package var column: ListingColumn {
        switch self {
        case .id: ListingColumn("p.id", .integer)
        case .department:
            ListingColumn(
                "d.department_id", .integer, isSortable: false,
                anyOf: "EXISTS (SELECT 1 FROM person_department d WHERE d.person_id = p.id AND %@)")
        case .login: ListingColumn("p.login", .text)
        case .email: ListingColumn("p.email", .folded(twin: "p.email_fold"))
        case .name: ListingColumn("p.name", .folded(twin: "p.name_fold"))
        case .lastName: ListingColumn("p.last_name", .folded(twin: "p.last_name_fold"))
        case .workPosition: ListingColumn("p.work_position", .folded(twin: "p.work_position_fold"))
        case .gender: ListingColumn("p.gender", .text)
        case .timeZone: ListingColumn("p.time_zone", .text)
        case .isActive: ListingColumn("p.is_active", .integer)
        case .isAdministrator: ListingColumn("p.is_admin", .integer)
        case .created: ListingColumn("p.created_ms", .integer)
        }
    }
}
