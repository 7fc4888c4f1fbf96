import Foundation

/// A file's name in ASCII, for links: letters transliterated, every run of anything else one dash.
enum SanitizedName {
    private static let limit = 200

    /// Never empty, only `[A-Za-z0-9-]`.
    static func of(_ name: String) -> String {
        var out = ""
        for scalar in name.precomposedStringWithCanonicalMapping.unicodeScalars {
            if let letters = letters(of: scalar) {
                out += letters
            } else if isCombining(scalar) {
                continue
            } else if out.last != "-" {
                out += "-"
            }
            if out.utf8.count >= limit { break }
        }
        out = String(out.prefix(limit))
        return out.isEmpty ? "file" : out
    }

    /// Nil when the scalar stands for no letter or digit we can write.
    private static func letters(of scalar: Unicode.Scalar) -> String? {
        if scalar.isASCII { return isPlain(scalar) ? String(scalar) : nil }
        if let known = table[scalar] { return known }
        let lower = String(scalar).lowercased().unicodeScalars
        if lower.count == 1, let small = lower.first, let known = table[small] {
            return known.prefix(1).uppercased() + known.dropFirst()
        }
        let base = String(scalar).decomposedStringWithCompatibilityMapping.unicodeScalars.filter(isPlain)
        return base.isEmpty ? nil : String(String.UnicodeScalarView(base))
    }

    private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 48...57, 65...90, 97...122: true
        default: false
        }
    }

    private static func isCombining(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.generalCategory == .nonspacingMark
    }

    private static let table: [Unicode.Scalar: String] = [
        "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "e", "ж": "zh", "з": "z", "и": "i", "й": "i",
        "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f",
        "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "iu",
        "я": "ia", "і": "i", "ї": "i", "є": "ie", "ґ": "g", "ў": "u", "ә": "a", "ғ": "g", "қ": "k", "ң": "n", "ө": "o",
        "ұ": "u", "ү": "u", "һ": "h", "ß": "ss", "æ": "ae", "ø": "o", "œ": "oe", "ł": "l", "đ": "d", "ð": "d",
        "þ": "th", "ı": "i",
    ]
}
