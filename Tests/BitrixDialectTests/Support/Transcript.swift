import Foundation
import HTTPEdge
import Hummingbird
import NIOCore
import Testing

/// One conversation from `Transcripts/`: the first line names the vendor page; then the request (verb and target,
/// headers, `body:` and the body); a blank line; the status and the JSON that is expected.
///
/// One conversation of each method has a second line, `sample:` and parameters for a call of that method in a
/// `SampleScene`. It is no part of the conversation.
///
/// `{name}` stands for a value of the test's set-up. In the response a text `<anything>` stands for a value that
/// changes: `<time>` a date with offset, `<int>` a whole number, `<digits>` one as text, `<number>` any number, `<url>` a
/// link of this server, `<link>` a public one, `<path>` one without its origin, `<attached>` that of an attached file,
/// `<guid>` a UUID in braces, `<text>` any text, `<token>` a token, `<hex32>` 32 hexadecimal digits.
struct Transcript {
    let page: String
    let verb: HTTPRequest.Method
    let target: String
    var headers: HTTPFields = [:]
    var body = ByteBuffer()
    let status: Int
    let expected: Value

    static var names: [String] { names(in: "") }

    /// - Parameter subfolder: of `Transcripts`, with a slash at its end; the names begin with it.
    static func names(in subfolder: String) -> [String] {
        let folder = Bundle.module.resourceURL?.appendingPathComponent("Transcripts/" + subfolder).path ?? ""
        return ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter { $0.hasSuffix(".txt") }
            .map { subfolder + $0 }.sorted()
    }

    struct Malformed: Error { let name: String }

    /// All there are, in any subfolder.
    static func allNames() throws -> [String] {
        guard let url = Bundle.module.resourceURL?.appendingPathComponent("Transcripts") else { return [] }
        return try FileManager.default.subpathsOfDirectory(atPath: url.path).filter { $0.hasSuffix(".txt") }.sorted()
    }

    /// The method a conversation calls, in lower case.
    static func method(in name: String) throws -> String {
        let lines = try text(of: name).split(separator: "\n").filter { !$0.hasPrefix(sampleMark) }
        let target = lines[1].split(separator: " ")[1].replacing("{webhook}", with: "/")
        let method = target.split(separator: "?")[0].split(separator: "/").last ?? ""
        return method.lowercased().replacing(".json", with: "")
    }

    /// What stands in a conversation's line `sample:`; nil where there is none.
    static func sample(in name: String) throws -> String? {
        try text(of: name).split(separator: "\n").first { $0.hasPrefix(sampleMark) }
            .map { String($0.dropFirst(sampleMark.count)) }
    }

    private static let sampleMark = "sample: "

    private static func text(of name: String) throws -> String {
        guard let url = Bundle.module.resourceURL?.appendingPathComponent("Transcripts/\(name)") else {
            throw Malformed(name: name)
        }
        return try String(contentsOf: url, encoding: .utf8)
    }

    init(named name: String, _ values: [String: String]) throws {
        var text = try Self.text(of: name)
        for (name, value) in values { text = text.replacingOccurrences(of: "{\(name)}", with: value) }
        let halves = text.components(separatedBy: "\n\n")
        var request = halves[0].components(separatedBy: "\n")
        page = request.removeFirst()
        if request.first?.hasPrefix(Self.sampleMark) == true { request.removeFirst() }
        let line = request.removeFirst().components(separatedBy: " ")
        guard halves.count == 2, line.count == 2, let verb = HTTPRequest.Method(line[0]) else {
            throw Malformed(name: name)
        }
        (self.verb, target) = (verb, line[1])
        while let line = request.first {
            request.removeFirst()
            if line.hasPrefix("body: ") {
                body = ByteBuffer(string: ([String(line.dropFirst(6))] + request).joined(separator: "\n"))
                break
            }
            let parts = line.components(separatedBy: ": ")
            switch parts[0] {
            case "Content-Type": headers[.contentType] = parts[1]
            case "Accept": headers[.accept] = parts[1]
            case "Authorization": headers[.authorization] = parts[1]
            default: throw Malformed(name: name)
            }
        }
        var answer = halves[1].components(separatedBy: "\n")
        guard let status = Int(answer.removeFirst()) else { throw Malformed(name: name) }
        self.status = status
        expected = try Value.json(ByteBuffer(string: answer.joined(separator: "\n")))
    }

    /// Where `found` is not what the page says; empty when it is.
    static func differences(_ expected: Value, _ found: Value, at path: String = "") -> [String] {
        switch (expected, found) {
        case (.string(let mask), _) where mask.hasPrefix("<") && mask.hasSuffix(">"):
            return fits(mask, found) ? [] : ["\(path): \(found) is no \(mask)"]
        case (.object(let left), .object(let right)):
            guard left.map(\.key) == right.map(\.key) else {
                return ["\(path): members \(right.map(\.key)) instead of \(left.map(\.key))"]
            }
            return zip(left, right).flatMap { differences($0.value, $1.value, at: path + "/" + $0.key) }
        case (.array(let left), .array(let right)):
            guard left.count == right.count else { return ["\(path): \(right.count) elements, not \(left.count)"] }
            return zip(left, right).enumerated().flatMap { differences($1.0, $1.1, at: "\(path)/\($0)") }
        default:
            return expected == found ? [] : ["\(path): \(found) instead of \(expected)"]
        }
    }

    private static func fits(_ mask: String, _ found: Value) -> Bool {
        switch (mask, found) {
        case ("<time>", .string(let text)):
            text.range(of: #"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d$"#, options: .regularExpression) != nil
        case ("<int>", .int), ("<number>", .int), ("<number>", .double): true
        case ("<digits>", .string(let text)): text.wholeMatch(of: /[0-9]+/) != nil
        case ("<guid>", .string(let text)):
            text.hasPrefix("{") && text.hasSuffix("}") && UUID(uuidString: String(text.dropFirst().dropLast())) != nil
        case ("<text>", .string): true
        case ("<path>", .string(let text)): text.hasPrefix("/")
        case ("<token>", .string(let text)): text.wholeMatch(of: /[0-9a-z]{32,}/) != nil
        case ("<hex32>", .string(let text)): text.wholeMatch(of: /[0-9a-f]{32}/) != nil
        case ("<link>", .string(let text)):
            text.range(of: #"^https://files\.example/~[A-Za-z0-9]{10}$"#, options: .regularExpression) != nil
        case ("<url>", .string(let text)): text.hasPrefix("https://files.example/")
        case ("<attached>", .string(let text)): text.hasPrefix("/") && text.contains("&auth%5Bauth%5D=")
        default: false
        }
    }
}

extension Door {
    /// Sends a conversation's request and demands the answer that its page prints.
    func hold(to transcript: Transcript) async throws {
        let reply = try await send(
            transcript.verb, transcript.target, headers: transcript.headers, body: transcript.body)
        #expect(reply.status == transcript.status)
        #expect(reply.headers[.contentType] == "application/json; charset=utf-8")
        #expect(Transcript.differences(transcript.expected, reply.json) == [])
    }
}
