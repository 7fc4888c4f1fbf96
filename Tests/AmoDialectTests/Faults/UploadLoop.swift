import Foundation
import HTTPEdge
import NIOCore

@testable import AmoDialect

/// How published clients upload: when each sends what, and when each thinks it is done. Without an answer each repeats
/// the request it made.
enum UploadLoop: String, CaseIterable, Sendable {
    /// The vendor's PHP library: parts of `max_part_size`; goes on while there is a `next_url` and more to read; takes the
    /// last answer for a file and fails when it has no `id` or `uuid`.
    case php
    /// `ufee/amoapi-v4`: the same parts, done when the answer has a `uuid`; says the body is a form.
    case ufee
    /// The n8n node: parts of 128 KiB whatever the server says; done at the first answer without `next_url`; chunked.
    case n8n
    /// A Python client: goes on until there is a `uuid`; keeps its URL when no next one comes; says where the part lies.
    case python
    /// Asks where the upload stands after each failure and goes on from there.
    case resuming

    /// A client whose loop came to an end it does not know.
    struct Failed: Error, CustomStringConvertible { let description: String }

    /// A client fails after so many requests in a row were not answered.
    private static let patience = 30_000
    private static let pauseMicroseconds: UInt32 = 10_000

    func partSize(maxPartSize: Int) -> Int { self == .n8n ? 131_072 : maxPartSize }

    /// Uploads `whole` to `url` and returns the file's model.
    /// - Parameter port: of the proxy; every URL is asked there.
    func upload(_ whole: [UInt8], to url: String, maxPartSize: Int, port: Int) throws -> Value {
        let size = partSize(maxPartSize: maxPartSize)
        var (url, offset) = (url, 0)
        for _ in 0..<Self.patience {
            let part = Array(whole[offset..<min(offset + size, whole.count)])
            guard !part.isEmpty else { throw Failed(description: "\(rawValue): nothing is left to send") }
            let answer: Value
            if self == .resuming {
                guard let found = try resume(part, at: offset, of: whole, url, port) else { continue }
                switch found {
                case .answer(let value): answer = value
                case .stands(let next, let uploaded):
                    // `next_url` is null once everything has come: the last part is sent again for its answer.
                    if let next { (url, offset) = (next, uploaded) }
                    continue
                }
            } else {
                answer = try repeated(post(part, to: url, offset: offset, total: whole.count), port)
            }
            offset += part.count
            let (next, uuid) = (answer["next_url"]?.text, answer["uuid"]?.text)
            switch self {
            case .php:
                if let next, !next.isEmpty, offset < whole.count {
                    url = next
                    continue
                }
                guard uuid != nil, (answer["id"]?.integer ?? 0) > 0 else {
                    throw Failed(description: "File id/uuid is empty")
                }
                return answer
            case .ufee, .python, .resuming:
                if uuid != nil { return answer }
                guard next != nil || self == .python else { throw Failed(description: "\(rawValue): no next_url") }
                url = next ?? url
            case .n8n:
                guard let next else {
                    if uuid == nil { throw Failed(description: "n8n: the last answer has no uuid") }
                    return answer
                }
                url = next
            }
        }
        throw Failed(description: "\(rawValue): no end")
    }

    private enum Found {
        case answer(Value)
        case stands(next: String?, uploaded: Int)
    }

    /// One try; when it is not answered, where the upload stands. Nil when that could not be had either.
    private func resume(
        _ part: [UInt8], at offset: Int, of whole: [UInt8], _ url: String, _ port: Int
    ) throws -> Found? {
        if let value = try once(post(part, to: url, offset: offset, total: whole.count), port) { return .answer(value) }
        let question = "GET \(path(of: url)) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nConnection: close\r\n\r\n"
        guard let state = try once(Array(question.utf8), port) else { return nil }
        guard let uploaded = state["uploaded"]?.integer, state["file_size"] == .int(Int64(whole.count)) else {
            throw Failed(description: "resuming: \(state)")
        }
        return .stands(next: state["next_url"]?.text, uploaded: Int(uploaded))
    }

    /// The answer to `request`, sent until there is one.
    private func repeated(_ request: [UInt8], _ port: Int) throws -> Value {
        for _ in 0..<Self.patience {
            if let value = try once(request, port) { return value }
        }
        throw Failed(description: "\(rawValue): no answer")
    }

    /// Nil when the connection died before the whole answer had come.
    /// - Throws: when the answer is an error, or no JSON.
    private func once(_ request: [UInt8], _ port: Int) throws -> Value? {
        guard let connection = try? Connection(port: port) else { return nil }
        connection.send(request)
        let answer = Message(bytes: connection.receive())
        guard let body = answer.body, answer.status != 0 else {
            usleep(Self.pauseMicroseconds)
            return nil
        }
        guard answer.status == 200 else {
            throw Failed(description: "\(rawValue): \(answer.status) \(String(decoding: body, as: UTF8.self))")
        }
        return try Value.json(ByteBuffer(bytes: body))
    }

    private func post(_ part: [UInt8], to url: String, offset: Int, total: Int) -> [UInt8] {
        var head = "POST \(path(of: url)) HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
        switch self {
        case .php: head += "Content-Type: application/gzip\r\nAuthorization: Bearer expired\r\n"
        case .ufee: head += "Content-Type: application/x-www-form-urlencoded; charset=UTF-8\r\n"
        case .n8n:
            head += "Transfer-Encoding: chunked\r\n\r\n"
            let half = part.count / 2
            let chunks = [part[..<half], part[half...]].filter { !$0.isEmpty }
            return Array(head.utf8)
                + chunks.flatMap { Array("\(String($0.count, radix: 16))\r\n".utf8) + $0 + Array("\r\n".utf8) }
                + Array("0\r\n\r\n".utf8)
        case .python: head += "Content-Range: bytes \(offset)-\(offset + part.count - 1)/\(total)\r\n"
        case .resuming: break
        }
        return Array((head + "Content-Length: \(part.count)\r\n\r\n").utf8) + part
    }

    private func path(of url: String) -> String {
        "/" + url.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: true).dropFirst(2).joined()
    }
}
