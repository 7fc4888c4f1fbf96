import HTTPEdge

/// Where a method's base64 may stand among its parameters: each path a list of keys, nil for any key.
struct ContentPaths: Sendable {
    private let paths: [[String?]]

    init(_ paths: [String?]...) { self.paths = paths }

    func contains(_ path: ParameterPath) -> Bool {
        paths.contains { known in
            known.count == path.count && zip(known, path).allSatisfy { $0 == nil || $0 == $1 }
        }
    }

    /// The parameter `fileContent`, whole or the second of a pair.
    static let fileContent = ContentPaths(["fileContent"], ["fileContent", "1"])
}
