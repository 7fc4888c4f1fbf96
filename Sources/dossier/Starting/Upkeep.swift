import DriveCore
import Logging

/// What a running server does by itself, at its start and every ten minutes: forgets what has expired, empties the trash
/// of what is too old, and removes bytes nothing points at.
struct Upkeep: Sendable {
    let drive: Drive
    let log: Logger

    /// Goes on until cancelled. A round that fails is logged and tried again a minute later.
    func run() async {
        while !Task.isCancelled {
            do {
                try await round()
                try await Task.sleep(for: .seconds(600))
            } catch is CancellationError {
                return
            } catch {
                log.error("upkeep failed", metadata: ["error": "\(error)"])
                try? await Task.sleep(for: .seconds(60))
            }
        }
    }

    private func round() async throws {
        report("expired uploads forgotten", count: Int64(try await drive.sweepUploads()))
        report("expired sessions and tokens forgotten", count: Int64(try await drive.sweepSignIns()))
        if let age = drive.settings.trashLifetimeMs {
            let trash = try await drive.purgeTrash(olderThanMs: age)
            report("files and folders removed from the trash", count: trash.files + trash.folders)
        }
        let garbage = try await drive.collectGarbage(graceMs: drive.settings.garbageGraceMs)
        report("contents removed", count: garbage.contents)
    }

    private func report(_ what: Logger.Message, count: Int64) {
        if count > 0 { log.info(what, metadata: ["count": "\(count)"]) }
    }
}
