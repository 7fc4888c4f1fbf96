import SQLStore

extension Drive {
    /// How long an expired token of a consent is still told apart from one that never was.
    private static let rememberedMs: Int64 = 30 * 86_400_000
    private static let dayMs: Int64 = 86_400_000

    /// Forgets what nobody can use any more: browser sessions, codes and tokens of consents.
    ///
    /// An application learns that its access token expired only as long as the row is there, and asks for the next one
    /// only then: so the newest of a consent stays as long as a refresh token of it does.
    /// - Returns: how many rows were removed.
    @discardableResult
    package func sweepSignIns() async throws -> Int {
        try await database.write { [now] tx in
            let now = now()
            let (dayAgo, longAgo) = (now - Self.dayMs, now - Self.rememberedMs)
            var count = try tx.run("DELETE FROM browser_session WHERE expires_ms <= \(now)")
            count += try tx.run("DELETE FROM refresh_token WHERE expires_ms <= \(longAgo)")
            count += try tx.run(
                """
                DELETE FROM credential WHERE consent_id IS NOT NULL AND expires_ms <= \(dayAgo) AND (
                    EXISTS (
                        SELECT 1 FROM credential newer
                        WHERE newer.consent_id = credential.consent_id AND newer.id > credential.id)
                    OR NOT EXISTS (SELECT 1 FROM refresh_token r WHERE r.consent_id = credential.consent_id))
                """)
            count += try tx.run(
                """
                DELETE FROM consent WHERE code_expires_ms <= \(longAgo)
                    AND NOT EXISTS (SELECT 1 FROM refresh_token r WHERE r.consent_id = consent.id)
                    AND NOT EXISTS (SELECT 1 FROM credential c WHERE c.consent_id = consent.id)
                """)
            return count
        }
    }
}
