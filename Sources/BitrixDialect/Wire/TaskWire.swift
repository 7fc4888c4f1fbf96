import DriveCore
import HTTPEdge

/// Tasks as `tasks.task.*` shows them: lower camel case, ids and flags as text, an empty map as `[]`. What is not kept
/// here has the value it has in a new task.
struct TaskWire {
    private let selection: TaskSelection
    private let people: [Person.ID: Person]
    private let files: [TaskItem.ID: [Attachment.ID]]
    private let results: [TaskItem.ID: ResultState]
    private let checklists: [TaskItem.ID: [ChecklistItem]]
    private let checklistWire: ChecklistWire
    private let call: CallContext

    /// Fetches what the tasks refer to.
    init(_ tasks: [TaskItem], _ selection: TaskSelection, _ call: CallContext) async throws {
        self.selection = selection
        self.call = call
        people = try await call.people(tasks.flatMap(\.people))
        files =
            selection.hasCustomFields
            ? try await call.drive.attachments(ofTasks: tasks.map(\.id), as: call.caller) : [:]
        results =
            selection.hasExtra("WITH_RESULT_INFO")
            ? try await call.drive.resultStates(ofTasks: tasks.map(\.id)) : [:]
        checklists =
            selection.has("CHECKLIST") ? try await call.drive.checklistItems(ofTasks: tasks.map(\.id)) : [:]
        checklistWire = try await ChecklistWire(checklists.values.flatMap { $0 }, call)
    }

    /// - Parameter isListed: as in a list, which has the reckoned status instead of what the caller may do.
    func value(_ task: TaskItem, isListed: Bool) -> Value {
        var members: [Value.Member] = [.init("id", .string(task.id.description))]
        for (name, key, value) in fields(task, call.dates) where selection.has(name) {
            members.append(.init(key, value))
        }
        if selection.hasCustomFields {
            let attached = files[task.id] ?? []
            let links = task.crmLinks.map(Value.string)
            members += [
                .init("ufCrmTask", links.isEmpty ? false : .array(links)),
                .init("ufTaskWebdavFiles", attached.isEmpty ? false : .array(attached.map { .int($0.rawValue) })),
                .init("ufMailMessage", nil),
            ]
        }
        members += related(task)
        members += isListed ? listed(task) : [.init("action", TaskActions(task, of: call.caller).camelCase)]
        return .object(members)
    }

