import HTTPEdge
import Testing

@Suite("Leaky buckets")
struct LeakyBucketsTests {
    /// Vendor page `settings/performance/limits`: 50 at once, 2 more each second.
    private let usual = LeakyBuckets(.init(capacity: 50, drainPerSecond: 2))

    @Test("fifty pass at once, the next waits, two more pass a second later")
    func fifty() {
        for _ in 1...50 { #expect(usual.admit("a", atMs: 0) == nil) }
        #expect(usual.admit("a", atMs: 0) == 1)
        #expect(usual.admit("a", atMs: 1000) == nil)
        #expect(usual.admit("a", atMs: 1000) == nil)
        #expect(usual.admit("a", atMs: 1000) == 1)
    }

    @Test("a refused request pours in nothing, and each key has a bucket of its own")
    func refusals() {
        for _ in 1...500 { _ = usual.admit("a", atMs: 0) }
        #expect(usual.admit("a", atMs: 500) == nil)
        #expect(usual.admit("b", atMs: 0) == nil)
    }

    @Test("says how long to wait, and a clock that goes back empties nothing")
    func waiting() {
        let slow = LeakyBuckets(.init(capacity: 1, drainPerSecond: 0.1))
        #expect(slow.admit("a", atMs: 5000) == nil)
        #expect(slow.admit("a", atMs: 5000) == 10)
        #expect(slow.admit("a", atMs: 0) == 10)
        #expect(slow.admit("a", atMs: 15_000) == nil)
    }

    @Test("what is forgiven was never poured in")
    func forgiving() {
        let one = LeakyBuckets(.init(capacity: 1, drainPerSecond: 1))
        #expect(one.admit("a", atMs: 0) == nil)
        one.forgive("a")
        #expect(one.admit("a", atMs: 0) == nil)
        #expect(one.admit("a", atMs: 0) == 1)
    }
}
