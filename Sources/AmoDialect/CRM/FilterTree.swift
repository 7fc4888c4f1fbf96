import DriveCore
import HTTPEdge

/// Reads `filter[...]` and `order[...]` of a list on the account host. Filters nobody asks for here are passed over, as
/// the vendor does.
struct FilterTree<Field: ListingField> {
    private(set) var conditions: [Condition<Field>] = []
    private let filter: Value

    /// - Throws: 400 for a `filter` that is no tree.
    init(_ query: Value) throws {
        switch query["filter"] {
        case nil, .string(""), .array([]): filter = .object([])
        case .object(let members): filter = .object(members)
        default: throw Failure([.wrongType("filter", "array")])
        }
    }

    mutating func add(_ condition: Condition<Field>) { conditions.append(condition) }

    func present(_ key: String) -> Value? { filter.present(key) }

    /// `filter[key]=1`, `filter[key][]=1`, `filter[key][0]=1`.
    mutating func numbers(_ key: String, _ field: Field) throws {
        guard let value = filter.present(key) else { return }
        let numbers = try value.elements.map { ListingValue.integer(try Self.integer($0, "filter.\(key)")) }
        conditions.append(.oneOf(field, numbers))
    }

    /// Text, or a list of texts, in the same forms.
    mutating func texts(_ key: String, _ field: Field) throws {
        guard let value = filter.present(key) else { return }
        let texts = try value.elements.map { element -> ListingValue in
            guard let text = element.text else { throw Failure([.wrongType("filter.\(key)", "string")]) }
            return .text(text)
        }
        conditions.append(.oneOf(field, texts))
    }

    /// `[from]` and `[to]`, both inclusive. A lone number is the very value.
    mutating func range(_ key: String, _ field: Field) throws { try range(key, field, scale: 1) }

    /// The same in seconds since 1970 for a field of milliseconds. A lone number is the lower end.
    mutating func times(_ key: String, _ field: Field) throws { try range(key, field, scale: 1000) }

    private mutating func range(_ key: String, _ field: Field, scale: Int64) throws {
        guard let value = filter.present(key) else { return }
        func scaled(_ value: Value, _ part: String) throws -> Int64 {
            let number = try Self.integer(value, "filter.\(key)\(part)")
            let (product, overflow) = number.multipliedReportingOverflow(by: scale)
            return overflow ? (number < 0 ? .min : .max) : product
        }
        guard case .object = value else {
            let lone = ListingValue.integer(try scaled(value, ""))
            return conditions.append(scale == 1 ? .equals(field, lone) : .greaterOrEqual(field, lone))
        }
        if let from = value.present("from") {
            conditions.append(.greaterOrEqual(field, .integer(try scaled(from, ".from"))))
        }
        if let to = value.present("to") {
            let end = try scaled(to, ".to")
            conditions.append(.lessOrEqual(field, .integer(end > Int64.max - scale ? end : end + scale - 1)))
        }
    }

    /// `order[name]=asc|desc`, in the order they came.
    /// - Throws: 400 for a field that is none of `names`, and for another direction.
    static func order(_ query: Value, _ names: [String: Field]) throws -> [Listing<Field>.Order] {
        guard case .object(let members) = query["order"] else {
            if let value = query["order"], value != .string(""), value != .array([]) {
                throw Failure([.wrongType("order", "array")])
            }
            return []
        }
        return try members.map { member in
            guard let field = names[member.key], let direction = member.value.text?.lowercased(),
                direction == "asc" || direction == "desc"
            else { throw Failure([.noChoice("order.\(member.key)")]) }
            return .init(field, descending: direction == "desc")
        }
    }

    static func integer(_ value: Value, _ path: String) throws -> Int64 {
        guard let number = value.integer else { throw Failure([.wrongType(path, "int")]) }
        return number
    }
}
