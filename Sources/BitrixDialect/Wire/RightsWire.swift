import DriveCore
import HTTPEdge

/// The levels a right names, with the numbers this server gives them.
enum RightsWire {
    struct Task: Sendable {
        let id: Int64
        let level: Level
        let name: String
        let title: String
    }

    /// In the order of the vendor's sample. Numbers differ between installations; these never change here.
    static let tasks = [
        Task(id: 79, level: .full, name: "disk_access_full", title: "Full Access"),
        Task(id: 75, level: .edit, name: "disk_access_edit", title: "Editing"),
        Task(id: 71, level: .read, name: "disk_access_read", title: "Reading"),
    ]

    /// `taskName` of `disk.folder.shareToUser`: the levels above and one that no list shows.
    static func level(named name: String) -> Level? {
        name == "disk_access_add" ? .add : tasks.first { $0.name == name }?.level
    }

    static var value: Value {
        .array(
            tasks.map {
                .object([
                    .init("ID", .string(String($0.id))), .init("NAME", .string($0.name)),
                    .init("TITLE", .string($0.title)),
                ])
            })
    }

    private static let malformed = Failure.method("", "Invalid rights format")

    /// The parameter `rights`: a list of `TASK_ID` and `ACCESS_CODE`; an empty list is none.
    static func rights(_ params: Parameters) throws -> [Right] {
        guard let value = params["rights"], !value.isEmptyContainer else { return [] }
        guard let members = value.members else { throw malformed }
        return try members.map { member in
            guard let id = member.value["TASK_ID"]?.integer, let task = tasks.first(where: { $0.id == id }),
                let subject = member.value["ACCESS_CODE"]?.text, !subject.isEmpty
            else { throw malformed }
            return Right(subject: subject, level: task.level)
        }
    }
}
