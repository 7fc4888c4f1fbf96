import DriveCore
import HTTPEdge

/// Chats, messages and people as `im.*` shows them.
enum ChatWire {
    /// `DEAL` of the CRM's `DEAL|1663`; elsewhere the type of the binding itself.
    private static func linkedType(_ chat: Chat) -> String {
        guard chat.entityType == "CRM", let bar = chat.entityID.firstIndex(of: "|") else { return chat.entityType }
        return String(chat.entityID[..<bar])
    }

    /// Page `im.dialog.get`. What is not kept here (unread counters, mutes, views) has its empty value.
    static func dialog(
        _ chat: Chat, named name: String, spelled dialogID: String, counts: ChatCounts, _ call: CallContext
    ) -> Value {
        let isOwner = chat.owner == call.caller.person
        let mayChange = !chat.hasFixedMembers
        let type: Value =
            switch chat.kind {
            case .private: "private"
            case .open: "open"
            case .group: "sonetGroup"
            case .chat: .string(chat.entityType.isEmpty ? "chat" : chat.entityType.lowercased())
            }
        return [
            "id": .int(chat.id.rawValue),
            "parent_chat_id": 0,
            "parent_message_id": 0,
            "name": .string(name),
            "description": .string(chat.description),
            "owner": .int(chat.owner.rawValue),
            "extranet": false,
            "avatar": "",
            "color": .string(chat.color.hex),
            "type": type,
            "counter": 0,
            "user_counter": .int(counts.members),
            "message_count": .int(counts.messages),
            "unread_id": 0,
            "restrictions": [
                "avatar": .bool(mayChange), "rename": .bool(mayChange), "extend": .bool(mayChange), "call": true,
                "mute": true, "leave": .bool(mayChange), "leave_owner": .bool(mayChange), "send": true,
                "user_list": .bool(chat.kind != .private), "path": "", "path_title": "",
            ],
            "last_message_id": .int(counts.lastMessage.rawValue),
            "last_id": .int(counts.lastMessage.rawValue),
            "marked_id": 0,
            "disk_folder_id": .int(chat.folder?.rawValue ?? 0),
            "entity_type": .string(chat.entityType),
            "entity_id": .string(chat.entityID),
            "entity_data_1": "",
            "entity_data_2": "",
            "entity_data_3": "",
            "mute_list": [],
            "date_create": call.dates.value(chat.createdMs),
            "message_type": chat.kind == .private ? "P" : chat.kind == .open ? "O" : "C",
            "public": "",
            "role": isOwner ? "owner" : "member",
            "entity_link": ["type": .string(linkedType(chat)), "url": "", "id": .string(chat.entityID)],
            "text_field_enabled": true,
            "background_id": nil,
            "permissions": [
                "manage_users_add": "member", "manage_users_delete": "manager", "manage_ui": "member",
                "manage_settings": "owner", "manage_messages": "member", "can_post": "member",
            ],
            "is_new": false,
            "readed_list": [],
            "manager_list": .array(chat.owner.rawValue > 0 ? [.int(chat.owner.rawValue)] : []),
            "last_message_views": [
                "message_id": .int(counts.lastMessage.rawValue), "first_viewers": [], "count_of_viewers": 0,
            ],
            "dialog_id": .string(dialogID),
        ]
    }

    /// Page `im.dialog.messages.get`.
    static func message(_ message: Message, _ call: CallContext) -> Value {
        let files = message.files.map { Value.int($0.id.rawValue) }
        var params: [Value.Member] = []
        if !files.isEmpty { params.append(.init("FILE_ID", .array(files))) }
        if let original = message.replyTo { params.append(.init("REPLY_ID", .int(original.rawValue))) }
        if message.isDeleted { params.append(.init("IS_DELETED", "Y")) }
        return [
            "id": .int(message.id.rawValue),
            "chat_id": .int(message.chat.rawValue),
            "author_id": .int(message.author.rawValue),
            "date": call.dates.value(message.createdMs),
            "text": .string(message.text),
            "unread": false,
            "uuid": nil,
            "replaces": [],
            "params": .map(params),
            "disappearing_date": nil,
        ]
    }

    /// Page `im.dialog.messages.get`, object `users`.
    static func person(_ person: Person, _ call: CallContext) -> Value {
        [
            "id": .int(person.id.rawValue),
            "active": .bool(person.isActive),
            "name": .string(person.fullName),
            "first_name": .string(person.name),
            "last_name": .string(person.lastName),
            "work_position": .string(person.workPosition),
            "color": .string(ChatColor.allCases[Int(person.id.rawValue % Int64(ChatColor.allCases.count))].hex),
            "avatar": "",
            "avatar_hr": "",
            "gender": .string(person.gender == "F" ? "F" : "M"),
            "birthday": "",
            "extranet": false,
            "network": false,
            "bot": false,
            "connector": false,
            "external_auth_id": "default",
            "status": "online",
            "idle": false,
            "last_activity_date": false,
            "mobile_last_date": false,
            "desktop_last_date": false,
            "absent": false,
            "departments": .array(person.departments.map(Value.int)),
            "phones": false,
            "bot_data": nil,
            "type": "user",
            "website": "",
            "email": .string(person.email),
        ]
    }
}

extension ChatColor {
    /// As `im.*` writes a colour.
    var hex: String {
        switch self {
        case .red: "#df532d"
        case .green: "#64a513"
        case .mint: "#4ba984"
        case .lightBlue: "#4ba5c3"
        case .darkBlue: "#3e99ce"
        case .purple: "#8474c8"
        case .aqua: "#1eb4aa"
        case .pink: "#f76187"
        case .lime: "#58cc47"
        case .brown: "#ab7761"
        case .azure: "#29619b"
        case .khaki: "#728f7a"
        case .sand: "#ba9c7b"
        case .marengo: "#e8a441"
        case .gray: "#556574"
        case .graphite: "#909090"
        }
    }
}
