import HTTPEdge
import Hummingbird
import NIOCore

/// A page as an answer: it may load nothing and run nothing, cannot be framed, and is not kept.
enum PageResponse {
    /// - Parameter formTargets: CSP sources the page's forms may lead to, redirects after them included.
    /// - Parameter html: makes the page; only its own style, named by the nonce, applies.
    static func page(
        _ status: HTTPResponse.Status, formTargets: [String] = [], html: (_ nonce: String) -> String
    ) -> Response {
        let nonce =
            String(UInt64.random(in: .min ... .max), radix: 36) + String(UInt64.random(in: .min ... .max), radix: 36)
        let targets = formTargets.isEmpty ? "'none'" : formTargets.joined(separator: " ")
        let policy =
            "default-src 'none'; style-src 'nonce-\(nonce)'; base-uri 'none'; form-action \(targets); "
            + "frame-ancestors 'none'"
        var headers = self.headers
        headers[.contentType] = "text/html; charset=utf-8"
        headers[.contentSecurityPolicy] = policy
        return Response(
            status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(string: html(nonce))))
    }

    /// RFC 9700, section 4.12: 303, so that no browser repeats a form with a password elsewhere.
    static func redirect(to address: String) -> Response {
        var headers = self.headers
        headers[.location] = address
        return Response(status: .seeOther, headers: headers)
    }

    private static let headers: HTTPFields = [
        .cacheControl: "no-store", .xContentTypeOptions: "nosniff", .referrerPolicy: "no-referrer",
    ]
}

extension HTTPFields.Element.Name {
    fileprivate static let referrerPolicy = Self("Referrer-Policy")!
}
