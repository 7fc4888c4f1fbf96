import Foundation

/// A name a file or folder may have: no slash, no NUL, not `.` or `..`, at most 255 bytes of UTF-8 or characters.
package struct FileName: Hashable, Sendable, CustomStringConvertible {
    /// As typed.
    package let text: String
    /// NFC and case folded: two names with the same key are the same name.
    package let folded: String
    /// Text after the last dot, lower case, when it is 1 to 16 of `[A-Za-z0-9]` and the dot is not first; else empty.
    package let fileExtension: String

    package var description: String { text }
    /// `text` without the dot and the extension.
    package var stem: String { Self.stem(of: text, extension: fileExtension) }

    /// Why a name was refused.
    package enum Problem: Error, Equatable, Sendable {
        case empty
        case tooLong
        /// A slash, backslash, colon, asterisk, question mark, double quote, angle bracket, vertical bar or control.
        case forbiddenCharacter
        /// `.` or `..`.
        case reserved
        /// A character that reorders the text around it and can make one file look like another.
        case bidirectionalControl
    }

    package static let maxBytes = 255

    /// What the 255 a name may have are: the two vendors count differently.
    package enum Length: Sendable {
        /// Of UTF-8.
        case bytes
        /// Unicode scalars.
        case characters

        fileprivate func of(_ text: String) -> Int {
            switch self {
            case .bytes: text.utf8.count
            case .characters: text.unicodeScalars.count
            }
        }
    }

    /// Checks a name a person chose (the rules Bitrix24 shows in its own dialogs).
    package init(_ text: String, measuredIn length: Length = .bytes) throws(DriveError) {
        if let problem = Self.problem(in: text, length) { throw .invalidName(problem) }
        self.init(unchecked: text)
    }

    /// A name that was checked before it was stored.
    init(unchecked text: String) {
        self.text = text
        folded = Self.fold(text)
        fileExtension = Self.fileExtension(of: text)
    }

    private static func problem(in text: String, _ length: Length) -> Problem? {
        if text.allSatisfy(\.isWhitespace) { return .empty }
        if length.of(text) > maxBytes { return .tooLong }
        if text == "." || text == ".." { return .reserved }
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0..<0x20, 0x7F..<0xA0: return .forbiddenCharacter
            case 0x202A...0x202E, 0x2066...0x2069, 0x200E, 0x200F, 0x061C: return .bidirectionalControl
            default: if "/\\:*?\"<>|".unicodeScalars.contains(scalar) { return .forbiddenCharacter }
            }
        }
        return nil
    }

    /// NFC, then case folding by way of upper case, so that `ß` and `SS` or `ς` and `σ` meet.
    package static func fold(_ text: String) -> String {
        if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.lowercased() }
        return text.precomposedStringWithCanonicalMapping.uppercased().lowercased()
            .precomposedStringWithCanonicalMapping
    }

    package static func fileExtension(of text: String) -> String {
        guard let dot = text.lastIndex(of: "."), dot != text.startIndex else { return "" }
        let tail = text[text.index(after: dot)...]
        let isPlain = tail.utf8.allSatisfy {
            (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0)
        }
        return (1...16).contains(tail.utf8.count) && isPlain ? tail.lowercased() : ""
    }

    package static func stem(of text: String, extension fileExtension: String) -> String {
        fileExtension.isEmpty ? text : String(text.dropLast(fileExtension.count + 1))
    }

    /// The same name with ` (n)` before the extension; shortened so that it still fits.
    package func numbered(_ n: Int) -> FileName {
        let tail = " (\(n))" + (fileExtension.isEmpty ? "" : text.suffix(fileExtension.count + 1))
        var head = stem
        while head.utf8.count + tail.utf8.count > Self.maxBytes { head.removeLast() }
        return FileName(unchecked: head + tail)
    }
}
