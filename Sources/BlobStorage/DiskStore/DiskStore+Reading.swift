import CReadCached
import Glibc
import NIOCore

extension DiskStore {
    /// Bytes handed over at a time.
    static let chunkBytes: Int64 = 512 * 1024

    /// Hands `range` of an open file to `body`. The descriptor is closed by its last reference, whatever happens.
    func read(
        _ file: OpenFile, range: Range<Int64>, _ body: (ByteBuffer) async throws -> Void
    ) async throws {
        var offset = range.lowerBound
        var buffer = ByteBuffer()
        while offset < range.upperBound {
            try Task.checkCancellation()
            let wanted = Int(min(Self.chunkBytes, range.upperBound - offset))
            buffer.clear(minimumCapacity: wanted)
            // From memory here and now; what the disk must be asked for, on the store's own threads.
            if try !file.fill(&buffer, count: wanted, at: offset, onlyFromMemory: true) {
                let begun = buffer
                let start = offset
                buffer = try await onOwnThread { () throws(BlobError) in
                    var buffer = begun
                    _ = try file.fill(&buffer, count: wanted, at: start, onlyFromMemory: false)
                    return buffer
                }
            }
            offset += Int64(wanted)
            try await body(buffer)
        }
    }
}

extension OpenFile {
    /// Reads until `buffer` holds `count` bytes of the file from `offset` on.
    /// - Parameter onlyFromMemory: stop where the disk would have to be asked.
    /// - Returns: whether `buffer` holds them all.
    /// - Throws: `.failed` when the file ends before.
    func fill(
        _ buffer: inout ByteBuffer, count: Int, at offset: Int64, onlyFromMemory: Bool
    ) throws(BlobError) -> Bool {
        while buffer.readableBytes < count {
            let position = offset + Int64(buffer.readableBytes)
            let missing = count - buffer.readableBytes
            var code: Int32 = 0
            let got = buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: missing) { target in
                let got =
                    onlyFromMemory
                    ? pread_cached(descriptor, target.baseAddress, missing, off_t(position))
                    : pread(descriptor, target.baseAddress, missing, off_t(position))
                code = got < 0 ? errno : 0
                return max(got, 0)
            }
            switch code {
            case 0 where got == 0:
                throw .failed("\(path) ends at byte \(position), before \(offset + Int64(count))")
            case 0, EINTR: continue
            case EAGAIN, EOPNOTSUPP, ENOSYS, EINVAL:
                if onlyFromMemory { return false }
                throw BlobError(errno: code, "read \(path)")
            default: throw BlobError(errno: code, "read \(path)")
            }
        }
        return true
    }
}
