import DriveCore
import Foundation

/// Sizes as people say them.
enum ByteWords {
    /// `0 bytes`, `1 byte`, `999 bytes`, `1.5 KB`, `12 MB`: powers of 1024, one decimal below ten.
    static func text(_ bytes: Int64) -> String {
        if bytes == 1 { return "1 byte" }
        if bytes < 1024 { return "\(max(0, bytes)) bytes" }
        var unit: Int64 = 1024
        for name in ["KB", "MB", "GB", "TB"] {
            let (whole, rest) = bytes.quotientAndRemainder(dividingBy: unit)
            if whole < 10 { return "\(whole).\(rest * 10 / unit) \(name)" }
            if whole < 1024 || name == "TB" { return "\(whole) \(name)" }
            unit *= 1024
        }
        return "\(bytes) bytes"
    }
}

/// A point in time for a page.
struct Stamp {
    /// `2026-09-21T14:53:20Z`
    let machine: String
    /// `21 September 2026, 14:53 (UTC)`
    let human: String

    /// - Parameter zone: IANA name; UTC when there is none such.
    init(_ milliseconds: Int64, zone: String) {
        let date = Date(timeIntervalSince1970: Double(milliseconds) / 1000)
        machine = date.formatted(.iso8601)
        var calendar = Calendar(identifier: .gregorian)
        let known = TimeZone(identifier: zone)
        calendar.timeZone = known ?? .gmt
        let parts = calendar.dateComponents([.year, .month, .day, .hour, .minute], from: date)
        let months = [
            "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
            "November", "December",
        ]
        func two(_ number: Int?) -> String { number.map { $0 < 10 ? "0\($0)" : "\($0)" } ?? "00" }
        human =
            "\(parts.day ?? 1) \(months[((parts.month ?? 1) - 1) % 12]) \(parts.year ?? 1970), "
            + "\(two(parts.hour)):\(two(parts.minute)) (\(known == nil ? "UTC" : zone))"
    }
}

/// What a file is, in a few words.
enum KindWords {
    /// - Parameter mediaType: found by looking at the bytes.
    static func text(mediaType: String, name: String) -> String {
        if let words = known[mediaType] { return words }
        let subtype = mediaType.split(separator: "/").last.map(String.init) ?? ""
        switch mediaType.split(separator: "/").first {
        case "image": return "\(short(subtype)) image"
        case "audio": return "\(short(subtype)) sound"
        case "video": return "\(short(subtype)) video"
        default:
            let ending = FileName.fileExtension(of: name)
            return ending.isEmpty ? "File" : "\(ending.uppercased()) file"
        }
    }

    private static func short(_ subtype: String) -> String {
        (subtype.hasPrefix("x-") ? String(subtype.dropFirst(2)) : subtype).uppercased()
    }

    private static let known = [
        "application/pdf": "PDF document", "application/zip": "ZIP archive", "application/msword": "Word document",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "Word document",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "Excel spreadsheet",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation": "PowerPoint presentation",
        "application/vnd.ms-excel": "Excel spreadsheet",
        "application/vnd.oasis.opendocument.text": "OpenDocument text",
        "application/vnd.oasis.opendocument.spreadsheet": "OpenDocument spreadsheet",
        "text/plain": "Text", "text/html": "Web page", "image/svg+xml": "SVG image",
    ]
}
