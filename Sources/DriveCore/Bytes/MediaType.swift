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

    private let cookie: Mutex<OpaquePointer?>

    private init() {
        let opened = magic_open(MAGIC_MIME_TYPE | MAGIC_NO_CHECK_COMPRESS)
        if let opened, magic_load(opened, nil) != 0 {
            magic_close(opened)
            cookie = Mutex(nil)
        } else {
            cookie = Mutex(opened)
        }
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
