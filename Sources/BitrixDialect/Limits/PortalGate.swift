import DriveCore
import Synchronization

/// Asks the drive whether the portal is open, once a second at most, so that an administrator's switch takes effect
/// without a restart.
final class PortalGate: Sendable {
    private static let freshMs: Int64 = 1000
    private let drive: Drive
    private let known = Mutex<(state: PortalState, untilMs: Int64)?>(nil)

    init(drive: Drive) { self.drive = drive }

    /// - Throws: the system error the portal's state demands.
    func pass() async throws {
        switch try await state() {
        case .open: break
        case .overloaded: throw Failure.system(.overloadLimit)
        case .unpaid: throw Failure.system(.commercialPlansOnly)
        case .closed: throw Failure.system(.portalDeleted)
        }
    }

    private func state() async throws -> PortalState {
        let now = drive.now()
        if let known = known.withLock({ $0 }), now < known.untilMs, known.untilMs <= now + Self.freshMs {
            return known.state
        }
        let state = try await drive.portalState()
        known.withLock { $0 = (state, now + Self.freshMs) }
        return state
    }
}
