import Testing

@testable import DriveCore

@Suite("Sizes of pictures")
struct ImageSizeTests {
    /// Headers as the formats' own documents lay them out: width 300 (0x12C), height 200 (0xC8).
    @Test(
        "width and height are read from the header",
        arguments: [
            [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52]
                + [0, 0, 1, 0x2C, 0, 0, 0, 0xC8, 8, 2, 0, 0, 0],
            Array("GIF89a".utf8) + [0x2C, 1, 0xC8, 0],
            Array("BM".utf8) + Array(repeating: 0, count: 16) + [0x2C, 1, 0, 0, 0x38, 0xFF, 0xFF, 0xFF],
            [0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 2, 0xFF, 0xC0, 0, 17, 8, 0, 0xC8, 1, 0x2C, 3],
            Array("RIFF".utf8) + [0, 0, 0, 0] + Array("WEBPVP8X".utf8) + [10, 0, 0, 0, 0, 0, 0, 0]
                + [0x2B, 1, 0, 0xC7, 0, 0],
        ] as [[UInt8]])
    func sizes(header: [UInt8]) {
        #expect(ImageSize(header: header) == ImageSize(width: 300, height: 200))
        // Cut anywhere, it is no picture and no crash.
        for length in 0..<header.count - 1 { _ = ImageSize(header: Array(header[..<length])) }
        #expect(
            ImageSize(header: Array(header[..<10])) == (header.count == 10 ? ImageSize(width: 300, height: 200) : nil))
    }

    @Test("what is no picture has no size", arguments: ["", "%PDF-1.7", "<svg/>", "\u{FF}\u{D8}"])
    func others(text: String) { #expect(ImageSize(header: Array(text.utf8)) == nil) }
}
