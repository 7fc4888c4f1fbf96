import DriveCore
import HTTPEdge

/// `im.disk.*`: files of chats.
enum ChatFileMethods {
    static let all = [folderGet, commit, save, delete]

    static let folderGet = Method("im.disk.folder.get", scope: "im") { params, call in
        let dialog = try params.dialog()
        let folder = try await chatAccess { try await call.drive.folder(of: dialog, as: call.caller) }
        return Answer(["ID": .int(folder.rawValue)])
    }

    static let commit = Method("im.disk.file.commit", scope: "im") { params, call in
        let dialog = try params.dialog()
        let (named, wasSent) = params.first(of: ["FILE_ID", "DISK_ID", "UPLOAD_ID"])
        guard let named else { throw wasSent ? ChatFailure.filesNotSent : ChatFailure.noFiles }
        let files = named.ids(of: Node.self)
        // One that is no id makes the whole call fail, as one that does not exist does.
        guard files.count == named.elements.count else { throw ChatFailure.filesNotSent }
        let message = try await chatAccess {
            do {
                return try await call.drive.send(
                    files: files, text: params["MESSAGE"]?.text ?? "", to: dialog, as: call.caller)
            } catch DriveError.notFound(.node), DriveError.denied(.node), DriveError.noSpace {
                throw ChatFailure.filesNotSent
            }
        }
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
            models.append(.init("upload\(file.id)", ChatFileWire.model(file, call)))
        }
        return Answer([
            "FILES": .object(shown),
            "DISK_ID": .array(message.files.map { .string($0.id.description) }),
            "FILE_MODELS": .object(models),
            "MESSAGE_ID": .int(message.id.rawValue),
        ])
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
