import Foundation

/// Small files that must be whole or absent, whatever dies in between.
enum DurableFile {
    /// Writes `bytes` to `path`: temporary name, fsync, rename, fsync of the folder. Replaces what was there.
    static func write(_ bytes: [UInt8], to path: String, mode: mode_t) throws {
        let temporary = path + ".tmp"
        _ = unlink(temporary)
        let file = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode)
        guard file >= 0 else { throw failure("cannot create", temporary) }
        do {
            defer { close(file) }
            guard fchmod(file, mode) == 0 else { throw failure("cannot protect", temporary) }
            try bytes.withUnsafeBytes { buffer in
                var written = 0
                while written < buffer.count {
                    let count = Glibc.write(file, buffer.baseAddress! + written, buffer.count - written)
                    if count < 0, errno == EINTR { continue }
                    guard count > 0 else { throw failure("cannot write", temporary) }
                    written += count
                }
            }
            guard fsync(file) == 0 else { throw failure("cannot sync", temporary) }
        } catch {
            _ = unlink(temporary)
            throw error
        }
        guard rename(temporary, path) == 0 else { throw failure("cannot rename", temporary) }
        try syncFolder((path as NSString).deletingLastPathComponent)
    }

    /// Makes a folder only its owner may enter, with those above it, unless it is there.
    static func makeFolder(_ path: String) throws {
        var isFolder: ObjCBool = false
        if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) {
            guard isFolder.boolValue else { throw Complaint("\(path) is no folder") }
            return
        }
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch { throw Complaint("the folder \(path) cannot be made: \(error.localizedDescription)") }
        try syncFolder((path as NSString).deletingLastPathComponent)
    }

    private static func syncFolder(_ path: String) throws {
        let folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw failure("cannot open", path) }
        defer { close(folder) }
        guard fsync(folder) == 0 else { throw failure("cannot sync", path) }
    }

    private static func failure(_ what: String, _ path: String) -> Complaint {
        Complaint("\(what) \(path): \(String(cString: strerror(errno)))")
    }
}