    /// Name in `select`, key and value, in the order of the page.
    private func fields(_ task: TaskItem, _ dates: WireDates) -> [(name: String, key: String, value: Value)] {
        func ids(_ people: [Person.ID]) -> Value { .array(people.map { .string($0.description) }) }
        let comments: Value = task.commentCount == 0 ? nil : .string(String(task.commentCount))
        let checklist: Value = .map(
            (checklists[task.id] ?? []).map { item in
                .init(item.id.description, checklistWire.memberOfTask(item, task))
            })
        return [
            ("PARENT_ID", "parentId", task.parent.map { .string($0.description) } ?? nil),
            ("TITLE", "title", .string(task.title)),
            ("DESCRIPTION", "description", .string(task.description)),
            ("MARK", "mark", nil),
            ("PRIORITY", "priority", .string(String(task.priority.rawValue))),
            ("MULTITASK", "multitask", "N"),
            ("NOT_VIEWED", "notViewed", "N"),
            ("REPLICATE", "replicate", "N"),
            ("STAGE_ID", "stageId", "0"),
            ("CREATED_BY", "createdBy", .string(task.creator.description)),
            ("CREATED_DATE", "createdDate", dates.value(task.createdMs)),
            ("RESPONSIBLE_ID", "responsibleId", .string(task.responsible.description)),
            ("CHANGED_BY", "changedBy", .string(task.changedBy.description)),
            ("CHANGED_DATE", "changedDate", dates.value(task.changedMs)),
            ("STATUS_CHANGED_BY", "statusChangedBy", task.statusChangedBy.map { .string($0.description) } ?? nil),
            ("CLOSED_BY", "closedBy", task.closedBy.map { .string($0.description) } ?? nil),
            ("CLOSED_DATE", "closedDate", dates.value(task.closedMs)),
            ("ACTIVITY_DATE", "activityDate", dates.value(task.changedMs)),
            ("DATE_START", "dateStart", nil),
            ("DEADLINE", "deadline", dates.value(task.deadlineMs)),
            ("START_DATE_PLAN", "startDatePlan", dates.value(task.startPlanMs)),
            ("END_DATE_PLAN", "endDatePlan", dates.value(task.endPlanMs)),
            ("GUID", "guid", .string("{\(task.guid)}")),
            ("XML_ID", "xmlId", nil),
            ("COMMENTS_COUNT", "commentsCount", comments),
            ("SERVICE_COMMENTS_COUNT", "serviceCommentsCount", nil),
            ("ALLOW_CHANGE_DEADLINE", "allowChangeDeadline", "N"),
            ("ALLOW_TIME_TRACKING", "allowTimeTracking", "N"),
            ("TASK_CONTROL", "taskControl", "N"),
            ("ADD_IN_REPORT", "addInReport", "N"),
            ("FORKED_BY_TEMPLATE_ID", "forkedByTemplateId", nil),
            ("TIME_ESTIMATE", "timeEstimate", "0"),
            ("TIME_SPENT_IN_LOGS", "timeSpentInLogs", nil),
            ("MATCH_WORK_TIME", "matchWorkTime", "N"),
            ("FORUM_TOPIC_ID", "forumTopicId", nil),
            ("FORUM_ID", "forumId", nil),
            ("SITE_ID", "siteId", "s1"),
            ("SUBORDINATE", "subordinate", "N"),
            ("EXCHANGE_MODIFIED", "exchangeModified", nil),
            ("EXCHANGE_ID", "exchangeId", nil),
            ("OUTLOOK_VERSION", "outlookVersion", "1"),
            ("VIEWED_DATE", "viewedDate", nil),
            ("SORTING", "sorting", nil),
            ("DURATION_FACT", "durationFact", nil),
            ("IS_MUTED", "isMuted", "N"),
            ("IS_PINNED", "isPinned", "N"),
            ("IS_PINNED_IN_GROUP", "isPinnedInGroup", "N"),
            ("FLOW_ID", "flowId", nil),
            ("DESCRIPTION", "descriptionInBbcode", "Y"),
            ("STATUS", "status", .string(String(task.status.rawValue))),
            ("STATUS_CHANGED_DATE", "statusChangedDate", dates.value(task.statusChangedMs)),
            ("DURATION_PLAN", "durationPlan", nil),
            ("DURATION_TYPE", "durationType", "days"),
            ("FAVORITE", "favorite", "N"),
            ("GROUP_ID", "groupId", .string(String(task.group))),
            ("CHAT_ID", "chatId", .int(task.chat.rawValue)),
            ("AUDITORS", "auditors", ids(task.auditors)),
            ("ACCOMPLICES", "accomplices", ids(task.accomplices)),
            ("CHECKLIST", "checklist", checklist),
            ("NEW_COMMENTS_COUNT", "newCommentsCount", 0),
        ]
    }

    /// Objects that stand beside the fields naming them.
    private func related(_ task: TaskItem) -> [Value.Member] {
        var members: [Value.Member] = [.init("group", [])]
        if selection.has("CREATED_BY") { members.append(.init("creator", person(task.creator))) }
        if selection.has("RESPONSIBLE_ID") { members.append(.init("responsible", person(task.responsible))) }
        if selection.has("ACCOMPLICES") { members.append(.init("accomplicesData", map(task.accomplices))) }
        if selection.has("AUDITORS") { members.append(.init("auditorsData", map(task.auditors))) }
        return members
    }

    private func map(_ ids: [Person.ID]) -> Value { .map(ids.map { .init($0.description, person($0)) }) }

    private func person(_ id: Person.ID) -> Value {
        [
            "id": .string(id.description),
            "name": .string(people[id]?.fullName ?? ""),
            "link": .string("/company/personal/user/\(id)/"),
            "icon": "/bitrix/images/tasks/default_avatar.png",
            "workPosition": .string(people[id]?.workPosition ?? ""),
        ]
    }

    /// What only lists have: the reckoned status, and what `params` asks for. No task here has a timer, or must have a
    /// result.
    private func listed(_ task: TaskItem) -> [Value.Member] {
        var members: [Value.Member] = []
        if selection.hasExtra("WITH_RESULT_INFO") {
            members += [
                .init("taskRequireResult", "N"),
                .init("taskHasOpenResult", results[task.id]?.hasOpen == true ? "Y" : "N"),
                .init("taskHasResult", results[task.id] == nil ? "N" : "Y"),
            ]
        }
        if selection.hasExtra("WITH_TIMER_INFO") {
            members += [.init("timeElapsed", nil), .init("timerIsRunningForCurrentUser", "N")]
        }
        if selection.hasExtra("WITH_PARSED_DESCRIPTION") {
            members.append(.init("parsedDescription", .string(task.description)))
        }
        return members + [.init("subStatus", .string(subStatus(task)))]
    }

    /// The status, or -1 when the deadline has passed.
    private func subStatus(_ task: TaskItem) -> String {
        let isOverdue = task.status != .completed && task.deadlineMs.map { $0 < call.startedMs } == true
        return isOverdue ? "-1" : String(task.status.rawValue)
    }
}
