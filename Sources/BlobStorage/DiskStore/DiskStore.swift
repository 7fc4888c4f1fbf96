import Foundation
import Glibc
import Logging
import NIOCore
import NIOPosix
import Synchronization

/// Blobs as files of one folder, named by their SHA-256, so that `sha256sum` verifies a disk without the database.
///
/// Received bytes grow in `staging/`; committing is fsync → rename into `blobs/ab/cd/` → fsync of the folder. After a
/// crash at any point there may be a staging file nobody wants, never a blob with half its bytes.
///
/// Writes and reads from memory run on the caller's thread; what may wait for the disk runs on the store's own.
package final class DiskStore: BlobStore {
    let layout: DiskLayout
    let calls: DiskCalls
    let log: Logger
    private let threads: NIOThreadPool
    private let known = Mutex(Known())

    /// What this process knows about the durability of what is on the disk.
    private struct Known {
        /// Leaf folders whose entry in their parent is durable, by the first two bytes of the hash.
        var durableFolders = [Bool](repeating: false, count: 1 << 16)
        /// Areas whose own entry in `staging/` has not been synced yet.
        var looseEntries: Set<StagingKey> = []
        /// Areas whose bytes from an offset on may be lost although a later fsync would say otherwise.
        var doubtful: [StagingKey: Int64] = [:]
    }

    /// Opens the store in folder `root`, making it and what it holds when missing.
    /// - Throws: `.full` or `.failed` when the folders cannot be made or written to.
    package convenience init(root: String, log: Logger) throws(BlobError) {
        try self.init(root: root, log: log, calls: .system)
    }

    /// - Parameter calls: tests watch and break the system calls durability rests on.
    init(root: String, log: Logger, calls: DiskCalls) throws(BlobError) {
        layout = DiskLayout(root: root)
        self.calls = calls
        self.log = log
        try layout.create(calls)
        threads = NIOThreadPool(numberOfThreads: 8)
        threads.start()
    }

    deinit { threads.shutdownGracefully { _ in } }

    // MARK: Receiving

    package func stage() async throws(BlobError) -> StagingKey {
        let key = DiskLayout.newStagingKey()
        let path = try layout.path(of: key)
        known.withLock { _ = $0.looseEntries.insert(key) }
        do throws(BlobError) {
            _ = try OpenFile(path, O_WRONLY | O_CREAT | O_EXCL)
            return key
        } catch {
            known.withLock { _ = $0.looseEntries.remove(key) }
            throw error
        }
    }

    package func append(to staging: StagingKey, at offset: Int64) async throws(BlobError) -> any StagingWriter {
        let path = try layout.path(of: staging)
        let file = try opened(path, O_WRONLY)
        guard offset >= 0, try file.size() >= offset else { throw .absent }
        let isDoubtful = known.withLock { $0.doubtful[staging].map { $0 < offset } ?? false }
        if isDoubtful { throw .failed("\(path): the disk may have lost bytes before \(offset)") }
        try file.truncate(to: offset)
        known.withLock { known in
            known.doubtful[staging] = nil
            // What lies before an offset was synced with the entry, in this process or an earlier one.
            if offset == 0 { known.looseEntries.insert(staging) }
        }
        return DiskStagingWriter(store: self, key: staging, file: file, offset: offset)
    }

    package func readStaged(
        _ staging: StagingKey, count: Int64, _ body: @Sendable (ByteBuffer) async throws -> Void
    ) async throws {
        let file = try opened(try layout.path(of: staging), O_RDONLY)
        try await read(file, range: 0..<count, body)
    }

    package func discard(_ staging: StagingKey) async throws(BlobError) {
        let path = try layout.path(of: staging)
        // On the caller's thread and not cancellable: this is how a request that failed cleans up.
        if unlink(path) != 0, errno != ENOENT { throw BlobError(errno: errno, "unlink \(path)") }
        forget(staging)
    }

    package func commit(_ staging: StagingKey, sha256: String) async throws(BlobError) -> BlobKey {
        let key = BlobKey(rawValue: sha256)
        let source = try layout.path(of: staging)
        let target = try layout.path(of: key)
        try await onOwnThread { () throws(BlobError) in
            if self.known.withLock({ $0.doubtful[staging] != nil }) {
                throw .failed("\(source): the disk may have lost bytes")
            }
            try self.ensureFolder(of: key)
            // Nobody removes from the folder between here and the rename or the touch.
            let lock = try FolderHold(of: target, isExclusive: false)
            defer { lock.release() }
            do throws(BlobError) {
                try self.sync(staging, at: source)
            } catch .absent {
                // A repeat after a crash between the rename and the answer.
                try self.touch(target)
                return try self.syncFolder(of: target)
            }
            // An equal blob is replaced by equal bytes: its readers keep the old file, its age starts anew.
            guard self.calls.rename(source, target) == 0 else { throw BlobError(errno: errno, "rename to \(target)") }
            try self.syncFolder(of: target)
        }
        forget(staging)
        return key
    }

    /// Makes an area's bytes durable, with a fresh time of change (retention counts from the commit).
    private func sync(_ staging: StagingKey, at path: String) throws(BlobError) {
        let file = try opened(path, O_WRONLY)
        try file.touch()
        do throws(BlobError) { try calls.sync(file) } catch {
            markDoubtful(staging, from: 0)
            throw error
        }
    }

    private func touch(_ path: String) throws(BlobError) {
        let file = try opened(path, O_WRONLY)
        try file.touch()
        try calls.sync(file)
    }

    private func syncFolder(of path: String) throws(BlobError) {
        try calls.syncFolder(DiskLayout.folder(of: path))
    }

    /// Makes the leaf folder of `key`, durable in its parent before anything can be committed into it.
    private func ensureFolder(of key: BlobKey) throws(BlobError) {
        let index = DiskLayout.folderIndex(of: key)
        if known.withLock({ $0.durableFolders[index] }) { return }
        let folder = DiskLayout.folder(of: try layout.path(of: key))
        try DiskLayout.makeFolder(folder)
        // Also when it was there: whoever made it may not have come to this line.
        try syncFolder(of: folder)
        known.withLock { $0.durableFolders[index] = true }
    }

    // MARK: Serving

    package func read(
        _ key: BlobKey, range: Range<Int64>, _ body: (ByteBuffer) async throws -> Void
    ) async throws {
        let file = try opened(try layout.path(of: key), O_RDONLY)
        try await read(file, range: range, body)
    }

    package func file(of key: BlobKey) async throws(BlobError) -> BlobFile? {
        DiskBlobFile(store: self, file: try opened(try layout.path(of: key), O_RDONLY))
    }

    package func size(of key: BlobKey) async throws(BlobError) -> Int64? {
        do throws(BlobError) {
            return try opened(try layout.path(of: key), O_RDONLY).size()
        } catch .absent { return nil }
    }

    package func remove(_ key: BlobKey) async throws(BlobError) {
        let path = try layout.path(of: key)
        try await onOwnThread { () throws(BlobError) in
            guard unlink(path) != 0 else { return }
            let error = errno
            if error != ENOENT { throw BlobError(errno: error, "unlink \(path)") }
            try self.layout.provePresence()
        }
    }

    package func remove(_ key: BlobKey, committedBefore instant: Int64) async throws(BlobError) -> Bool {
        let path = try layout.path(of: key)
        return try await onOwnThread { () throws(BlobError) in
            do throws(BlobError) {
                let lock = try FolderHold(of: path, isExclusive: true)
                defer { lock.release() }
                guard try OpenFile(path, O_RDONLY).status().modifiedMs <= instant else { return false }
                if unlink(path) != 0, errno != ENOENT { throw BlobError(errno: errno, "unlink \(path)") }
                return true
            } catch .absent {
                try self.layout.provePresence()
                return true
            }
        }
    }

    package func probe() async throws(BlobError) {
        let path = layout.probePath
        try await onOwnThread { () throws(BlobError) in
            try self.layout.provePresence()
            let file = try OpenFile(path, O_WRONLY | O_CREAT | O_TRUNC)
            defer { unlink(path) }
            try self.calls.write(ByteBuffer(repeating: 1, count: 512), to: file, at: 0)
            try self.calls.sync(file)
        }
    }

    // MARK: For the extensions and the writer

    /// Opens a file of the store. A missing file is `.absent` only while the store's folders are there: an unmounted
    /// disk is a failure.
    func opened(_ path: String, _ flags: Int32) throws(BlobError) -> OpenFile {
        do throws(BlobError) {
            return try OpenFile(path, flags)
        } catch .absent {
            try layout.provePresence()
            throw .absent
        }
    }

    /// Runs `work`, which may wait for the disk, away from the threads that serve requests. Not cancellable: what
    /// has begun is finished, so that nobody is told that bytes are lost which are not.
    func onOwnThread<Value: Sendable>(
        _ work: @escaping @Sendable () throws(BlobError) -> Value
    ) async throws(BlobError) -> Value {
        let result: Result<Value, BlobError> = await withCheckedContinuation { continuation in
            threads.submit { state in
                guard case .active = state else {
                    return continuation.resume(returning: .failure(.failed("the blob store is closed")))
                }
                do throws(BlobError) {
                    continuation.resume(returning: .success(try work()))
                } catch {
                    continuation.resume(returning: .failure(error))
                }
            }
        }
        return try result.get()
    }

    /// Once fsync has failed, the kernel may drop the pages and the next fsync succeed: only writing again helps.
    func markDoubtful(_ staging: StagingKey, from offset: Int64) {
        known.withLock { $0.doubtful[staging] = min(offset, $0.doubtful[staging] ?? offset) }
    }

    func takeLooseEntry(_ staging: StagingKey) -> Bool {
        known.withLock { $0.looseEntries.remove(staging) != nil }
    }

    func restoreLooseEntry(_ staging: StagingKey) {
        known.withLock { _ = $0.looseEntries.insert(staging) }
    }

    private func forget(_ staging: StagingKey) {
        known.withLock { known in
            known.looseEntries.remove(staging)
            known.doubtful[staging] = nil
        }
    }
}
