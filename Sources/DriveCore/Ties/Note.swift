/// A note in the feed of a lead, contact, company or customer.
package struct Note: Sendable, Hashable {
    package typealias ID = Identifier<Note>

    /// The types an integration may write.
    package enum Kind: String, Sendable, CaseIterable {
        case common, attachment, geolocation
        case callIn = "call_in"
        case callOut = "call_out"
        case serviceMessage = "service_message"
        case extendedServiceMessage = "extended_service_message"
        case messageCashier = "message_cashier"
        case smsIn = "sms_in"
        case smsOut = "sms_out"
    }

    package enum Content: Sendable, Hashable {
        /// A JSON object in the client's own words; the drive does not look into it.
        case params(String)
        /// Of an attachment.
        case file(AttachedFile)
    }

    /// What an attachment shows. Stays readable when the file goes.
    package struct AttachedFile: Sendable, Hashable {
        package let fileUUID: String
        /// The one named when the note was written, or else the file's active one.
        package let versionUUID: String
        /// As the client named it, or the file's name when the note was written.
        package let name: String
        /// What the client wrote beside it; nil: nothing.
        package let text: String?
    }

    package let id: ID
    package let entity: CRMEntity.ID
    package let entityKind: CRMEntity.Kind
    package let kind: Kind
    package let content: Content
    package let isPinned: Bool
    package let responsible: Person.ID
    /// The entity's.
    package let group: Int64
    /// A person's id, 0 the system.
    package let createdBy: Int64
    package let updatedBy: Int64
    package let createdMs: Int64
    package let updatedMs: Int64

    /// Of an attachment; nil for the rest.
    var fileUUID: String? {
        if case .file(let file) = content { file.fileUUID } else { nil }
    }

    /// Most characters of a text.
    package static let textLimit = 20_000
}

/// What to write into a note; nil leaves it as it is, or at its default in a new one.
package struct NoteChange: Sendable, Hashable {
    package enum Body: Sendable, Hashable {
        /// - Parameter kind: any but an attachment.
        case params(String, kind: Note.Kind)
        case file(FileReference, text: String?)
    }

    /// Nil in a new one.
    package var id: Note.ID?
    /// Needed in a new one unless the call says it; in a change it must be the note's own.
    package var entity: CRMEntity.ID?
    /// Needed in a new one.
    package var body: Body?
    /// A new note's is the entity's.
    package var responsible: Person.ID?
    package var createdBy: Int64?
    package var updatedBy: Int64?
    package var createdMs: Int64?
    package var updatedMs: Int64?

    package init() {}
}
