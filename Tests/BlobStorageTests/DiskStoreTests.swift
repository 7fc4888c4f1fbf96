import Foundation
import Glibc
import Logging
import NIOCore
import Synchronization
import Testing

@testable import BlobStorage

private let log = Logger(label: "test")

/// Watches the system calls of a `DiskStore` and fails the ones it is told to.
private final class DiskWatch: Sendable {
    private let state = Mutex(State())

    struct State {
        var events: [String] = []
        /// The error of every fsync of a path with this ending.
        var fsyncFailure: (ending: String, code: Int32)?
        /// Bytes that still fit.
        var room: Int = .max
    }

    var calls: DiskCalls {
        let system = DiskCalls.system
        return DiskCalls(
            fsync: { descriptor, path in
                let failure = self.state.withLock { state -> Int32? in
                    state.events.append("fsync " + Self.short(path))
                    return state.fsyncFailure.flatMap { path.hasSuffix($0.ending) ? $0.code : nil }
                }
                guard let failure else { return system.fsync(descriptor, path) }
                errno = failure
                return -1
            },
            rename: { from, to in
                self.state.withLock { $0.events.append("rename " + Self.short(from) + " " + Self.short(to)) }
                return system.rename(from, to)
            },
            pwrite: { descriptor, bytes, offset in
                let fits = self.state.withLock { state in
                    defer { state.room -= min(bytes.count, state.room) }
                    return min(bytes.count, state.room)
                }
                if fits > 0 {
                    return system.pwrite(descriptor, UnsafeRawBufferPointer(rebasing: bytes[..<fits]), offset)
                }
                errno = ENOSPC
                return -1
            })
    }

    var events: [String] { state.withLock { $0.events } }
    func forget() { state.withLock { $0.events = [] } }
    func fail(fsyncOf ending: String, with code: Int32) { state.withLock { $0.fsyncFailure = (ending, code) } }
    func heal() {
        state.withLock {
            $0.fsyncFailure = nil
            $0.room = .max
        }
    }
    func leaveRoom(for bytes: Int) { state.withLock { $0.room = bytes } }

    /// Staging names are random: `staging/*`. Of a blob's path the folders.
    private static func short(_ path: String) -> String {
        let parts = path.split(separator: "/").map(String.init)
        guard let start = parts.firstIndex(where: { $0 == "blobs" || $0 == "staging" }) else { return "root" }
        return parts[start...].map { $0.utf8.count == 32 ? "*" : $0 }.joined(separator: "/")
    }
}

/// `sha256sum` of the three bytes `abc` (FIPS 180-2, appendix B.1).
private let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

@Suite("Blobs on a disk")
struct DiskStoreTests {
    @Test("a blob is a file named by its SHA-256, two folders deep")
    func layout() async throws {
        try await withFolder { root in
            let store = try DiskStore(root: root, log: log)
            let key = try await store.store(Array("abc".utf8))
            #expect(key.rawValue == abc)
            let bytes = FileManager.default.contents(atPath: "\(root)/blobs/ba/78/\(abc)")
            #expect(bytes == Data("abc".utf8))
        }
    }

