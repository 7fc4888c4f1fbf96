import DriveCore
import HTTPEdge

/// People as `profile` and `user.*` show them.
enum PersonWire {
    /// A person's id as text; 0 when it was no person of this account.
    static func author(_ id: Int64) -> Value { .string(String(shown(id))) }

    fileprivate static func shown(_ id: Int64) -> Int64 { max(0, id) }

    static func profile(_ person: Person, account: Account) -> Value {
        .object([
            .init("ID", .string(person.id.description)),
            .init("ADMIN", .bool(person.isAdministrator)),
            .init("NAME", .string(person.name)),
            .init("LAST_NAME", .string(person.lastName)),
            .init("PERSONAL_GENDER", .string(person.gender)),
            .init("TIME_ZONE", .string(person.timeZone)),
        ])
    }

    /// - Parameter isListed: as `user.get` shows it, with the members that `user.current` has not.
    static func value(_ person: Person, isListed: Bool, _ call: CallContext) -> Value {
        let isCaller = person.id == call.caller.person
        var members: [Value.Member] = [
            .init("ID", .string(person.id.description)),
            .init("ACTIVE", .bool(person.isActive)),
            .init("NAME", .string(person.name)),
            .init("LAST_NAME", .string(person.lastName)),
            .init("SECOND_NAME", ""),
        ]
        if call.showsContacts { members.append(.init("EMAIL", .string(person.email))) }
        if call.showsAccounts {
            members.append(.init("LAST_LOGIN", isCaller ? call.dates.value(call.startedMs) : ""))
        }
        members += [
            .init("DATE_REGISTER", call.dates.value(person.createdMs)),
            .init("TIME_ZONE", .string(person.timeZone)),
            .init("IS_ONLINE", isCaller ? "Y" : "N"),
            .init("TIMESTAMP_X", .object([])),
            .init(
                "LAST_ACTIVITY_DATE",
                isListed ? .object([]) : .string(call.dates.localText(isCaller ? call.startedMs : person.createdMs))),
            .init("PERSONAL_GENDER", .string(person.gender)),
            .init("PERSONAL_BIRTHDAY", ""),
            .init("WORK_POSITION", .string(person.workPosition)),
            .init("UF_EMPLOYMENT_DATE", ""),
            .init("UF_DEPARTMENT", .array(person.departments.map(Value.int))),
        ]
        if isListed { members.append(.init("USER_TYPE", .string(PersonListing.employee))) }
        return .object(members)
    }
}

extension CallContext {
    /// True when the credential may see addresses (page `user-scope`: not with `user_brief` alone).
    var showsContacts: Bool { !grant.scopes.isDisjoint(with: ["user", "user_basic"]) }
    /// True when it may see how people sign in (page `user-scope`: with `user` alone).
    var showsAccounts: Bool { grant.scopes.contains("user") }
}

extension JSONText {
    /// As `PersonWire.author`.
    mutating func member(_ key: String, author id: Int64) { member(key, digits: PersonWire.shown(id)) }
}
