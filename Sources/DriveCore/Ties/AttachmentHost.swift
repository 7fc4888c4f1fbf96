import SQLStore

/// What a file is attached to. Whoever sees the task that it belongs to may read the file through the attachment.
package enum AttachmentHost: Sendable, Hashable {
    case task(TaskItem.ID)
    case comment(TaskComment.ID)
    case checklistItem(ChecklistItem.ID)

    /// The vendor's module and kind of thing, as an attached object names them.
    var module: String {
        switch self {
        case .task, .checklistItem: "tasks"
        case .comment: "forum"
        }
    }

    var entityType: String {
        switch self {
        case .task: Self.taskType
        case .comment: Self.commentType
        case .checklistItem: Self.checklistType
        }
    }

    var entityID: Int64 {
        switch self {
        case .task(let id): id.rawValue
        case .comment(let id): id.rawValue
        case .checklistItem(let id): id.rawValue
        }
    }

    static let taskType = "tasks_task"
    static let commentType = "forum_message"
    static let checklistType = "tasks_task_checklist"
}

extension Transaction {
    /// True when `caller` sees the task that a host of that type belongs to.
    func seesHost(type: String, id: Int64, _ caller: Caller) throws -> Bool {
        let task: SQL
        switch type {
        case AttachmentHost.taskType: task = "\(id)"
        case AttachmentHost.commentType: task = "(SELECT task_id FROM task_comment WHERE id = \(id))"
        case AttachmentHost.checklistType: task = "(SELECT task_id FROM checklist_item WHERE id = \(id))"
        default: return false
        }
        return try exists("SELECT 1 FROM task t WHERE t.id = \(task) AND \(caller.seesTask())")
    }
}