    @Test("a commit is: folder durable, bytes durable, rename, folder durable")
    func order() async throws {
        try await withFolder { root in
            let watch = DiskWatch()
            let store = try DiskStore(root: root, log: log, calls: watch.calls)
            watch.forget()
            let staging = try await store.stage()
            try await store.append(Array("abc".utf8), to: staging, at: 0)
            #expect(watch.events == ["fsync staging/*", "fsync staging"])
            watch.forget()
            _ = try await store.commit(staging, sha256: abc)
            #expect(
                watch.events == [
                    "fsync blobs/ba", "fsync staging/*", "rename staging/* blobs/ba/78/\(abc)", "fsync blobs/ba/78",
                ])
            watch.forget()
            _ = try await store.store(Array("abc".utf8))
            #expect(!watch.events.contains("fsync blobs/ba"), "a folder is made durable once")
        }
    }

    @Test("a new part of an area costs one fsync, not one of the folder too")
    func laterParts() async throws {
        try await withFolder { root in
            let watch = DiskWatch()
            let store = try DiskStore(root: root, log: log, calls: watch.calls)
            let staging = try await store.stage()
            try await store.append([1], to: staging, at: 0)
            watch.forget()
            try await store.append([2], to: staging, at: 1)
            #expect(watch.events == ["fsync staging/*"])
        }
    }

    @Test("a commit repeated after a crash between the rename and the answer succeeds")
    func crashAfterRename() async throws {
        try await withFolder { root in
            let store = try DiskStore(root: root, log: log)
            let staging = try await store.stage()
            try await store.append(Array("abc".utf8), to: staging, at: 0)
            let layout = DiskLayout(root: root)
            try DiskLayout.makeFolder("\(root)/blobs/ba/78")
            let target = try layout.path(of: BlobKey(rawValue: abc))
            let source = try layout.path(of: staging)
            #expect(rename(source, target) == 0)
            let restarted = try DiskStore(root: root, log: log)
            #expect(try await restarted.commit(staging, sha256: abc).rawValue == abc)
            #expect(try await restarted.bytes(of: BlobKey(rawValue: abc), 0..<3) == Array("abc".utf8))
        }
    }

    @Test("received parts are there after a restart, a half-written one can be cut off")
    func crashWhileReceiving() async throws {
        try await withFolder { root in
            var store: DiskStore? = try DiskStore(root: root, log: log)
            let staging = try #require(try await store?.stage())
            try await store?.append(Array("ab".utf8), to: staging, at: 0)
            let dying = try await store?.append(to: staging, at: 2)
            try await dying?.write(ByteBuffer(string: "xxxxxxxxxx"))
            store = nil
            let restarted = try DiskStore(root: root, log: log)
            #expect(try await restarted.stagings().map(\.key) == [staging])
            #expect(try await restarted.staged(staging, count: 2) == Array("ab".utf8))
            try await restarted.append(Array("c".utf8), to: staging, at: 2)
            #expect(try await restarted.commit(staging, sha256: abc).rawValue == abc)
            #expect(try await restarted.size(of: BlobKey(rawValue: abc)) == 3)
        }
    }

    @Test("committing equal bytes again makes the blob young again, so that no sweep takes it")
    func youngAgain() async throws {
        try await withFolder { root in
            let store = try DiskStore(root: root, log: log)
            let key = try await store.store(Array("abc".utf8))
            let old = [timespec(tv_sec: 1000, tv_nsec: 0), timespec(tv_sec: 1000, tv_nsec: 0)]
            #expect(utimensat(AT_FDCWD, "\(root)/blobs/ba/78/\(abc)", old, 0) == 0)
            #expect(try await store.blobs().map(\.modifiedMs) == [1_000_000])
            let begun = Date().timeIntervalSince1970
            #expect(try await store.store(Array("abc".utf8)) == key)
            let young = try #require(try await store.blobs().first)
            #expect(Double(young.modifiedMs) / 1000 > begun - 5)
        }
    }

    @Test("a blob can be had as an open file, which outlives its removal and knows when it is too short")
    func asFile() async throws {
        try await withFolder { root in
            let store = try DiskStore(root: root, log: log)
            let bytes = sample(300_000)
            let key = try await store.store(bytes)
            let file = try #require(try await store.file(of: key))
            try await store.remove(key)
            try await file.prepare(0..<300_000)
            var read = [UInt8](repeating: 0, count: 300_000)
            #expect(pread(file.descriptor, &read, read.count, 0) == read.count)
            #expect(read == bytes)
            await #expect(throws: BlobError.self) { try await file.prepare(0..<300_001) }
            await #expect(throws: BlobError.absent) { _ = try await store.file(of: key) }
        }
    }

    @Test("a full disk is refused as such; the area keeps what it had and goes on when there is room")
    func fullDisk() async throws {
        try await withFolder { root in
            let watch = DiskWatch()
            let store = try DiskStore(root: root, log: log, calls: watch.calls)
            let staging = try await store.stage()
            try await store.append([1, 2, 3], to: staging, at: 0)
            watch.leaveRoom(for: 5)
            let writer = try await store.append(to: staging, at: 3)
            await #expect(throws: BlobError.full) { try await writer.write(ByteBuffer(repeating: 9, count: 100)) }
            await #expect(throws: BlobError.full) { try await writer.sync() }
            await #expect(throws: BlobError.full) { try await store.probe() }
            watch.heal()
            await #expect(throws: BlobError.full, "bytes are missing in the middle") { try await writer.sync() }
            await writer.close()
            try await store.append([4], to: staging, at: 3)
            #expect(try await store.staged(staging, count: 4) == [1, 2, 3, 4])
        }
    }

    @Test("a real file system without room answers full", .enabled(if: geteuid() == 0, "mounting needs root"))
    func fullFileSystem() async throws {
        try await withFolder { root in
            try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
            guard mount("tmpfs", root, "tmpfs", 0, "size=2m") == 0 else { return }
            defer { umount2(root, Int32(MNT_DETACH)) }
            let store = try DiskStore(root: root, log: log)
            let staging = try await store.stage()
            try await store.append([1, 2, 3], to: staging, at: 0)
            let writer = try await store.append(to: staging, at: 3)
            await #expect(throws: BlobError.full) { try await writer.write(ByteBuffer(repeating: 9, count: 3_000_000)) }
            await writer.close()
            try await store.append([4], to: staging, at: 3)
            #expect(try await store.staged(staging, count: 4) == [1, 2, 3, 4])
        }
    }

    @Test("after a failed fsync neither a sync nor a commit claims the bytes are safe; writing them again helps")
    func failedSync() async throws {
        try await withFolder { root in
            let watch = DiskWatch()
            let store = try DiskStore(root: root, log: log, calls: watch.calls)
            let staging = try await store.stage()
            try await store.append(Array("ab".utf8), to: staging, at: 0)
            let writer = try await store.append(to: staging, at: 2)
            try await writer.write(ByteBuffer(string: "c"))
            watch.fail(fsyncOf: staging.rawValue, with: EIO)
            await #expect(throws: BlobError.self) { try await writer.sync() }
            watch.heal()
            await #expect(throws: BlobError.self) { try await writer.sync() }
            await #expect(throws: BlobError.self) { _ = try await store.commit(staging, sha256: abc) }
            await #expect(throws: BlobError.self) { _ = try await store.append(to: staging, at: 3) }
            #expect(try await store.size(of: BlobKey(rawValue: abc)) == nil)
            try await store.append(Array("c".utf8), to: staging, at: 2)
            #expect(try await store.commit(staging, sha256: abc).rawValue == abc)
        }
    }

    @Test("an fsync that finds the disk full is refused as full")
    func fullAtSync() async throws {
        try await withFolder { root in
            let watch = DiskWatch()
            let store = try DiskStore(root: root, log: log, calls: watch.calls)
            let staging = try await store.stage()
            let writer = try await store.append(to: staging, at: 0)
            try await writer.write(ByteBuffer(string: "abc"))
            watch.fail(fsyncOf: staging.rawValue, with: EDQUOT)
            await #expect(throws: BlobError.full) { try await writer.sync() }
        }
    }

    @Test("a failed fsync of the folder fails the commit, and the commit can be repeated")
    func failedFolderSync() async throws {
        try await withFolder { root in
            let watch = DiskWatch()
            let store = try DiskStore(root: root, log: log, calls: watch.calls)
            let staging = try await store.stage()
            try await store.append(Array("abc".utf8), to: staging, at: 0)
            watch.fail(fsyncOf: "blobs/ba/78", with: EIO)
            await #expect(throws: BlobError.self) { _ = try await store.commit(staging, sha256: abc) }
            watch.heal()
            #expect(try await store.commit(staging, sha256: abc).rawValue == abc)
        }
    }

    @Test("a disk that went away is a failure, not an absent blob")
    func lostDisk() async throws {
        try await withFolder { root in
            let store = try DiskStore(root: root, log: log)
            let key = try await store.store([1, 2, 3])
            #expect(rename(root + "/blobs", root + "/elsewhere") == 0)
            await #expect { _ = try await store.size(of: key) } throws: { $0 as? BlobError != .absent }
            await #expect { try await store.read(key, range: 0..<1) { _ in } } throws: { $0 as? BlobError != .absent }
            await #expect(throws: BlobError.self) { try await store.remove(key) }
            await #expect(throws: BlobError.self) { try await store.probe() }
        }
    }

    @Test("a blob that is shorter than its row says is a failure, not a short answer")
    func shortBlob() async throws {
        try await withFolder { root in
            let store = try DiskStore(root: root, log: log)
            let key = try await store.store(Array("abc".utf8))
            #expect(truncate("\(root)/blobs/ba/78/\(abc)", 2) == 0)
            await #expect { try await store.bytes(of: key, 0..<3) } throws: { error in
                guard case BlobError.failed = error else { return false }
                return true
            }
        }
    }

    @Test(
        "a key that has not the shape of one reaches no path",
        arguments: ["", "..", "../../etc/passwd", abc + "/..", abc.uppercased(), String(abc.dropLast()), abc + "\n"])
    func keysAreNotPaths(text: String) async throws {
        try await withFolder { root in
            let store = try DiskStore(root: root, log: log)
            let key = BlobKey(rawValue: text)
            let staging = StagingKey(rawValue: text)
            await #expect(throws: BlobError.self) { _ = try await store.size(of: key) }
            await #expect(throws: BlobError.self) { try await store.remove(key) }
            await #expect(throws: BlobError.self) { try await store.discard(staging) }
            await #expect(throws: BlobError.self) { _ = try await store.append(to: staging, at: 0) }
            let real = try await store.stage()
            await #expect(throws: BlobError.self) { _ = try await store.commit(real, sha256: text) }
        }
    }

    @Test("a link in the place of a blob is not followed")
    func links() async throws {
        try await withFolder { root in
            let store = try DiskStore(root: root, log: log)
            try DiskLayout.makeFolder("\(root)/blobs/ba/78")
            #expect(symlink("/etc/passwd", "\(root)/blobs/ba/78/\(abc)") == 0)
            await #expect(throws: BlobError.self) { _ = try await store.bytes(of: BlobKey(rawValue: abc), 0..<1) }
        }
    }

    @Test("strangers' files among the blobs are left out of a walk")
    func strangers() async throws {
        try await withFolder { root in
            let store = try DiskStore(root: root, log: log)
            let key = try await store.store(Array("abc".utf8))
            for path in ["blobs/ba/78/README", "blobs/ba/note", "blobs/lost+found", "staging/x"] {
                try Data().write(to: URL(filePath: "\(root)/\(path)"))
            }
            #expect(try await store.keys() == [key])
            #expect(try await store.stagings().isEmpty)
        }
    }

    @Test("no descriptor stays open: dropped writers, throwing and cancelled readers")
    func descriptors() async throws {
        struct Enough: Error {}
        try await withFolder { root in
            let store = try DiskStore(root: root, log: log)
            let key = try await store.store(sample(2_000_000))
            for _ in 0..<5 {
                let staging = try await store.stage()
                do {
                    let dropped = try await store.append(to: staging, at: 0)
                    try await dropped.write(ByteBuffer(string: "x"))
                }
                try? await store.read(key, range: 0..<2_000_000) { _ in throw Enough() }
                let reader = Task {
                    try await store.read(key, range: 0..<2_000_000) { _ in try await Task.sleep(for: .seconds(60)) }
                }
                try await Task.sleep(for: .milliseconds(5))
                reader.cancel()
                _ = await reader.result
            }
            let open = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").filter {
                let target = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)")
                return target?.hasPrefix(root) ?? false
            }
            #expect(open.isEmpty)
        }
    }
}
