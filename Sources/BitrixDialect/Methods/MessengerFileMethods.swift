import DriveCore
import HTTPEdge

/// `im.v2.File.*`: a file sent to a chat in one call, and fetched from there.
enum MessengerFileMethods {
    static let all = [upload, download]

    /// Bytes once decoded (page `im.v2.File.upload`: 100 MB).
    static let sizeLimit: Int64 = 100 * 1024 * 1024

    /// Takes base64 to the letter only, unlike `disk.*`.
    static let upload = Method(
        "im.v2.File.upload", scope: "im", content: ContentPaths(["fields", "content"]), contentLimit: sizeLimit,
        words: words
    ) { params, call in
        guard let fields = params["fields"], let name = fields["name"]?.text, !name.isEmpty,
            let value = fields["content"], !value.isBlank
        else { throw empty }
        guard let incoming = IncomingContent(value), incoming.isStrictBase64 else { throw invalid }
        let fileName = try FileName(name)
        guard let dialog = params["dialogId"].flatMap(Dialog.init) else { throw noChat }
        return try await access {
            _ = try await call.drive.chat(dialog, as: call.caller)
            guard let content = try await incoming.finish(in: call.drive, sizeLimit: sizeLimit) else { throw empty }
            let message = try await call.drive.send(
                content, named: fileName, text: fields["message"]?.text ?? "", to: dialog, as: call.caller)
            let file = message.files[0]
            let author = try await call.drive.person(call.caller.person).fullName
            let size = await ImageSize.of(file, call)
            let shown = ChatFileWire.file(
                file, in: message.chat, by: author, size: size, date: call.dates.value(file.createdMs), call)
            return Answer([
                "file": shown, "messageId": .int(message.id.rawValue), "chatId": .int(message.chat.rawValue),
                "dialogId": .string(params["dialogId"]?.text ?? ""),
            ])
        }
    }

    static let download = Method(
        "im.v2.File.download", scope: "im", gap: "the link works once; asking for its headers does not use it up"
    ) { params, call in
        // The page knows two errors: one for whatever is wrong with the chat, one for whatever is with the file.
        guard let dialog = params["dialogId"].flatMap(Dialog.init) else { throw denied }
        guard case .id(let id)? = params["fileId"]?.naming else { throw noFile }
        do {
            let chat = try await call.drive.chat(dialog, as: call.caller)
            let file = try await call.drive.file(Node.ID(id), of: chat.id, as: call.caller)
            guard let content = file.content else { throw noFile }
            let link = call.wire.links.downloadOnce(node: file.id, version: content.version, as: call.wire)
            return Answer(["downloadUrl": .string(link)])
        } catch DriveError.notFound(.chat), DriveError.denied(.chat) {
            throw denied
        } catch DriveError.notFound(.node) {
            throw noFile
        }
    }

    private static func access(_ body: () async throws -> Answer) async throws -> Answer {
        do {
            return try await body()
        } catch DriveError.notFound(.chat) {
            throw noChat
        } catch DriveError.denied(.chat) {
            throw denied
        }
    }

    private static let words = Words(
        noSpace: .method("UPLOAD_FAILED", "File upload failed"),
        tooLarge: .method("FILE_TOO_LARGE", "File is too large"))
    private static let empty = Failure.method("FILE_EMPTY", "File name and content are required")
    private static let invalid = Failure.method("FILE_INVALID_CONTENT", "Invalid base64 content")
    private static let noChat = Failure.method("CHAT_NOT_FOUND", "CHAT_NOT_FOUND")
    private static let noFile = Failure.method("FILE_NOT_FOUND", "File not found")
    private static let denied = Failure(403, "ACCESS_DENIED", "Access denied")
}
