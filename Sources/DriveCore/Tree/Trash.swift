extension Drive {
    /// Moves files to the trash. Needs edit on each. Unknown or unreadable ones are passed over, trashed ones stay as they are.
    /// - Throws: `.denied` when one may be read but not edited; nothing is changed then.
    package func trash(files uuids: [String], as caller: Caller) async throws { throw Unbuilt() }

    /// Takes files out of the trash; a taken name gets a number. Needs edit on each. A living file is returned as it is.
    /// - Returns: the files in the order asked for, once each, without unknown ones.
    package func restore(files uuids: [String], as caller: Caller) async throws -> [Node] { throw Unbuilt() }
}
