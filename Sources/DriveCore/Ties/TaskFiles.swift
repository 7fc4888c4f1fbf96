import SQLStore

extension Drive {
    /// Folder of a personal drive where files land that come with a task.
    package static let uploadedFilesName = "Uploaded files"

    /// Refuses what `addFile(named:content:to:as:)` would refuse, before bytes are kept for it.
    /// - Throws: `.denied(.task)`.
    package func checkMayAddFile(to task: TaskItem.ID, as caller: Caller) async throws {
        _ = try await read(as: caller) { tx in try tx.task(task, toChangeFor: caller) }
    }

    /// A new file in *Uploaded files* of the caller's own drive, under a free name, attached to a task; the folder is made
    /// when it is missing.
    ///
    /// - Throws: `.denied(.task)` when there is no such task the caller may change, `.noSpace`, `.nameTaken(.folder)` when
    ///   a file is in the folder's way.
    package func addFile(
        named name: FileName, content: StagedContent, to task: TaskItem.ID, as caller: Caller
    ) async throws -> Attachment {
        let (now, settings) = (now(), settings)
        return try await writingWithinSpace { tx in
            _ = try tx.task(task, toChangeFor: caller)
            try tx.requireSpace(content.sizeBytes, settings: settings)
            let folder = try tx.folder(
                named: Self.uploadedFilesName, ofDriveOf: caller.person, atMs: now)
            let blob = try tx.insertBlob(content, atMs: now)
            let facts = VersionFacts(name: name, mediaType: "", by: caller.person, atMs: now)
            let file = try tx.insertFile(
                facts, in: folder, blob: blob, sizeBytes: content.sizeBytes, uniqueName: true)
            let id = try tx.attach(file, to: .task(task), for: caller, atMs: now)
            try tx.noteChange(of: task, by: caller, atMs: now)
            return try tx.attachment(id, for: caller)
        }
    }

    /// What is attached to a task, oldest first.
    /// - Throws: `.notFound(.task)`.
    package func files(ofTask task: TaskItem.ID, as caller: Caller) async throws -> [Attachment] {
        try await read(as: caller) { tx in
            _ = try tx.task(task, for: caller)
            return try tx.attachments(ofType: AttachmentHost.taskType, [task.rawValue])[task.rawValue] ?? []
        }
    }

    /// Detaches a file from a task; it stays where it is.
    /// - Throws: `.denied(.task)` when there is no such task the caller may change; `.notFound(.attachment)` when it has
    ///   no such attachment.
    package func detach(_ id: Attachment.ID, fromTask task: TaskItem.ID, as caller: Caller) async throws {
        let now = now()
        try await database.write { tx in
            _ = try tx.task(task, toChangeFor: caller)
            let removed = try tx.run(
                """
                DELETE FROM attachment
                WHERE id = \(id) AND entity_type = \(AttachmentHost.taskType) AND entity_id = \(task)
                """)
            guard removed == 1 else { throw DriveError.notFound(.attachment(id)) }
            try tx.noteChange(of: task, by: caller, atMs: now)
        }
    }
}
