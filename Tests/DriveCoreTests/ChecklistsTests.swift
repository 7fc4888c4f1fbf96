import SQLStore
import TestSupport
import Testing

@testable import DriveCore

@Suite("Checklists of tasks")
struct ChecklistsTests {
    @Test("creator, person responsible, accomplices and administrators work on checklists", arguments: Engine.allCases)
    func rights(engine: Engine) async throws {
        try await withDrive(engine) { drive, _ in
            let scene = try await TaskTalkScene(drive)
            let task = scene.task
            for caller in [scene.ann, scene.ben, scene.carl, scene.admin] {
                let id = try await drive.addChecklistItem(scene.item("x"), to: task, as: caller)
                try await drive.updateChecklistItem(id, of: task, with: scene.item("y"), as: caller)
                #expect(try await drive.checklistItem(id, of: task, as: scene.dora).title == "y")
                try await drive.deleteChecklistItem(id, of: task, as: caller)
            }
            let id = try await drive.addChecklistItem(scene.item("x", files: [scene.file]), to: task, as: scene.ann)
            for caller in [scene.dora, scene.eve] {
                await #expect(throws: DriveError.denied(.task(task))) {
                    try await drive.addChecklistItem(scene.item("x"), to: task, as: caller)
                }
                await #expect(throws: DriveError.denied(.task(task))) {
                    try await drive.updateChecklistItem(id, of: task, with: scene.item("y"), as: caller)
                }
                await #expect(throws: DriveError.denied(.task(task))) {
                    try await drive.deleteChecklistItem(id, of: task, as: caller)
                }
            }
            let file = try #require(try await drive.checklistItem(id, of: task, as: scene.dora).files.first)
            #expect(try await drive.content(ofAttachment: file.id, as: scene.dora).sizeBytes == 5)
            await #expect(throws: DriveError.denied(.attachment(file.id))) {
                try await drive.attachment(file.id, as: scene.eve)
            }
            await #expect(throws: DriveError.task(.unreadableFile)) {
                try await drive.addChecklistItem(scene.item("x", files: [scene.file]), to: task, as: scene.ben)
            }
            try await drive.setChecklistItem(id, isComplete: true, as: scene.dora)
            await #expect(throws: DriveError.notFound(.checklistItem(id))) {
                try await drive.setChecklistItem(id, isComplete: false, as: scene.eve)
            }
            #expect(try await drive.checklistItem(id, of: task, as: scene.ann).toggledBy == scene.dora.person)
        }
    }

    @Test("a refused change changes nothing, and adds no checklist", arguments: Engine.allCases)
    func refusals(engine: Engine) async throws {
        try await withDrive(engine) { drive, _ in
            let scene = try await TaskTalkScene(drive)
            var fields = scene.item("x")
            fields.members = [.init(person: Person.ID(9999), role: .accomplice)]
            let wrong = fields
            await #expect(throws: DriveError.task(.unknownPerson)) {
                try await drive.addChecklistItem(wrong, to: scene.task, as: scene.ann)
            }
            await #expect(throws: DriveError.task(.noTitle)) {
                try await drive.addChecklistItem(scene.item(""), to: scene.task, as: scene.ann)
            }
            #expect(try await drive.checklistItems(of: scene.task, Listing(), as: scene.ann) == [])
        }
    }

    @Test("items hang in a tree without cycles, and go with what they hang below", arguments: Engine.allCases)
    func tree(engine: Engine) async throws {
        try await withDrive(engine) { drive, _ in
            let scene = try await TaskTalkScene(drive)
            let task = scene.task
            var parent = try await drive.addChecklistItem(scene.item("0", files: [scene.file]), to: task, as: scene.ann)
            let top = parent
            for level in 1...5 {
                var fields = scene.item("\(level)", files: [scene.file])
                fields.parent = .some(parent)
                parent = try await drive.addChecklistItem(fields, to: task, as: scene.ann)
            }
            var below = ChecklistFields()
            below.parent = .some(parent)
            let cycle = below
            await #expect(throws: DriveError.task(.parentIsBelow)) {
                try await drive.updateChecklistItem(top, of: task, with: cycle, as: scene.ann)
            }
            below.parent = .some(top)
            let itself = below
            await #expect(throws: DriveError.task(.parentIsItself)) {
                try await drive.updateChecklistItem(top, of: task, with: itself, as: scene.ann)
            }
            let bottom = parent
            await #expect(throws: DriveError.task(.parentIsBelow)) {
                try await drive.moveChecklistItem(top, after: bottom, of: task, as: scene.ann)
            }
            #expect(try await drive.checklistItems(of: task, Listing(), as: scene.ann).count == 7)
            try await drive.deleteChecklistItem(top, of: task, as: scene.ann)
            #expect(
                try await drive.checklistItems(of: task, Listing(), as: scene.ann).map(\.title)
                    == [Drive.firstChecklistName])
            let attachments = try await drive.database.read { try $0.int("SELECT count(*) FROM attachment") }
            #expect(attachments == 0)
        }
    }

    @Test("every field orders items, and sort indexes at the edge of 64 bits do no harm", arguments: Engine.allCases)
    func ordering(engine: Engine) async throws {
        try await withDrive(engine) { drive, _ in
            let scene = try await TaskTalkScene(drive)
            for index in [Int64.max, .min, 0] {
                var fields = scene.item("\(index)")
                fields.sortIndex = index
                _ = try await drive.addChecklistItem(fields, to: scene.task, as: scene.ann)
            }
            let last = try await drive.addChecklistItem(scene.item("last"), to: scene.task, as: scene.ann)
            #expect(try await drive.checklistItem(last, of: scene.task, as: scene.ann).sortIndex == 1)
            for field in ChecklistField.allCases {
                let items = try await drive.checklistItems(
                    of: scene.task, Listing(order: [.init(field, descending: true)]), as: scene.ann)
                #expect(items.count == 5)
            }
            let byTask = try await drive.checklistItems(ofTasks: [scene.task])
            #expect(byTask[scene.task]?.count == 5)
        }
    }

    @Test("a deleted task leaves no row of its talk and no attachment; the file stays", arguments: Engine.allCases)
    func deletedTask(engine: Engine) async throws {
        try await withDrive(engine) { drive, _ in
            let scene = try await TaskTalkScene(drive)
            var fields = scene.item("x", files: [scene.file])
            fields.members = [.init(person: scene.eve.person, role: .auditor)]
            _ = try await drive.addChecklistItem(fields, to: scene.task, as: scene.ann)
            let comment = try await drive.addComment(
                scene.comment("x", files: [scene.file]), to: scene.task, as: scene.ann)
            _ = try await drive.pinResult(comment, as: scene.ann)
            _ = try await drive.attach(scene.file, to: scene.task, as: scene.ann)
            try await drive.deleteTask(scene.task, as: scene.ann)
            for table in ["attachment", "task_comment", "task_result", "checklist_item", "checklist_member"] {
                let count = try await drive.database.read { try $0.int("SELECT count(*) FROM \(raw: table)") }
                #expect(count == 0, "\(table)")
            }
            #expect(try await drive.node(scene.file, as: scene.ann).deletion == .alive)
        }
    }
}
