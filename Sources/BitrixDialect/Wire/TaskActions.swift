import DriveCore
import HTTPEdge

/// What somebody may do with a task (object `action` of the page on task fields). `tasks.task.get` spells the actions in
/// camel case, `tasks.task.getaccess` in upper case.
struct TaskActions: Sendable {
    private let flags: [(lower: String, upper: String, isAllowed: Bool)]

    /// - Parameter caller: nil: somebody who may nothing.
    init(_ task: TaskItem, of caller: Caller?) {
        let sees = caller.map(task.mayBeSeen) ?? false
        let edits = caller.map(task.mayBeChanged) ?? false
        let ticks = caller.map(task.mayBeTicked) ?? false
        let isOpen = task.status != .completed
        flags = [
            ("accept", "ACCEPT", false),
            ("decline", "DECLINE", false),
            ("complete", "COMPLETE", edits && isOpen),
            ("approve", "APPROVE", false),
            ("disapprove", "DISAPPROVE", false),
            ("start", "START", edits && task.status == .pending),
            ("pause", "PAUSE", edits && task.status == .inProgress),
            ("delegate", "DELEGATE", edits),
            ("remove", "REMOVE", caller.map(task.mayBeDeleted) ?? false),
            ("edit", "EDIT", edits),
            ("defer", "DEFER", edits && isOpen && task.status != .deferred),
            ("renew", "RENEW", edits && (!isOpen || task.status == .deferred)),
            ("create", "CREATE", sees),
            ("changeDeadline", "CHANGE_DEADLINE", edits),
            ("checklistAddItems", "CHECKLIST_ADD_ITEMS", ticks),
            ("addFavorite", "ADD_FAVORITE", false),
            ("deleteFavorite", "DELETE_FAVORITE", false),
            ("rate", "RATE", false),
            ("take", "TAKE", false),
            ("edit.originator", "EDIT.ORIGINATOR", caller?.isAdministrator ?? false),
            ("checklist.reorder", "CHECKLIST.REORDER", ticks),
            ("elapsedtime.add", "ELAPSEDTIME.ADD", false),
            ("dayplan.timer.toggle", "DAYPLAN.TIMER.TOGGLE", false),
            ("edit.plan", "EDIT.PLAN", edits),
            ("checklist.add", "CHECKLIST.ADD", ticks),
            ("favorite.add", "FAVORITE.ADD", false),
            ("favorite.delete", "FAVORITE.DELETE", false),
        ]
    }

    var camelCase: Value { .object(flags.map { .init($0.lower, .bool($0.isAllowed)) }) }

    var upperCase: Value { .object(flags.map { .init($0.upper, .bool($0.isAllowed)) }) }
}
