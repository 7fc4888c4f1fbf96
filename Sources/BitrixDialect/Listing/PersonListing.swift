import DriveCore
import HTTPEdge

/// What `user.get` filters and orders by (page `user-get`).
enum PersonListing {
    private typealias Entry = ListingSyntax<PersonField>.Entry

    /// The only kind of person there is here.
    static let employee = "employee"

    /// What a credential may not see is no way to find people either.
    static func syntax(_ call: CallContext) -> ListingSyntax<PersonField> {
        var entries: [Entry] = [
            .init("ID", .id, .integer),
            .init("ACTIVE", .isActive, .flag),
            .init("NAME", .name, .text),
            .init("LAST_NAME", .lastName, .text),
            .init("WORK_POSITION", .workPosition, .text),
            .init("PERSONAL_GENDER", .gender, .text),
            .init("TIME_ZONE", .timeZone, .text),
            .init("DATE_REGISTER", .created, .special { registered($0, call.dates) }),
            .init("UF_DEPARTMENT", .department, .integer, sorts: false),
            .init("USER_TYPE", nil, .special(ofType), sorts: false),
            .init("IS_ONLINE", nil, .special { try online($0, call.caller.person) }, sorts: false),
            .init("NAME_SEARCH", nil, .special { try named($0, call.showsContacts) }, sorts: false),
        ]
        if call.showsContacts { entries.append(.init("EMAIL", .email, .text)) }
        if call.showsAccounts { entries.append(.init("LOGIN", .login, .text)) }
        return ListingSyntax(entries + unkept)
    }

    /// Fields of the page that nobody has a value of here.
    private static let unkept = [
        "XML_ID", "SECOND_NAME", "TITLE", "PERSONAL_PROFESSION", "PERSONAL_WWW", "PERSONAL_BIRTHDAY", "PERSONAL_PHOTO",
        "PERSONAL_ICQ", "PERSONAL_PHONE", "PERSONAL_FAX", "PERSONAL_MOBILE", "PERSONAL_PAGER", "PERSONAL_STREET",
        "PERSONAL_MAILBOX", "PERSONAL_CITY", "PERSONAL_STATE", "PERSONAL_ZIP", "PERSONAL_COUNTRY", "PERSONAL_NOTES",
        "WORK_COMPANY", "WORK_DEPARTMENT", "WORK_WWW", "WORK_PHONE", "WORK_FAX", "WORK_PAGER", "WORK_STREET",
        "WORK_MAILBOX", "WORK_CITY", "WORK_STATE", "WORK_ZIP", "WORK_COUNTRY", "WORK_PROFILE", "WORK_LOGO",
        "WORK_NOTES", "UF_DISTRICT", "UF_SKYPE", "UF_SKYPE_LINK", "UF_ZOOM", "UF_TWITTER", "UF_FACEBOOK",
        "UF_LINKEDIN", "UF_XING", "UF_WEB_SITES", "UF_PHONE_INNER", "UF_EMPLOYMENT_DATE", "UF_TIMEMAN", "UF_SKILLS",
        "UF_INTERESTS",
    ].map { Entry($0, nil, .special(ofNothing)) }

    private static let nobody: [Condition<PersonField>] = [.oneOf(.id, [])]

    /// Compares with an empty text.
    private static func ofNothing(_ term: FilterTerm) throws -> [Condition<PersonField>] {
        let isBlank = term.value.isEmptyContainer
        let holds =
            switch term.settled {
            case .plain, .equals, .greaterOrEqual: isBlank
            case .differs, .less: !isBlank
            case .oneOf: term.value.elements.contains(where: \.isBlank)
            case .noneOf: !term.value.elements.contains(where: \.isBlank)
            case .contains, .like: try term.pattern().allSatisfy { $0 == "%" }
            case .lacks, .unlike: try !term.pattern().allSatisfy { $0 == "%" }
            case .lessOrEqual: true
            case .greater: false
            }
        return holds ? [] : nobody
    }

    /// The page: a value that is no date finds nobody.
    private static func registered(_ term: FilterTerm, _ dates: WireDates) -> [Condition<PersonField>] {
        (try? term.conditions(onDate: PersonField.created, dates)) ?? nobody
    }

    private static func ofType(_ term: FilterTerm) throws -> [Condition<PersonField>] {
        let names = term.value.elements.compactMap(\.text)
        switch term.settled {
        case .equals, .oneOf: return names.contains(employee) ? [] : nobody
        case .differs, .noneOf: return names.contains(employee) ? nobody : []
        default: throw term.refused("it is compared with whole values only")
        }
    }

    /// Whoever calls is online, and nobody else is known to be.
    private static func online(_ term: FilterTerm, _ caller: Person.ID) throws -> [Condition<PersonField>] {
        let wanted = try term.value.elements.map { value in
            guard let flag = value.boolean else { throw term.refused("it is neither Y nor N") }
            return flag
        }
        let isOnline = Condition<PersonField>.equals(.id, .integer(caller.rawValue))
        let isAmong = Condition.any(Set(wanted).map { $0 ? isOnline : .not(isOnline) })
        switch term.settled {
        case .equals, .oneOf: return [isAmong]
        case .differs, .noneOf: return [.not(isAmong)]
        default: throw term.refused("it is compared with whole values only")
        }
    }

    /// Every word stands somewhere in the person's names, position or address.
    private static func named(_ term: FilterTerm, _ showsContacts: Bool) throws -> [Condition<PersonField>] {
        switch term.settled {
        case .equals, .contains, .like: break
        default: throw term.refused("it is searched for, not compared")
        }
        let fields: [PersonField] = [.name, .lastName, .workPosition] + (showsContacts ? [.email] : [])
        let words = try term.pattern().split { $0.isWhitespace || $0 == "%" }
        return words.map { word in .any(fields.map { .contains($0, String(word)) }) }
    }
}
