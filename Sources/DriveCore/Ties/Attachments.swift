/// A Bitrix24 attached object: a file tied to a task.
package struct Attachment: Sendable, Hashable {
    package typealias ID = Identifier<Attachment>

    package let id: ID
    package let node: Node.ID
    package let module: String
    package let entityType: String
    package let entityID: Int64
    package let createdMs: Int64
    package let createdBy: Int64
    /// The file's own name and size now.
    package let name: String
    package let sizeBytes: Int64
}

extension Drive {
    /// - Throws: `.notFound(.attachment)`, `.denied` when the caller may read neither the file nor the task.
    package func attachment(_ id: Attachment.ID, as caller: Caller) async throws -> Attachment { throw Unbuilt() }

    /// The bytes of an attached file, for whoever may read the file or the task it is attached to.
    package func content(ofAttachment id: Attachment.ID, as caller: Caller) async throws -> ReadableContent {
        throw Unbuilt()
    }
}
