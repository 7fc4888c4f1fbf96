import DriveCore
import HTTPEdge

/// Items of checklists, as `task.checklistitem.*` shows them and as `tasks.task.get` does.
struct ChecklistWire: Sendable {
    private let people: [Person.ID: Person]
    private let call: CallContext

    /// Fetches who takes part in the items.
    init(_ items: [ChecklistItem], _ call: CallContext) async throws {
        self.call = call
        people = try await call.people(items.flatMap { $0.members.map(\.person) })
    }

    /// Page `task.checklistitem.getlist`: the parent of a checklist is the number 0, all other ids are text.
    func value(_ item: ChecklistItem) -> Value {
        [
            "ID": .string(item.id.description),
            "TASK_ID": .string(item.task.description),
            "PARENT_ID": item.parent.map { .string($0.description) } ?? 0,
            "CREATED_BY": .string(item.createdBy.description),
            "TITLE": .string(item.title),
            "SORT_INDEX": .string(String(item.sortIndex)),
            "IS_COMPLETE": item.isComplete ? "Y" : "N",
            "IS_IMPORTANT": item.isImportant ? "Y" : "N",
            "TOGGLED_BY": item.toggledBy.map { .string($0.description) } ?? nil,
            "TOGGLED_DATE": item.toggledMs.map { call.dates.value($0) } ?? "",
            "MEMBERS": .array(item.members.map(member)),
            "ATTACHMENTS": AttachedFileWire.checklist(item.files),
        ]
    }

    /// Object `checklist.item` of the page on task fields.
    func memberOfTask(_ item: ChecklistItem, _ task: TaskItem) -> Value {
        let mayWork = task.mayBeTicked(by: call.caller)
        return [
            "id": .string(item.id.description),
            "taskId": .string(item.task.description),
            "createdBy": .string(item.createdBy.description),
            "parentId": .string(item.parent?.description ?? "0"),
            "title": .string(item.title),
            "sortIndex": .string(String(item.sortIndex)),
            "isComplete": item.isComplete ? "Y" : "N",
            "isImportant": item.isImportant ? "Y" : "N",
            "toggledBy": item.toggledBy.map { .string($0.description) } ?? nil,
            "toggledDate": item.toggledMs.map { call.dates.value($0) } ?? "",
            "ufChecklistFiles": .bool(!item.files.isEmpty),
            "members": .array(item.members.map(member)),
            "attachments": AttachedFileWire.checklist(item.files),
            "entityId": .string(item.task.description),
            "action": [
                "modify": .bool(mayWork), "remove": .bool(mayWork), "toggle": true, "add": .bool(mayWork),
                "addAccomplice": .bool(mayWork),
            ],
        ]
    }

    private func member(_ member: ChecklistItem.Member) -> Value {
        [
            "ID": .string(member.person.description),
            "TYPE": member.role == .accomplice ? "A" : "U",
            "NAME": .string(people[member.person]?.fullName ?? ""),
            "PERSONAL_PHOTO": nil,
            "PERSONAL_GENDER": .string(people[member.person]?.gender ?? ""),
            "IMAGE": "",
            "IS_COLLABER": false,
        ]
    }

    static let syntax = ListingSyntax<ChecklistField>([
        .init("ID", .id, .integer),
        .init("PARENT_ID", .parent, .integer),
        .init("CREATED_BY", .createdBy, .integer),
        .init("TITLE", .title, .text),
        .init("SORT_INDEX", .sortIndex, .integer),
        .init("IS_COMPLETE", .isComplete, .flag),
        .init("IS_IMPORTANT", .isImportant, .flag),
        .init("TOGGLED_BY", .toggledBy, .integer),
        .init("TOGGLED_DATE", .toggled, .date),
    ])
}
