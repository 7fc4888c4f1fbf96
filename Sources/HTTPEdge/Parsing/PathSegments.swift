extension String {
    /// The segments of a request's path, percent-decoded, empty ones left out: clients double and trail slashes.
    /// - Returns: nil for a broken escape, and for bytes that are no UTF-8 once decoded.
    package func pathSegments() -> [String]? {
        var segments: [String] = []
        for raw in self[...].utf8.split(separator: UInt8(ascii: "/")) {
            guard raw.contains(UInt8(ascii: "%")) else {
                segments.append(String(Substring(raw)))
                continue
            }
            guard let bytes = PercentEncoding.decode(raw), let text = String(validating: bytes, as: UTF8.self) else {
                return nil
            }
            segments.append(text)
        }
        return segments
    }
}
