import Foundation
import Glibc

/// Where things lie under the store's root: `blobs/ab/cd/<64 hex digits>` and `staging/<32 hex digits>`.
///
/// Keys come back from a database, so none becomes a path before its shape was checked.
struct DiskLayout: Sendable {
    let root: String
    private var blobs: String { root + "/blobs" }
    var staging: String { root + "/staging" }
    /// A name no staging key has.
    var probePath: String { staging + "/probe" }

    init(root: String) {
        self.root = root.count > 1 && root.hasSuffix("/") ? String(root.dropLast()) : root
    }

    /// Makes every folder but the leaves, durable.
    func create(_ calls: DiskCalls) throws(BlobError) {
        do {
            try FileManager.default.createDirectory(
                atPath: root, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch { throw .failed("cannot make the folder \(root): \(error.localizedDescription)") }
        try Self.makeFolder(blobs)
        try Self.makeFolder(staging)
        for first in 0..<256 { try Self.makeFolder(blobs + "/" + hex(UInt8(first))) }
        try calls.syncFolder(blobs)
        try calls.syncFolder(staging)
        try calls.syncFolder(root)
        try calls.syncFolder(Self.folder(of: root))
    }

    /// - Throws: `.failed` when the store's own folders are gone, as when a disk is not mounted.
    func provePresence() throws(BlobError) {
        for folder in [blobs + "/00", staging] {
            var status = stat()
            if stat(folder, &status) != 0 {
                throw .failed("\(folder): \(String(cString: strerror(errno))); is the disk mounted?")
            }
        }
    }

    func path(of key: BlobKey) throws(BlobError) -> String {
        guard Self.isHex(key.rawValue, count: 64) else { throw .failed("not a blob key: \(key.rawValue.prefix(80))") }
        let name = key.rawValue
        return "\(blobs)/\(name.prefix(2))/\(name.dropFirst(2).prefix(2))/\(name)"
    }

    func path(of key: StagingKey) throws(BlobError) -> String {
        guard Self.isHex(key.rawValue, count: 32) else {
            throw .failed("not a staging key: \(key.rawValue.prefix(80))")
        }
        return "\(staging)/\(key.rawValue)"
    }

    /// Every folder a blob may lie in.
    func leafFolders(under first: Int) throws(BlobError) -> [String] {
        let parent = blobs + "/" + hex(UInt8(first))
        return try Self.names(in: parent).filter { Self.isHex($0, count: 2) }.map { parent + "/" + $0 }
    }

    static func newStagingKey() -> StagingKey {
        var random = SystemRandomNumberGenerator()
        let halves = [random.next(), random.next()]
        return StagingKey(rawValue: halves.map { String(format: "%016lx", $0) }.joined())
    }

    /// The key's first two bytes as a number; its shape was checked.
    static func folderIndex(of key: BlobKey) -> Int { Int(key.rawValue.prefix(4), radix: 16) ?? 0 }

    static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    static func isHex(_ text: String, count: Int) -> Bool {
        text.utf8.count == count && text.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
    }

    static func makeFolder(_ path: String) throws(BlobError) {
        if mkdir(path, 0o700) != 0, errno != EEXIST { throw BlobError(errno: errno, "mkdir \(path)") }
    }

    /// Names in a folder, `.` and `..` left out.
    static func names(in folder: String) throws(BlobError) -> [String] {
        guard let stream = opendir(folder) else { throw BlobError(errno: errno, "opendir \(folder)") }
        defer { closedir(stream) }
        var names: [String] = []
        while true {
            errno = 0
            guard let entry = readdir(stream) else {
                if errno != 0 { throw BlobError(errno: errno, "readdir \(folder)") }
                return names
            }
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
    }

    private func hex(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 16)
        return digits.utf8.count == 1 ? "0" + digits : digits
    }
}
