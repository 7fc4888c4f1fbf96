import DriveCore
import HTTPEdge

extension Value {
    /// What a parameter that names something by number says.
    enum Naming: Equatable {
        /// Absent, empty, zero, negative or no number.
        case nothing
        /// A number beyond 64 bits names nothing that exists: it comes as the largest one.
        case id(Int64)
    }

    var naming: Naming {
        if let number = integer { return number > 0 ? .id(number) : .nothing }
        switch self {
        case .double(let number) where number > 9e18: return .id(.max)
        case .string(let text) where !text.isEmpty && text.utf8.allSatisfy { (48...57).contains($0) }: return .id(.max)
        default: return .nothing
        }
    }

    /// The ids among the elements of a list, a lone scalar counting as one; whatever is none is left out.
    func ids<Entity>(of entity: Entity.Type = Entity.self) -> [Identifier<Entity>] {
        elements.compactMap { element in
            guard case .id(let id) = element.naming else { return nil }
            return Identifier(id)
        }
    }
}

extension Dialog {
    /// `chat12`, `sg7`, or a person's number (chat reference, section 1); nil for anything else.
    init?(_ value: Value) {
        guard let text = value.text else { return nil }
        for (prefix, make) in Self.forms where text.hasPrefix(prefix) {
            guard case .id(let id) = Value.string(String(text.dropFirst(prefix.count))).naming else { continue }
            self = make(id)
            return
        }
        return nil
    }

    private static let forms: [(String, @Sendable (Int64) -> Dialog)] = [
        ("chat", { .chat(Chat.ID($0)) }), ("sg", { .group($0) }), ("", { .person(Person.ID($0)) }),
    ]
}

extension Parameters {
    /// The chat a call names by `CHAT_ID` or `DIALOG_ID`; the first wins.
    func dialog() throws -> Dialog {
        if let value = self["CHAT_ID"], !value.isBlank { return .chat(try chatID()) }
        guard let value = self["DIALOG_ID"], value != .null else { throw ChatFailure.chatIDEmpty }
        return try Self.dialog(value)
    }

    func dialogID() throws -> Dialog { try Self.dialog(self["DIALOG_ID"] ?? .null) }

    func chatID() throws -> Chat.ID {
        guard case .id(let id)? = self["CHAT_ID"]?.naming else { throw ChatFailure.chatIDEmpty }
        return Chat.ID(id)
    }

    private static func dialog(_ value: Value) throws -> Dialog {
        guard let dialog = Dialog(value) else { throw ChatFailure.dialogIDEmpty }
        return dialog
    }

    /// The first of `names` that says anything; an empty one does not shadow a later one.
    /// - Returns: nil when none does; `wasSent` tells whether one was there at all.
    func first(of names: [String]) -> (value: Value?, wasSent: Bool) {
        let sent = names.compactMap { self[$0] }.filter { $0 != .null }
        return (sent.first { !$0.isEmptyContainer }, !sent.isEmpty)
    }
}

/// Errors of the pages of `im.*`.
enum ChatFailure {
    static let chatIDEmpty = Failure.method("CHAT_ID_EMPTY", "Chat ID can't be empty")
    static let dialogIDEmpty = Failure.method("DIALOG_ID_EMPTY", "Dialog ID can't be empty")
    static let userIDEmpty = Failure.method("USER_ID_EMPTY", "User ID can't be empty")
    static let fileIDEmpty = Failure.method("FILE_ID_EMPTY", "File ID can't be empty")
    static let fileNotSaved = Failure.method("FILE_SAVE_ERROR", "File ID can't be saved")
    static let noFiles = Failure.method("FILES_ERROR", "List of files is not specified")
    static let filesNotSent = Failure.method("SAVE_ERROR", "Error during saving file to chat")
    static let noAccess = Failure(403, "ACCESS_ERROR", "You do not have access to the specified dialog")
    static let unavailable = Failure(403, "ACCESS_ERROR", "Action unavailable")
    static let titleEmpty = Failure.method("TITLE_EMPTY", "Title can't be empty")
    static let cannotRename = Failure(403, "ACCESS_ERROR", "This chat cannot be renamed")
    static let cannotAdd = Failure(403, "ACCESS_ERROR", "It is forbidden to add users to this chat")
    static let cannotRemove = Failure(403, "ACCESS_ERROR", "It is forbidden to delete users of this chat")
    static let mayNotAdd = Failure(
        403, "ACCESS_DENIED_EXTEND", "Insufficient permissions to add participants to the chat")
    static let mayNotRemove = Failure(
        403, "ACCESS_DENIED_KICK", "Insufficient rights to exclude participants from the chat")
    static let mayNotLeave = Failure(403, "ACCESS_DENIED_KICK", "Access denied to kick user from chat")
    static let notAMember = Failure.method("USER_NOT_FOUND", "The specified user is not in the chat")
    static let messageIDWrong = Failure.method("MESSAGE_ID_ERROR", "Message ID can't be empty")
    static let cannotEdit = Failure(
        403, "CANT_EDIT_MESSAGE", "Time has expired for modification or you don't have access")
    static let wrongParameters = Failure.method("PARAMS_ERROR", "Incorrect params")
    static let cannotHandOver = Failure.method(
        "WRONG_REQUEST", "Change owner can only owner and user must be member in chat")
    /// Nobody was added: the service gives this without its being on the page.
    static let nobodyAdded = Failure.method("WRONG_REQUEST", "You don't have access or user already member in chat")
}
