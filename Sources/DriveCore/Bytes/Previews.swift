/// What previews can be made of, decided by looking at the bytes and never by the declared type.
package enum PreviewKind: String, Sendable, CaseIterable {
    /// A raster picture.
    case picture
    /// A PDF; its first page is shown.
    case document
    /// Moving pictures; one frame is shown.
    case video

    /// Nil for everything else. SVG is none of these: it is a program.
    init?(mediaType: String) {
        switch mediaType {
        case "image/png", "image/jpeg", "image/gif", "image/webp", "image/tiff", "image/heic", "image/heif",
            "image/avif":
            self = .picture
        case "application/pdf": self = .document
        case _ where mediaType.hasPrefix("video/"): self = .video
        default: return nil
        }
    }
}

/// A small picture of a version's content.
package struct Preview: Sendable, Hashable {
    package enum Format: String, Sendable {
        case jpeg, png
        package var mediaType: String { "image/\(rawValue)" }
        package var fileExtension: String { self == .jpeg ? "jpg" : rawValue }
    }

    /// The squares previews fit into, pixels a side. A content no larger than a smaller square has no larger preview.
    package static let edges: [Int64] = [200, 800]

    /// The square this one fits into.
    package let edge: Int64
    package let format: Format
    /// Pixels, at most `edge`.
    package let width: Int64
    package let height: Int64
    package let createdMs: Int64
}

/// A preview as a maker hands it over, looked at.
package struct MadePreview: Sendable, Hashable {
    package let edge: Int64
    package let format: Preview.Format
    package let size: ImageSize
    package let bytes: [UInt8]

    /// Larger ones are not kept.
    package static let byteLimit = 4 * 1024 * 1024

    /// Nil when the bytes are no JPEG or PNG that fits into the square, or are too many.
    package init?(edge: Int64, bytes: [UInt8]) {
        guard bytes.count <= Self.byteLimit, let size = ImageSize(header: bytes), 1...edge ~= size.width,
            1...edge ~= size.height
        else { return nil }
        if bytes.starts(with: [0xFF, 0xD8]) {
            format = .jpeg
        } else if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]) {
            format = .png
        } else {
            return nil
        }
        self.edge = edge
        self.size = size
        self.bytes = bytes
    }
}

/// Why a maker made nothing. The text is for the administrator.
package enum PreviewFailure: Error, Equatable {
    /// Another try would end the same way.
    case unusable(String)
    /// Another try may do better.
    case troubled(String)
}

/// Makes previews, with whatever programs it has, outside this process.
package protocol PreviewMaker: Sendable {
    /// What it has the means for.
    var kinds: Set<PreviewKind> { get }
    /// At most one preview for each of `Preview.edges`, never larger than the content itself.
    /// - Throws: `PreviewFailure`; `CancellationError` when the task was cancelled; whatever reading the content throws.
    func previews(of content: ReadableContent, kind: PreviewKind) async throws -> [MadePreview]
}
