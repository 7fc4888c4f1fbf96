/// Media types as the file model shows them. Nothing is served by them.
enum MediaType {
    /// A declared type worth keeping; empty for none, or one that is not a media type.
    static func declared(_ text: String?) -> String {
        guard let text, text.utf8.count <= 255, text.utf8.allSatisfy({ 0x20...0x7E ~= $0 }) else { return "" }
        let halves = text.split(separator: ";", maxSplits: 1)[safe: 0]?.split(separator: "/") ?? []
        let isToken = halves.allSatisfy { half in
            half.utf8.allSatisfy { byte in
                switch byte {
                case 48...57, 65...90, 97...122: true
                default: "!#$&^_.+-".utf8.contains(byte)
                }
            }
        }
        return halves.count == 2 && isToken ? text : ""
    }

    /// The declared type, or what the extension says, or empty.
    static func shown(declared: String, fileExtension: String) -> String {
        declared.isEmpty ? byExtension[fileExtension] ?? "" : declared
    }

    /// `image`, `video`, `audio`, `document` or `file`: by the shown type, then by extension.
    static func family(declared: String, fileExtension: String) -> String {
        family(of: declared.lowercased()) ?? byExtension[fileExtension].flatMap(family(of:)) ?? "file"
    }

    /// Nil: neither of those with a name.
    private static func family(of type: String) -> String? {
        if type.hasPrefix("image/") { return "image" }
        if type.hasPrefix("video/") { return "video" }
        if type.hasPrefix("audio/") { return "audio" }
        return isDocument(type) ? "document" : nil
    }

    private static func isDocument(_ type: String) -> Bool {
        documents.contains(type.prefix { $0 != ";" }) || documentFamilies.contains { type.hasPrefix($0) }
    }

    private static let documents: Set<Substring> = [
        "application/pdf", "application/msword", "application/rtf", "text/rtf", "text/plain", "text/csv",
    ]
    private static let documentFamilies = [
        "application/vnd.openxmlformats-officedocument.", "application/vnd.oasis.opendocument.",
        "application/vnd.ms-excel", "application/vnd.ms-powerpoint", "application/vnd.ms-word",
    ]

    private static let byExtension: [String: String] = [
        "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif", "bmp": "image/bmp",
        "webp": "image/webp", "svg": "image/svg+xml", "tif": "image/tiff", "tiff": "image/tiff", "heic": "image/heic",
        "ico": "image/vnd.microsoft.icon", "avif": "image/avif",
        "mp4": "video/mp4", "mov": "video/quicktime", "avi": "video/x-msvideo", "mkv": "video/x-matroska",
        "webm": "video/webm", "mpeg": "video/mpeg", "wmv": "video/x-ms-wmv", "3gp": "video/3gpp",
        "mp3": "audio/mpeg", "wav": "audio/wav", "ogg": "audio/ogg", "m4a": "audio/mp4", "flac": "audio/flac",
        "aac": "audio/aac", "amr": "audio/amr", "oga": "audio/ogg", "opus": "audio/ogg",
        "pdf": "application/pdf", "doc": "application/msword", "rtf": "application/rtf", "txt": "text/plain",
        "csv": "text/csv", "xls": "application/vnd.ms-excel", "ppt": "application/vnd.ms-powerpoint",
        "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "odt": "application/vnd.oasis.opendocument.text", "ods": "application/vnd.oasis.opendocument.spreadsheet",
        "odp": "application/vnd.oasis.opendocument.presentation",
        "zip": "application/zip", "rar": "application/vnd.rar", "7z": "application/x-7z-compressed",
        "gz": "application/gzip", "tar": "application/x-tar", "json": "application/json", "xml": "application/xml",
        "html": "text/html", "htm": "text/html", "md": "text/markdown", "ics": "text/calendar",
        "eml": "message/rfc822",
    ]
}

extension Array {
    fileprivate subscript(safe index: Int) -> Element? { indices.contains(index) ? self[index] : nil }
}
