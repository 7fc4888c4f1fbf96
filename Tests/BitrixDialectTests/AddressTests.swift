import HTTPEdge
import NIOCore
import Testing

@testable import BitrixDialect

@Suite("Paths, errors and formats")
struct AddressTests {
    @Test(
        "a call's path may double and trail slashes, carry a suffix and be percent-encoded",
        arguments: [
            "/rest/1/CODE/disk.file.get", "/rest/1/CODE/disk.file.get/", "/rest//1//CODE//disk.file.get.json",
            "/rest/1/CODE/disk%2Efile%2Eget",
        ])
    func webhook(path: String) {
        #expect(CallAddress(path: path) == .method("disk.file.get", .json, .webhook(person: "1", code: "CODE")))
    }

    @Test("without a webhook in the path the credential is a token")
    func token() {
        #expect(CallAddress(path: "/rest/batch.xml") == .method("batch", .xml, .token))
        #expect(CallAddress(path: "/rest//batch") == .method("batch", .json, .token))
        #expect(CallAddress(path: "/rest/upload.json") == .upload)
        #expect(CallAddress(path: "/rest/download.json") == .download)
        #expect(CallAddress(path: "/bitrix/tools/disk/uf.php") == .attachedFile)
        #expect(CallAddress(path: "/rest/%zz") == nil)
    }

    // Seed page, "Statuses and System Error Codes".
    @Test(
        "every system error has the page's status, code and text",
        arguments: [
            (.internalServerError, 500, "INTERNAL_SERVER_ERROR", "Internal server error"),
            (.unexpectedAnswer, 500, "ERROR_UNEXPECTED_ANSWER", "Server returned an unexpected response"),
            (.queryLimitExceeded, 503, "QUERY_LIMIT_EXCEEDED", "Too many requests"),
            (.batchMethodNotAllowed, 405, "ERROR_BATCH_METHOD_NOT_ALLOWED", "Method is not allowed for batch usage"),
            (.batchLengthExceeded, 400, "ERROR_BATCH_LENGTH_EXCEEDED", "Max batch length exceeded"),
            (.noAuthFound, 401, "NO_AUTH_FOUND", "Wrong authorization data"),
            (.httpsRequired, 400, "INVALID_REQUEST", "Https required"),
            (.overloadLimit, 503, "OVERLOAD_LIMIT", "REST API is blocked due to overload"),
            (.commercialPlansOnly, 403, "ACCESS_DENIED", "REST API is available only on commercial plans"),
            (.invalidCredentials, 403, "INVALID_CREDENTIALS", "Invalid request credentials"),
            (.manifestNotAvailable, 404, "ERROR_MANIFEST_IS_NOT_AVAILABLE", "Manifest is not available"),
            (
                .insufficientWebhookScope, 403, "insufficient_scope",
                "The request requires higher privileges than provided by the webhook token"
            ),
            (.expiredToken, 401, "expired_token", "The access token provided has expired"),
            (.userAccessError, 403, "user_access_error", "The user does not have access to the application"),
            (.portalDeleted, 500, "PORTAL_DELETED", "Portal was deleted"),
        ] as [(SystemError, Int, String, String)])
    func systemErrors(error: SystemError, status: Int, code: String, text: String) {
        #expect(error.failure == Failure(status, code, text))
    }

    @Test("XML carries the same tree under response")
    func xml() {
        var buffer = ByteBuffer()
        let written = Value.writtenObject { $0.member("NAME", "c") }
        XMLWire.write(["result": ["a<b", .null, true, written], "1x": "\u{1}"], into: &buffer)
        #expect(
            String(buffer: buffer).hasSuffix(
                "<response><result><item>a&lt;b</item><item></item><item>1</item><item><NAME>c</NAME></item></result>"
                    + "<item key=\"1x\">\u{FFFD}</item></response>"))
    }
}
