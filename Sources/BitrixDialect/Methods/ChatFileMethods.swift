import DriveCore
import HTTPEdge

/// `im.disk.*`: files of chats.
enum ChatFileMethods {
    static let all = [folderGet, commit, recordShare, save, delete]

    static let folderGet = Method("im.disk.folder.get", scope: "im") { params, call in
        let dialog = try params.dialog()
        let folder = try await chatAccess { try await call.drive.folder(of: dialog, as: call.caller) }
        return Answer(["ID": .int(folder.rawValue)])
    }

    /// `SILENT_MODE` is about open channels, which there are none of.
    static let commit = Method(
        "im.disk.file.commit", scope: "im",
        gap: "`SILENT_MODE` has no effect: there are no open channels; `AS_FILE` shows a picture as a file, since "
            + "nothing is compressed"
    ) { params, call in
        let message = try await send(["FILE_ID", "DISK_ID"], ["UPLOAD_ID"], params, call)
        let people = try await call.people(message.files.map { Person.ID($0.createdBy) })
        var shown: [Value.Member] = []
        var models: [Value.Member] = []
        for file in message.files {
            let size = await ImageSize.of(file, call)
            shown.append(
                .init(
                    "upload\(file.id)",
                    ChatFileWire.file(
                        file, in: message.chat, by: people[Person.ID(file.createdBy)]?.fullName ?? "", size: size,
                        date: .object([]), call)))
            models.append(.init("upload\(file.id)", ChatFileWire.model(file, hasPreview: size != nil, call)))
        }
        return Answer([
            "FILES": .object(shown),
            "DISK_ID": .array(message.files.map { .string($0.id.description) }),
            "FILE_MODELS": .object(models),
            "MESSAGE_ID": .int(message.id.rawValue),
        ])
    }

    /// Not on any page: client libraries send a recorded call with it and read true (chat reference, 2.6).
    static let recordShare = Method(
        "im.disk.record.share", scope: "im", gap: "on no page: as `im.disk.file.commit`, answered `true`"
    ) { params, call in
        _ = try await send(["DISK_ID"], [], params, call)
        return Answer(true)
    }

    static let save = Method("im.disk.file.save", scope: "im") { params, call in
        guard case .id(let file)? = params.first(of: ["FILE_ID", "DISK_ID"]).value?.naming else {
            throw ChatFailure.fileIDEmpty
        }
        do {
            let saved = try await call.drive.saveFromChat(Node.ID(file), as: call.caller)
            return Answer([
                "folder": ["id": .int(saved.folder.id.rawValue), "name": .string(saved.folder.name)],
                "file": ["id": .int(saved.file.id.rawValue), "name": .string(saved.file.name)],
            ])
        } catch is DriveError {
            // The page gives every refusal this one code.
            throw ChatFailure.fileNotSaved
        }
    }

    /// Sends the files that the first filled one of these parameters names. `AS_FILE` counts for `uploads` only: nothing
    /// is ever compressed here, so it says how the file is shown.
    private static func send(
        _ files: [String], _ uploads: [String], _ params: Parameters, _ call: CallContext
    ) async throws -> Message {
        let dialog = try params.dialog()
        let (named, wasSent) = params.first(of: files + uploads)
        guard let named else { throw wasSent ? ChatFailure.filesNotSent : ChatFailure.noFiles }
        let ids = named.ids(of: Node.self)
        // One that is no id makes the whole call fail, as one that does not exist does.
        guard ids.count == named.elements.count else { throw ChatFailure.filesNotSent }
        let areUploads = params.first(of: files).value == nil
        let asOriginals = areUploads && params["AS_FILE"]?.boolean ?? false
        return try await chatAccess {
            do {
                return try await call.drive.send(
                    files: ids, asOriginals: asOriginals, text: params["MESSAGE"]?.text ?? "", to: dialog,
                    as: call.caller)
            } catch DriveError.notFound(.node), DriveError.denied(.node), DriveError.noSpace {
                throw ChatFailure.filesNotSent
            }
        }
    }

    /// True even when the file was somebody else's and stays; false when there is no such file or chat.
    static let delete = Method("im.disk.file.delete", scope: "im") { params, call in
        let chat = try params.chatID()
        guard case .id(let file)? = params.first(of: ["FILE_ID", "DISK_ID"]).value?.naming else {
            throw ChatFailure.fileIDEmpty
        }
        do {
            _ = try await call.drive.withdraw(Node.ID(file), from: chat, as: call.caller)
            return Answer(true)
        } catch DriveError.notFound, DriveError.denied {
            return Answer(false)
        }
    }
}
