import Foundation

/// Holds a file's lock as long as it lives, so that two programs do not work on one data folder. The kernel lets go of
/// it when the process ends, however it ends.
final class FolderLock: Sendable {
    private let file: Int32

    /// - Parameter isExclusive: false lets others in who ask for a shared lock too.
    /// - Throws: `Complaint` when somebody else has it.
    init(path: String, isExclusive: Bool) throws {
        file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw Complaint("cannot open \(path): \(String(cString: strerror(errno)))") }
        guard flock(file, (isExclusive ? LOCK_EX : LOCK_SH) | LOCK_NB) == 0 else {
            let reason = errno
            close(file)
            throw reason == EWOULDBLOCK
                ? Complaint(
                    "\((path as NSString).deletingLastPathComponent) is in use by another dossier: stop it first")
                : Complaint("cannot lock \(path): \(String(cString: strerror(reason)))")
        }
    }

    deinit { close(file) }
}
