/// A Bitrix24 task, as deep as attaching files needs. Times are milliseconds.
package struct TaskItem: Sendable, Hashable {
    package typealias ID = Identifier<TaskItem>
    package enum Status: Int64, Sendable, CaseIterable {
        case pending = 2
        case inProgress, awaitingReview, completed, deferred
    }
    package enum Priority: Int64, Sendable, CaseIterable { case low, normal, high }

    package let id: ID
    /// Version 4, lower case.
    package let guid: String
    package let title: String
    package let description: String
    package let status: Status
    package let priority: Priority
    package let parent: ID?
    /// A work group; 0: none.
    package let group: Int64
    package let creator: Person.ID
    package let responsible: Person.ID
    package let changedBy: Person.ID
    /// Nil when its status never changed; 0 after it was opened again.
    package let closedBy: Person.ID?
    package let statusChangedBy: Person.ID?
    package let createdMs: Int64
    package let changedMs: Int64
    package let statusChangedMs: Int64
    package let closedMs: Int64?
    package let deadlineMs: Int64?
    package let startPlanMs: Int64?
    package let endPlanMs: Int64?
    /// CRM entities it is bound to, in the vendor's form (`C_627`); kept, not looked up.
    package let crmLinks: [String]
    /// The chat its people talk in.
    package let chat: Chat.ID
    package let commentCount: Int64
    package internal(set) var accomplices: [Person.ID]
    package internal(set) var auditors: [Person.ID]

    /// Everybody who has to do with it.
    package var people: [Person.ID] { [creator, responsible] + accomplices + auditors }
}

/// What a task is made of or changed to; nil: as it is (for a new task: the usual value).
package struct TaskFields: Sendable, Hashable {
    /// A file to be attached, to a task, a comment or a checklist item.
    package enum File: Sendable, Hashable {
        /// A file of a drive.
        case node(Node.ID)
        /// One that is attached already.
        case attachment(Attachment.ID)
    }

    package var title: String?
    package var description: String?
    package var status: TaskItem.Status?
    package var priority: TaskItem.Priority?
    /// `.some(nil)`: no parent.
    package var parent: TaskItem.ID??
    package var group: Int64?
    package var creator: Person.ID?
    package var responsible: Person.ID?
    /// `.some(nil)`: none; so are the next two.
    package var deadlineMs: Int64??
    package var startPlanMs: Int64??
    package var endPlanMs: Int64??
    package var accomplices: [Person.ID]?
    package var auditors: [Person.ID]?
    /// Without spaces.
    package var crmLinks: [String]?
    /// All the files it is to have; those not named are detached and stay where they are.
    package var files: [File]?

    package init() {}
}
