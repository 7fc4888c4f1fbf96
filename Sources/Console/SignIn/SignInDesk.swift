import DriveCore
import HTTPEdge

/// Lets people in by login and password, and not too many tries of them.
struct SignInDesk: Sendable {
    private let drive: Drive
    /// A few slips at once, then one a minute: a login cannot be guessed at, and its owner is not kept out for long.
    private let logins = FailureLimit(.init(capacity: 5, drainPerSecond: 1.0 / 60))
    /// An office behind one address may slip more often.
    private let addresses = FailureLimit(.init(capacity: 30, drainPerSecond: 0.1))

    init(drive: Drive) { self.drive = drive }

    /// - Throws: `.credential(.unknown)`, `.credential(.personInactive)`; `FailureLimit.Reached`.
    func signIn(login: String, password: String, from address: String) async throws -> Person {
        let (now, key) = (drive.now(), FileName.fold(login))
        return try await addresses.counting(address, atMs: now, when: Self.isGuess) {
            try await logins.counting(key, atMs: now, when: Self.isGuess) {
                try await drive.signIn(login: login, password: password)
            }
        }
    }

    private static func isGuess(_ error: any Error) -> Bool {
        if case DriveError.credential = error { true } else { error is FailureLimit.Reached }
    }
}
