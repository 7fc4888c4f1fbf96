import DriveCore
import Foundation
import NIOCore

/// A fresh, private folder for one content: the original goes in, previews come out. Whoever made it removes it.
struct WorkFolder: Sendable {
    let path: String
    private let owner: UInt32?

    /// The content's name in the folder. Without an extension, so that programs look at the bytes.
    static let original = "original"
    private static let prefix = "preview-"

    /// - Parameter owner: the user who may enter; nil: we.
    init(under parent: String, owner: UInt32?) throws {
        var template = Array((parent + "/" + Self.prefix + "XXXXXX").utf8CString)
        guard mkdtemp(&template) != nil else { throw Self.failure("cannot make a folder in \(parent)") }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        self.owner = owner
        if let owner, chown(path, owner, owner) != 0 {
            let failure = Self.failure("cannot give away \(path)")
            remove()
            throw failure
        }
    }

    /// Safe to repeat. A program that was killed a moment ago may still write, so one failure is not the last word.
    func remove() {
        for _ in 0..<20 {
            try? FileManager.default.removeItem(atPath: path)
            guard FileManager.default.fileExists(atPath: path) else { return }
            usleep(10_000)
        }
    }

    /// Removes what servers that died left behind: folders nobody has written to for an hour.
    static func sweep(_ parent: String) {
        let files = FileManager.default
        for name in (try? files.contentsOfDirectory(atPath: parent)) ?? [] where name.hasPrefix(prefix) {
            let folder = parent + "/" + name
            let changed = (try? files.attributesOfItem(atPath: folder))?[.modificationDate] as? Date
            if let changed, changed.timeIntervalSinceNow < -3600 { try? files.removeItem(atPath: folder) }
        }
    }

    /// Copies the content in.
    func fill(with content: ReadableContent) async throws {
        let file = try create(Self.original)
        defer { close(file) }
        try await content.read(0..<content.sizeBytes) { buffer in
            var rest = buffer
            while rest.readableBytes > 0 {
                let count = rest.withUnsafeReadableBytes { write(file, $0.baseAddress, $0.count) }
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { throw Self.failure("cannot write a copy into \(path)") }
                rest.moveReaderIndex(forwardBy: count)
            }
        }
    }

    /// A new file of the program's, open for writing, in the place of one of that name; the caller closes it.
    func create(_ name: String) throws -> Int32 {
        unlink("\(path)/\(name)")
        let file = open("\(path)/\(name)", O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw Self.failure("cannot create \(name) in \(path)") }
        if let owner, fchown(file, owner, owner) != 0 {
            close(file)
            throw Self.failure("cannot give away \(name) in \(path)")
        }
        return file
    }

    /// The first bytes of a file a program has written; nil when there is none. It may have put anything there: only a
    /// plain file is read, and no link is followed.
    func bytes(of name: String, upTo limit: Int) -> [UInt8]? {
        let file = open("\(path)/\(name)", O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        var bytes = [UInt8](repeating: 0, count: min(limit, max(0, Int(status.st_size))))
        var filled = 0
        while filled < bytes.count {
            let count = bytes.withUnsafeMutableBytes { read(file, $0.baseAddress! + filled, $0.count - filled) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            filled += count
        }
        return Array(bytes[..<filled])
    }

    /// A preview a program has written, looked at.
    /// - Throws: `PreviewFailure.unusable` when there is none or it is none.
    func preview(edge: Int64, in name: String) throws -> MadePreview {
        guard let bytes = bytes(of: name, upTo: MadePreview.byteLimit + 1),
            let preview = MadePreview(edge: edge, bytes: bytes)
        else { throw PreviewFailure.unusable("no picture of \(edge) pixels came out") }
        return preview
    }

    /// Bytes of the disk that programs have filled so far.
    var writtenBytes: Int64 {
        var sum: Int64 = 0
        guard let files = FileManager.default.enumerator(atPath: path) else { return 0 }
        for case let name as String in files where name != Self.original {
            var status = stat()
            if lstat("\(path)/\(name)", &status) == 0 { sum += Int64(status.st_blocks) * 512 }
        }
        return sum
    }

    private static func failure(_ what: String) -> PreviewFailure {
        .troubled("\(what): \(String(cString: strerror(errno)))")
    }
}
