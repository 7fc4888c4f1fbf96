import DriveCore
import HTTPEdge

/// The body of a write: a list of objects, or one object alone.
enum WrittenList {
    static let limit = CRMEntity.batchLimit

    /// Every item as `make` reads it.
    ///
    /// - Parameter make: gets the item, its position, and where to put what is wrong with it.
    /// - Throws: 400 with everything that is wrong with every item; nothing is written then.
    static func read<Item>(
        _ body: Value, _ make: (Value, Int, inout [Failure.Violation]) -> Item
    ) throws -> [Item] {
        let bodies: [Value] =
            switch body {
            case .array(let items): items
            case .object: [body]
            default: throw Failure([.wrongType("", "array")], detail: "Request validation failed")
            }
        guard !bodies.isEmpty else { throw Failure([.blank("")], detail: "Request validation failed") }
        guard bodies.count <= limit else {
            let text = "The list should contain \(limit) items or less."
            throw Failure([.invalid("", text)], detail: "Request validation failed")
        }
        var violations: [Failure.Violation] = []
        let items = bodies.enumerated().map { make($1, $0, &violations) }
        guard violations.isEmpty else { throw Failure(violations, detail: "Request validation failed") }
        return items
    }

    /// One object.
    static func readOne<Item>(
        _ body: Value, _ make: (Value, Int, inout [Failure.Violation]) -> Item
    ) throws -> Item {
        guard case .object = body else {
            throw Failure([.wrongType("", "object")], detail: "Request validation failed")
        }
        var violations: [Failure.Violation] = []
        let item = make(body, 0, &violations)
        guard violations.isEmpty else { throw Failure(violations, detail: "Request validation failed") }
        return item
    }

    /// The client's own name of an item, or its position in the list.
    static func requestID(of item: Value, at position: Int) -> String {
        switch item["request_id"] {
        case .string(let text): text
        case .int(let number): String(number)
        default: String(position)
        }
    }

    /// Puts the client's own `request_id` on what the drive refused by position.
    static func naming<Result>(_ requestIDs: [String], _ work: () async throws -> Result) async throws -> Result {
        do {
            return try await work()
        } catch let error as DriveError {
            guard case .item(let index, let problem) = error, requestIDs.indices.contains(index) else { throw error }
            throw Failure(problem, item: requestIDs[index])
        }
    }
}
