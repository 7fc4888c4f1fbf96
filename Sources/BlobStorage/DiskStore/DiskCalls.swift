import Glibc
import NIOCore

/// The system calls durability rests on. Each returns what the call returns and leaves `errno` as the call does; tests
/// put others in their place to see the order and to fail them.
struct DiskCalls: Sendable {
    /// Descriptor, path of the file or folder.
    var fsync: @Sendable (Int32, String) -> Int32
    var rename: @Sendable (_ from: String, _ to: String) -> Int32
    /// Descriptor, bytes, offset.
    var pwrite: @Sendable (Int32, UnsafeRawBufferPointer, Int64) -> Int

    static let system = DiskCalls(
        fsync: { descriptor, _ in Glibc.fsync(descriptor) },
        rename: { Glibc.rename($0, $1) },
        pwrite: { Glibc.pwrite($0, $1.baseAddress, $1.count, off_t($2)) }
    )

    func sync(_ file: OpenFile) throws(BlobError) {
        while fsync(file.descriptor, file.path) != 0 {
            if errno != EINTR { throw BlobError(errno: errno, "fsync \(file.path)") }
        }
    }

    func syncFolder(_ path: String) throws(BlobError) {
        try sync(try OpenFile(path, O_RDONLY | O_DIRECTORY))
    }

    /// Writes the readable bytes of `buffer`.
    func write(_ buffer: ByteBuffer, to file: OpenFile, at offset: Int64) throws(BlobError) {
        // The closure's error type does not pass through ByteBuffer.
        let result = buffer.withUnsafeReadableBytes { bytes in
            Result { () throws(BlobError) in try write(bytes, to: file, at: offset) }
        }
        try result.get()
    }

    /// Writes all of `bytes`.
    private func write(_ bytes: UnsafeRawBufferPointer, to file: OpenFile, at offset: Int64) throws(BlobError) {
        var done = 0
        while done < bytes.count {
            let count = pwrite(file.descriptor, UnsafeRawBufferPointer(rebasing: bytes[done...]), offset + Int64(done))
            if count > 0 {
                done += count
            } else if count == 0 {
                throw .failed("write \(file.path): nothing was written")
            } else if errno != EINTR {
                throw BlobError(errno: errno, "write \(file.path)")
            }
        }
    }
}

/// An open descriptor, closed with the last reference to it.
final class OpenFile: Sendable {
    let descriptor: Int32
    let path: String

    /// - Throws: `.absent` when there is no such file.
    init(_ path: String, _ flags: Int32) throws(BlobError) {
        self.path = path
        var descriptor: Int32
        repeat { descriptor = open(path, flags | O_CLOEXEC | O_NOFOLLOW, 0o600) } while descriptor < 0 && errno == EINTR
        if descriptor < 0 {
            if errno == ENOENT { throw .absent }
            throw BlobError(errno: errno, "open \(path)")
        }
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    func status() throws(BlobError) -> stat {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw BlobError(errno: errno, "stat \(path)") }
        return status
    }

    func size() throws(BlobError) -> Int64 { Int64(try status().st_size) }

    func truncate(to size: Int64) throws(BlobError) {
        while ftruncate(descriptor, off_t(size)) != 0 {
            if errno != EINTR { throw BlobError(errno: errno, "truncate \(path)") }
        }
    }

    /// Sets the time of last change to now.
    func touch() throws(BlobError) {
        guard futimens(descriptor, nil) == 0 else { throw BlobError(errno: errno, "touch \(path)") }
    }
}

/// Keeps others from removing or committing blobs of one leaf folder, in this process and in others: any number of
/// commits at once, a removal alone. The kernel lets go of it when the process ends.
struct FolderHold {
    private let folder: OpenFile

    /// - Throws: `.absent` when there is no such folder.
    init(of path: String, isExclusive: Bool) throws(BlobError) {
        folder = try OpenFile(DiskLayout.folder(of: path), O_RDONLY | O_DIRECTORY)
        while flock(folder.descriptor, isExclusive ? LOCK_EX : LOCK_SH) != 0 {
            if errno == EINTR { continue }
            // A file system without locks: then one server alone works on it.
            if errno == EOPNOTSUPP || errno == ENOLCK { return }
            throw BlobError(errno: errno, "lock \(folder.path)")
        }
    }

    func release() { flock(folder.descriptor, LOCK_UN) }
}

extension BlobError {
    /// - Parameter what: the call and the path, for the log.
    init(errno code: Int32, _ what: String) {
        switch code {
        case ENOSPC, EDQUOT, EFBIG: self = .full
        default: self = .failed("\(what): \(String(cString: strerror(code)))")
        }
    }
}

extension stat {
    var modifiedMs: Int64 { Int64(st_mtim.tv_sec) * 1000 + Int64(st_mtim.tv_nsec) / 1_000_000 }
}
