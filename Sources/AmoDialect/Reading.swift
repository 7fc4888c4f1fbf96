import DriveCore
import HTTPEdge
import NIOCore

/// Most bytes of a JSON body: 250 entities with every field at its longest fit, or 33 notes whose every character is
/// escaped (`\u0430`), as PHP writes them.
private let jsonBodyLimit: Int64 = 4 * 1024 * 1024

extension Visit {
    /// The body as JSON, whatever its content type says.
    /// - Throws: 400 when it is not JSON, 413 when it is too long.
    func json() async throws -> Value {
        var whole = ByteBuffer()
        for try await var chunk in request.checkedBody(limit: jsonBodyLimit) { whole.writeBuffer(&chunk) }
        guard whole.readableBytes > 0 else { throw Failure(.badRequest, "The request body is empty") }
        return try Value.json(whole)
    }
}

extension Value {
    /// An integer, or decimal text of one (PHP and JavaScript clients send both).
    var integer: Int64? {
        switch self {
        case .int(let value): value
        case .string(let text): Int64(text)
        default: nil
        }
    }

    var text: String? {
        if case .string(let text) = self { text } else { nil }
    }

    /// JSON's own, or 0, 1, `true`, `false` as a number or text.
    var boolean: Bool? {
        switch self {
        case .bool(let value): value
        case .int(1), .string("1"), .string("true"): true
        case .int(0), .string("0"), .string("false"): false
        default: nil
        }
    }

    /// The member, unless it is absent or null.
    func present(_ key: String) -> Value? {
        guard let value = self[key], value != .null else { return nil }
        return value
    }
}

/// Reads the fields of one object and gathers everything that is wrong with them.
struct FieldReader {
    let tree: Value
    /// Goes into `request_id` of what is found wrong.
    let item: String
    /// Where the object stands in the item; empty when it is the item itself.
    let path: String
    private(set) var violations: [Failure.Violation] = []

    init(_ tree: Value, item: String = "0", path: String = "") {
        self.tree = tree
        self.item = item
        self.path = path
    }

    /// The whole path of a member.
    func place(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

    /// Makes what another reader found wrong part of what is wrong here.
    mutating func take(_ inner: FieldReader) { violations += inner.violations }

    mutating func report(_ violation: Failure.Violation) { violations.append(violation) }

    /// Null counts as absent.
    mutating func text(_ key: String, required: Bool = false, limit: Int? = nil) -> String? {
        guard let value = tree.present(key) else {
            if required { report(.missing(place(key), item: item)) }
            return nil
        }
        guard case .string(let text) = value else {
            report(.wrongType(place(key), "string", item: item))
            return nil
        }
        if let limit, text.unicodeScalars.count > limit {
            report(.tooLong(place(key), limit: limit, item: item))
            return nil
        }
        return text
    }

    mutating func integer(_ key: String, required: Bool = false) -> Int64? {
        guard let value = tree.present(key) else {
            if required { report(.missing(place(key), item: item)) }
            return nil
        }
        guard let number = value.integer else {
            report(.wrongType(place(key), "int", item: item))
            return nil
        }
        return number
    }

    mutating func boolean(_ key: String) -> Bool? {
        guard let value = tree.present(key) else { return nil }
        guard let flag = value.boolean else {
            report(.wrongType(place(key), "bool", item: item))
            return nil
        }
        return flag
    }

    /// Seconds since 1970 as milliseconds, up to the end of the year 9999.
    mutating func timeMs(_ key: String) -> Int64? {
        guard let seconds = integer(key) else { return nil }
        guard 0...253_402_300_799 ~= seconds else {
            report(.invalid(place(key), "This value is not a valid Unix timestamp.", item: item))
            return nil
        }
        return seconds * 1000
    }

    /// A UUID in lower case; null counts as absent.
    mutating func uuid(_ key: String, required: Bool = false) -> String? {
        guard let text = text(key, required: required) else { return nil }
        guard let uuid = UUIDText(text) else {
            report(.invalid(place(key), "This is not a valid UUID.", item: item))
            return nil
        }
        return uuid.text
    }

    /// A reader of an object inside; nil when it is absent, null, or an empty list (PHP's empty object).
    mutating func object(_ key: String) -> FieldReader? {
        guard let value = tree.present(key), value != .array([]) else { return nil }
        guard case .object = value else {
            report(.wrongType(place(key), "object", item: item))
            return nil
        }
        return FieldReader(value, item: item, path: place(key))
    }

    /// Readers of the objects of a list, in order; nil when it is absent or null. Anything else is reported, and nil too.
    mutating func objects(_ key: String, limit: Int = 250) -> [FieldReader]? {
        guard let value = tree.present(key) else { return nil }
        guard case .array(let items) = value else {
            report(.wrongType(place(key), "array", item: item))
            return nil
        }
        guard items.count <= limit else {
            report(.invalid(place(key), "The list should contain \(limit) items or less.", item: item))
            return nil
        }
        var readers: [FieldReader] = []
        for (index, value) in items.enumerated() {
            let reader = FieldReader(value, item: item, path: place("\(key).\(index)"))
            if case .object = value {
                readers.append(reader)
            } else {
                report(.wrongType(reader.path, "object", item: item))
            }
        }
        return readers.count == items.count ? readers : nil
    }

    /// - Throws: 400 with everything reported so far.
    func finish() throws { if !violations.isEmpty { throw Failure(violations) } }
}

/// A list of objects that each name a file: `[{"uuid": "..."}]` or `[{"file_uuid": "..."}]`.
enum FileList {
    static let limit = 250

    /// The UUIDs in order, lower case, doubled ones too.
    /// - Throws: 400 naming each item that is wrong.
    static func read(_ body: Value, key: String) throws -> [String] {
        guard case .array(let items) = body else { throw Failure([.wrongType("", "array")]) }
        guard !items.isEmpty else { throw Failure([.blank("")]) }
        guard items.count <= limit else {
            throw Failure([.invalid("", "The list should contain \(limit) items or less.")])
        }
        var violations: [Failure.Violation] = []
        var uuids: [String] = []
        for (index, item) in items.enumerated() {
            let path = "\(index).\(key)"
            guard let value = item.present(key) else {
                violations.append(.missing(path, item: "\(index)"))
                continue
            }
            guard let uuid = value.text.flatMap(UUIDText.init) else {
                violations.append(
                    value.text == nil
                        ? .wrongType(path, "string", item: "\(index)")
                        : .invalid(path, "This is not a valid UUID.", item: "\(index)"))
                continue
            }
            uuids.append(uuid.text)
        }
        guard violations.isEmpty else { throw Failure(violations, detail: "Request validation failed") }
        return uuids
    }
}

extension FileName {
    /// What is wrong with a name, if anything.
    static func problem(in text: String) -> Problem? {
        do {
            _ = try FileName(text, measuredIn: .characters)
            return nil
        } catch {
            if case .invalidName(let problem) = error { return problem }
            return .forbiddenCharacter
        }
    }

    /// - Throws: 400 that says where the name stood.
    static func read(_ text: String, at path: String) throws -> FileName {
        if let problem = problem(in: text) { throw Failure([.name(problem, at: path)]) }
        return try FileName(text, measuredIn: .characters)
    }
}
