import Hummingbird
import NIOCore
import Testing

@testable import HTTPEdge

@Suite("Sending files")
struct FileResponseTests {
    /// 1000 bytes, the byte at `n` being `n % 251`; modified Sun, 06 Nov 1994 08:49:37 GMT.
    static func file(size: Int64 = 1000, name: String = "a.txt", type: String = "text/plain") -> FileResponse {
        FileResponse(
            sizeBytes: size, entityTag: "v1", lastModifiedMs: 784_111_777_123, mediaType: type, fileName: name,
            read: { range, send in
                for start in stride(from: range.lowerBound, to: range.upperBound, by: 100) {
                    let bytes = (start..<min(start + 100, range.upperBound)).map { UInt8($0 % 251) }
                    try await send(ByteBuffer(bytes: bytes))
                }
            })
    }

    static func ask(
        _ headers: HTTPFields = [:], method: HTTPRequest.Method = .get, of file: FileResponse = file()
    ) async throws -> (Response, [UInt8]) {
        let response = file.response(to: .fixture(method, headers: headers))
        let collector = BodyCollector()
        try await response.body.write(CollectingWriter(collector: collector))
        return (response, await collector.bytes)
    }

    static func bytes(_ range: Range<Int>) -> [UInt8] { range.map { UInt8($0 % 251) } }

    @Test("a whole file has its headers exactly")
    func whole() async throws {
        let (response, body) = try await Self.ask()
        #expect(response.status == .ok)
        #expect(body == Self.bytes(0..<1000))
        #expect(response.headers[.contentLength] == "1000")
        #expect(response.headers[.eTag] == "\"v1\"")
        #expect(response.headers[.lastModified] == "Sun, 06 Nov 1994 08:49:37 GMT")
        #expect(response.headers[.acceptRanges] == "bytes")
        #expect(response.headers[.contentType] == "text/plain")
        #expect(response.headers[.xContentTypeOptions] == "nosniff")
        #expect(response.headers[.contentSecurityPolicy] == "sandbox; default-src 'none'")
        #expect(response.headers[.cacheControl] == "private")
        #expect(response.headers[.contentDisposition] == "attachment; filename=\"a.txt\"; filename*=UTF-8''a.txt")
    }

    @Test(
        "RFC 9110 ranges of 1000 bytes",
        arguments: [
            ("bytes=0-499", 0..<500), ("bytes=500-999", 500..<1000), ("bytes=-500", 500..<1000),
            ("bytes=950-", 950..<1000),
            ("bytes=0-0", 0..<1), ("bytes=-1", 999..<1000), ("bytes=999-5000", 999..<1000), ("bytes=-3999", 0..<1000),
            ("Bytes = 1-2", 1..<3), ("bytes=0-99999999999999999999", 0..<1000), ("bytes=5000-,3-4", 3..<5),
            ("bytes= 7-7 ,", 7..<8),
        ])
    func ranges(header: String, range: Range<Int>) async throws {
        let (response, body) = try await Self.ask([.range: header])
        #expect(response.status == .partialContent)
        #expect(response.headers[.contentRange] == "bytes \(range.lowerBound)-\(range.upperBound - 1)/1000")
        #expect(response.headers[.contentLength] == String(range.count))
        #expect(body == Self.bytes(range))
    }

    @Test(
        "several ranges, other units and bad headers get the whole file",
        arguments: [
            "bytes=0-0,5-9", "items=0-5", "bytes=5-2", "bytes=a-b", "bytes=", "bytes=-", "bytes", "bytes=1-2-3",
            "bytes=+1-2",
            "bytes=0-1,x", "bytes=--5", "bytes=1",
        ])
    func ignoredRanges(header: String) async throws {
        let (response, body) = try await Self.ask([.range: header])
        #expect(response.status == .ok)
        #expect(response.headers[.contentRange] == nil)
        #expect(body.count == 1000)
    }

    @Test(
        "a range past the end is refused with the size",
        arguments: ["bytes=1000-", "bytes=1000-2000", "bytes=-0", "bytes=99999999999999999999-"])
    func unsatisfiable(header: String) async throws {
        let (response, body) = try await Self.ask([.range: header])
        #expect(response.status == .rangeNotSatisfiable)
        #expect(response.headers[.contentRange] == "bytes */1000")
        #expect(response.headers[.contentLength] == "0")
        #expect(body.isEmpty)
    }

    @Test(
        "an empty file is sent as such",
        arguments: [(nil, 200), ("bytes=-5", 200), ("bytes=0-", 416), ("bytes=0-0", 416)] as [(String?, Int)])
    func empty(range: String?, status: Int) async throws {
        var headers: HTTPFields = [:]
        headers[.range] = range
        let (response, body) = try await Self.ask(headers, of: Self.file(size: 0))
        #expect(response.status.code == status)
        #expect(response.headers[.contentLength] == "0")
        #expect(body.isEmpty)
    }

    static let date = "Sun, 06 Nov 1994 08:49:37 GMT"
    static let later = "Sun, 06 Nov 1994 08:49:38 GMT"
    static let earlier = "Sun, 06 Nov 1994 08:49:36 GMT"

