import CMagic
import NIOCore
import Synchronization

/// Says what bytes are by looking at them (libmagic).
///
/// `@unchecked Sendable`: a magic cookie may be used by one thread at a time; the mutex sees to that.
final class MediaTypeSniffer: @unchecked Sendable {
    static let shared = MediaTypeSniffer()
    /// How many leading bytes are looked at.
    static let sampleBytes = 4096

    /// Contents whose type is remembered.
    private static let remembered = 8192

    private let cookie: Mutex<OpaquePointer?>
    private let known = Mutex<[String: String]>([:])

    private init() {
        let opened = magic_open(MAGIC_MIME_TYPE | MAGIC_NO_CHECK_COMPRESS)
        if let opened, magic_load(opened, nil) != 0 {
            magic_close(opened)
            cookie = Mutex(nil)
        } else {
            cookie = Mutex(opened)
        }
    }

    /// The type of a content that was looked at lately; `look` gives its beginning otherwise.
    /// - Parameter sha256: names the content.
    func mediaType(of sha256: String, _ look: () async throws -> ByteBuffer) async rethrows -> String {
        if let type = known.withLock({ $0[sha256] }) { return type }
        let type = mediaType(ofStart: try await look())
        known.withLock { known in
            if known.count >= Self.remembered { known.removeAll(keepingCapacity: true) }
            known[sha256] = type
        }
        return type
    }

    /// `type/subtype`; `application/octet-stream` when nothing is known.
    func mediaType(ofStart sample: ByteBuffer) -> String {
        let found: String? = cookie.withLock { cookie in
            guard let cookie, sample.readableBytes > 0 else { return nil }
            return sample.withUnsafeReadableBytes { bytes in
                magic_buffer(cookie, bytes.baseAddress, bytes.count).map { String(cString: $0) }
            }
        }
        guard let found, found.contains("/"), found.utf8.allSatisfy({ $0 > 32 && $0 < 127 }) else {
            return "application/octet-stream"
        }
        return found
    }
}
