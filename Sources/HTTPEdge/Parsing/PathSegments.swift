extension String {
    /// The segments of a request's path, percent-decoded, empty ones left out: clients double and trail slashes.
    /// - Returns: nil for a broken escape, and for bytes that are no UTF-8 once decoded.
    package func pathSegments() -> [String]? {
        var path = self
        return path.withUTF8 { bytes in
            var segments: [String] = []
            segments.reserveCapacity(5)
            var rest = bytes[...]
            while !rest.isEmpty {
                let raw = rest.prefix { $0 != UInt8(ascii: "/") }
                rest = rest[raw.endIndex...].dropFirst()
                if raw.isEmpty { continue }
                if raw.contains(UInt8(ascii: "%")) {
                    guard let decoded = PercentEncoding.decode(raw),
                        let text = String(validating: decoded, as: UTF8.self)
                    else { return nil }
                    segments.append(text)
                } else {
                    segments.append(String(decoding: UnsafeBufferPointer(rebasing: raw), as: UTF8.self))
                }
            }
            return segments
        }
    }
}
