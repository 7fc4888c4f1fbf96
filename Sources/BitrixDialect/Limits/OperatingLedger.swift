import DriveCore
import Synchronization

/// What a method's `time` says of the execution time its caller has used.
struct OperatingTime: Equatable, Sendable {
    /// Seconds within the last ten minutes, the call itself included.
    let seconds: Double
    /// When the oldest minute stops counting, milliseconds since 1970.
    let resetMs: Int64
}

/// Execution time per credential and method, as the vendor counts it: in one-minute buckets that begin with the first
/// call recorded in them and count for ten minutes (vendor page `settings/performance/limits`). The call that passes the
/// limit is completed, the next one refused.
///
/// Kept in memory: a restart forgives, and of several servers each counts for itself.
final class OperatingLedger: Sendable {
    /// Tokens of one application share their time; each webhook has its own.
    enum Owner: Hashable, Sendable {
        case application(Application.ID)
        case credential(Credential.ID)
    }

    struct Key: Hashable, Sendable {
        let owner: Owner
        /// Lower case.
        let method: String

        init(_ credential: Credential, method: String) {
            owner = credential.application.map(Owner.application) ?? .credential(credential.id)
            self.method = method.lowercased()
        }
    }

    private static let sweepAtCount = 4096
    private let limitSeconds: Double
    private let windows = Mutex<[Key: OperatingWindow]>([:])

    init(limitSeconds: Double) { self.limitSeconds = limitSeconds }

    /// - Returns: nil when the call may go on; else when the oldest minute stops counting.
    func refusal(_ key: Key, atMs now: Int64) -> Int64? {
        windows.withLock { windows in
            guard windows[key] != nil else { return nil }
            windows[key]?.forget(before: now)
            guard let window = windows[key], window.seconds > limitSeconds else { return nil }
            return window.resetMs
        }
    }

    func charge(_ key: Key, seconds: Double, atMs now: Int64) -> OperatingTime {
        windows.withLock { windows in
            if windows.count >= Self.sweepAtCount {
                for key in windows.keys { windows[key]?.forget(before: now) }
                windows = windows.filter { !$0.value.isEmpty }
            }
            windows[key, default: OperatingWindow()].add(seconds, atMs: now)
            let window = windows[key, default: OperatingWindow()]
            return OperatingTime(seconds: window.seconds, resetMs: window.resetMs ?? now + OperatingWindow.lengthMs)
        }
    }
}

/// The last ten minutes of one method and caller.
struct OperatingWindow: Equatable, Sendable {
    private struct Minute: Equatable, Sendable {
        let sinceMs: Int64
        var seconds: Double
    }

    static let lengthMs: Int64 = 600_000
    private static let minuteMs: Int64 = 60_000
    private var minutes: [Minute] = []

    var isEmpty: Bool { minutes.isEmpty }
    var seconds: Double { minutes.reduce(0) { $0 + $1.seconds } }
    /// When the oldest minute stops counting; nil when nothing counts.
    var resetMs: Int64? { minutes.first.map { $0.sinceMs + Self.lengthMs } }

    mutating func forget(before now: Int64) {
        minutes.removeAll { $0.sinceMs + Self.lengthMs <= now }
    }

    mutating func add(_ seconds: Double, atMs now: Int64) {
        forget(before: now)
        if let last = minutes.last, now < last.sinceMs + Self.minuteMs {
            minutes[minutes.count - 1].seconds += seconds
        } else {
            minutes.append(Minute(sinceMs: now, seconds: seconds))
        }
    }
}
