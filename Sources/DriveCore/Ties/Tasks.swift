/// A Bitrix24 task, as deep as attaching files needs.
package struct TaskItem: Sendable, Hashable {
    package typealias ID = Identifier<TaskItem>
    package let id: ID
}
