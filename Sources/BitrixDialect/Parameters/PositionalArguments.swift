import DriveCore
import HTTPEdge

/// The arguments of a method that takes them by order (vendor page `settings/how-to-call-rest-api/data-encoding`, "Order
/// of Parameters").
///
/// An argument is what came under its number (`0=..&1[POST_MESSAGE]=..`, a JSON array); else what came under one of its
/// names, in any letter case and with or without underscores; else, where nothing came by number, what stands in its
/// place in the order of what was sent. What is left over is passed over.
struct PositionalArguments: Sendable {
    /// One argument: how errors name it, and the names it comes under.
    struct Slot: Sendable {
        let name: String
        fileprivate let spellings: Set<String>

        init(_ name: String, _ names: String...) {
            self.name = name
            spellings = Set(([name] + names).map(PositionalArguments.plain))
        }

        static let task = Slot("taskId")
        static let item = Slot("itemId")
        static let fields = Slot("arFields", "FIELDS")
        static let order = Slot("arOrder", "ORDER")
        static let filter = Slot("arFilter", "FILTER")
        static let action = Slot("actionId")
    }

    /// What belongs to the transport and never counts as a position; `start` is what list helpers of SDKs add to any
    /// call.
    private static let passedOver: Set<String> = [
        "auth", "auth_connector", "bx24_request_id", "bx24_sdk_ver", "bx24_sdk_type", "start", "START",
    ]

    let words: LegacyWords
    private let slots: [Slot]
    private let values: [Value?]

    init(_ params: Parameters, _ slots: [Slot], _ words: LegacyWords) {
        self.slots = slots
        self.words = words
        let sent = (params.tree.members ?? []).filter { !Self.passedOver.contains($0.key) }
        let isNumbered = sent.contains { Self.isNumber($0.key) }
        values = slots.enumerated().map { (index, slot) -> Value? in
            let given =
                sent.last { $0.key == String(index) } ?? sent.first { slot.spellings.contains(Self.plain($0.key)) }
            if let given { return given.value }
            guard !isNumbered, index < sent.count else { return nil }
            let key = Self.plain(sent[index].key)
            if slots.contains(where: { $0.spellings.contains(key) }) { return nil }
            return sent[index].value
        }
    }

    /// The value of an argument; nil when it is absent, null or empty.
    subscript(index: Int) -> Value? {
        guard let value = values[index], !value.isBlank else { return nil }
        return value
    }

    /// A required whole number. One beyond 64 bits comes as the largest: it names nothing that exists.
    func integer(_ index: Int) throws -> Int64 {
        guard let value = self[index] else {
            // By order, the place would have been taken by what was meant for a later one.
            let isTaken = values.dropFirst(index + 1).contains { $0?.members != nil }
            throw isTaken ? mistyped(index, "integer") : words.missing(index, slots[index].name)
        }
        if let number = value.integer { return number }
        guard case .id(let id) = value.naming else { throw mistyped(index, "integer") }
        return id
    }

    func id<Entity>(_ index: Int, of entity: Entity.Type = Entity.self) throws -> Identifier<Entity> {
        Identifier(try integer(index))
    }

    /// The members of a required object, with no key but `keys`.
    func object(_ index: Int, keys: Set<String>) throws -> [Value.Member] {
        guard self[index] != nil else { throw words.missing(index, slots[index].name) }
        return try optionalObject(index) { keys.contains($0) }
    }

    /// The members of an object, none when it is absent. An empty list or text is an empty object.
    /// - Parameter isAllowed: whether a key may be in it.
    func optionalObject(_ index: Int, isAllowed: (String) -> Bool) throws -> [Value.Member] {
        guard let value = self[index], !value.isEmptyContainer else { return [] }
        guard let members = value.members else { throw mistyped(index, "array") }
        for member in members where !isAllowed(member.key) {
            throw words.forbiddenKey(index, slots[index].name, key: member.key)
        }
        return members
    }

    private func mistyped(_ index: Int, _ type: String) -> Failure {
        words.mistyped(index, slots[index].name, type: type)
    }

    private static func isNumber(_ key: String) -> Bool {
        !key.isEmpty && key.utf8.allSatisfy { (48...57).contains($0) }
    }

    fileprivate static func plain(_ name: String) -> String { name.lowercased().replacing("_", with: "") }
}
