import Foundation
import HTTPEdge
import Hummingbird
import NIOCore

@testable import BitrixDialect

/// The ways clients send one call: where the credential stands, how the path is spelled, how parameters are encoded.
enum CallForm: String, CaseIterable, Sendable {
    /// A webhook and JSON, as most scripts.
    case json
    /// A webhook with doubled slashes, `.json` and a slash after the method, telemetry in the query, a PHP form as body.
    case urlencoded
    /// The token among the parts of a multipart body, the method in capitals.
    case multipart
    /// Everything in the query of a GET, the method's dots percent-encoded.
    case query
    /// The token in the header, `.JSON` after the method, telemetry in the query, JSON as body.
    case bearer

    static let telemetry =
        "bx24_request_id=4f6c0000-0000-4000-8000-00000000abcd&bx24_sdk_ver=1.0.0&bx24_sdk_type=b24-js-sdk"
}

extension Door {
    /// Whether a method asks for an application's token, or itself looks whether it was called with one.
    static func needsApplication(_ name: String) -> Bool {
        ["app.info", "event.test"].contains(name) || MethodTable.method(named: name)?.needsApplication ?? false
    }

    /// - Parameter name: of a method that may ask for an application: then the token replaces the webhook.
    func send(_ name: String, _ params: Value, as form: CallForm) async throws -> Reply {
        let needsApplication = Self.needsApplication(name)
        let credential = needsApplication ? "auth=\(token)&" : ""
        let base = needsApplication ? "/rest/" : webhook
        var json = ByteBuffer()
        params.writeJSON(into: &json)
        switch form {
        case .json:
            return try await send(
                .post, base + name + (needsApplication ? "?auth=" + token : ""),
                headers: [.contentType: "application/json"], body: json)
        case .urlencoded:
            return try await send(
                .post, base.replacing("/", with: "//") + name + ".json/?" + credential + CallForm.telemetry,
                headers: [.contentType: "application/x-www-form-urlencoded"],
                body: ByteBuffer(string: params.formPairs().encoded))
        case .multipart:
            let pairs = [("auth", token)] + params.formPairs()
            let parts = pairs.map {
                "--cut\r\nContent-Disposition: form-data; name=\"\($0)\"\r\n\r\n\($1)\r\n"
            }
            return try await send(
                .post, "/rest/" + name.uppercased(), headers: [.contentType: "multipart/form-data; boundary=cut"],
                body: ByteBuffer(string: parts.joined() + "--cut--\r\n"))
        case .query:
            let query = ([("auth", token)] + params.formPairs()).encoded
            return try await send(.get, "/rest/" + name.replacing(".", with: "%2E") + "/?" + query)
        case .bearer:
            return try await send(
                .post, "/rest/" + name + ".JSON?" + CallForm.telemetry,
                headers: [.contentType: "application/json", .authorization: "Bearer \(token)"], body: json)
        }
    }
}

extension Value {
    /// As PHP's `http_build_query` would name them: `a[b][0]`. A flag is `Y` or `N`, null empty, an empty list `a[]=`.
    func formPairs(under key: String = "") -> [(String, String)] {
        switch self {
        case .object(let members) where !members.isEmpty || key.isEmpty:
            members.flatMap { $0.value.formPairs(under: key.isEmpty ? $0.key : "\(key)[\($0.key)]") }
        case .array(let values) where !values.isEmpty:
            values.enumerated().flatMap { $1.formPairs(under: "\(key)[\($0)]") }
        case .object, .array: [(key + "[]", "")]
        case .bool(let flag): [(key, flag ? "Y" : "N")]
        default: [(key, text ?? "")]
        }
    }
}

extension [(String, String)] {
    /// Percent-encoded but for unreserved characters (RFC 3986, section 2.3).
    var encoded: String {
        let unreserved = CharacterSet(
            charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
        func escape(_ text: String) -> String { text.addingPercentEncoding(withAllowedCharacters: unreserved) ?? "" }
        return map { escape($0) + "=" + escape($1) }.joined(separator: "&")
    }
}

extension Reply {
    /// The body with everything random taken out: what makes links fresh, UUIDs and codes. Times need no mask: tests own
    /// the clock.
    var masked: String {
        var text = text
        for (pattern, mask) in [
            (#"(auth|token|auth%5Bauth%5D)=[^"&\\]+"#, "$1=*"),
            (#"[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-4[0-9A-Fa-f]{3}-[89ABab][0-9A-Fa-f]{3}-[0-9A-Fa-f]{12}"#, "uuid"),
            (#"\b[0-9a-f]{20,64}\b"#, "hash"), (#"files\.example/~[0-9A-Za-z]+"#, "files.example/~code"),
        ] {
            text = text.replacingOccurrences(of: pattern, with: mask, options: .regularExpression)
        }
        return text
    }
}
