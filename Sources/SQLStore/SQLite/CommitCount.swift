import Synchronization

/// How many times this process has committed to one database.
final class CommitCount: Sendable {
    private let number = Atomic<UInt64>(0)

    var value: UInt64 { number.load(ordering: .acquiring) }

    /// To be called after a commit and before anybody is told of it.
    func add() { number.add(1, ordering: .acquiringAndReleasing) }
}
