extension Drive {
    /// A new file with its first version. Needs add on `parent`.
    ///
    /// - Parameter mediaType: as declared; empty when not.
    /// - Parameter uniqueName: on conflict take the first free ` (1)`, ` (2)` ... instead of refusing.
    /// - Throws: `.notFound` when `parent` is not a living folder, `.denied`, `.nameTaken(.file)`, `.invalidRights`,
    ///   `.noSpace`, `.ticketUsed`.
    package func addFile(
        named name: FileName, in parent: Node.ID, content: StagedContent, mediaType: String = "",
        uniqueName: Bool = false, rights: [Right] = [], ticket: OneTimeTicket? = nil, as caller: Caller
    ) async throws -> Node { throw Unbuilt() }

    /// Refuses what `addFile` with these arguments would refuse before any byte is received (all but space and ticket).
    package func checkMayAddFile(to parent: Node.ID, as caller: Caller) async throws { throw Unbuilt() }

    /// New content for a living file, active at once; the name stays. Needs edit.
    package func addVersion(
        to file: Node.ID, content: StagedContent, mediaType: String = "", as caller: Caller
    ) async throws -> Node { throw Unbuilt() }

    /// Makes an older content the active one; no new version is made. Needs edit.
    /// - Throws: `.notFound(.file)`, `.trashed`, `.versionOfAnotherFile` (unknown version too).
    package func activate(versionUUID: String, ofFile uuid: String, as caller: Caller) async throws -> Node {
        throw Unbuilt()
    }

    /// The contents of a file, newest first unless the listing orders otherwise. Needs read.
    package func versions(
        of file: Node.ID, _ listing: Listing<VersionField>, as caller: Caller
    ) async throws -> Page<Version> { throw Unbuilt() }

    /// - Throws: `.notFound(.version)`, `.denied` without read right on the file.
    package func version(_ id: Version.ID, as caller: Caller) async throws -> Version { throw Unbuilt() }

    /// A version by UUID. - Throws: `.notFound(.versionUUID)` when unknown, of another file, or unreadable.
    package func version(uuid: String, ofFile fileUUID: String, as caller: Caller) async throws -> Version {
        throw Unbuilt()
    }

    /// A copy of a file in another folder: rows only, no bytes move. Needs read on the file and add on the folder.
    package func copy(
        file: Node.ID, to folder: Node.ID, uniqueName: Bool = false, as caller: Caller
    ) async throws -> Node { throw Unbuilt() }
}

/// Works once: whoever spends it second gets `.ticketUsed`.
package struct OneTimeTicket: Sendable {
    /// Random, unique.
    package let nonce: String
    package let expiresMs: Int64
    package init(nonce: String, expiresMs: Int64) {
        self.nonce = nonce
        self.expiresMs = expiresMs
    }
}