    @Test(
        "conditions are held against the file in RFC 9110's order",
        arguments: [
            ([.ifNoneMatch: "\"v1\""], 304), ([.ifNoneMatch: "\"v0\", W/\"v1\""], 304), ([.ifNoneMatch: "*"], 304),
            ([.ifNoneMatch: "\"v2\""], 200), ([.ifNoneMatch: "v1"], 200), ([.ifMatch: "\"v1\""], 200),
            ([.ifMatch: "*"], 200),
            ([.ifMatch: "\"v0\", \"v1\""], 200), ([.ifMatch: "W/\"v1\""], 412), ([.ifMatch: "\"v2\""], 412),
            ([.ifModifiedSince: date], 304), ([.ifModifiedSince: later], 304), ([.ifModifiedSince: earlier], 200),
            ([.ifModifiedSince: "Sunday, 06-Nov-94 08:49:37 GMT"], 304),
            ([.ifModifiedSince: "Sun Nov  6 08:49:37 1994"], 304),
            ([.ifModifiedSince: "yesterday"], 200), ([.ifUnmodifiedSince: date], 200),
            ([.ifUnmodifiedSince: earlier], 412),
            ([.ifNoneMatch: "\"v2\"", .ifModifiedSince: date], 200),
            ([.ifMatch: "\"v1\"", .ifUnmodifiedSince: earlier], 200),
            ([.ifMatch: "\"v1\"", .ifNoneMatch: "\"v1\""], 304), ([.ifMatch: "\"v2\"", .ifNoneMatch: "\"v1\""], 412),
            ([.ifNoneMatch: "\"v1\"", .range: "bytes=0-1"], 304),
        ] as [(HTTPFields, Int)])
    func conditions(headers: HTTPFields, status: Int) async throws {
        for method in [HTTPRequest.Method.get, .head] {
            let (response, body) = try await Self.ask(headers, method: method)
            #expect(response.status.code == status)
            #expect(response.headers[.eTag] == "\"v1\"")
            #expect(body.count == (status == 200 && method == .get ? 1000 : 0))
        }
    }

    @Test(
        "If-Range lets the range through for this very content only",
        arguments: [
            ("\"v1\"", 206), ("W/\"v1\"", 200), ("\"v2\"", 200), (date, 206), (later, 200), (earlier, 200),
            ("nonsense", 200),
        ])
    func ifRange(validator: String, status: Int) async throws {
        let (response, _) = try await Self.ask([.range: "bytes=0-1", .ifRange: validator])
        #expect(response.status.code == status)
    }

    @Test("HEAD tells what GET would send, and knows no range")
    func head() async throws {
        let (response, body) = try await Self.ask([.range: "bytes=0-1"], method: .head)
        #expect(response.status == .ok)
        #expect(response.headers[.contentLength] == "1000")
        #expect(body.isEmpty)
        #expect(try await Self.ask(method: .post).0.status == .methodNotAllowed)
    }

    @Test(
        "file names are offered in RFC 6266's two forms",
        arguments: [
            ("plan.odt", "plan.odt", "plan.odt"),
            ("Отчёт 1.pdf", "_____ 1.pdf", "%D0%9E%D1%82%D1%87%D1%91%D1%82%201.pdf"),
            ("a\"b\\c.txt", "a_b_c.txt", "a%22b%5Cc.txt"), ("100%.txt", "100_.txt", "100%25.txt"),
            ("x\r\nSet-Cookie: a=b", "x_Set-Cookie: a=b", "x%0D%0ASet-Cookie%3A%20a%3Db"), ("\0\u{7f}", "__", "%00%7F"),
            ("a;b'c.txt", "a;b'c.txt", "a%3Bb%27c.txt"), ("", "file", "file"), ("😀", "_", "%F0%9F%98%80"),
        ])
    func dispositions(name: String, plain: String, encoded: String) {
        let text = ContentDisposition.text(fileName: name, mediaType: "text/html", mayShow: true)
        #expect(text == "attachment; filename=\"\(plain)\"; filename*=UTF-8''\(encoded)")
        #expect(HeaderParameters(text).extended("filename") == (name.isEmpty ? "file" : name))
    }

    @Test(
        "only what can run nothing may open in the browser",
        arguments: [
            ("image/png", true), ("image/jpeg", true), ("application/pdf", true), ("video/mp4", true),
            ("audio/mpeg", true),
            ("image/svg+xml", false), ("text/html", false), ("text/plain", false), ("application/xml", false),
            ("application/octet-stream", false), ("", false),
        ])
    func showable(type: String, isShown: Bool) async throws {
        let (response, _) = try await Self.ask(of: Self.file(type: type))
        #expect(response.headers[.contentDisposition]?.hasPrefix("inline;") == isShown)
        let never = Self.file(type: type).response(to: .fixture(.get), mayShow: false)
        #expect(never.headers[.contentDisposition]?.hasPrefix("attachment;") == true)
    }

    @Test(
        "dates of the calendar's corners",
        arguments: [
            (0, "Thu, 01 Jan 1970 00:00:00 GMT"), (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"),
            (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"), (1_764_201_599, "Wed, 26 Nov 2025 23:59:59 GMT"),
            (4_107_542_399, "Sun, 28 Feb 2100 23:59:59 GMT"), (253_402_300_799, "Fri, 31 Dec 9999 23:59:59 GMT"),
        ] as [(Int64, String)])
    func dates(seconds: Int64, text: String) {
        #expect(HTTPDate.text(seconds: seconds) == text)
        #expect(HTTPDate.seconds(text) == seconds)
    }
}

final actor BodyCollector {
    private(set) var bytes: [UInt8] = []
    func add(_ buffer: ByteBuffer) { bytes += Array(buffer.readableBytesView) }
}

struct CollectingWriter: ResponseBodyWriter {
    let collector: BodyCollector
    mutating func write(_ buffer: ByteBuffer) async throws { await collector.add(buffer) }
    consuming func finish(_ trailingHeaders: HTTPFields?) async throws {}
}
