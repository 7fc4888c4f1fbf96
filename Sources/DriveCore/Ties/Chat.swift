/// A conversation: who takes part in it, and the folder its files lie in.
package struct Chat: Sendable, Hashable {
    package typealias ID = Identifier<Chat>
    package enum Kind: String, Sendable {
        /// Entered by invitation.
        case chat
        /// As `chat`, and shown to everyone as open.
        case open
        /// Two people, or one with themselves.
        case `private`
        /// The people of a work group.
        case group
    }

    package let id: ID
    package let kind: Kind
    package let title: String
    package let description: String
    package let color: ChatColor
    package let owner: Person.ID
    /// What it is bound to; both empty when to nothing.
    package let entityType: String
    package let entityID: String
    /// Nil until its folder is first needed.
    package let folder: Node.ID?
    package let createdMs: Int64
    /// True when who takes part follows from something else: a private dialog, a group's or a task's own chat.
    package let hasFixedMembers: Bool

    /// Binding of the chat every task has.
    package static let taskEntityType = "TASKS_TASK"
    /// Binding of the chat every work group has.
    package static let groupEntityType = "SONET_GROUP"
}

/// The colours a chat may have, by the vendor's codes.
package enum ChatColor: String, Sendable, CaseIterable {
    case red = "RED"
    case green = "GREEN"
    case mint = "MINT"
    case lightBlue = "LIGHT_BLUE"
    case darkBlue = "DARK_BLUE"
    case purple = "PURPLE"
    case aqua = "AQUA"
    case pink = "PINK"
    case lime = "LIME"
    case brown = "BROWN"
    case azure = "AZURE"
    case khaki = "KHAKI"
    case sand = "SAND"
    case marengo = "MARENGO"
    case gray = "GRAY"
    case graphite = "GRAPHITE"

    /// As a person reads it: `Light blue`.
    package var name: String {
        let words = rawValue.lowercased().split(separator: "_").joined(separator: " ")
        return words.prefix(1).uppercased() + words.dropFirst()
    }
}

/// What a new chat is made of.
package struct NewChat: Sendable {
    package var kind = Chat.Kind.chat
    /// Empty: one is made from colour and number.
    package var title = ""
    package var description = ""
    /// Nil: one is chosen.
    package var color: ChatColor?
    package var entityType = ""
    package var entityID = ""
    /// Besides the creator. Unknown and inactive people are passed over.
    package var members: [Person.ID] = []
    /// First message, by the creator; empty: none.
    package var message = ""

    package init() {}
}

/// How a request names a chat.
package enum Dialog: Sendable, Hashable {
    case chat(Chat.ID)
    /// The private chat with this person; made when first named.
    case person(Person.ID)
    /// The chat of the work group with this id; made when first named.
    case group(Int64)
}

/// One message of a chat.
package struct Message: Sendable, Hashable {
    package typealias ID = Identifier<Message>

    package let id: ID
    package let chat: Chat.ID
    /// A person, or 0: the system.
    package let author: Person.ID
    package let text: String
    /// True when its author took it back.
    package let isDeleted: Bool
    /// The message it answers.
    package let replyTo: ID?
    package let createdMs: Int64
    /// Its files, those in the trash left out; none of a message that was taken back.
    package var files: [Node]
}
