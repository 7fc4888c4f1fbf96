import DriveCore
import Foundation
import HTTPEdge

/// Builds the absolute links of one answer, on the origin the client used.
struct Links {
    let origin: String
    let account: Account

    func file(_ uuid: String) -> String { String(pieces: [origin, "/v1.0/files/", uuid]) }
    func version(_ uuid: String, of file: String) -> String {
        String(pieces: [origin, "/v1.0/files/", file, "/versions/", uuid])
    }

    /// - Parameter name: already safe in a path: see `SanitizedName`.
    func download(_ file: String, version: String? = nil, name: String) -> String {
        let version = version.map { [$0, "/"] } ?? []
        return String(pieces: [origin, "/download/", account.uuid, "/", file, "/"] + version + [name])
    }

    /// - Parameter version: the version it shows; the link works as long as that version is there.
    func preview(_ preview: Preview, of version: String, in file: String) -> String {
        "\(origin)/preview/\(account.uuid)/\(file)/\(version)/\(preview.edge).\(preview.format.fileExtension)"
    }

    func api(_ path: String) -> String { "\(origin)/api/v4/\(path)" }
    func entity(_ entity: CRMEntity) -> String { self.entity(entity.id, entity.kind) }
    func entity(_ id: CRMEntity.ID, _ kind: CRMEntity.Kind) -> String { api("\(kind.rawValue)/\(id)") }
    func note(_ note: Note) -> String { "\(entity(note.entity, note.entityKind))/notes/\(note.id)" }
}

/// The query of a list, to be said again with another page.
struct ListQuery {
    /// Decoded, in the order they came, without `page` and `limit`.
    private let pairs: [(name: String, value: String)]
    private let isSorted: Bool

    /// - Parameter isSorted: the files host sorts parameters by name and ends with `limit`, `page`; the account host
    ///   begins with `page`, `limit` and keeps the client's order.
    init(_ query: String, isSorted: Bool) {
        self.isSorted = isSorted
        let all = query.split(separator: "&").map { pair -> (name: String, value: String) in
            let halves = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (Self.decoded(halves[0]), halves.count > 1 ? Self.decoded(halves[1]) : "")
        }
        pairs = all.filter { $0.name != "page" && $0.name != "limit" }
    }

    /// `?name=value&...`, percent-encoded.
    func text(page: Int64, limit: Int64) -> String {
        let paging = [(name: "limit", value: "\(limit)"), (name: "page", value: "\(page)")]
        let said =
            isSorted
            ? (pairs + paging).enumerated().sorted { left, right in
                (left.element.name, left.offset) < (right.element.name, right.offset)
            }.map(\.element)
            : paging.reversed() + pairs
        let pairs = said.map { "\(PercentEncoding.encode($0.name))=\(PercentEncoding.encode($0.value))" }
        return "?" + pairs.joined(separator: "&")
    }

    private static func decoded(_ text: Substring) -> String {
        let spaced = text.replacing("+", with: " ")
        return spaced.removingPercentEncoding ?? String(spaced)
    }
}

/// Which page of a list is meant.
struct Paging {
    static let defaultLimit: Int64 = 50
    static let maxLimit: Int64 = 250

    let page: Int64
    let limit: Int64
    /// Rows before the page; nil when no list is that long.
    var offset: Int64? {
        let (rows, overflow) = (page - 1).multipliedReportingOverflow(by: limit)
        return overflow || rows > Int64.max / 2 ? nil : rows
    }

    /// - Throws: 400 for a page or limit that is no number from 1 up; a limit above the largest is lowered to it.
    init(_ query: Value, defaultLimit: Int64 = Self.defaultLimit, maxLimit: Int64 = Self.maxLimit) throws {
        page = try Self.number("page", in: query) ?? 1
        limit = min(try Self.number("limit", in: query) ?? defaultLimit, maxLimit)
    }

    static func number(_ name: String, in query: Value) throws -> Int64? {
        guard let value = query.present(name) else { return nil }
        guard let number = value.integer else { throw Failure([.wrongType(name, "int")]) }
        guard number >= 1 else { throw Failure([.invalid(name, "This value should be 1 or more.")]) }
        return number
    }
}
