/// How a browser is told to save or show a content (RFC 6266).
enum ContentDisposition {
    /// `attachment; filename="..."; filename*=UTF-8''...`: ASCII without quotes and control characters, whatever the
    /// name holds.
    static func text(fileName: String, mediaType: String, mayShow: Bool) -> String {
        let name = fileName.isEmpty ? "file" : fileName
        let disposition = mayShow && isShowable(mediaType) ? "inline" : "attachment"
        return "\(disposition); filename=\"\(plain(name))\"; filename*=UTF-8''\(encoded(name))"
    }

    /// Types that can run nothing: raster images, PDF, sound and film.
    static func isShowable(_ mediaType: String) -> Bool {
        let type = HeaderParameters(mediaType).value
        let images = ["png", "jpeg", "gif", "webp", "avif", "bmp", "x-ms-bmp", "tiff", "heic"]
        return images.contains { type == "image/\($0)" } || type == "application/pdf" || type.hasPrefix("audio/")
            || type.hasPrefix("video/")
    }

    /// For clients that know no `filename*`: every other character is `_`.
    private static func plain(_ name: String) -> String {
        String(
            name.map { character in
                guard let byte = character.asciiValue, 0x20..<0x7f ~= byte, !"\"\\/%".contains(character) else {
                    return "_"
                }
                return character
            })
    }

    /// RFC 8187.
    private static func encoded(_ name: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in name.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                bytes.append(byte)
            case _ where "!#$&+-.^_`|~".utf8.contains(byte):
                bytes.append(byte)
            default:
                bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 0x0f)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
