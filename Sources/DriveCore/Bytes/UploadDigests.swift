import Crypto

/// Running digests of open uploads, so that finishing hashes nothing again, and one upload's parts in single file.
///
/// What it holds is lost on restart and made again from the staged bytes then.
actor UploadDigests {
    private struct Entry {
        var digest: (hasher: SHA256, bytes: Int64)?
        var isBusy = false
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    /// Digests kept at once; an upload past that is hashed again from its staged bytes.
    private static let capacity = 20_000
    private var entries: [Upload.ID: Entry] = [:]

    /// Runs `body` while no other `body` for the same upload runs.
    nonisolated func alone<Result: Sendable>(
        with upload: Upload.ID, _ body: @Sendable () async throws -> Result
    ) async throws -> Result {
        await enter(upload)
        do {
            let result = try await body()
            await leave(upload)
            return result
        } catch {
            await leave(upload)
            throw error
        }
    }

    /// The digest of exactly the first `bytes` bytes, if it is known.
    func digest(of upload: Upload.ID, bytes: Int64) -> SHA256? {
        guard let known = entries[upload]?.digest, known.bytes == bytes else { return nil }
        return known.hasher
    }

    func keep(_ hasher: SHA256, bytes: Int64, of upload: Upload.ID) {
        let hasRoom = entries.count <= Self.capacity
        entries[upload]?.digest = hasRoom ? (hasher, bytes) : nil
    }

    func forget(_ upload: Upload.ID) {
        entries[upload]?.digest = nil
        removeIfIdle(upload)
    }

    private func enter(_ upload: Upload.ID) async {
        if entries[upload]?.isBusy == true {
            await withCheckedContinuation { entries[upload]?.waiting.append($0) }
        } else {
            entries[upload, default: Entry()].isBusy = true
        }
    }

    private func leave(_ upload: Upload.ID) {
        if let next = entries[upload]?.waiting.first {
            entries[upload]?.waiting.removeFirst()
            next.resume()
        } else {
            entries[upload]?.isBusy = false
            removeIfIdle(upload)
        }
    }

    private func removeIfIdle(_ upload: Upload.ID) {
        guard let entry = entries[upload], !entry.isBusy, entry.waiting.isEmpty, entry.digest == nil else { return }
        entries[upload] = nil
    }
}
