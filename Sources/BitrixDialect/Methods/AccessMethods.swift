import DriveCore
import HTTPEdge

/// Who is meant by a code of access: `U1` a person, `G2` a group of the site, `AU` everyone who has signed in (vendor
/// pages `user-access` and `access-name`).
enum AccessMethods {
    static let all: [Method] = [
        Method("user.access", scope: "") { params, call in
            if call.caller.isAdministrator { return Answer(true) }
            let asked = codes(params)
            if asked.isEmpty { return Answer(false) }
            let person = call.caller.person
            var held: Set<String> = ["AU", allVisitors, "U\(person)"]
            held.formUnion(call.caller.departments.flatMap { ["D\($0)", "DR\($0)"] })
            held.formUnion(try await call.drive.groups(of: person).map { "SG\($0)" })
            return Answer(.bool(!held.isDisjoint(with: asked)))
        },

        /// False when nothing is asked; codes of nobody are left out.
        Method("access.name", scope: "", gap: "people (`U1`), the groups `G1` and `G2` and `AU` have names") {
            params, call in
            let asked = codes(params)
            if asked.isEmpty { return Answer(false) }
            let people = try await call.people(asked.compactMap(person))
            var named: [Value.Member] = []
            var seen: Set<String> = []
            for code in asked where seen.insert(code).inserted {
                if let name = names[code] {
                    named.append(.init(code, description(name, provider: "", "other")))
                } else if let id = person(code), let found = people[id] {
                    named.append(.init(code, description(found.fullName, provider: "Users", "user")))
                }
            }
            return Answer(.map(named))
        },
    ]

    private static let allVisitors = "G2"
    private static let names = [
        "AU": "All authorized users", "G1": "Administrators", allVisitors: "All visitors",
    ]

    private static func codes(_ params: Parameters) -> [String] {
        (params["ACCESS"] ?? .null).elements.compactMap(\.text).filter { !$0.isEmpty }
    }

    /// Of `U7`, written in no other way.
    private static func person(_ code: String) -> Person.ID? {
        guard let id = Int64(code.dropFirst()), code == "U\(id)" else { return nil }
        return Person.ID(id)
    }

    private static func description(_ name: String, provider: String, _ providerID: String) -> Value {
        ["provider": .string(provider), "name": .string(name), "provider_id": .string(providerID)]
    }
}
