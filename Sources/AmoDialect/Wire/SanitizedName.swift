import Foundation

/// A file's name in ASCII, for links: letters transliterated, every run of anything else one dash.
enum SanitizedName {
    /// Never empty, only `[A-Za-z0-9-]`.
    static func of(_ name: String) -> String { ASCIIName(separator: "-", kept: "", limit: 200).of(name) }
}

/// A file's name in ASCII as notes show it: every run of what is neither letter, digit, dot nor dash one underscore.
///
/// The vendor's example: `Снимок экрана 2022-12-12 в 20.11.45 (1).jpg` is
/// `Snimok_ekrana_2022-12-12_v_20.11.45_1_.jpg`.
enum NoteFileName {
    /// Never empty, only `[A-Za-z0-9._-]`.
    static func of(_ name: String) -> String { ASCIIName(separator: "_", kept: ".-", limit: 255).of(name) }
}

/// How a name in any script is written in ASCII.
private struct ASCIIName {
    /// Stands for every run of what cannot be written.
    let separator: Character
    /// Taken as they are, beside letters and digits.
    let kept: String
    /// Most characters of the result.
    let limit: Int

    func of(_ name: String) -> String {
        if let plain = ofASCII(name) { return plain }
        var out = ""
        for scalar in name.precomposedStringWithCanonicalMapping.unicodeScalars {
            if kept.unicodeScalars.contains(scalar) {
                out.unicodeScalars.append(scalar)
            } else if let letters = Self.letters(of: scalar) {
                out += letters
            } else if Self.isCombining(scalar) {
                continue
            } else if out.last != separator {
                out.append(separator)
            }
            if out.utf8.count >= limit { break }
        }
        out = String(out.prefix(limit))
        return out.isEmpty ? "file" : out
    }

    /// The same, byte by byte; nil for a name with anything else than ASCII in it.
    private func ofASCII(_ name: String) -> String? {
        guard let mark = separator.asciiValue, name.utf8.allSatisfy({ $0 < 0x80 }) else { return nil }
        let out = String(unsafeUninitializedCapacity: min(limit, name.utf8.count)) { out in
            var count = 0
            for byte in name.utf8 {
                guard count < limit else { break }
                let scalar = Unicode.Scalar(byte)
                if Self.isPlain(scalar) || kept.utf8.contains(byte) {
                    out[count] = byte
                } else if count == 0 || out[count - 1] != mark {
                    out[count] = mark
                } else {
                    continue
                }
                count += 1
            }
            return count
        }
        return out.isEmpty ? "file" : out
    }

    /// Nil when the scalar stands for no letter or digit we can write.
    private static func letters(of scalar: Unicode.Scalar) -> String? {
        if scalar.isASCII { return isPlain(scalar) ? String(scalar) : nil }
        if let known = table[scalar] { return known }
        let lower = String(scalar).lowercased().unicodeScalars
        if lower.count == 1, let small = lower.first, let known = table[small] { return capitalized(known) }
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

    private static func capitalized(_ letters: String) -> String {
        letters.prefix(1).uppercased() + letters.dropFirst()
    }

    /// Small letters, and the capitals of the Cyrillic script, whose small letters would be looked up one by one.
    private static let table = {
        var table = small
        for (letter, letters) in small where 0x400..<0x530 ~= letter.value {
            let upper = String(letter).uppercased().unicodeScalars
            if upper.count == 1, let capital = upper.first { table[capital] = capitalized(letters) }
        }
        return table
    }()

    private static let small: [Unicode.Scalar: String] = [
        "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "e", "ж": "zh", "з": "z", "и": "i", "й": "i",
        "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f",
        "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "iu",
        "я": "ia", "і": "i", "ї": "i", "є": "ie", "ґ": "g", "ў": "u", "ә": "a", "ғ": "g", "қ": "k", "ң": "n", "ө": "o",
        "ұ": "u", "ү": "u", "һ": "h", "ß": "ss", "æ": "ae", "ø": "o", "œ": "oe", "ł": "l", "đ": "d", "ð": "d",
        "þ": "th", "ı": "i",
    ]
}
