import NIOCore

/// A blob of a `DiskStore`, open for reading.
final class DiskBlobFile: BlobFile {
    private let store: DiskStore
    private let file: OpenFile

    init(store: DiskStore, file: OpenFile) {
        self.store = store
        self.file = file
    }

    var descriptor: Int32 { file.descriptor }

    /// Looks at one byte of each stretch without waiting; what is not in memory is read on the store's own threads.
    func prepare(_ range: Range<Int64>) async throws(BlobError) {
        guard try file.size() >= range.upperBound else {
            throw .failed("\(file.path) ends before byte \(range.upperBound)")
        }
        if try isInMemory(range) { return }
        let file = file
        try await store.onOwnThread { () throws(BlobError) in
            var buffer = ByteBuffer()
            var offset = range.lowerBound
            while offset < range.upperBound {
                let count = Int(min(DiskStore.chunkBytes, range.upperBound - offset))
                buffer.clear(minimumCapacity: count)
                _ = try file.fill(&buffer, count: count, at: offset, onlyFromMemory: false)
                offset += Int64(count)
            }
        }
    }

    private func isInMemory(_ range: Range<Int64>) throws(BlobError) -> Bool {
        var buffer = ByteBuffer()
        var offset = range.lowerBound
        while offset < range.upperBound {
            buffer.clear(minimumCapacity: 1)
            guard try file.fill(&buffer, count: 1, at: offset, onlyFromMemory: true) else { return false }
            offset += Self.stretchBytes
        }
        return true
    }

    /// The kernel reads ahead at least as much when it reads at all.
    private static let stretchBytes: Int64 = 128 * 1024
}
