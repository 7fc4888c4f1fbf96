import NIOCore
import Synchronization

/// Appends to one file in `staging/`.
final class DiskStagingWriter: StagingWriter {
    private let store: DiskStore
    private let key: StagingKey
    private let start: Int64
    private let state: Mutex<State>

    private struct State {
        /// Nil once closed; the descriptor is closed with the last reference, so also when the writer is dropped.
        var file: OpenFile?
        var position: Int64
        /// Bytes before this are durable.
        var synced: Int64
        /// Set by a failure: what follows in the file is unknown, so nothing more goes there.
        var broken: BlobError?

        func usable() throws(BlobError) -> OpenFile {
            if let broken { throw broken }
            guard let file else { throw .failed("the staging area was closed") }
            return file
        }
    }

    init(store: DiskStore, key: StagingKey, file: OpenFile, offset: Int64) {
        self.store = store
        self.key = key
        start = offset
        state = Mutex(State(file: file, position: offset, synced: offset))
    }

    func write(_ buffer: ByteBuffer) async throws(BlobError) {
        try state.withLock { state throws(BlobError) in
            let file = try state.usable()
            do throws(BlobError) {
                try store.calls.write(buffer, to: file, at: state.position)
                state.position += Int64(buffer.readableBytes)
            } catch {
                state.broken = error
                throw error
            }
        }
    }

    func sync() async throws(BlobError) {
        try await store.onOwnThread { () throws(BlobError) in
            try self.state.withLock { state throws(BlobError) in
                let file = try state.usable()
                do throws(BlobError) {
                    try self.store.calls.sync(file)
                    try self.syncEntry()
                    state.synced = state.position
                } catch {
                    state.broken = error
                    self.store.markDoubtful(self.key, from: state.synced)
                    throw error
                }
            }
        }
    }

    /// A new file is durable only with its name in the folder.
    private func syncEntry() throws(BlobError) {
        guard store.takeLooseEntry(key) else { return }
        do throws(BlobError) { try store.calls.syncFolder(store.layout.staging) } catch {
            store.restoreLooseEntry(key)
            throw error
        }
    }

    func close() async { state.withLock { $0.file = nil } }
}
