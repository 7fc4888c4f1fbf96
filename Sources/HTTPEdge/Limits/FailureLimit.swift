/// Limits how often somebody may be wrong. What turns out right costs nothing.
package struct FailureLimit: Sendable {
    /// So many failures that even a right attempt is not looked at.
    package struct Reached: Error, Equatable {
        /// After how many whole seconds the next attempt is.
        package let seconds: Int64
    }

    private let buckets: LeakyBuckets

    /// - Parameter rate: of failures; attempts under way count as failures until they end.
    package init(_ rate: LeakyBuckets.Rate) { buckets = LeakyBuckets(rate) }

    /// Runs `attempt` unless `key` has failed too often.
    /// - Parameter isFailure: false for errors that say nothing against whoever attempts.
    /// - Throws: `Reached`; whatever `attempt` throws.
    package func counting<Result>(
        _ key: String, atMs now: Int64, when isFailure: (any Error) -> Bool, _ attempt: () async throws -> Result
    ) async throws -> Result {
        if let seconds = buckets.admit(key, atMs: now) { throw Reached(seconds: seconds) }
        do {
            let result = try await attempt()
            buckets.forgive(key)
            return result
        } catch {
            if !isFailure(error) { buckets.forgive(key) }
            throw error
        }
    }
}
