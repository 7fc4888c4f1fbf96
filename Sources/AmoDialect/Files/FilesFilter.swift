import DriveCore
import Foundation
import HTTPEdge

/// The `filter[...]` of the files list, read into conditions. Unknown keys are ignored, wrong values refused.
struct FilesFilter {
    private(set) var conditions: [Condition<NodeField>] = []
    private(set) var order: [Listing<NodeField>.Order] = [.init(.created, descending: true)]
    private let filter: Value
    private let nowMs: Int64
    private let zone: TimeZone

    /// - Parameter query: the whole query; an empty value of a number or a date counts as absent.
    /// - Throws: 400 naming the key.
    init(_ query: Value, nowMs: Int64, zone: TimeZone) throws {
        self.nowMs = nowMs
        self.zone = zone
        filter = try Self.object("filter", in: query) ?? .object([])
        try readUUIDs()
        try readNames()
        try readExtensions()
        try readDeletion(with: query["with"])
        try readSize()
        try readDate()
        if let source = try integer(filter["source_id"], "filter.source_id") {
            conditions.append(.equals(.sourceID, .integer(source)))
        }
        try readActors("created_by", .createdBy)
        try readActors("updated_by", .updatedBy)
        try readOrder()
    }

    private mutating func readUUIDs() throws {
        guard let value = filter["uuid"] else { return }
        var uuids: [ListingValue] = []
        for element in value.elements {
            for member in try text(element, "filter.uuid").split(separator: ",") {
                guard let uuid = UUIDText(member.trimmingCharacters(in: .whitespaces)) else {
                    throw Failure([.invalid("filter.uuid", "This is not a valid UUID.")])
                }
                uuids.append(.text(uuid.text))
            }
        }
        if !uuids.isEmpty { conditions.append(.oneOf(.uuid, uuids)) }
    }

    private mutating func readNames() throws {
        if let value = filter["name"], case let name = try text(value, "filter.name"), !name.isEmpty {
            conditions.append(.any([.equals(.stem, .text(name)), .equals(.foldedName, .text(name))]))
        }
        if let value = filter["term"], case let term = try text(value, "filter.term"), !term.isEmpty {
            conditions.append(.any([.contains(.name, term), .contains(.linkedEntityName, term)]))
        }
    }

    /// An empty extension means files without one.
    private mutating func readExtensions() throws {
        guard let value = filter["extensions"] else { return }
        let wanted = try value.elements.map { element -> ListingValue in
            let text = try text(element, "filter.extensions").lowercased()
            return .text(text.hasPrefix(".") ? String(text.dropFirst()) : text)
        }
        if !wanted.isEmpty { conditions.append(.oneOf(.fileExtension, wanted)) }
    }

    private mutating func readDeletion(with: Value?) throws {
        let trashed: [ListingValue] = [
            .integer(Node.Deletion.trashed.rawValue), .integer(Node.Deletion.trashedWithParent.rawValue),
        ]
        if filter["deleted"] != nil {
            conditions.append(.oneOf(.deletion, trashed))
        } else if WithList(with).contains("deleted") {
            conditions.append(.oneOf(.deletion, trashed + [.integer(Node.Deletion.alive.rawValue)]))
        }
    }

    private mutating func readSize() throws {
        guard let size = try Self.object("size", in: filter, path: "filter.size") else { return }
        let unit = try integer(size["unit"], "filter.size.unit") ?? 1
        guard unit >= 1 else { throw Failure([.invalid("filter.size.unit", "This value should be 1 or more.")]) }
        if let from = try integer(size["from"], "filter.size.from") {
            conditions.append(.greaterOrEqual(.size, .integer(from.clampedMultiple(unit))))
        }
        if let to = try integer(size["to"], "filter.size.to") {
            conditions.append(.lessOrEqual(.size, .integer(to.clampedMultiple(unit))))
        }
    }

    private mutating func readDate() throws {
        guard let date = try Self.object("date", in: filter, path: "filter.date") else { return }
        let type = try date["type"].map { try text($0, "filter.date.type") } ?? ""
        let field: NodeField
        switch type {
        case "created_at", "": field = .created
        case "updated_at": field = .updated
        default: throw Failure([.noChoice("filter.date.type")])
        }
        if let value = date["date_preset"], case let name = try text(value, "filter.date.date_preset"), !name.isEmpty {
            guard let preset = DatePreset(rawValue: name) else {
                throw Failure([.noChoice("filter.date.date_preset")])
            }
            let interval = preset.interval(nowMs: nowMs, zone: zone)
            conditions.append(.greaterOrEqual(field, .integer(interval.lowerBound)))
            conditions.append(.less(field, .integer(interval.upperBound)))
            return
        }
        if let from = try integer(date["from"], "filter.date.from") {
            conditions.append(.greaterOrEqual(field, .integer(from.clampedMultiple(1000))))
        }
        if let to = try integer(date["to"], "filter.date.to") {
            // Times are shown in whole seconds: the last one counts to its end.
            let end = to.clampedMultiple(1000)
            conditions.append(.lessOrEqual(field, .integer(end > Int64.max - 999 ? end : end + 999)))
        }
    }

    private mutating func readActors(_ key: String, _ field: NodeField) throws {
        guard let value = filter[key] else { return }
        let ids = try value.elements.compactMap { try integer($0, "filter.\(key)") }
        if !ids.isEmpty { conditions.append(.oneOf(field, ids.map(ListingValue.integer))) }
    }

    private mutating func readOrder() throws {
        guard let value = filter["order_by"], case let name = try text(value, "filter.order_by"), !name.isEmpty
        else { return }
        let field: NodeField
        switch name {
        case "size": field = .size
        case "created_at": field = .created
        case "updated_at": field = .updated
        default: throw Failure([.noChoice("filter.order_by")])
        }
        let type = try filter["order_type"].map { try text($0, "filter.order_type") } ?? ""
        switch type.lowercased() {
        case "asc": order = [.init(field)]
        case "desc", "": order = [.init(field, descending: true)]
        default: throw Failure([.noChoice("filter.order_type")])
        }
    }

    private func text(_ value: Value, _ path: String) throws -> String {
        guard let text = value.text else { throw Failure([.wrongType(path, "string")]) }
        return text
    }

    private func integer(_ value: Value?, _ path: String) throws -> Int64? {
        guard let value, value != .null, value != .string("") else { return nil }
        guard let number = value.integer else { throw Failure([.wrongType(path, "int")]) }
        return number
    }

    /// Nil when absent; an empty scalar counts as absent too.
    private static func object(_ key: String, in tree: Value, path: String? = nil) throws -> Value? {
        switch tree[key] {
        case nil, .null, .string(""): return nil
        case .object(let members): return .object(members)
        case .array(let values) where values.isEmpty: return nil
        default: throw Failure([.wrongType(path ?? key, "array")])
        }
    }
}

extension Int64 {
    /// The product, or the nearest number there is.
    fileprivate func clampedMultiple(_ factor: Int64) -> Int64 {
        let (product, overflow) = multipliedReportingOverflow(by: factor)
        return overflow ? (self < 0 ? .min : .max) : product
    }
}

/// `with=a,b`, `with[]=a&with[]=b`: extras a client asks for. Unknown ones are ignored.
struct WithList {
    private let names: Set<String>

    init(_ value: Value?) {
        let texts = value?.elements.compactMap(\.text) ?? []
        names = Set(texts.flatMap { $0.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) } })
    }

    func contains(_ name: String) -> Bool { names.contains(name) }
}
