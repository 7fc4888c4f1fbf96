import SQLStore
import TestSupport
import Testing

@testable import DriveCore

@Suite("Files that come with a task")
struct TaskFilesTests {
    @Test(
        "a file lands in the caller's own Uploaded files, under a free name, and on the task",
        arguments: Engine.allCases)
    func adding(engine: Engine) async throws {
        try await withDrive(engine) { drive, _ in
            let scene = try await TaskTalkScene(drive)
            let name = try FileName("a.txt")
            let first = try await drive.addFile(named: name, content: .text("one"), to: scene.task, as: scene.ben)
            let second = try await drive.addFile(named: name, content: .text("two"), to: scene.task, as: scene.ben)
            #expect([first.name, second.name] == ["a.txt", "a (1).txt"])
            let file = try await drive.node(first.node, as: scene.ben)
            #expect(file.place.folders == [Drive.uploadedFilesName])
            #expect(file.place.ownerID == scene.ben.person.rawValue)
            #expect(try await drive.files(ofTask: scene.task, as: scene.dora).map(\.id) == [first.id, second.id])
            for caller in [scene.carl, scene.dora, scene.eve] {
                await #expect(throws: DriveError.denied(.task(scene.task))) {
                    try await drive.addFile(named: name, content: .text("x"), to: scene.task, as: caller)
                }
                await #expect(throws: DriveError.denied(.task(scene.task))) {
                    try await drive.checkMayAddFile(to: scene.task, as: caller)
                }
                await #expect(throws: DriveError.denied(.task(scene.task))) {
                    try await drive.detach(first.id, fromTask: scene.task, as: caller)
                }
                let root = try await drive.personalStorage(of: caller.person).root
                #expect(try await drive.children(of: root, Listing(), as: caller).rows == [])
            }
        }
    }

    @Test("detaching takes a task's own attachments only; the file stays", arguments: Engine.allCases)
    func detaching(engine: Engine) async throws {
        try await withDrive(engine) { drive, _ in
            let scene = try await TaskTalkScene(drive)
            let attached = try await drive.attach(scene.file, to: scene.task, as: scene.ann)
            let comment = try await drive.addComment(
                scene.comment("x", files: [scene.file]), to: scene.task, as: scene.ann)
            let other = try await drive.comment(comment, of: scene.task, as: scene.ann).files[0].id
            await #expect(throws: DriveError.notFound(.attachment(other))) {
                try await drive.detach(other, fromTask: scene.task, as: scene.ann)
            }
            try await drive.detach(attached, fromTask: scene.task, as: scene.ben)
            #expect(try await drive.files(ofTask: scene.task, as: scene.ann) == [])
            #expect(try await drive.attachment(other, as: scene.ben).node == scene.file)
            #expect(try await drive.node(scene.file, as: scene.ann).deletion == .alive)
        }
    }

    @Test("a file in the folder's way is an error, and nothing is left half done", arguments: Engine.allCases)
    func inTheWay(engine: Engine) async throws {
        try await withDrive(engine) { drive, _ in
            let scene = try await TaskTalkScene(drive)
            let root = try await drive.personalStorage(of: scene.ann.person).root
            _ = try await drive.addFile(
                named: FileName(Drive.uploadedFilesName), in: root, content: .text("x"), as: scene.ann)
            await #expect(throws: DriveError.nameTaken(.folder)) {
                try await drive.addFile(
                    named: FileName("a.txt"), content: .text("x"), to: scene.task, as: scene.ann)
            }
            #expect(try await drive.files(ofTask: scene.task, as: scene.ann) == [])
        }
    }
}
