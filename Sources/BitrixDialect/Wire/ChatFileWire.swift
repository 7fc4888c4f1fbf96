import DriveCore
import HTTPEdge

/// Files as `im.*` shows them: lower camel case, ids and sizes as numbers (chat reference, 2.2 and 2.5).
enum ChatFileWire {
    /// - Parameters:
    ///   - size: of a picture; nil for everything else.
    ///   - date: an empty object in `im.disk.file.commit`, a date elsewhere.
    static func file(
        _ file: Node, in chat: Chat.ID, by author: String, size: ImageSize?, date: Value, _ call: CallContext
    ) -> Value {
        guard let content = file.content else { return .null }
        let kind = FileKind(extension: content.fileExtension)
        let type = file.code == Drive.originalCode ? "file" : kind.chatName
        let link = call.wire.links.download(node: file.id, version: content.version, as: call.wire)
        let preview = size == nil ? "" : link
        return [
            "id": .int(file.id.rawValue),
            "chatId": .int(chat.rawValue),
            "date": date,
            "type": .string(type),
            "name": .string(file.name),
            "extension": .string(content.fileExtension),
            "size": .int(content.sizeBytes),
            "image": size.map { ["height": .int($0.height), "width": .int($0.width)] } ?? false,
            "status": "done",
            "progress": 100,
            "authorId": .int(max(0, file.createdBy)),
            "authorName": .string(author),
            "urlPreview": .string(preview),
            "urlShow": .string(link),
            "urlDownload": .string(link),
            "viewerAttrs": [
                "viewer": "",
                "viewerType": .string(size == nil ? "unknown" : "image"),
                "src": .string(link),
                "objectId": .string(file.id.description),
                "viewerGroupBy": .string(chat.description),
                "imChatId": .int(chat.rawValue),
                "title": .string(file.name),
                "actions": .string(actions(file.id)),
            ],
            "mediaUrl": ["preview": ["250": .string(preview)]],
            "isTranscribable": false,
            "isVideoNote": false,
            "isVoiceNote": false,
        ]
    }

    /// `FILE_MODELS`: the dates are empty objects there and the links relative.
    static func model(_ file: Node, hasPreview: Bool, _ call: CallContext) -> Value {
        guard let content = file.content else { return .null }
        let whole = call.wire.links.download(node: file.id, version: content.version, as: call.wire)
        let link = String(whole.dropFirst(call.wire.origin.count))
        var links: [Value.Member] = [
            .init("download", .string(link)),
            .init(
                "showInGrid",
                .string("/bitrix/tools/disk/focus.php?objectId=\(file.id)&action=showObjectInGrid&ncc=1")),
        ]
        if hasPreview { links.append(.init("preview", .string(link))) }
        return [
            "id": .int(file.id.rawValue),
            "name": .string(file.name),
            "createTime": .object([]),
            "updateTime": .object([]),
            "deleteTime": nil,
            "code": file.code.map(Value.string) ?? .null,
            "xmlId": nil,
            "storageId": .int(file.storage.rawValue),
            "realObjectId": .int(file.id.rawValue),
            "parentId": .int(file.parent?.rawValue ?? 0),
            "deletedType": .int(file.deletion.rawValue),
            "createdBy": PersonWire.author(file.createdBy),
            "updatedBy": PersonWire.author(file.updatedBy),
            "deletedBy": "0",
            "uniqueCode": .string(String(hexadecimal(file.uuid).prefix(20))),
            "typeFile": .int(FileKind(extension: content.fileExtension).rawValue),
            "globalContentVersion": .int(content.number),
            "fileId": .int(content.version.rawValue),
            "size": .int(content.sizeBytes),
            "etag": .string(hexadecimal(content.versionUUID)),
            "links": .object(links),
        ]
    }

    private static func hexadecimal(_ uuid: String) -> String { uuid.filter { $0 != "-" } }

    /// The one member that is JSON inside a string.
    private static func actions(_ id: Node.ID) -> String {
        #"[{"type":"download"},{"type":"copyToMe","text":"Save to Drive","#
            + #""action":"BXIM.disk.saveToDiskAction","params":{"fileId":"\#(id)"},"#
            + #""extension":"disk.viewer.actions","buttonIconClass":"ui-btn-icon-cloud"}]"#
    }
}

/// What a file is by its name, with the vendor's number of it.
enum FileKind: Int64 {
    case image = 2
    case video, document, archive, script, unknown, pdf, audio, known, vectorImage

    init(extension text: String) {
        switch text {
        case "jpg", "jpeg", "png", "gif", "bmp", "webp", "heic", "jfif", "jpe": self = .image
        case "mp4", "mov", "avi", "mkv", "webm", "mpeg", "mpg", "3gp", "wmv", "flv", "m4v", "ogv": self = .video
        case "doc", "docx", "xls", "xlsx", "ppt", "pptx", "odt", "ods", "odp", "txt", "rtf", "csv": self = .document
        case "zip", "rar", "7z", "gz", "tar", "bz2", "tgz", "xz": self = .archive
        case "php", "js", "py", "sh", "rb", "pl", "sql", "css", "html", "htm", "swift", "java", "c", "h": self = .script
        case "pdf": self = .pdf
        case "mp3", "wav", "ogg", "m4a", "aac", "flac", "opus", "wma": self = .audio
        case "svg", "ai", "eps": self = .vectorImage
        default: self = .unknown
        }
    }

    /// As chats sort files.
    var chatName: String {
        switch self {
        case .image: "image"
        case .video: "video"
        case .audio: "audio"
        default: "file"
        }
    }
}
