import Synchronization

/// One leaky bucket per key: each admitted request pours in 1, and so much a second runs out again. A request that finds
/// its bucket fuller than the capacity is refused and pours in nothing.
///
/// Buckets live in this process's memory and are empty after a restart; of several servers each counts for itself.
package final class LeakyBuckets: Sendable {
    /// What a key may do.
    package struct Rate: Sendable, Equatable {
        /// How full a bucket may be and still take a request: so many requests can come at once.
        package let capacity: Double
        /// How much runs out each second; above 0.
        package let drainPerSecond: Double

        package init(capacity: Double, drainPerSecond: Double) {
            self.capacity = capacity
            self.drainPerSecond = drainPerSecond
        }
    }

    private struct Bucket {
        var level: Double
        var atMs: Int64
    }

    private struct State {
        var buckets: [String: Bucket] = [:]
        var sweepAtCount = LeakyBuckets.leastSweep
    }

    private static let leastSweep = 1024
    private let rate: Rate
    private let state = Mutex(State())

    package init(_ rate: Rate) { self.rate = rate }

    /// - Returns: nil when the request may go on; else after how many whole seconds, 1 or more, one would be admitted.
    package func admit(_ key: String, atMs now: Int64) -> Int64? {
        state.withLock { state in
            var bucket = state.buckets[key] ?? Bucket(level: 0, atMs: now)
            bucket.level = rate.level(bucket.level, afterMs: now - bucket.atMs)
            bucket.atMs = max(now, bucket.atMs)
            guard bucket.level + 1 <= rate.capacity else {
                state.buckets[key] = bucket
                return max(1, Int64(((bucket.level + 1 - rate.capacity) / rate.drainPerSecond).rounded(.up)))
            }
            bucket.level += 1
            state.buckets[key] = bucket
            if state.buckets.count >= state.sweepAtCount { sweep(&state, atMs: now) }
            return nil
        }
    }

    /// Takes back what `admit` poured in: the request turned out to be none of those that are limited.
    package func forgive(_ key: String) {
        state.withLock { state in
            guard let level = state.buckets[key]?.level else { return }
            state.buckets[key]?.level = max(0, level - 1)
        }
    }

    /// Forgets empty buckets, each time their number has doubled, so that many addresses do not fill memory.
    private func sweep(_ state: inout State, atMs now: Int64) {
        state.buckets = state.buckets.filter { rate.level($0.value.level, afterMs: now - $0.value.atMs) > 0 }
        state.sweepAtCount = max(Self.leastSweep, state.buckets.count * 2)
    }
}

extension LeakyBuckets.Rate {
    /// What is left of `level` after some time. A clock that went back drains nothing.
    fileprivate func level(_ level: Double, afterMs passed: Int64) -> Double {
        max(0, level - Double(max(0, passed)) / 1000 * drainPerSecond)
    }
}
