import DriveCore
import HTTPEdge

/// `im.message.*` and `im.dialog.messages.get`.
enum ChatMessageMethods {
    static let all = [add, update, delete, list]

    /// Messages on a page: usual and most (page `im.dialog.messages.get`).
    private static let usualLimit: Int64 = 20
    private static let mostLimit: Int64 = 50

    static let add = Method(
        "im.message.add", scope: "im", gap: "`ATTACH`, `KEYBOARD` and `MENU` are refused, `URL_PREVIEW` has no effect"
    ) { params, call in
        guard let dialog = params["DIALOG_ID"].flatMap(Dialog.init) else { throw ChatFailure.userIDEmpty }
        guard let text = params["MESSAGE"]?.text, !text.isEmpty else {
            throw Failure.method("MESSAGE_EMPTY", "Message can't be empty")
        }
        try refuseExtras(params)
        var original: Message.ID?
        if let reply = params["REPLY_ID"], !reply.isBlank, reply.integer != 0 {
            guard case .id(let id) = reply.naming else { throw ChatFailure.wrongParameters }
            original = Message.ID(id)
        }
        do {
            let id = try await call.drive.say(
                text, in: dialog, answering: original, isFromSystem: params["SYSTEM"]?.boolean ?? false,
                as: call.caller)
            return Answer(.int(id.rawValue))
        } catch DriveError.notFound(.chat) {
            if case .person = dialog { throw Failure.method("USER_NOT_FOUND", "User not found") }
            throw Failure.method("CHAT_ID", "Error creating message")
        } catch DriveError.denied(.chat) {
            throw ChatFailure.unavailable
        } catch DriveError.chat(.replyToNothing) {
            throw Failure(403, "REPLY_ACCESS_ERROR", "Action unavailable")
        } catch DriveError.chat(.replyElsewhere) {
            throw Failure.method(
                "REPLY_FROM_OTHER_CHAT_ERROR", "You can only reply to a message within the same chat")
        }
    }

    /// An empty text takes the message back; no text leaves it as it is.
    static let update = Method(
        "im.message.update", scope: "im",
        gap:
            "`ATTACH`, `KEYBOARD` and `MENU` can be removed but not set, `URL_PREVIEW` and `IS_EDITED` have no effect; "
            + "no time limit"
    ) { params, call in
        let id = try messageID(params)
        var text: String?
        if let value = params["MESSAGE"], value != .null {
            guard let said = value.text else { throw ChatFailure.wrongParameters }
            text = said
        }
        try refuseExtras(params)
        return try await changing { try await call.drive.editMessage(id, to: text, as: call.caller) }
    }

    static let delete = Method(
        "im.message.delete", scope: "im", gap: "no time limit; the text becomes *Message deleted*"
    ) { params, call in
        let id = try messageID(params)
        return try await changing { try await call.drive.deleteMessage(id, as: call.caller) }
    }

    private static func messageID(_ params: Parameters) throws -> Message.ID {
        guard case .id(let id)? = params["MESSAGE_ID"]?.naming else { throw ChatFailure.messageIDWrong }
        return Message.ID(id)
    }

    private static func changing(_ body: () async throws -> Void) async throws -> Answer {
        do {
            try await body()
            return Answer(true)
        } catch DriveError.chat(.notYourMessage) {
            throw ChatFailure.cannotEdit
        }
    }

    /// What a message could carry besides text is not kept, so it is refused rather than lost; `N` and nothing remove it.
    private static func refuseExtras(_ params: Parameters) throws {
        for (name, what) in [("ATTACH", "attach"), ("KEYBOARD", "keyboard"), ("MENU", "menu")] {
            guard let value = params[name], !value.isBlank, value.boolean != false else { continue }
            throw Failure.method("\(name)_ERROR", "Incorrect \(what) params")
        }
    }

    static let list = Method("im.dialog.messages.get", scope: "im", gap: "every message counts as read") {
        params, call in
        let dialog = try params.dialogID()
        let window = try window(params)
        var limit = usualLimit
        if case .id(let wanted)? = params["LIMIT"]?.naming { limit = min(wanted, mostLimit) }
        let (chat, messages) = try await chatAccess {
            let chat = try await call.drive.chat(dialog, as: call.caller)
            return (
                chat, try await call.drive.messages(in: chat.id, window, limit: Int(limit), as: call.caller)
            )
        }
        let people = try await call.people(
            messages.map(\.author) + messages.flatMap(\.files).map { Person.ID($0.createdBy) })
        var files: [Value] = []
        var seen: Set<Node.ID> = []
        for file in messages.flatMap(\.files) where seen.insert(file.id).inserted {
            let size = await ImageSize.of(file, call)
            files.append(
                ChatFileWire.file(
                    file, in: chat.id, by: people[Person.ID(file.createdBy)]?.fullName ?? "", size: size,
                    date: call.dates.value(file.createdMs), call))
        }
        let authors = Set(messages.map(\.author)).sorted().compactMap { people[$0] }
        return Answer([
            "chat_id": .int(chat.id.rawValue),
            "messages": .array(messages.map { ChatWire.message($0, call) }),
            "users": .array(authors.map { ChatWire.person($0, call) }),
            "files": .array(files),
        ])
    }

    private static func window(_ params: Parameters) throws -> MessageWindow {
        if let last = params["LAST_ID"], !last.isBlank {
            guard let id = last.integer else { throw Failure.method("LAST_ID_STRING", "Last ID can't be string") }
            return .before(Message.ID(id))
        }
        if let first = params["FIRST_ID"], !first.isBlank {
            guard let id = first.integer else { throw Failure.method("FIRST_ID_STRING", "First ID can't be string") }
            return .after(Message.ID(id))
        }
        return .newest
    }
}

extension CallContext {
    /// Those of `ids` who exist.
    func people(_ ids: [Person.ID]) async throws -> [Person.ID: Person] {
        var found: [Person.ID: Person] = [:]
        var rest = Set(ids).filter { $0.rawValue > 0 }.sorted()[...]
        while !rest.isEmpty {
            let some = rest.prefix(500)
            rest = rest.dropFirst(500)
            let page = try await drive.people(
                Listing(
                    conditions: [.oneOf(.id, some.map { .integer($0.rawValue) })], limit: Int64(some.count),
                    wantsTotal: false))
            for person in page.rows { found[person.id] = person }
        }
        return found
    }
}
