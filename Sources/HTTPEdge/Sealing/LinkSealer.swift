import Crypto

/// Signs what a link carries, so that the link itself is the credential.
///
/// A token is `base64url(fields) "." base64url(HMAC-SHA256)`. It is signed, not encrypted: whoever holds it can read it.
/// Expiry is a field like any other; the caller checks it.
package struct LinkSealer: Sendable {
    private let key: SymmetricKey
    /// The code of nothing under the key: every code begins with a copy of it, so that the key is prepared once.
    private let empty: HMAC<SHA256>

    /// - Parameter key: at least 32 random bytes, the same on every node and after every restart.
    package init(key: [UInt8]) {
        self.key = SymmetricKey(data: key)
        empty = HMAC<SHA256>(key: self.key)
    }

    /// A token over `fields`, safe in a path segment and in a query value.
    /// - Parameter purpose: what the token is for; a token sealed for one purpose opens for no other.
    package func seal(purpose: String, fields: [String]) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(fields.reduce(purpose.utf8.count + 2) { $0 + $1.utf8.count + 2 })
        Self.append(purpose, to: &bytes)
        let start = bytes.count
        for field in fields { Self.append(field, to: &bytes) }
        return bytes.withUnsafeBytes { signed in
            var code = empty
            code.update(data: signed)
            let payload = UnsafeRawBufferPointer(rebasing: signed[start...])
            return code.finalize().withUnsafeBytes { code in
                let length = Base64URL.length(of: payload.count) + 1 + Base64URL.length(of: code.count)
                return String(unsafeUninitializedCapacity: length) { text in
                    var count = Base64URL.write(payload, to: text[...])
                    text[count] = UInt8(ascii: ".")
                    count += 1
                    return count + Base64URL.write(code, to: text[count...])
                }
            }
        }
    }

    /// The fields of a token sealed here for `purpose`; nil for anything else, without telling why.
    package func open(_ token: String, purpose: String) -> [String]? {
        let halves = token.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard halves.count == 2, let payload = Base64URL.decode(halves[0]), let code = Base64URL.decode(halves[1]),
            HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: Self.signed(purpose, payload), using: key)
        else { return nil }
        return Self.fields(of: payload)
    }

    private static func signed(_ purpose: String, _ payload: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(purpose.utf8.count + 2 + payload.count)
        append(purpose, to: &bytes)
        return bytes + payload
    }

    private static func append(_ text: String, to bytes: inout [UInt8]) {
        var length = UInt64(text.utf8.count)
        while length >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: length) | 0x80)
            length >>= 7
        }
        bytes.append(UInt8(length))
        var text = text
        text.withUTF8 { bytes.append(contentsOf: $0) }
    }

    private static func fields(of payload: [UInt8]) -> [String]? {
        var fields: [String] = []
        var index = 0
        while index < payload.count {
            var length = 0
            var shift = 0
            while true {
                guard index < payload.count, shift <= 28 else { return nil }
                let byte = payload[index]
                index += 1
                length |= Int(byte & 0x7f) << shift
                if byte & 0x80 == 0 { break }
                shift += 7
            }
            guard length <= payload.count - index,
                let field = String(validating: payload[index..<index + length], as: UTF8.self)
            else { return nil }
            fields.append(field)
            index += length
        }
        return fields
    }
}
