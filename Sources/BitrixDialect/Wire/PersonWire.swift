import DriveCore
import HTTPEdge

/// People as `profile` and `user.*` show them.
enum PersonWire {
    /// A person's id as text; 0 when it was no person of this account.
    static func author(_ id: Int64) -> Value { .string(String(max(0, id))) }

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
        let showsContacts = !call.grant.scopes.isDisjoint(with: ["user", "user_basic"])
        let isCaller = person.id == call.caller.person
        var members: [Value.Member] = [
            .init("ID", .string(person.id.description)),
            .init("ACTIVE", .bool(person.isActive)),
            .init("NAME", .string(person.name)),
            .init("LAST_NAME", .string(person.lastName)),
            .init("SECOND_NAME", ""),
        ]
        if showsContacts { members.append(.init("EMAIL", .string(person.email))) }
        members += [
            .init("LAST_LOGIN", isCaller ? call.dates.value(call.startedMs) : ""),
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
        if isListed { members.append(.init("USER_TYPE", .string(employee))) }
        return .object(members)
    }

    static let syntax = ListingSyntax<PersonField>([
        .init("ID", .id, .integer),
        .init("ACTIVE", .isActive, .flag),
        .init("NAME", .name, .text),
        .init("LAST_NAME", .lastName, .text),
        .init("EMAIL", .email, .text),
        .init("LOGIN", .login, .text),
        .init("WORK_POSITION", .workPosition, .text),
        .init("DATE_REGISTER", .created, .date),
        .init("UF_DEPARTMENT", .department, .integer, sorts: false),
        .init("USER_TYPE", nil, .special(typeConditions), sorts: false),
    ])

    /// The only kind of person there is here.
    private static let employee = "employee"

    private static func typeConditions(_ term: FilterTerm) throws -> [Condition<PersonField>] {
        let names = term.value.elements.compactMap(\.text)
        switch term.settled {
        case .equals, .oneOf: return names.contains(employee) ? [] : [.oneOf(.id, [])]
        case .differs, .noneOf: return names.contains(employee) ? [.oneOf(.id, [])] : []
        default: throw term.refused("it is compared with whole values only")
        }
    }
}
