import NIOCore
import Synchronization
import Testing

@testable import HTTPEdge

@Suite("Multipart bodies")
struct MultipartTests {
    static let type = "multipart/form-data; boundary=\"x-y z\""

    func read(
        _ body: [[UInt8]]
    ) async throws -> (RequestParameters, [(path: ParameterPath, receiver: CollectingReceiver)]) {
        let maker = ReceiverMaker()
        let request = EdgeRequest.fixture(headers: [.contentType: Self.type], body: body)
        return (try await request.parameters(diversion: maker.diversion), await maker.made)
    }

    static let body = Array(
        """
        preamble\r\n--x-y z \t\r\nContent-Disposition: form-data; name="a[b]"\r\n\r\none\r\n--x-y\r\n\
        --x-y z\r\ncontent-disposition:form-data; name=file; filename="Q \\"3\\" \u{416}.txt"\r\nContent-Type: text/plain\r\n\
        \r\n\r\n--x-y \r\r\n--x-\r\n\r\n--x-y z\r\nContent-Disposition: form-data; name="empty"; filename="e.bin"\r\n\r\n\r\n\
        --x-y z--\r\nepilogue
        """.utf8)

    @Test("a body is read the same whichever way it is cut", .timeLimit(.minutes(1)))
    func everySplit() async throws {
        var ways = (0...Self.body.count).map { [Array(Self.body[..<$0]), Array(Self.body[$0...])] }
        ways.append(Self.body.map { [$0] })
        ways.append([Self.body])
        for way in ways {
            let (parameters, made) = try await read(way)
            #expect(parameters.tree == ["a": ["b": "one\r\n--x-y"]])
            try #require(parameters.uploads.count == 2)
            #expect(parameters.uploads[0].field == "file")
            #expect(parameters.uploads[0].fileName == "Q \"3\" Ж.txt")
            #expect(parameters.uploads[0].mediaType == "text/plain")
            #expect(await made[0].receiver.text == "\r\n--x-y \r\r\n--x-\r\n")
            #expect(parameters.uploads[1].fileName == "e.bin")
            #expect(parameters.uploads[1].mediaType == "")
            #expect(await made[1].receiver.count == 0)
        }
    }

    @Test("a body that ends before its last boundary is cut short")
    func cutShort() async throws {
        let end = Self.body.count - "\r\nepilogue".utf8.count
        for cut in stride(from: 1, to: end, by: 7) {
            await #expect(throws: ParsingError.cutShort) { try await read([Array(Self.body[..<cut])]) }
        }
        _ = try await read([Array(Self.body[..<end])])
    }

