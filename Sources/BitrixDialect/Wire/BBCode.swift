/// The markup of texts in tasks.
enum BBCode {
    private struct Tag {
        let range: Range<String.Index>
        /// `b`, `i`, `u` or `s`.
        let name: String
        let isClosing: Bool
    }

    /// The text as HTML: `[B]`, `[I]`, `[U]` and `[S]` that enclose something as elements, line ends as `<br />`, all else
    /// escaped. A tag without its partner stays text.
    static func html(_ text: String) -> String {
        var html = ""
        var end = text.startIndex
        for tag in pairs(tags(in: text)) {
            html += escaped(text[end..<tag.range.lowerBound]) + (tag.isClosing ? "</" : "<") + tag.name + ">"
            end = tag.range.upperBound
        }
        return html + escaped(text[end...])
    }

    private static func tags(in text: String) -> [Tag] {
        text.matches(of: /\[(\/?)([BbIiUuSs])\]/).map { match in
            Tag(range: match.range, name: match.2.lowercased(), isClosing: !match.1.isEmpty)
        }
    }

    /// Those of `tags` that have a partner, properly nested, in order.
    private static func pairs(_ tags: [Tag]) -> [Tag] {
        var open: [Int] = []
        var paired = Set<Int>()
        for (index, tag) in tags.enumerated() {
            if !tag.isClosing {
                open.append(index)
            } else if let last = open.last, tags[last].name == tag.name {
                open.removeLast()
                paired.formUnion([last, index])
            }
        }
        return paired.sorted().map { tags[$0] }
    }

    private static func escaped(_ text: Substring) -> String {
        var escaped = ""
        for character in text {
            switch character {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "\n", "\r\n": escaped += "<br />"
            default: escaped.append(character)
            }
        }
        return escaped
    }
}
