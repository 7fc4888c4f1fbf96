import DriveCore

/// Makes previews without any program: headers of pictures and nothing behind them.
package struct DrawnPreviews: PreviewMaker {
    package var kinds: Set<PreviewKind> = Set(PreviewKind.allCases)
    private let draw: @Sendable (ReadableContent, PreviewKind) async throws -> [MadePreview]

    package init(_ draw: @escaping @Sendable (ReadableContent, PreviewKind) async throws -> [MadePreview]) {
        self.draw = draw
    }

    /// The previews of a picture of 1600 by 800 pixels.
    package init() {
        self.init { _, _ in [.drawn(edge: 200, width: 200, height: 100), .drawn(edge: 800, width: 800, height: 400)] }
    }

    package func previews(of content: ReadableContent, kind: PreviewKind) async throws -> [MadePreview] {
        try await draw(content, kind)
    }
}

extension MadePreview {
    /// A JPEG of that size, as far as its header goes (ITU T.81, B.2.2).
    package static func drawn(edge: Int64, width: UInt16, height: UInt16, padding: Int = 0) -> MadePreview {
        MadePreview(edge: edge, bytes: drawnJPEG(width: width, height: height, padding: padding))!
    }
}

package func drawnJPEG(width: UInt16, height: UInt16, padding: Int = 0) -> [UInt8] {
    var bytes: [UInt8] = [0xFF, 0xD8, 0xFF, 0xC0, 0, 17, 8]
    bytes += [UInt8(height >> 8), UInt8(height & 255), UInt8(width >> 8), UInt8(width & 255)]
    bytes += [3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1] as [UInt8]
    bytes += [UInt8](repeating: 0, count: padding)
    bytes += [0xFF, 0xD9] as [UInt8]
    return bytes
}

/// A PNG of that size, as far as its header goes (PNG, third edition, 5.2 and 11.2.1).
package func drawnPNG(width: UInt16, height: UInt16, padding: Int = 0) -> [UInt8] {
    var bytes: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52]
    bytes += [0, 0, UInt8(width >> 8), UInt8(width & 255)]
    bytes += [0, 0, UInt8(height >> 8), UInt8(height & 255)]
    bytes += [8, 2, 0, 0, 0] as [UInt8]
    bytes += [UInt8](repeating: 0, count: padding)
    return bytes
}
