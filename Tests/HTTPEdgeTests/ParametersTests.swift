import Hummingbird
import NIOCore
import Testing

@testable import HTTPEdge

@Suite("Request parameters")
struct ParametersTests {
    static let form = "application/x-www-form-urlencoded"

    @Test(
        "one call in every encoding gives one tree",
        arguments: [
            (form, "id=7&data[NAME]=%D0%96.txt&select[]=ID&select[]=NAME"),
            ("application/json", #"{"id":"7","data":{"NAME":"\u0416.txt"},"select":["ID","NAME"]}"#),
            ("application/json; charset=utf-8", #"{"id":"7","data":{"NAME":"Ж.txt"},"select":["ID","NAME"]}"#),
            ("application/vnd.api+json", #"{"id":"7","data":{"NAME":"Ж.txt"},"select":["ID","NAME"]}"#),
            (nil, #" {"id":"7","data":{"NAME":"Ж.txt"},"select":["ID","NAME"]}"#),
            ("text/plain", #"{"id":"7","data":{"NAME":"Ж.txt"},"select":["ID","NAME"]}"#),
            (nil, "id=7&data[NAME]=%D0%96.txt&select[0]=ID&select[1]=NAME"),
            (
                "multipart/form-data; boundary=b",
                """
                --b\r\nContent-Disposition: form-data; name="id"\r\n\r\n7\r\n\
                --b\r\nContent-Disposition: form-data; name="data[NAME]"\r\n\r\nЖ.txt\r\n\
                --b\r\nContent-Disposition: form-data; name="select[]"\r\n\r\nID\r\n\
                --b\r\nContent-Disposition: form-data; name="select[]"\r\n\r\nNAME\r\n--b--\r\n
                """
            ),
        ] as [(String?, String)], [false, true])
    func encodings(request: (String?, String), bytewise: Bool) async throws {
        let parameters = try await EdgeRequest.fixture(type: request.0, request.1, bytewise: bytewise)
            .parameters(diversion: nil)
        #expect(parameters.tree == ["id": "7", "data": ["NAME": "Ж.txt"], "select": ["ID", "NAME"]])
    }

    @Test("the body wins over the query, key by key")
    func precedence() async throws {
        let request = EdgeRequest.fixture(type: Self.form, query: "a[x]=1&b=2", "a[y]=3&c=4")
        #expect(try await request.parameters(diversion: nil).tree == ["b": "2", "a": ["y": "3"], "c": "4"])
    }

    @Test(
        "an empty body is no body",
        arguments: [nil, "application/json", form, "multipart/form-data; boundary=x"], ["", " \r\n"])
    func empty(type: String?, body: String) async throws {
        let request = EdgeRequest.fixture(type: type, query: "a=1", body)
        #expect(try await request.parameters(diversion: nil).tree == ["a": "1"])
    }

    @Test(
        "an array is an object with numbers for keys",
        arguments: [("[]", [:]), (#"["x",{"y":1}]"#, ["0": "x", "1": ["y": 1]]), ("null", [:])] as [(String, Value)])
    func roots(body: String, tree: Value) async throws {
        let request = EdgeRequest.fixture(type: "application/json", body)
        #expect(try await request.parameters(diversion: nil).tree == tree)
    }

    @Test(
        "broken bodies are refused as malformed",
        arguments: [
            ("application/json", "12"), ("application/json", "{"), ("application/json", "{\"a\":1}x"),
            (form, "a=%F"), ("multipart/form-data", "--b--"), ("multipart/form-data; boundary=\"\"", "--b--"),
        ])
    func malformed(type: String, body: String) async {
        await #expect {
            try await EdgeRequest.fixture(type: type, body).parameters(diversion: nil)
        } throws: {
            guard case .malformed? = $0 as? ParsingError else { return false }
            return true
        }
    }

    @Test("a body shorter or longer than declared is cut short, and one over the limit too large")
    func lengths() async throws {
        for declared in [3, 6, 100] {
            let request = EdgeRequest.fixture(body: [Array("a=123".utf8)], declaredLength: declared)
            await #expect(throws: ParsingError.cutShort) { try await request.parameters(diversion: nil) }
        }
        var limits = ParsingLimits()
        limits.body = 4
        for declared in [nil, 5] {
            let request = EdgeRequest.fixture(body: [Array("a=123".utf8)], declaredLength: declared)
            await #expect(throws: ParsingError.tooLarge) {
                try await request.parameters(limits: limits, diversion: nil)
            }
        }
    }

    @Test(
        "base64 content is decoded on the way and kept nowhere",
        arguments: [
            ("application/json", #"{"id":7,"fileContent":["a.txt","aGVs\u006c\/28+\r\nAA=="]}"#),
            (form, "id=7&fileContent[0]=a.txt&fileContent[1]=aGVsl%2F28+%0AAA%3D%3D"),
            (form, "id=7&fileContent[]=a.txt&fileContent[]=aGVsl/28%2BAA=="),
            (
                "multipart/form-data; boundary=b",
                """
                --b\r\nContent-Disposition: form-data; name="id"\r\n\r\n7\r\n\
                --b\r\nContent-Disposition: form-data; name="fileContent[0]"\r\n\r\na.txt\r\n\
                --b\r\nContent-Disposition: form-data; name="fileContent[1]"\r\n\r\naGVsl/28+\r\nAA==\r\n--b--
                """
            ),
        ], [false, true])
    func diversion(request: (String, String), bytewise: Bool) async throws {
        let maker = ReceiverMaker()
        let parameters = try await EdgeRequest.fixture(type: request.0, request.1, bytewise: bytewise)
            .parameters(diversion: maker.diversion)
        let made = await maker.made
        try #require(made.count == 1)
        #expect(made[0].path == ["fileContent", "1"])
        #expect(parameters.tree["fileContent"] == .array(["a.txt", .content(made[0].receiver)]))
        // "aGVsl/28+AA=" by the alphabet of RFC 4648: 26 6 21 37 | 63 54 60 62 | 0 0
        #expect(await made[0].receiver.bytes == [0x68, 0x65, 0x6c, 0x97, 0xfd, 0xbc, 0xf8, 0x00])
    }

    @Test("an empty string is never diverted")
    func emptyContent() async throws {
        for (type, body) in [("application/json", #"{"fileContent":""}"#), (Self.form, "fileContent=")] {
            let maker = ReceiverMaker()
            let parameters = try await EdgeRequest.fixture(type: type, body).parameters(diversion: maker.diversion)
            #expect(parameters.tree == ["fileContent": ""])
            #expect(await maker.made.isEmpty)
        }
    }

    @Test("64 MiB of base64 pass through in small pieces", .timeLimit(.minutes(2)))
    func bigContent() async throws {
        let pieceBytes = 64 * 1024
        let pieces = 1024
        let (stream, continuation) = AsyncStream<ByteBuffer>.makeStream()
        continuation.yield(ByteBuffer(string: #"{"fileContent":""#))
        let piece = ByteBuffer(repeating: UInt8(ascii: "Q"), count: pieceBytes)
        for _ in 0..<pieces { continuation.yield(piece) }
        continuation.yield(ByteBuffer(string: #""}"#))
        continuation.finish()
        let request = EdgeRequest.fixture(headers: [.contentType: "application/json"]).replacing(stream)
        let maker = ReceiverMaker(keeps: false)
        _ = try await request.parameters(diversion: maker.diversion)
        let receiver = try #require(await maker.made.first?.receiver)
        #expect(await receiver.count == pieceBytes * pieces / 4 * 3)
        #expect(await receiver.largestWrite <= pieceBytes)
    }
}

extension EdgeRequest {
    func replacing(_ stream: AsyncStream<ByteBuffer>) -> EdgeRequest {
        EdgeRequest(
            method: method, path: path, query: query, headers: headers, body: RequestBody(asyncSequence: stream),
            origin: origin, isTrustedTransport: isTrustedTransport, remoteAddress: self.remoteAddress, id: id, log: log)
    }
}
