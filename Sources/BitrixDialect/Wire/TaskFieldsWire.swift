import HTTPEdge

/// The fields of a task as `tasks.task.getFields` describes them, in the order of its page.
enum TaskFieldsWire {
    static let value: Value = .object(
        standard + [
            field("UF_CRM_TASK", "CRM Entities", "crm"),
            field("UF_TASK_WEBDAV_FILES", "Upload Files", "disk_file"),
            field("UF_MAIL_MESSAGE", nil, "mail_message"),
        ])

    private static let standard: [Value.Member] = [
        field("ID", "ID", "integer", ("primary", true)),
        field("PARENT_ID", "Base Task ID", "integer", ("default", 0)),
        field("TITLE", "Title", "string", ("required", true)),
        field("DESCRIPTION", "Description", "string"),
        choice("MARK", "Rating", ["N": "Negative", "P": "Positive"], nil),
        choice("PRIORITY", "Priority", ["2": "High", "1": "Medium", "0": "Low"], 1),
        choice(
            "STATUS", "Status",
            ["2": "Pending", "3": "In Progress", "4": "Awaiting Review", "5": "Completed", "6": "Deferred"], 2),
        flag("MULTITASK", "Multitask"),
        flag("NOT_VIEWED", nil),
        flag("REPLICATE", "Recurring Task"),
        field("GROUP_ID", "Project", "integer", ("default", 0)),
        field("STAGE_ID", "Stage", "integer", ("default", 0)),
        field("SPRINT_ID", "Sprint", "integer", ("default", 0)),
        field("BACKLOG_ID", "Backlog", "integer", ("default", 0)),
        field("CREATED_BY", "Creator", "integer", ("required", true)),
        field("CREATED_DATE", nil, "datetime"),
        field("RESPONSIBLE_ID", "Participant", "integer", ("required", true)),
        field("ACCOMPLICES", nil, "array"),
        field("AUDITORS", nil, "array"),
        field("CHANGED_BY", "Modified By", "integer"),
        field("CHANGED_DATE", "Modification Date", "datetime"),
        field("STATUS_CHANGED_BY", "Status Changed By", "integer"),
        field("STATUS_CHANGED_DATE", "Status Change Date", "datetime"),
        field("CLOSED_BY", "Closed By", "integer", ("default", nil)),
        field("CLOSED_DATE", "Closure Date", "datetime", ("default", nil)),
        field("ACTIVITY_DATE", nil, "datetime", ("default", nil)),
        field("DATE_START", "Start Date", "datetime", ("default", nil)),
        field("DEADLINE", "Deadline", "datetime", ("default", nil)),
        field("START_DATE_PLAN", "Planned Start", "datetime", ("default", nil)),
        field("END_DATE_PLAN", "Planned Completion", "datetime", ("default", nil)),
        field("GUID", "GUID", "string", ("default", nil)),
        field("XML_ID", "XML_ID", "string", ("default", nil)),
        field("COMMENTS_COUNT", "Number of Comments", "integer", ("default", 0)),
        field("SERVICE_COMMENTS_COUNT", nil, "integer", ("default", 0)),
        field("NEW_COMMENTS_COUNT", nil, "integer", ("default", 0)),
        flag("ALLOW_CHANGE_DEADLINE", nil),
        flag("ALLOW_TIME_TRACKING", nil),
        flag("TASK_CONTROL", "Accept Work"),
        flag("ADD_IN_REPORT", "Add to Report"),
        flag("FORKED_BY_TEMPLATE_ID", "Created from Template"),
        field("TIME_ESTIMATE", "Estimated Time", "integer"),
        field("TIME_SPENT_IN_LOGS", "Time Spent from Change History", "integer"),
        field("MATCH_WORK_TIME", "Skip Weekends", "integer"),
        field("FORUM_TOPIC_ID", "FORUM_TOPIC_ID", "integer"),
        field("FORUM_ID", "FORUM_ID", "integer"),
        field("SITE_ID", "SITE_ID", "string"),
        flag("SUBORDINATE", "Subordinate Task", nil),
        flag("FAVORITE", nil, nil),
        field("EXCHANGE_MODIFIED", "EXCHANGE_MODIFIED", "datetime", ("default", nil)),
        field("EXCHANGE_ID", "EXCHANGE_ID", "integer", ("default", nil)),
        field("OUTLOOK_VERSION", "OUTLOOK_VERSION", "integer", ("default", nil)),
        field("VIEWED_DATE", "Last Viewed Date", "datetime"),
        field("SORTING", "Sorting Index", "double"),
        field("DURATION_PLAN", "Spent (planned)", "integer"),
        field("DURATION_FACT", "Spent (actual)", "integer"),
        field("CHECKLIST", nil, "array"),
        choice(
            "DURATION_TYPE", "DURATION_TYPE", ["secs", "mins", "hours", "days", "weeks", "months", "years"], "days"),
        flag("IS_MUTED", nil),
        flag("IS_PINNED", nil),
        flag("IS_PINNED_IN_GROUP", nil),
        field("FLOW_ID", "Flow", "integer", ("default", 0)),
    ]

    private static func field(
        _ name: String, _ title: String?, _ type: String, _ facts: (String, Value)...
    ) -> Value.Member {
        let head: [Value.Member] = [
            .init("title", title.map(Value.string) ?? .null), .init("type", .string(type)),
        ]
        return .init(name, .object(head + facts.map { .init($0.0, $0.1) }))
    }

    private static func choice(_ name: String, _ title: String?, _ values: Value, _ usual: Value) -> Value.Member {
        field(name, title, "enum", ("values", values), ("default", usual))
    }

    private static func flag(_ name: String, _ title: String?, _ usual: Value = "N") -> Value.Member {
        choice(name, title, ["Y": "Yes", "N": "No"], usual)
    }
}
