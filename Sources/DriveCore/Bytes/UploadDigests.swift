import Crypto
import Synchronization

/// Running digests of open uploads, so that finishing hashes nothing again, and one upload's parts in single file.
///
/// What it holds is lost on restart and made again from the staged bytes then. No actor: a part comes here four times,
/// for less than it costs to change to another executor.
final class UploadDigests: Sendable {
    fileprivate struct Entry {
        var digest: (hasher: SHA256, bytes: Int64)?
        var isBusy = false
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    /// Digests kept at once; an upload past that is hashed again from its staged bytes.
    private static let capacity = 20_000
    private let entries = Mutex<[Upload.ID: Entry]>([:])

    /// Runs `body` while no other `body` for the same upload runs.
    func alone<Result: Sendable>(
        with upload: Upload.ID, _ body: @Sendable () async throws -> Result
    ) async throws -> Result {
        await enter(upload)
        do {
            let result = try await body()
            leave(upload)
            return result
        } catch {
            leave(upload)
            throw error
        }
    }

    /// The digest of exactly the first `bytes` bytes, if it is known.
    func digest(of upload: Upload.ID, bytes: Int64) -> SHA256? {
        entries.withLock { entries in
            guard let known = entries[upload]?.digest, known.bytes == bytes else { return nil }
            return known.hasher
        }
    }

    func keep(_ hasher: SHA256, bytes: Int64, of upload: Upload.ID) {
        entries.withLock { entries in
            let hasRoom = entries.count <= Self.capacity
            entries[upload]?.digest = hasRoom ? (hasher, bytes) : nil
        }
    }

    func forget(_ upload: Upload.ID) {
        entries.withLock { entries in
            entries[upload]?.digest = nil
            entries.removeIfIdle(upload)
        }
    }

    private func enter(_ upload: Upload.ID) async {
        await withCheckedContinuation { continuation in
            let isFree = entries.withLock { entries in
                if entries[upload]?.isBusy == true {
                    entries[upload]?.waiting.append(continuation)
                    return false
                }
                entries[upload, default: Entry()].isBusy = true
                return true
            }
            if isFree { continuation.resume() }
        }
    }

    private func leave(_ upload: Upload.ID) {
        let next = entries.withLock { entries -> CheckedContinuation<Void, Never>? in
            if entries[upload]?.waiting.isEmpty == false { return entries[upload]?.waiting.removeFirst() }
            entries[upload]?.isBusy = false
            entries.removeIfIdle(upload)
            return nil
        }
        next?.resume()
    }
}

extension [Upload.ID: UploadDigests.Entry] {
    fileprivate mutating func removeIfIdle(_ upload: Upload.ID) {
        guard let entry = self[upload], !entry.isBusy, entry.waiting.isEmpty, entry.digest == nil else { return }
        self[upload] = nil
    }
}
