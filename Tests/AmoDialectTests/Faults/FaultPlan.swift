import Synchronization

/// SplitMix64 (Steele, Lea, Flood 2014): the same faults from the same seed.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

/// Chooses what happens to each request, by chance from a seed; every fifth request at the latest comes through.
final class FaultPlan: Sendable {
    private struct State {
        var random: SeededGenerator
        var faultsInARow = 0
        var total = 0
    }

    private let state: Mutex<State>

    init(seed: UInt64) { state = Mutex(State(random: SeededGenerator(state: seed))) }

    /// Faults so far.
    var total: Int { state.withLock { $0.total } }

    func next(for request: Message) -> Fault {
        state.withLock { state in
            guard state.faultsInARow < 4, Int.random(in: 0..<10, using: &state.random) < 7 else {
                state.faultsInARow = 0
                return .none
            }
            state.faultsInARow += 1
            state.total += 1
            // Half of the cuts fall into the head or the first bytes of the body.
            let length = Bool.random(using: &state.random) ? min(600, request.bytes.count) : request.bytes.count
            let place = Int.random(in: 0...length, using: &state.random)
            let withReset = Bool.random(using: &state.random)
            switch Int.random(in: 0..<10, using: &state.random) {
            case 0...3: return .requestCut(after: place, withReset: withReset)
            // Longer than any answer here: now and then all of it gets through.
            case 4...6:
                return .answerCut(after: Int.random(in: 0...2000, using: &state.random), withReset: withReset)
            case 7: return .twiceAtOnce
            case 8: return .again
            default: return Bool.random(using: &state.random) ? .pause(after: place) : .refused
            }
        }
    }
}
