import SQLStore

extension Account {
    /// The account in `database`, made on first use: settings, the administrator (person 1) with a personal drive, the
    /// company drive with its folder *CRM files*, the drive of chats. Safe to run twice at once.
    /// - Returns: the account, and whether it was made now.
    package static func open(
        in database: any Database, timeZone: String, now: @escaping @Sendable () -> Int64
    ) async throws -> (account: Account, isNew: Bool) { throw Unbuilt() }
}
