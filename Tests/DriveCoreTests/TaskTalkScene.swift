import DriveCore

@testable import DriveCore

/// A task of Ann's for Ben with Carl as accomplice and Dora as auditor, and a file in Ann's own drive. Eve is outside.
struct TaskTalkScene {
    let people: TwoPeople
    let carl: Caller
    let dora: Caller
    let eve: Caller
    let task: TaskItem.ID
    let file: Node.ID

    var ann: Caller { people.ann }
    var ben: Caller { people.ben }
    var admin: Caller { people.admin }

    init(_ drive: Drive) async throws {
        people = try await TwoPeople(drive)
        func add(_ login: String) async throws -> Caller {
            Caller(
                person: try await drive.addPerson(NewPerson(login: login), as: .system).id, isAdministrator: false)
        }
        carl = try await add("carl")
        dora = try await add("dora")
        eve = try await add("eve")
        var fields = TaskFields()
        fields.title = "Review contract"
        fields.responsible = people.ben.person
        fields.accomplices = [carl.person]
        fields.auditors = [dora.person]
        task = try await drive.addTask(fields, as: people.ann).id
        let root = try await drive.personalStorage(of: people.ann.person).root
        file = try await drive.addFile(named: FileName("a.txt"), in: root, content: .text("a.txt"), as: people.ann).id
    }

    func comment(_ text: String, files: [Node.ID] = [], author: Person.ID? = nil) -> CommentFields {
        var fields = CommentFields()
        fields.text = text
        fields.author = author
        if !files.isEmpty { fields.files = files.map { .node($0) } }
        return fields
    }

    func item(_ title: String, files: [Node.ID] = []) -> ChecklistFields {
        var fields = ChecklistFields()
        fields.title = title
        if !files.isEmpty { fields.files = files.map { .node($0) } }
        return fields
    }
}
