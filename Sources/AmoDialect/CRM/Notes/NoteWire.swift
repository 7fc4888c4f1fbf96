import DriveCore
import HTTPEdge
import NIOCore

/// The model of a note.
enum NoteWire {
    static func value(_ note: Note, _ links: Links, with: WithList) throws -> Value {
        var members: [Value.Member] = [
            .init("id", .int(note.id.rawValue)), .init("entity_id", .int(note.entity.rawValue)),
            .init("created_by", .int(note.createdBy)), .init("updated_by", .int(note.updatedBy)),
            .init("created_at", .int(note.createdMs / 1000)), .init("updated_at", .int(note.updatedMs / 1000)),
            .init("responsible_user_id", .int(note.responsible.rawValue)), .init("group_id", .int(note.group)),
            .init("note_type", .string(note.kind.rawValue)), .init("params", try params(note.content)),
            .init("account_id", .int(links.account.id)),
        ]
        if with.contains("is_pinned") { members.append(.init("is_pinned", .bool(note.isPinned))) }
        members.append(self.links(note, links))
        return .object(members)
    }

    /// What a new note answers.
    static func made(_ note: Note, _ links: Links, requestID: String) -> Value {
        .object([
            .init("id", .int(note.id.rawValue)), .init("entity_id", .int(note.entity.rawValue)),
            .init("request_id", .string(requestID)), self.links(note, links),
        ])
    }

    /// What a change answers.
    /// - Parameter requestID: in the answer to a list.
    static func changed(_ note: Note, _ links: Links, requestID: String? = nil) -> Value {
        var members: [Value.Member] = [
            .init("id", .int(note.id.rawValue)), .init("entity_id", .int(note.entity.rawValue)),
            .init("updated_at", .int(note.updatedMs / 1000)),
        ]
        if let requestID { members.append(.init("request_id", .string(requestID))) }
        members.append(self.links(note, links))
        return .object(members)
    }

    private static func links(_ note: Note, _ links: Links) -> Value.Member {
        .init("_links", ["self": ["href": .string(links.note(note))]])
    }

    private static func params(_ content: Note.Content) throws -> Value {
        switch content {
        case .params(let text): try Value.json(ByteBuffer(string: text))
        case .file(let file):
            [
                "is_drive_attachment": true, "text": .string(file.text ?? file.name),
                "original_name": .string(file.name), "file_uuid": .string(file.fileUUID),
                "version_uuid": .string(file.versionUUID), "file_name": .string(NoteFileName.of(file.name)),
            ]
        }
    }
}
