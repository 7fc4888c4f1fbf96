import DriveCore
import HTTPEdge

extension FileMethods {
    /// `disk.file.search`: names that hold every word of `QUERY`, the last changed first.
    static let search = Method(
        "disk.file.search", scope: "disk", gap: "names are searched, the text inside documents is not",
        words: Words(argument: "Invalid value of parameter { Parameter #0 [ <required> $QUERY ] }.")
    ) { params, call in
        var search = NodeSearch(words: try words(of: params["QUERY"]))
        search.kind = try kind(params["TYPE"])
        (search.storage, search.folder) = try scope(params["FILTER"])
        let start = try ListingSyntax<NodeField>.start(params["start"] ?? params["START"]).offset
        search.offset = min(start, lastStart)
        search.limit = ListingSyntax<NodeField>.pageSize
        let page = try await found(search, call)
        let next = search.offset + search.limit
        return Answer(
            .array(page.rows.map { NodeWire.value($0, call.wire) }),
            // A later start is taken for the last one: a walk would not end.
            next: page.hasMore && next <= lastStart ? next : nil)
    }

    /// A greater `start` is lowered to this one.
    private static let lastStart: Int64 = 1000

    private static func found(_ search: NodeSearch, _ call: CallContext) async throws -> Page<Node> {
        do { return try await call.drive.search(search, as: call.caller) } catch DriveError.notFound {
            throw noSuchScope
        } catch DriveError.denied {
            throw Failure.method(
                "UNSUPPORTED_STORAGE", "Search is not supported for this storage. (UNSUPPORTED_STORAGE).")
        }
    }

    /// The query's words: 3 to 255 characters, the spaces between words counted once.
    private static func words(of query: Value?) throws -> [String] {
        guard let query, query != .null else { throw BadArgument("QUERY") }
        let invalid = Failure.method("INVALID_QUERY", "Search query is invalid. (INVALID_QUERY).")
        guard case .string(let text) = query, !text.utf8.contains(0) else { throw invalid }
        let words = text.split(whereSeparator: \.isWhitespace)
        let length = words.reduce(words.count - 1) { $0 + $1.unicodeScalars.count }
        guard (3...255).contains(length) else { throw invalid }
        return words.map(String.init)
    }

    private static func kind(_ type: Value?) throws -> Node.Kind? {
        switch type {
        case nil, .null, "file": .file
        case "folder": .folder
        case "all": nil
        default: throw Failure.method("INVALID_TYPE", "Search result type is invalid. (INVALID_TYPE).")
        }
    }

    private static func scope(_ filter: Value?) throws -> (Storage.ID?, Node.ID?) {
        guard let filter, !filter.isEmptyArrayOrObject, filter != .null else { return (nil, nil) }
        guard case .object(let members) = filter else { throw noSuchScope }
        guard members.allSatisfy({ ["STORAGE_ID", "FOLDER_ID"].contains($0.key) }) else {
            throw Failure.method("INVALID_FILTER", "Search filter contains an unknown field. (INVALID_FILTER).")
        }
        func id<Entity>(_ name: String) throws -> Identifier<Entity>? {
            guard let value = filter[name] else { return nil }
            guard let id = value.integer else { throw noSuchScope }
            return Identifier(id)
        }
        return (try id("STORAGE_ID"), try id("FOLDER_ID"))
    }

    private static var noSuchScope: Failure {
        .method("NOT_FOUND", "Search scope was not found. (NOT_FOUND).")
    }
}

extension Value {
    /// What PHP and a form make of an empty map.
    fileprivate var isEmptyArrayOrObject: Bool {
        switch self {
        case .array(let values): values.isEmpty
        case .object(let members): members.isEmpty
        default: false
        }
    }
}
