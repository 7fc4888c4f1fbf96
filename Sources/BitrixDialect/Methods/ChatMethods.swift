import DriveCore
import HTTPEdge

/// `im.chat.*`: chats and who takes part in them.
enum ChatMethods {
    /// Characters of a title that are kept (the vendor's column is that wide).
    private static let longestTitle = 255

    static let all = [add, get, memberAdd, memberList, memberDelete, leave, updateTitle, setOwner, dialogGet]

    /// Has no errors of its own: what cannot be understood is as if it were not there.
    static let add = Method("im.chat.add", scope: "im", gap: "`AVATAR` and `COPILOT_MAIN_ROLE` have no effect") {
        params, call in
        var chat = NewChat()
        chat.kind = params["TYPE"]?.text == "OPEN" ? .open : .chat
        chat.title = String((params["TITLE"]?.text ?? "").prefix(longestTitle))
        chat.description = params["DESCRIPTION"]?.text ?? ""
        chat.color = params["COLOR"]?.text.flatMap(ChatColor.init(rawValue:))
        chat.message = params["MESSAGE"]?.text ?? ""
        chat.entityType = params["ENTITY_TYPE"]?.text ?? ""
        chat.entityID = params["ENTITY_ID"]?.text ?? ""
        chat.members = params["USERS"]?.ids(of: Person.self) ?? []
        return Answer(.int(try await call.drive.addChat(chat, as: call.caller).rawValue))
    }

    static let get = Method("im.chat.get", scope: "im") { params, call in
        guard let type = params["ENTITY_TYPE"]?.text, let id = params["ENTITY_ID"]?.text, !type.isEmpty, !id.isEmpty
        else { return Answer(.null) }
        if type == Chat.groupEntityType, let group = Int64(id) {
            do {
                let chat = try await call.drive.chat(.group(group), as: call.caller)
                return Answer(["ID": .int(chat.id.rawValue)])
            } catch DriveError.notFound(.chat), DriveError.denied(.chat) {}
        }
        let found = try await call.drive.chat(boundTo: type, id)
        return Answer(found.map { ["ID": .int($0.rawValue)] } ?? .null)
    }

    static let memberAdd = Method("im.chat.user.add", scope: "im") { params, call in
        let chat = try params.chatID()
        let people = params["USERS"]?.ids(of: Person.self) ?? []
        let hidesHistory = params["HIDE_HISTORY"]?.boolean ?? true
        do {
            try await call.drive.addMembers(people, to: chat, hidingHistory: hidesHistory, as: call.caller)
        } catch DriveError.notFound(.chat) {
            throw ChatFailure.unavailable
        } catch DriveError.denied(.chat) {
            throw ChatFailure.mayNotAdd
        } catch DriveError.chat(.fixedMembers) {
            throw ChatFailure.cannotAdd
        } catch DriveError.notFound(.person) {
            throw ChatFailure.nobodyAdded
        }
        return Answer(true)
    }

    /// An empty list tells that the caller may not see it.
    static let memberList = Method("im.chat.user.list", scope: "im") { params, call in
        let id = try params.chatID()
        do {
            let chat = try await call.drive.chat(.chat(id), as: call.caller)
            if chat.kind == .private { throw ChatFailure.unavailable }
            let members = try await call.drive.members(of: id, as: call.caller)
            return Answer(.array(members.map { .int($0.rawValue) }))
        } catch DriveError.notFound(.chat), DriveError.denied(.chat) {
            return Answer([])
        }
    }

    static let memberDelete = Method("im.chat.user.delete", scope: "im") { params, call in
        let chat = try params.chatID()
        guard case .id(let person)? = params["USER_ID"]?.naming else { throw ChatFailure.userIDEmpty }
        do {
            try await call.drive.removeMember(Person.ID(person), from: chat, as: call.caller)
        } catch DriveError.notFound(.chat) {
            throw ChatFailure.unavailable
        } catch DriveError.denied(.chat), DriveError.chat(.notOwner) {
            throw ChatFailure.mayNotRemove
        } catch DriveError.chat(.fixedMembers) {
            throw ChatFailure.cannotRemove
        } catch DriveError.chat(.notAMember) {
            throw ChatFailure.notAMember
        }
        return Answer(true)
    }

    static let leave = Method("im.chat.leave", scope: "im") { params, call in
        let chat = try params.chatID()
        do {
            try await call.drive.removeMember(call.caller.person, from: chat, as: call.caller)
        } catch DriveError.notFound(.chat) {
            throw ChatFailure.unavailable
        } catch DriveError.denied(.chat), DriveError.chat(.notAMember) {
            throw ChatFailure.mayNotLeave
        } catch DriveError.chat(.fixedMembers) {
            throw ChatFailure.cannotRemove
        }
        return Answer(true)
    }

    static let updateTitle = Method("im.chat.updateTitle", scope: "im") { params, call in
        let dialog = try params.dialog()
        if case .person = dialog { throw ChatFailure.dialogIDEmpty }
        guard let title = params["TITLE"]?.text, !title.allSatisfy(\.isWhitespace) else {
            throw ChatFailure.titleEmpty
        }
        do {
            try await call.drive.renameChat(dialog, to: String(title.prefix(longestTitle)), as: call.caller)
        } catch DriveError.notFound(.chat), DriveError.denied(.chat) {
            throw ChatFailure.unavailable
        } catch DriveError.chat(.fixedMembers) {
            throw ChatFailure.cannotRename
        }
        return Answer(true)
    }

    static let setOwner = Method("im.chat.setOwner", scope: "im") { params, call in
        let dialog = try params.dialog()
        if case .person = dialog { throw ChatFailure.dialogIDEmpty }
        guard case .id(let person)? = params["USER_ID"]?.naming else { throw ChatFailure.userIDEmpty }
        do {
            try await call.drive.setOwner(Person.ID(person), of: dialog, as: call.caller)
        } catch DriveError.notFound(.chat), DriveError.denied(.chat), DriveError.chat(.fixedMembers) {
            throw ChatFailure.unavailable
        } catch DriveError.chat(.notOwner), DriveError.chat(.notAMember) {
            throw ChatFailure.cannotHandOver
        }
        return Answer(true)
    }

    static let dialogGet = Method("im.dialog.get", scope: "im", gap: "nothing is counted as unread, muted or viewed") {
        params, call in
        let dialog = try params.dialogID()
        return try await chatAccess {
            let chat = try await call.drive.chat(dialog, as: call.caller)
            let counts = try await call.drive.counts(of: chat.id, as: call.caller)
            let members = try await call.drive.members(of: chat.id, as: call.caller)
            var name = chat.title
            if chat.kind == .private {
                let other = members.first { $0 != call.caller.person } ?? call.caller.person
                name = try await call.drive.person(other).fullName
            }
            return Answer(
                ChatWire.dialog(chat, named: name, spelled: params["DIALOG_ID"]?.text ?? "", counts: counts, call))
        }
    }
}

/// What the pages answer when a chat is missing or closed to the caller.
func chatAccess<Result>(_ body: () async throws -> Result) async throws -> Result {
    do {
        return try await body()
    } catch DriveError.notFound(.chat), DriveError.denied(.chat) {
        throw ChatFailure.noAccess
    }
}
