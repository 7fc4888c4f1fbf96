import DriveCore
import HTTPEdge

/// What `tasks.task.list` filters and orders by.
enum TaskListing {
    private typealias Entry = ListingSyntax<TaskField>.Entry

    /// How near its deadline a task is almost overdue.
    private static let almostMs: Int64 = 24 * 3600 * 1000

    /// - Parameter now: what "overdue" is reckoned from.
    static func syntax(atMs now: Int64) -> ListingSyntax<TaskField> {
        ListingSyntax(
            kept + constants + [
                Entry("STATUS", .status, .special { try status($0, atMs: now) }),
                Entry(onlyRoots, nil, .special { _ in [] }, sorts: false),
                Entry("UF_CRM_TASK", .crmLinks, .special(crmLink), sorts: false),
                // The page's way of asking for favourites; nothing is one here.
                Entry(
                    "::SUBFILTER-PARAMS", .id,
                    .special { term in
                        term.value["FAVORITE"]?.boolean == true ? [.oneOf(.id, [])] : []
                    }, sorts: false),
            ])
    }

    /// Not a field: `Y` leaves out tasks below one that the caller may see.
    private static let onlyRoots = "ONLY_ROOT_TASKS"

    static func asksForRoots(_ filter: [Value.Member]) -> Bool {
        filter.contains { FilterTerm(key: $0.key, value: $0.value).name == onlyRoots && $0.value.boolean == true }
    }

    private static let kept: [Entry] = [
        Entry("ID", .id, .integer),
        Entry("TITLE", .title, .text),
        Entry("PARENT_ID", .parent, .integer, sorts: false),
        Entry("GROUP_ID", .group, .integer),
        Entry("CREATED_BY", .createdBy, .integer),
        Entry("RESPONSIBLE_ID", .responsible, .integer),
        Entry("CHANGED_BY", .changedBy, .integer),
        Entry("CLOSED_BY", .closedBy, .integer),
        Entry("STATUS_CHANGED_BY", .statusChangedBy, .integer, sorts: false),
        Entry("ACCOMPLICE", .accomplice, .integer, sorts: false),
        Entry("AUDITOR", .auditor, .integer, sorts: false),
        Entry("PRIORITY", .priority, .integer),
        Entry("REAL_STATUS", .status, .integer),
        Entry("STATUS_COMPLETE", .isCompleted, .integer),
        Entry("CREATED_DATE", .created, .date),
        Entry("CHANGED_DATE", .changed, .date),
        Entry("ACTIVITY_DATE", .changed, .date),
        Entry("CLOSED_DATE", .closed, .date),
        Entry("DEADLINE", .deadline, .date),
        Entry("START_DATE_PLAN", .startPlan, .date),
        Entry("END_DATE_PLAN", .endPlan, .date),
        Entry("CREATED_BY_LAST_NAME", .creatorLastName, .text, filters: false),
        Entry("RESPONSIBLE_LAST_NAME", .responsibleLastName, .text, filters: false),
    ]

    /// Fields of the page that are the same in every task here: ordering by them does nothing, and filtering takes all
    /// or nothing.
    private static let constants: [Entry] = [
        ("SITE_ID", "s1"), ("MARK", ""), ("TAG", ""), ("FORUM_TOPIC_ID", ""), ("ADD_IN_REPORT", "N"),
        ("DATE_START", ""), ("DEPENDS_ON", ""), ("STAGE_ID", "0"), ("SPRINT_ID", ""), ("BACKLOG_ID", ""),
        ("TIME_SPENT_IN_LOGS", ""), ("TIME_ESTIMATE", "0"), ("ALLOW_CHANGE_DEADLINE", "N"),
        ("ALLOW_TIME_TRACKING", "N"), ("MATCH_WORK_TIME", "N"), ("FAVORITE", "N"), ("SORTING", ""),
        ("IS_PINNED", "N"), ("IS_PINNED_IN_GROUP", "N"),
    ].map { name, value in Entry(name, nil, .special { constant(value, $0) }) }

    private static func constant(_ constant: String, _ term: FilterTerm) -> [Condition<TaskField>] {
        let wanted = term.value.elements.map { $0.text ?? "" }
        let isAmong = wanted.contains(constant) || (constant.isEmpty && term.value.isEmptyContainer)
        let holds =
            switch term.settled {
            case .plain, .equals, .oneOf: isAmong
            case .differs, .noneOf: !isAmong
            default: false
            }
        return holds ? [] : [.oneOf(.id, [])]
    }

    /// A binding as the field itself has it (`D_10`), one of several, or none at all.
    private static func crmLink(_ term: FilterTerm) throws -> [Condition<TaskField>] {
        let links = try term.value.elements.compactMap { value -> String? in
            if value.isBlank || value == .bool(false) { return nil }
            guard let text = value.text, !text.contains(" ") else { throw term.refused("it is no binding like D_10") }
            return " \(text) "
        }
        switch term.settled {
        case .plain, .equals, .oneOf:
            return links.isEmpty ? [.equals(.crmLinks, .text("  "))] : [.any(links.map { .contains(.crmLinks, $0) })]
        case .differs where links.isEmpty, .noneOf where links.isEmpty: return [.differs(.crmLinks, .text("  "))]
        default: throw term.refused("a binding can only be equal to something")
        }
    }

    /// `STATUS` is `REAL_STATUS` and three states besides: -1 overdue, -2 not viewed (nobody views tasks here), -3 almost
    /// overdue.
    private static func status(_ term: FilterTerm, atMs now: Int64) throws -> [Condition<TaskField>] {
        let isOpen = Condition<TaskField>.differs(.status, .integer(TaskItem.Status.completed.rawValue))
        switch (term.settled, term.value.integer) {
        case (.equals, -1): return [isOpen, .less(.deadline, .integer(now))]
        case (.equals, -2): return [.oneOf(.id, [])]
        case (.equals, -3):
            return [
                isOpen, .greaterOrEqual(.deadline, .integer(now)), .less(.deadline, .integer(now + almostMs)),
            ]
        default:
            return try term.conditions(on: .status) { value in
                guard let number = value.integer else { throw term.refused("it is no whole number") }
                return .integer(number)
            }
        }
    }
}