    @Test(
        "file names are read as browsers, curl and RFC 8187 write them",
        arguments: [
            (#"filename="a.txt""#, "a.txt"), ("filename=a.txt", "a.txt"),
            (#"filename="C:\tmp\a.txt""#, #"C:\tmp\a.txt"#),
            (#"filename="a\\b""#, #"a\b"#), (#"filename="a%22b%41""#, #"a"b%41"#), (#"filename="a;b=c""#, "a;b=c"),
            (#"filename="x"; filename*=UTF-8''%d0%96.txt"#, "Ж.txt"), ("filename*=iso-8859-1'en'%A3", "£"),
            (#"filename="x"; filename*=UTF-8''%ff"#, "x"), (#"filename="отчёт.pdf""#, "отчёт.pdf"),
            (#"filename="""#, ""),
        ])
    func fileNames(parameter: String, name: String) async throws {
        let body = "--x-y z\r\nContent-Disposition: form-data; name=\"f\"; \(parameter)\r\n\r\nx\r\n--x-y z--"
        let (parameters, _) = try await read([Array(body.utf8)])
        #expect(parameters.uploads.map(\.fileName) == [name])
    }

    @Test(
        "broken parts are refused",
        arguments: [
            "--x-y zz\r\n", "--x-y z\r\nContent-Type: text/plain\r\n\r\nx", "--x-y z\r\nno colon\r\n\r\n",
            "--x-y z\r\n\r\nx",
            "--x-y z\r\nContent-Disposition: form-data; name=\"a\"\n\nx",
            "--x-y z\r\nContent-Disposition: attachment; name=\"a\"\r\n\r\nx",
            "--x-y z\r\nContent-Disposition: form-data; name=\"a\0\"\r\n\r\nx",
            "--x-y z\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx\0y\r\n--x-y z--",
            "--x-y z\r\n" + String(repeating: "X-Long: 1\r\n", count: 2000) + "\r\n",
        ])
    func malformed(body: String) async {
        await #expect {
            _ = try await read([Array(body.utf8)])
        } throws: {
            guard case .malformed? = $0 as? ParsingError else { return false }
            return true
        }
    }

    @Test("too many file parts are refused")
    func tooMany() async {
        let part = "--x-y z\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a\"\r\n\r\nx\r\n"
        await #expect(throws: ParsingError.tooMany) {
            _ = try await read([Array((String(repeating: part, count: 101) + "--x-y z--").utf8)])
        }
    }

    @Test("random bodies never crash the reader")
    func fuzz() async {
        var random = SeededRandom(seed: 7578)
        let words = [
            "\r\n", "--x-y z", "--", "\r", "\n", "Content-Disposition: form-data; name=\"a\"", "; filename=\"b\"", "\0",
            "x",
            "\r\n\r\n", "\"", ";", "[", "]", " ", "Content-Type:", "é",
        ]
        for _ in 0..<3_000 {
            let pieces = (0..<Int.random(in: 0..<30, using: &random)).map { _ in
                Array(words.randomElement(using: &random)!.utf8)
            }
            _ = try? await read([Array("--x-y z\r\n".utf8)] + pieces)
        }
    }
}

@Suite("Base64 streams")
struct Base64StreamTests {
    func decode(_ text: String, by size: Int) -> ([UInt8], Bool) {
        var decoder = Base64StreamDecoder()
        var output = ByteBuffer()
        let bytes = Array(text.utf8)
        for start in stride(from: 0, to: bytes.count, by: size) {
            decoder.decode(
                ByteBuffer(bytes: bytes[start..<min(start + size, bytes.count)]).readableBytesView, into: &output)
        }
        decoder.finish(into: &output)
        return (Array(output.readableBytesView), decoder.metForeignCharacter)
    }

    @Test(
        "text is decoded as PHP does, in pieces of any size",
        arguments: [
            ("", "", false), ("Zg==", "f", false), ("Zm8=", "fo", false), ("Zm9v", "foo", false),
            ("Zm9vYg", "foob", false),
            ("Zm9vYmE=", "fooba", false), ("Zm9vYmFy", "foobar", false),
            ("Zm9v\r\nYm Fy", "foo\u{6}\u{6f}\u{85}", false),
            ("Zg==Zg==", "f\u{6}`", false), ("Z", "", false), ("Zm9vY", "foo", false), ("Zm-9_v!", "foo", true),
        ])
    func vectors(text: String, plain: String, foreign: Bool) {
        for size in 1...max(1, text.utf8.count) {
            let (bytes, met) = decode(text, by: size)
            if text.contains(" ") {
                // A space is a plus: "Ym+F" "y" is 24 38 62 5 and a lone last character.
                #expect(bytes == [0x66, 0x6f, 0x6f, 0x62, 0x6f, 0x85])
            } else {
                #expect(String(decoding: bytes, as: UTF8.self) == plain)
            }
            #expect(met == foreign)
        }
    }

    @Test(
        "a strict reader takes padding or none, and line breaks; nothing foreign, no padding amiss",
        arguments: [
            ("", true), ("Zg==", true), ("Zm8=", true), ("Zm9v", true), ("Zg", true), ("Zm8", true),
            ("Zm9v\r\nYmFy\r\n", true), ("Zm9+", true), ("Zm9 ", true), ("Zg=", false), ("Zm8==", false),
            ("Zm9v=", false), ("Zm9v====", false), ("====", false), ("Z", false), ("Zm9vY", false), ("Z===", false),
            ("Zg==Zg==", false), ("Zm8=Zm8=", false), ("Zg=\n=", true), ("Zm-_", false), ("Zm9v!", false),
            ("data:text/plain;base64,Zm9v", false), ("Zm9vж", false),
        ])
    func strictness(text: String, isStrict: Bool) {
        for size in 1...max(1, text.utf8.count) {
            var decoder = Base64StreamDecoder()
            var output = ByteBuffer()
            let bytes = Array(text.utf8)
            for start in stride(from: 0, to: bytes.count, by: size) {
                decoder.decode(
                    ByteBuffer(bytes: bytes[start..<min(start + size, bytes.count)]).readableBytesView, into: &output)
            }
            decoder.finish(into: &output)
            #expect(decoder.wasStrict == isStrict)
        }
    }

    @Test(
        "a receiver is told whether its text was so, in JSON, forms and multipart bodies alike",
        arguments: [("Zm9v", true), ("Zm8=", true), ("Zm9v!", false), ("Zg==Zg==", false)])
    func told(text: String, isStrict: Bool) async throws {
        let part = "--cut\r\nContent-Disposition: form-data; name=\"fileContent\"\r\n\r\n\(text)\r\n--cut--\r\n"
        for (type, body) in [
            ("application/json", #"{"fileContent":"\#(text)"}"#),
            ("application/x-www-form-urlencoded", "a=1&fileContent=\(text)"),
            ("multipart/form-data; boundary=cut", part),
        ] {
            for bytewise in [false, true] {
                let listener = Listener()
                let diversion = ContentDiversion(
                    isBase64: { $0 == ["fileContent"] }, makeReceiver: { _ in listener })
                _ = try await EdgeRequest.fixture(type: type, body, bytewise: bytewise).parameters(diversion: diversion)
                let told = listener.told.withLock { $0 }
                #expect(told == [isStrict], "\(type)")
            }
        }
    }

    /// Keeps what it was told.
    private final class Listener: ContentReceiver {
        let told = Mutex<[Bool]>([])
        func write(_ bytes: ByteBuffer) {}
        func base64Ended(wasStrict: Bool) { told.withLock { $0.append(wasStrict) } }
    }
}
