extension Drive {
    /// The drives `caller` may read. Drives of chats are never listed.
    package func storages(_ listing: Listing<StorageField>, as caller: Caller) async throws -> Page<Storage> {
        throw Unbuilt()
    }

    /// - Throws: `.notFound` when there is none, `.denied` without read right on its root.
    package func storage(_ id: Storage.ID, as caller: Caller) async throws -> Storage { throw Unbuilt() }

    /// The personal drive of `person`.
    package func personalStorage(of person: Person.ID) async throws -> Storage { throw Unbuilt() }
}
