import DriveCore
import HTTPEdge
import Hummingbird

/// Who works in the account: `/api/v4/users`, for administrators only.
/// https://www.amocrm.ru/developers/content/crm_platform/users-api
enum UserRoutes {
    static let all: [Route] = [
        .account(.get, "/api/v4/users", list), .account(.get, "/api/v4/users/{user_id}", get),
    ]

    @Sendable private static func list(_ call: Call) async throws -> Answer {
        try requireAdministrator(call)
        let query = try call.visit.query()
        let paging = try Paging(query)
        guard let offset = paging.offset else { return .empty(.noContent) }
        let page = try await call.drive.people(
            Listing(order: [.init(.id)], offset: offset, limit: paging.limit))
        let (links, with) = (call.links, WithList(query["with"]))
        return HALList("users", at: "users", paging)
            .answer(
                page.rows.map { UserWire.value($0, links, with: with) }, hasMore: page.hasMore, total: page.total,
                call)
    }

    @Sendable private static func get(_ call: Call) async throws -> Answer {
        try requireAdministrator(call)
        let person = try await call.drive.person(Person.ID(try call.visit.positiveNumber("user_id")))
        return .value(UserWire.value(person, call.links, with: WithList(try call.visit.query()["with"])))
    }

    private static func requireAdministrator(_ call: Call) throws {
        guard call.caller.isAdministrator else { throw Failure(.forbidden, "You do not have enough rights") }
    }
}

/// The model of a user.
enum UserWire {
    static func value(_ person: Person, _ links: Links, with: WithList) -> Value {
        var members: [Value.Member] = [
            .init("id", .int(person.id.rawValue)), .init("name", .string(person.fullName)),
            .init("email", .string(person.email)), .init("lang", "ru"), .init("rights", rights(person)),
        ]
        for key in ["uuid", "amojo_id", "user_rank", "phone_number"] where with.contains(key) {
            members.append(.init(key, .null))
        }
        members.append(.init("_links", ["self": ["href": .string(links.api("users/\(person.id)"))]]))
        // Nobody has a role or a group here.
        let embedded = [("role", "roles"), ("group", "groups")].filter { with.contains($0.0) }
        if !embedded.isEmpty {
            members.append(.init("_embedded", .object(embedded.map { .init($0.1, []) })))
        }
        return .object(members)
    }

    /// The rule of this account in the vendor's letters: `A` all, `M` what one is responsible for, `D` nothing.
    private static func rights(_ person: Person) -> Value {
        let seen: Value = person.isAdministrator ? "A" : "M"
        let entities: Value = ["view": seen, "edit": seen, "add": "A", "delete": "D", "export": "D"]
        return [
            "leads": entities, "contacts": entities, "companies": entities,
            "tasks": ["edit": "D", "delete": "D"], "mail_access": false, "catalog_access": false,
            "status_rights": [], "is_admin": .bool(person.isAdministrator), "is_free": false,
            "is_active": .bool(person.isActive), "group_id": nil, "role_id": nil,
        ]
    }
}
