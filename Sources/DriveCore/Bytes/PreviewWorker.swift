import Logging
import SQLStore

/// Works off the queue of versions that want previews, one after another. Several may run, in several servers.
///
/// A crash at any moment loses at most the work on one version; it is begun again when the lease has run out.
package struct PreviewWorker: Sendable {
    private let drive: Drive
    private let maker: any PreviewMaker

    package init(drive: Drive, maker: any PreviewMaker) {
        self.drive = drive
        self.maker = maker
    }

    /// Makes what is due and looks for more every second, until cancelled. Whatever fails, it goes on.
    package func run() async {
        while !Task.isCancelled {
            do {
                if try await makeNext() { continue }
                try await Task.sleep(for: .seconds(1))
            } catch is CancellationError {
                return
            } catch {
                drive.log.error("the queue of previews cannot be worked off", metadata: ["error": "\(error)"])
                try? await Task.sleep(for: .seconds(30))
            }
        }
    }

    /// Makes the previews of one version, or finds out that it gets none.
    /// - Returns: false when nothing was due.
    /// - Throws: when the database fails; `CancellationError`, the version is due again then.
    package func makeNext() async throws -> Bool {
        guard let claim = try await drive.claimPreviews() else { return false }
        do {
            let made = try await make(claim)
            if try await drive.keep(made, for: claim) {
                drive.log.debug("previews made", metadata: ["version": "\(claim.version)", "count": "\(made.count)"])
            }
        } catch is CancellationError {
            try await drive.release(claim)
            throw CancellationError()
        } catch PreviewFailure.unusable(let reason) {
            try await giveUp(claim, reason)
            return true
        } catch DriveError.notFound {
            // Purged meanwhile; the queue's row went with it.
            return true
        } catch {
            var reason = "\(error)"
            if case PreviewFailure.troubled(let text) = error { reason = text }
            if Task.isCancelled {
                try await drive.release(claim)
                throw CancellationError()
            }
            drive.log.warning(
                "previews failed",
                metadata: ["version": "\(claim.version)", "attempt": "\(claim.attempt)", "reason": "\(reason)"])
            try await drive.postpone(claim, reason: Self.plain(reason))
            return true
        }
        try await drive.dropPreviewsOverBudget()
        return true
    }

    private func make(_ claim: PreviewClaim) async throws -> [MadePreview] {
        let content = try await drive.readable { _ in claim.version }
        guard let kind = PreviewKind(mediaType: content.servedMediaType) else {
            throw PreviewFailure.unusable("there are no previews of \(content.servedMediaType)")
        }
        guard maker.kinds.contains(kind) else {
            throw PreviewFailure.unusable("the program for a \(kind.rawValue) is missing")
        }
        let limit = drive.settings.previewSourceLimit
        guard content.sizeBytes <= limit else { throw PreviewFailure.unusable("larger than \(limit) bytes") }
        let made = try await maker.previews(of: content, kind: kind)
        guard !made.isEmpty, Set(made.map(\.edge)).count == made.count,
            made.allSatisfy({ Preview.edges.contains($0.edge) })
        else { throw PreviewFailure.unusable("nothing was made") }
        return made
    }

    private func giveUp(_ claim: PreviewClaim, _ reason: String) async throws {
        drive.log.info("no previews", metadata: ["version": "\(claim.version)", "reason": "\(Self.plain(reason))"])
        try await drive.giveUp(claim, reason: Self.plain(reason))
    }

    /// What a program complains of may hold anything: one line of printable ASCII, at most 300 characters.
    private static func plain(_ text: String) -> String {
        let scalars = text.unicodeScalars.prefix(300).map { 0x20..<0x7F ~= $0.value ? $0 : " " }
        return String(String.UnicodeScalarView(scalars))
    }
}
