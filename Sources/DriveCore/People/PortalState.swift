import SQLStore

/// What the Bitrix24 door is to answer to everybody: an administrator's switch, for maintenance and for testing what an
/// integration does then (vendor's table of system errors).
package enum PortalState: String, Sendable, CaseIterable {
    case open
    /// Every call is refused until further notice, as the vendor does by hand.
    case overloaded
    /// The plan does not include the API.
    case unpaid
    /// The site is closed for maintenance.
    case closed
}

extension Drive {
    package func portalState() async throws -> PortalState {
        try await database.read { tx in
            let row = try tx.row("SELECT value FROM setting WHERE name = \(Setting.portalState.rawValue)")
            return try row.flatMap { PortalState(rawValue: try $0.text(0)) } ?? .open
        }
    }

    /// Servers notice within a second.
    package func setPortalState(_ state: PortalState) async throws {
        _ = try await database.write { tx in
            try tx.run(
                """
                INSERT INTO setting (name, value) VALUES (\(Setting.portalState.rawValue), \(state.rawValue))
                ON CONFLICT (name) DO UPDATE SET value = excluded.value
                """)
        }
    }
}
