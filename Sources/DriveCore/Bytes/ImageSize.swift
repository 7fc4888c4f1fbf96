/// Width and height of a picture in pixels, read from the first bytes of the file.
package struct ImageSize: Hashable, Sendable {
    package let width: Int64
    package let height: Int64

    /// Bytes looked at: sizes stand near the front, in JPEG behind whatever the camera wrote.
    package static let headerLimit: Int64 = 64 * 1024

    package init(width: Int64, height: Int64) {
        self.width = width
        self.height = height
    }

    /// PNG, GIF, BMP, WebP and JPEG; nil for anything else and for a header cut short.
    package init?(header: [UInt8]) {
        let bytes = Bytes(header)
        if bytes.starts(0, [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
            self.init(bytes.big(16, 4), bytes.big(20, 4))
        } else if bytes.starts(0, Array("GIF8".utf8)) {
            self.init(bytes.little(6, 2), bytes.little(8, 2))
        } else if bytes.starts(0, Array("BM".utf8)) {
            // A negative height says that rows run downwards.
            self.init(bytes.little(18, 4), bytes.little(22, 4).map { $0 >= 1 << 31 ? (1 << 32) - $0 : $0 })
        } else if bytes.starts(0, Array("RIFF".utf8)), bytes.starts(8, Array("WEBP".utf8)) {
            self.init(webP: bytes)
        } else if bytes.starts(0, [0xFF, 0xD8]) {
            self.init(jpeg: bytes)
        } else {
            return nil
        }
    }

    private init?(_ width: Int64?, _ height: Int64?) {
        guard let width, let height, width > 0, height > 0 else { return nil }
        self.init(width: width, height: height)
    }

    /// The three forms of WebP keep their size in three ways (RFC 9649, section 2).
    private init?(webP bytes: Bytes) {
        if bytes.starts(12, Array("VP8X".utf8)) {
            self.init(bytes.little(24, 3).map { $0 + 1 }, bytes.little(27, 3).map { $0 + 1 })
        } else if bytes.starts(12, Array("VP8L".utf8)), let packed = bytes.little(21, 4) {
            self.init((packed & 0x3FFF) + 1, (packed >> 14 & 0x3FFF) + 1)
        } else if bytes.starts(12, Array("VP8 ".utf8)) {
            self.init(bytes.little(26, 2).map { $0 & 0x3FFF }, bytes.little(28, 2).map { $0 & 0x3FFF })
        } else {
            return nil
        }
    }

    /// Walks the segments to the frame header (ITU T.81, B.2.2).
    private init?(jpeg bytes: Bytes) {
        var at = 2
        while let mark = bytes.big(at, 1), mark == 0xFF, let kind = bytes.big(at + 1, 1) {
            if kind == 0xFF {
                at += 1
                continue
            }
            let isFrame = (0xC0...0xCF).contains(kind) && ![0xC4, 0xC8, 0xCC].contains(kind)
            if isFrame {
                self.init(bytes.big(at + 7, 2), bytes.big(at + 5, 2))
                return
            }
            guard let length = bytes.big(at + 2, 2), length >= 2 else { return nil }
            at += 2 + Int(length)
        }
        return nil
    }
}

/// Numbers in a run of bytes; nil where it has ended.
private struct Bytes {
    private let bytes: [UInt8]
    init(_ bytes: [UInt8]) { self.bytes = bytes }

    func starts(_ at: Int, _ text: [UInt8]) -> Bool {
        bytes.count >= at + text.count && Array(bytes[at..<at + text.count]) == text
    }

    func big(_ at: Int, _ count: Int) -> Int64? {
        guard bytes.count >= at + count else { return nil }
        return bytes[at..<at + count].reduce(0) { $0 << 8 | Int64($1) }
    }

    func little(_ at: Int, _ count: Int) -> Int64? {
        guard bytes.count >= at + count else { return nil }
        return bytes[at..<at + count].reversed().reduce(0) { $0 << 8 | Int64($1) }
    }
}
