import HTTPEdge

/// `$result[key][path]` in a command's values: the part of an earlier command's result that it names.
struct BatchReferences {
    private let results: Value

    init(_ results: [Value.Member]) { self.results = .object(results) }

    /// `tree` with every reference replaced. A reference that leads nowhere is an empty string.
    func resolve(_ tree: Value) -> Value {
        switch tree {
        case .string(let text): resolve(text)
        case .array(let values): .array(values.map(resolve))
        case .object(let members): .object(members.map { .init($0.key, resolve($0.value)) })
        default: tree
        }
    }

    private func resolve(_ text: String) -> Value {
        var rest = Substring(text)
        var resolved = ""
        while let mark = rest.firstRange(of: "$result[") {
            resolved += rest[..<mark.lowerBound]
            rest = rest[rest.index(before: mark.upperBound)...]
            let path = Self.path(&rest)
            if path.isEmpty {
                resolved += "$result"
                resolved.append(rest.removeFirst())
                continue
            }
            let value = lookUp(path).unwritten
            // A reference that is the whole value keeps its type, lists and maps included.
            if rest.isEmpty, resolved.isEmpty { return value == .null ? "" : value }
            resolved += Self.spelled(value)
        }
        return .string(resolved + rest)
    }

    /// Takes `[a][b]...` off the front.
    private static func path(_ rest: inout Substring) -> [String] {
        var path: [String] = []
        while rest.first == "[", let end = rest.firstIndex(of: "]") {
            path.append(String(rest[rest.index(after: rest.startIndex)..<end]))
            rest = rest[rest.index(after: end)...]
        }
        return path
    }

    private func lookUp(_ path: [String]) -> Value {
        var value = results
        for key in path {
            guard let found = value.members?.last(where: { $0.key == key })?.value else { return .null }
            value = found
        }
        return value
    }

    private static func spelled(_ value: Value) -> String {
        if case .bool(let flag) = value { return flag ? "1" : "" }
        return value.text ?? ""
    }
}
