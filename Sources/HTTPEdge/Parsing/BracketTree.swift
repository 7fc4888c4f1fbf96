/// The tree that keys like `a[b][]` describe, growing one value at a time, never slower for many keys.
final class BracketTree {
    private enum Node {
        case leaf(Value)
        case branch(BracketTree)
    }

    private var keys: [String] = []
    private var nodes: [Node] = []
    /// Where each key stands, once there are too many to look through.
    private var positions: [String: Int] = [:]
    private static let fewKeys = 8
    /// What `[]` becomes: one more than the greatest number so far.
    private var nextIndex: Int64? = 0
    private var isList = true

    /// The keys under which `key` would be inserted now, `[]` resolved.
    func resolve(_ key: BracketKey) -> ParameterPath {
        var path = [key.name]
        var branch = child(key.name)
        for step in key.steps {
            let name = step ?? branch.map { $0.nextIndex.map(String.init) ?? "" } ?? "0"
            path.append(name)
            branch = branch?.child(name)
        }
        return path
    }

    /// Sets the value at `path`: the last of several wins, and keeps the first one's place.
    /// Counts the value and the containers it needs.
    func insert(_ value: Value, at path: ArraySlice<String>, budget: inout ParsingBudget) throws(ParsingError) {
        guard let name = path.first else { return }
        let rest = path.dropFirst()
        if !rest.isEmpty, let branch = child(name) {
            return try branch.insert(value, at: rest, budget: &budget)
        }
        try budget.addValue()
        if rest.isEmpty {
            set(name, .leaf(value))
        } else {
            let branch = BracketTree()
            set(name, .branch(branch))
            try branch.insert(value, at: rest, budget: &budget)
        }
    }

    /// All values as an object.
    var members: [Value.Member] { zip(keys, nodes).map { Value.Member($0, Self.value(of: $1)) } }

    private static func value(of node: Node) -> Value {
        switch node {
        case .leaf(let value): value
        case .branch(let branch): branch.isList ? .array(branch.nodes.map(value(of:))) : .object(branch.members)
        }
    }

    private func child(_ name: String) -> BracketTree? {
        guard let position = position(of: name), case .branch(let branch) = nodes[position] else { return nil }
        return branch
    }

    private func position(of name: String) -> Int? {
        positions.isEmpty ? keys.firstIndex(of: name) : positions[name]
    }

    private func set(_ name: String, _ node: Node) {
        if let position = position(of: name) {
            nodes[position] = node
            return
        }
        if let number = Int64(name), number >= 0, String(number) == name {
            isList = isList && number == Int64(keys.count)
            if let next = nextIndex, number >= next { nextIndex = number == .max ? nil : number + 1 }
        } else {
            isList = false
        }
        keys.append(name)
        nodes.append(node)
        if !positions.isEmpty {
            positions[name] = keys.count - 1
        } else if keys.count > Self.fewKeys {
            for (position, key) in keys.enumerated() { positions[key] = position }
        }
    }
}

/// A parameter name taken apart at its brackets.
struct BracketKey {
    let name: String
    /// One per pair of brackets; nil for `[]`.
    let steps: [String?]

    /// Takes `text` apart as PHP does: what follows a closing bracket and is no opening one is dropped, a first
    /// bracket that never closes becomes `_`, a later one is dropped. Dots and spaces stay as they are.
    /// - Returns: nil for a name PHP would drop: an empty one.
    init?(_ text: String) {
        guard text.utf8.contains(UInt8(ascii: "[")) else {
            guard !text.isEmpty else { return nil }
            (name, steps) = (text, [])
            return
        }
        let bytes = Array(text.utf8)
        guard let opening = bytes.firstIndex(of: UInt8(ascii: "[")), opening > 0 else { return nil }
        var steps: [String?] = []
        var index = opening
        while index < bytes.count, bytes[index] == UInt8(ascii: "[") {
            guard let closing = bytes[index...].firstIndex(of: UInt8(ascii: "]")) else {
                guard index == opening else { break }
                var plain = bytes
                plain[opening] = UInt8(ascii: "_")
                (name, self.steps) = (String(decoding: plain, as: UTF8.self), [])
                return
            }
            let step = bytes[(index + 1)..<closing]
            steps.append(step.isEmpty || step.elementsEqual(" ".utf8) ? nil : String(decoding: step, as: UTF8.self))
            index = closing + 1
        }
        (name, self.steps) = (String(decoding: bytes[..<opening], as: UTF8.self), steps)
    }
}
