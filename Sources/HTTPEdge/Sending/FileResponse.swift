import Hummingbird
import NIOCore

/// A stored content to be sent over HTTP.
package struct FileResponse: Sendable {
    package let sizeBytes: Int64
    /// Opaque text without quotes, the same as long as the bytes are the same; sent as a strong ETag.
    package let entityTag: String
    package let lastModifiedMs: Int64
    /// Decided by the server by looking at the bytes.
    package let mediaType: String
    /// Offered to the person who saves it; any script.
    package let fileName: String
    /// Sends `range` (already inside the size) in order, a chunk at a time.
    package let read: @Sendable (Range<Int64>, (ByteBuffer) async throws -> Void) async throws -> Void
    /// The content as a file of the operating system; gives nil where it is none.
    private let open: @Sendable () async throws -> TransferableFile?

    package init(
        sizeBytes: Int64, entityTag: String, lastModifiedMs: Int64, mediaType: String, fileName: String,
        open: @escaping @Sendable () async throws -> TransferableFile? = { nil },
        read: @escaping @Sendable (Range<Int64>, (ByteBuffer) async throws -> Void) async throws -> Void
    ) {
        self.sizeBytes = sizeBytes
        self.entityTag = entityTag
        self.lastModifiedMs = lastModifiedMs
        self.mediaType = mediaType
        self.fileName = fileName
        self.open = open
        self.read = read
    }

    /// Answers GET and HEAD with Range (single, suffix, several: a clean 200), If-Range, If-None-Match, If-Match (RFC 9110),
    /// a safe disposition, `nosniff` and a sandboxing policy. Any other method: 405.
    /// - Parameter mayShow: false: always an attachment; true: types that can run nothing may open in the browser.
    package func response(to request: EdgeRequest, mayShow: Bool = true) -> Response {
        guard request.method == .get || request.method == .head else {
            return Response(status: .methodNotAllowed, headers: [.allow: "GET, HEAD"])
        }
        let tag =
            "\"" + entityTag.filter { $0 != "\"" && $0.isASCII && !$0.isWhitespace && $0 > "\u{20}" && $0 < "\u{7f}" }
            + "\""
        let lastModifiedSeconds = lastModifiedMs / 1000
        var headers: HTTPFields = [
            .eTag: tag, .lastModified: HTTPDate.text(seconds: lastModifiedSeconds), .cacheControl: "private",
            .acceptRanges: "bytes", .xContentTypeOptions: "nosniff",
            .contentSecurityPolicy: "sandbox; default-src 'none'",
        ]
        let conditions = Preconditions(request.headers, entityTag: tag, lastModifiedSeconds: lastModifiedSeconds)
        switch conditions.outcome {
        case .notModified: return Response(status: .notModified, headers: headers)
        case .failed: return Response(status: .preconditionFailed, headers: headers)
        case .proceed: break
        }

        headers[.contentType] = safeMediaType
        headers[.contentDisposition] = ContentDisposition.text(
            fileName: fileName, mediaType: mediaType, mayShow: mayShow)
        // GET is the only method for which a range means anything (section 14.2).
        let wanted = request.method == .get && conditions.allowsRange ? request.headers[.range] : nil
        switch RequestedRange(wanted, sizeBytes: sizeBytes) {
        case .whole:
            return send(0..<sizeBytes, .ok, headers, request)
        case .part(let range):
            headers[.contentRange] = "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(sizeBytes)"
            return send(range, .partialContent, headers, request)
        case .unsatisfiable:
            headers[.contentRange] = "bytes */\(sizeBytes)"
            headers[.contentDisposition] = nil
            headers[.contentType] = nil
            return Response(status: .rangeNotSatisfiable, headers: headers)
        }
    }

    private var safeMediaType: String {
        let isSafe = mediaType.contains("/") && mediaType.utf8.allSatisfy { 0x20..<0x7f ~= $0 }
        return isSafe ? mediaType : "application/octet-stream"
    }

    private func send(
        _ range: Range<Int64>, _ status: HTTPResponse.Status, _ headers: HTTPFields, _ request: EdgeRequest
    ) -> Response {
        let count = range.upperBound - range.lowerBound
        var headers = headers
        headers[.contentLength] = String(count)
        guard request.method == .get, count > 0 else { return Response(status: status, headers: headers) }
        let log = request.log
        let body = ResponseBody(contentLength: Int(count)) { writer in
            if let transfer = request.transfer, let file = try await open() {
                do {
                    try await transfer.send(file, range)
                } catch {
                    // As below: the connection is cut.
                    log.debug("download abandoned", metadata: ["of": "\(count)", "error": "\(error)"])
                    throw error
                }
                try await writer.finish(nil)
                return
            }
            var sent: Int64 = 0
            var clientIsGone = false
            // Unsafe in name only: the framework's `write` leaves its caller's isolation, and chunks come one at a time.
            nonisolated(unsafe) var writer = writer
            do {
                try await read(range) { chunk in
                    guard Int64(chunk.readableBytes) <= count - sent else { throw FileResponseError.tooManyBytes }
                    do {
                        try await writer.write(chunk)
                    } catch {
                        clientIsGone = true
                        throw error
                    }
                    sent += Int64(chunk.readableBytes)
                    // A write waits only once the event loop has found the client slow, and a busy loop finds out late:
                    // without this a fast disk fills memory.
                    try await request.settle()
                }
                guard sent == count else { throw FileResponseError.tooFewBytes }
            } catch {
                // The answer has begun: the only honest end is to cut the connection, which throwing does.
                if clientIsGone || error is CancellationError {
                    log.debug("download abandoned", metadata: ["sent": "\(sent)", "of": "\(count)"])
                } else {
                    log.error("download failed", metadata: ["sent": "\(sent)", "of": "\(count)", "error": "\(error)"])
                }
                throw error
            }
            try await writer.finish(nil)
        }
        return Response(status: status, headers: headers, body: body)
    }
}

/// The stored bytes are not as many as they should be.
enum FileResponseError: Error {
    case tooFewBytes, tooManyBytes
}
