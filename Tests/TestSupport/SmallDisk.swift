import Foundation
import Glibc

/// A file system of its own with little room, for tests that fill it.
package enum SmallDisk {
    /// Mounting needs root.
    package static var isPossible: Bool { geteuid() == 0 }

    /// Runs `body` with the folder a fresh file system of so many megabytes is mounted at. Where the kernel refuses to
    /// mount one, nothing is run.
    package static func with(megabytes: Int, _ body: (String) async throws -> Void) async throws {
        try await withTemporaryFolder { folder in
            guard mount("tmpfs", folder, "tmpfs", 0, "size=\(megabytes)m") == 0 else { return }
            defer { umount2(folder, Int32(MNT_DETACH)) }
            try await body(folder)
        }
    }
}
