/// What the header lines of one part of a multipart body say (RFC 7578).
struct MultipartHeader {
    let field: String
    /// Nil for a plain parameter.
    let fileName: String?
    /// Empty when not declared.
    let mediaType: String

    init(lines: [[UInt8]]) throws(ParsingError) {
        var disposition: HeaderParameters?
        var mediaType = ""
        for bytes in lines {
            let line = try String(requestText: bytes)
            guard let colon = line.firstIndex(of: ":") else { throw .malformed("a multipart header without a colon") }
            let text = String(line[line.index(after: colon)...])
            switch line[..<colon].lowercased() {
            case "content-disposition": disposition = HeaderParameters(text)
            case "content-type": mediaType = String(text.drop { $0 == " " || $0 == "\t" })
            default: break
            }
        }
        guard let disposition, disposition.value == "form-data", let field = disposition["name"] else {
            throw .malformed("a multipart part without a name")
        }
        self.field = field.unquotingBrowserEscape()
        self.mediaType = mediaType
        fileName = disposition.extended("filename") ?? disposition["filename"]?.unquotingBrowserEscape()
    }
}

extension String {
    /// Browsers send a quote in a name as `%22` and escape nothing else that could be meant (WHATWG HTML, 4.10.21.8).
    fileprivate func unquotingBrowserEscape() -> String {
        var result = ""
        var rest = self[...]
        while let percent = rest.firstIndex(of: "%") {
            result += rest[..<percent]
            rest = rest[percent...]
            if rest.hasPrefix("%22") {
                result += "\""
                rest = rest.dropFirst(3)
            } else {
                result += "%"
                rest = rest.dropFirst()
            }
        }
        return result + rest
    }
}
