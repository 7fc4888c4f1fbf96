import SQLStore
import TestSupport
import Testing

@testable import DriveCore

@Suite("Comments and results of tasks")
struct CommentsTests {
    @Test("whoever sees a task comments it and reads what is attached; nobody else does", arguments: Engine.allCases)
    func commenting(engine: Engine) async throws {
        try await withDrive(engine) { drive, clock in
            let scene = try await TaskTalkScene(drive)
            let id = try await drive.addComment(
                scene.comment("Привет", files: [scene.file]), to: scene.task, as: scene.ann)
            for caller in [scene.ann, scene.ben, scene.carl, scene.dora, scene.admin] {
                let comment = try await drive.comment(id, of: scene.task, as: caller)
                #expect(comment.text == "Привет")
                #expect(comment.author == scene.ann.person)
                #expect(comment.authorName == "ann")
                #expect(comment.postedMs == clock.now)
                #expect(comment.files.map(\.node) == [scene.file])
                #expect(try await drive.content(ofAttachment: comment.files[0].id, as: caller).sizeBytes == 5)
                _ = try await drive.addComment(scene.comment("too"), to: scene.task, as: caller)
            }
            let attachment = try await drive.comment(id, of: scene.task, as: scene.ann).files[0].id
            await #expect(throws: DriveError.denied(.attachment(attachment))) {
                try await drive.content(ofAttachment: attachment, as: scene.eve)
            }
            await #expect(throws: DriveError.notFound(.comment(id))) {
                try await drive.comment(id, of: scene.task, as: scene.eve)
            }
            await #expect(throws: DriveError.notFound(.task(scene.task))) {
                try await drive.comments(of: scene.task, Listing(), as: scene.eve)
            }
            await #expect(throws: DriveError.notFound(.task(scene.task))) {
                try await drive.addComment(scene.comment("x"), to: scene.task, as: scene.eve)
            }
            await #expect(throws: DriveError.task(.noText)) {
                try await drive.addComment(CommentFields(), to: scene.task, as: scene.ann)
            }
            #expect(try await drive.task(scene.task, as: scene.ann).commentCount == 6)
        }
    }

    @Test("a file needs to be readable to the writer and to the author named", arguments: Engine.allCases)
    func authors(engine: Engine) async throws {
        try await withDrive(engine) { drive, _ in
            let scene = try await TaskTalkScene(drive)
            let named = try await drive.addComment(
                scene.comment("x", author: scene.eve.person), to: scene.task, as: scene.ben)
            #expect(try await drive.comment(named, of: scene.task, as: scene.ann).author == scene.eve.person)
            for (caller, author) in [(scene.ben, scene.ann), (scene.ann, scene.ben), (scene.ben, scene.ben)] {
                await #expect(throws: DriveError.task(.unreadableFile)) {
                    try await drive.addComment(
                        scene.comment("x", files: [scene.file], author: author.person), to: scene.task, as: caller)
                }
            }
            await #expect(throws: DriveError.notFound(.person(Person.ID(9999)))) {
                try await drive.addComment(scene.comment("x", author: Person.ID(9999)), to: scene.task, as: scene.ann)
            }
            #expect(try await drive.comments(of: scene.task, Listing(), as: scene.ann).count == 1)
        }
    }

    @Test("every field of a comment orders and compares", arguments: Engine.allCases)
    func listing(engine: Engine) async throws {
        try await withDrive(engine) { drive, _ in
            let scene = try await TaskTalkScene(drive)
            var named = NewPerson(login: "zoe")
            (named.name, named.lastName, named.email) = ("Öğe", "Ärger", "zoe@example.org")
            let zoe = try await drive.addPerson(named, as: .system)
            let first = try await drive.addComment(scene.comment("1"), to: scene.task, as: scene.ann)
            let second = try await drive.addComment(
                scene.comment("2", author: zoe.id), to: scene.task, as: scene.ann)
            func found(_ listing: Listing<CommentField>) async throws -> [TaskComment.ID] {
                try await drive.comments(of: scene.task, listing, as: scene.ann).map(\.id)
            }
            for field in CommentField.allCases {
                var listing = Listing<CommentField>(order: [.init(field)])
                if case .integer = field.column.kind {
                    listing.conditions = [.greaterOrEqual(field, .integer(0))]
                } else {
                    listing.conditions = [.noneOf(field, [.text("x"), .text("y")])]
                }
                #expect(try await found(listing).count == 2, "\(field)")
            }
            #expect(try await found(Listing(conditions: [.equals(.authorName, .text("Öğe Ärger"))])) == [second])
            #expect(try await found(Listing(conditions: [.equals(.authorName, .text("ann"))])) == [first])
            #expect(try await found(Listing(order: [.init(.id, descending: true)])) == [second, first])
        }
    }

    @Test("administrators change and delete comments, and nobody else", arguments: Engine.allCases)
    func changing(engine: Engine) async throws {
        try await withDrive(engine) { drive, _ in
            let scene = try await TaskTalkScene(drive)
            let id = try await drive.addComment(
                scene.comment("x", files: [scene.file]), to: scene.task, as: scene.ann)
            let attachment = try await drive.comment(id, of: scene.task, as: scene.ann).files[0].id
            for caller in [scene.ann, scene.ben, scene.eve] {
                await #expect(throws: DriveError.denied(.comment(id))) {
                    try await drive.updateComment(id, of: scene.task, with: scene.comment("y"), as: caller)
                }
                await #expect(throws: DriveError.denied(.comment(id))) {
                    try await drive.deleteComment(id, of: scene.task, as: caller)
                }
            }
            await #expect(throws: DriveError.denied(.comment(id))) {
                try await drive.deleteComment(id, of: TaskItem.ID(999), as: scene.admin)
            }
            try await drive.updateComment(id, of: scene.task, with: scene.comment("y"), as: scene.admin)
            let changed = try await drive.comment(id, of: scene.task, as: scene.ann)
            #expect(changed.text == "y" && changed.author == scene.ann.person)
            #expect(changed.files.map(\.id) == [attachment])
            try await drive.deleteComment(id, of: scene.task, as: scene.admin)
            await #expect(throws: DriveError.notFound(.attachment(attachment))) {
                try await drive.attachment(attachment, as: scene.ann)
            }
            #expect(try await drive.node(scene.file, as: scene.ann).deletion == .alive)
        }
    }

    @Test("a comment has one open result, whoever pins it at once", arguments: Engine.allCases)
    func pinning(engine: Engine) async throws {
        try await withDrive(engine) { drive, _ in
            let scene = try await TaskTalkScene(drive)
            let id = try await drive.addComment(
                scene.comment("x", files: [scene.file]), to: scene.task, as: scene.ann)
            let pinned = await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<6 {
                    group.addTask { (try? await drive.pinResult(id, as: scene.ann)) != nil }
                }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(pinned == 1)
            await #expect(throws: DriveError.task(.resultExists)) { try await drive.pinResult(id, as: scene.admin) }
            for caller in [scene.ben, scene.eve] {
                await #expect(throws: DriveError.denied(.comment(id))) { try await drive.pinResult(id, as: caller) }
                await #expect(throws: DriveError.denied(.comment(id))) {
                    try await drive.unpinResults(of: id, as: caller)
                }
            }
            let results = try await drive.results(of: scene.task, as: scene.dora)
            #expect(results.map(\.comment) == [id])
            #expect(results[0].files.count == 1)
            #expect(try await drive.resultStates(ofTasks: [scene.task]) == [scene.task: ResultState(hasOpen: true)])
            var done = TaskFields()
            done.status = .completed
            _ = try await drive.updateTask(scene.task, with: done, as: scene.ann)
            #expect(try await drive.results(of: scene.task, as: scene.ann).allSatisfy(\.isClosed))
            // In a completed task a new result is closed at once, so that it may be pinned again.
            #expect(try await drive.pinResult(id, as: scene.admin).isClosed)
            #expect(try await drive.pinResult(id, as: scene.ann).isClosed)
            try await drive.unpinResults(of: id, as: scene.ann)
            #expect(try await drive.results(of: scene.task, as: scene.ann) == [])
            await #expect(throws: DriveError.notFound(.comment(TaskComment.ID(999)))) {
                try await drive.pinResult(TaskComment.ID(999), as: scene.admin)
            }
        }
    }
}
