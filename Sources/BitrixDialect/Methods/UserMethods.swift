import DriveCore
import HTTPEdge

/// `user.*` (vendor pages `api-reference/user`).
enum UserMethods {
    static let all: [Method] = [
        Method("user.current", scope: Method.anyUserScope) { _, call in
            Answer(PersonWire.value(try await call.drive.person(call.caller.person), isListed: false, call))
        },

        Method(
            "user.get", scope: Method.anyUserScope,
            gap: "fields nobody has here (phones, cities, photos) compare as empty, so `IMAGE_RESIZE` has no effect; "
                + "everybody sees everybody, so `ADMIN_MODE` adds nothing"
        ) { params, call in
            // Everybody sees everybody here: `ADMIN_MODE` has nothing to add. Nobody has a photo for `IMAGE_RESIZE`.
            let listing = try people(params, call)
            let shown = try selection(params)
            let page = try await call.drive.people(listing)
            return Answer(page, of: listing) { person in
                let value = PersonWire.value(person, isListed: true, call)
                guard let shown, let members = value.members else { return value }
                return .map(
                    members.filter { shown.contains($0.key) || shown.contains("UF_*") && $0.key.hasPrefix("UF_") })
            }
        },

        Method("user.add", scope: "user") { params, call in
            guard call.caller.isAdministrator else { throw Failure.method("ERROR_CORE", "access_denied") }
            do {
                let person = try await call.drive.addPerson(newPerson(params), as: call.caller)
                return Answer(.int(person.id.rawValue))
            } catch DriveError.taken {
                throw Failure(400, "ERROR_ARGUMENT", "User with this email already exists", argument: "")
            }
        },
    ]

    /// Conditions may stand in `FILTER` or `filter`, or beside the other parameters as plain fields.
    private static func people(_ params: Parameters, _ call: CallContext) throws -> Listing<PersonField> {
        let (syntax, dates) = (PersonListing.syntax(call), call.dates)
        var listing = try syntax.listing(params, dates: dates, filter: "FILTER", order: "")
        listing.conditions += try syntax.conditions(params.members("filter"), dates: dates)
        let plain = params.tree.members?.filter { member in syntax.entries.contains { $0.name == member.key } } ?? []
        listing.conditions += try syntax.conditions(plain, dates: dates)
        if let sort = (params["sort"] ?? params["SORT"])?.text, !sort.isEmpty {
            let direction = (params["order"] ?? params["ORDER"]).flatMap { $0.isBlank ? nil : $0 } ?? "ASC"
            listing.order = try syntax.order([.init(sort, direction)])
        }
        return listing
    }

    /// The members to show, `UF_*` standing for every one that begins so; nil: all.
    private static func selection(_ params: Parameters) throws -> Set<String>? {
        let names = try params.members(params["SELECT"] == nil ? "select" : "SELECT").compactMap(\.value.text)
        return names.isEmpty || names.contains("*") ? nil : Set(names)
    }

    private static func newPerson(_ params: Parameters) throws -> NewPerson {
        guard let email = params["EMAIL"]?.text, isPlausible(email) else {
            throw Failure(400, "ERROR_ARGUMENT", "wrong_email", argument: "")
        }
        if try params.flag("EXTRANET") {
            // There are no guests here: whatever group is named, it takes none.
            let names = params["SONET_GROUP_ID"].map { !$0.isEmptyContainer } ?? false
            throw names
                ? Failure.method("ERROR_NO_GROUP", "Group specified incorrectly")
                : Failure.method("ERROR_GROUPID", "Group code not specified")
        }
        var new = NewPerson(login: email)
        new.email = email
        new.name = params["NAME"]?.text ?? ""
        new.lastName = params["LAST_NAME"]?.text ?? ""
        new.workPosition = params["WORK_POSITION"]?.text ?? ""
        new.gender = try gender(params["PERSONAL_GENDER"])
        if let departments = params["UF_DEPARTMENT"], !departments.isEmptyContainer {
            new.departments = try departments.elements.map {
                guard let id = $0.integer, id > 0 else {
                    throw Failure.argument("UF_DEPARTMENT", "a department is a number")
                }
                return id
            }
        }
        return new
    }

    private static func gender(_ value: Value?) throws -> String {
        guard let value, !value.isBlank else { return "" }
        guard let text = value.text, text == "M" || text == "F" else {
            throw Failure.argument("PERSONAL_GENDER", "it is M, F or empty")
        }
        return text
    }

    /// One `@` with something on both sides, no white space, and short enough to be an address.
    private static func isPlausible(_ email: String) -> Bool {
        let halves = email.split(separator: "@", omittingEmptySubsequences: false)
        return email.utf8.count <= 254 && halves.count == 2 && halves.allSatisfy { !$0.isEmpty }
            && !email.unicodeScalars.contains { $0.properties.isWhitespace || $0.value < 0x20 }
    }
}
