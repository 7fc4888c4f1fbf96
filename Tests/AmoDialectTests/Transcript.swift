import Foundation
import HTTPEdge
import NIOCore
import Testing

@testable import AmoDialect

/// One conversation from a vendor's page: `Transcripts/NAME.txt`.
///
/// First line: the page. `masked:` names keys (or ends of paths) whose values are volatile: only their JSON type is
/// compared. `added:` names keys we answer beyond the page. Then request, blank line, response. In the response a
/// string `"..."` ends a list the page cuts short. UUIDs are bound: one of the page's always stands for one of ours.
struct Transcript {
    let masked: [String]
    let added: [String]
    let method: String
    let target: String
    let body: String
    let status: Int
    let type: String?
    let answer: String

    /// - Parameter values: put in the place of what stands in braces, in the request and in the answer.
    init(_ name: String, values: [String: String] = [:]) throws {
        let folder = try #require(Bundle.module.resourceURL).appending(path: "Transcripts")
        let written = try String(contentsOf: folder.appending(path: name + ".txt"), encoding: .utf8)
        let text = values.reduce(written) { $0.replacing("{\($1.key)}", with: $1.value) }
        var blocks = text.components(separatedBy: "\n\n")
        let head = blocks.removeFirst().components(separatedBy: "\n")
        try #require(head[0].hasPrefix("https://www.amocrm.ru/developers/"))
        func list(_ key: String) -> [String] {
            head.first { $0.hasPrefix(key) }.map { $0.dropFirst(key.count).split(separator: " ").map(String.init) }
                ?? []
        }
        masked = list("masked:")
        added = list("added:")
        let request = blocks.removeFirst().split(separator: "\n")[0].split(separator: " ")
        method = String(request[0])
        target = String(request[1])
        body = request[0] != "GET" && Int(blocks[0].prefix(3)) == nil ? blocks.removeFirst() : ""
        let line = blocks.removeFirst().trimmingCharacters(in: .whitespacesAndNewlines).split(separator: " ")
        status = try #require(Int(line[0]))
        type = line.count > 1 ? String(line[1]) : nil
        answer = blocks.joined(separator: "\n\n")
    }
}

/// Compares the page's answer with ours.
struct TranscriptComparison {
    let transcript: Transcript
    /// The page's UUID to ours.
    private var bound: [String: String] = [:]
    private(set) var differences: [String] = []

    init(_ transcript: Transcript) { self.transcript = transcript }

    mutating func compare(_ page: Value, _ ours: Value, at path: String = "") {
        if isNamed(path, in: transcript.masked) {
            if kind(page) != kind(ours) { differ(path, page, ours) }
            return
        }
        switch (page, ours) {
        case (.object(let members), .object(let own)):
            for member in members {
                let inner = path.isEmpty ? member.key : path + "." + member.key
                guard let value = ours[member.key] else {
                    differences.append("\(inner) is missing")
                    continue
                }
                compare(member.value, value, at: inner)
            }
            for member in own where page[member.key] == nil {
                let inner = path.isEmpty ? member.key : path + "." + member.key
                if !isNamed(inner, in: transcript.added) { differences.append("\(inner) is not on the page") }
            }
        case (.array(let elements), .array(let own)):
            let isCut = elements.last == "..."
            let known = isCut ? Array(elements.dropLast()) : elements
            guard isCut ? own.count > known.count : own.count == known.count else { return differ(path, page, ours) }
            for index in known.indices { compare(known[index], own[index], at: "\(path).\(index)") }
        case (.string(let text), .string(let own)): compareText(text, own, at: path)
        default: if page != ours { differ(path, page, ours) }
        }
    }

    private mutating func compareText(_ page: String, _ ours: String, at path: String) {
        let uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/
        let token = /eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+/
        if let theirs = page.firstMatch(of: token), let own = ours.firstMatch(of: token) {
            if Self.claims(theirs.output) != Self.claims(own.output) {
                differences.append("\(path): the token's claims are \(Self.claims(own.output))")
            }
        }
        let (left, right) = (page.replacing(token, with: "<token>"), ours.replacing(token, with: "<token>"))
        if left.replacing(uuid, with: "<uuid>") != right.replacing(uuid, with: "<uuid>") {
            return differ(path, .string(page), .string(ours))
        }
        for (theirs, own) in zip(left.matches(of: uuid), right.matches(of: uuid)) {
            let (theirs, own) = (String(theirs.output), String(own.output))
            if bound[theirs, default: own] != own { differ(path, .string(page), .string(ours)) }
            bound[theirs] = own
        }
    }

    /// Header and names of the claims, so that the token says what the page's says.
    private static func claims(_ token: Substring) -> [String] {
        token.split(separator: ".").prefix(2).flatMap { part -> [String] in
            var text = part.replacing("-", with: "+").replacing("_", with: "/")
            while text.count % 4 != 0 { text += "=" }
            guard let data = Data(base64Encoded: String(text)), let value = try? Value.json(ByteBuffer(data: data)),
                case .object(let members) = value
            else { return ["unreadable"] }
            return members.map(\.key).sorted() + [value["alg"]?.text ?? "", value["user_type"]?.text ?? ""]
        }
    }

    private func isNamed(_ path: String, in names: [String]) -> Bool {
        names.contains { path == $0 || path.hasSuffix("." + $0) }
    }

    private func kind(_ value: Value) -> String {
        switch value {
        case .null: "null"
        case .bool: "bool"
        case .int: "int"
        case .double: "double"
        case .string: "string"
        case .array: "array"
        case .object: "object"
        case .content: "content"
        case .written: "written"
        }
    }

    private mutating func differ(_ path: String, _ page: Value, _ ours: Value) {
        differences.append("\(path): the page has \(page), we have \(ours)")
    }
}
