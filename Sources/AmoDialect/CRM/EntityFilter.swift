import DriveCore
import HTTPEdge

/// `filter[...]`, `query` and `order[...]` of a list of entities. Unknown filters are passed over, as the vendor does.
struct EntityFilter {
    private(set) var conditions: [Condition<EntityField>] = []
    private(set) var order: [Listing<EntityField>.Order] = []

    /// - Throws: 400 for a value of the wrong type.
    init(_ query: Value) throws {
        if let value = query.present("query") {
            guard let text = value.text else { throw Failure([.wrongType("query", "string")]) }
            if !text.isEmpty { conditions.append(.contains(.name, text)) }
        }
        try readFilter(query["filter"])
        try readOrder(query["order"])
    }

    private mutating func readFilter(_ filter: Value?) throws {
        guard let filter, filter != .string("") else { return }
        if case .array(let values) = filter, values.isEmpty { return }
        guard case .object = filter else { throw Failure([.wrongType("filter", "array")]) }
        if let value = filter.present("name") {
            let names = try value.elements.map { name -> Condition<EntityField> in
                guard let text = name.text else { throw Failure([.wrongType("filter.name", "string")]) }
                return .equals(.name, .text(text))
            }
            conditions.append(.any(names))
        }
        let choices: [(String, EntityField)] = [
            ("id", .id), ("responsible_user_id", .responsible), ("created_by", .createdBy),
            ("updated_by", .updatedBy), ("pipeline_id", .pipeline),
        ]
        for (key, field) in choices {
            guard let value = filter.present(key) else { continue }
            let ids = try value.elements.map { try Self.integer($0, "filter.\(key)") }
            conditions.append(.oneOf(field, ids.map(ListingValue.integer)))
        }
        try readRange(filter, "created_at", .created, scale: 1000)
        try readRange(filter, "updated_at", .updated, scale: 1000)
        try readRange(filter, "price", .price, scale: 1)
    }

    /// `[from]` and `[to]`, both inclusive; a lone number is the lower end of a time and the very price.
    private mutating func readRange(_ filter: Value, _ key: String, _ field: EntityField, scale: Int64) throws {
        guard let value = filter.present(key) else { return }
        func scaled(_ value: Value, _ part: String) throws -> Int64 {
            let number = try Self.integer(value, "filter.\(key)\(part)")
            let (product, overflow) = number.multipliedReportingOverflow(by: scale)
            return overflow ? (number < 0 ? .min : .max) : product
        }
        guard case .object = value else {
            let lone = ListingValue.integer(try scaled(value, ""))
            conditions.append(scale == 1 ? .equals(field, lone) : .greaterOrEqual(field, lone))
            return
        }
        if let from = value.present("from") {
            conditions.append(.greaterOrEqual(field, .integer(try scaled(from, ".from"))))
        }
        if let to = value.present("to") {
            let end = try scaled(to, ".to")
            conditions.append(.lessOrEqual(field, .integer(end > Int64.max - scale ? end : end + scale - 1)))
        }
    }

    private mutating func readOrder(_ value: Value?) throws {
        guard case .object(let members) = value else {
            if let value, value != .string(""), value != .array([]) { throw Failure([.wrongType("order", "array")]) }
            return
        }
        for member in members {
            let field: EntityField
            switch member.key {
            case "id": field = .id
            case "created_at": field = .created
            case "updated_at": field = .updated
            default: throw Failure([.noChoice("order.\(member.key)")])
            }
            switch member.value.text?.lowercased() {
            case "asc": order.append(.init(field))
            case "desc": order.append(.init(field, descending: true))
            default: throw Failure([.noChoice("order.\(member.key)")])
            }
        }
    }

    private static func integer(_ value: Value, _ path: String) throws -> Int64 {
        guard let number = value.integer else { throw Failure([.wrongType(path, "int")]) }
        return number
    }
}
