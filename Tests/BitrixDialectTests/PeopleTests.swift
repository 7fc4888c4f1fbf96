import DriveCore
import HTTPEdge
import SQLStore
import Testing

@Suite("Service methods and people")
struct PeopleTests {
    @Test("who calls is told by profile and user.current")
    func caller() async throws {
        try await Door.open { door in
            let profile = try await door.call("profile").result
            #expect(profile.keys == ["ID", "ADMIN", "NAME", "LAST_NAME", "PERSONAL_GENDER", "TIME_ZONE"])
            #expect(profile["ID"] == "1")
            #expect(profile["ADMIN"] == true)
            let current = try await door.call("user.current").result
            #expect(current["ID"] == "1")
            #expect(current["ACTIVE"] == true)
            #expect(current["IS_ONLINE"] == "Y")
            #expect(try await door.call("user.admin").result == true)
        }
    }

    @Test("an administrator adds people, who are then found by any of their fields", arguments: Engine.allCases)
    func adding(engine: Engine) async throws {
        try await Door.open(engine) { door in
            let added = try await door.call(
                "user.add",
                [
                    "EMAIL": "ada@example.com", "NAME": "Ada", "LAST_NAME": "Byron", "WORK_POSITION": "Analyst",
                    "PERSONAL_GENDER": "F", "UF_DEPARTMENT": [1, "3"],
                ])
            guard case .int(let id) = added.result else {
                Issue.record("\(added.text)")
                return
            }
            for params in [
                ["FILTER": ["EMAIL": "ada@example.com"]], ["ID": .int(id)], ["filter": ["LAST_NAME": "By%"]],
                ["FILTER": ["ID": [.int(id)]]], ["NAME": "Ada", "sort": "ID", "order": "desc"],
                ["FILTER": [">ID": 1], "SORT": "NAME", "ORDER": "asc", "start": 0],
                ["UF_DEPARTMENT": 3, "SORT": "ID", "ORDER": "asc"], ["filter": ["NAME": "aDa%"]],
                ["FILTER": ["USER_TYPE": "employee", "ACTIVE": true, "%EMAIL": "EXAMPLE"]],
            ] as [Value] {
                let found = try await door.call("user.get", params)
                #expect(found.json["total"] == 1, "\(params)")
                #expect(found.result.array.first?["UF_DEPARTMENT"] == [1, 3])
                #expect(found.result.array.first?["USER_TYPE"] == "employee")
            }
            let none = try await door.call("user.get", ["FILTER": ["USER_TYPE": "email"]])
            #expect(none.json["total"] == 0)
            let chosen = try await door.call("user.get", ["ID": .int(id), "select": ["ID", "EMAIL"]])
            #expect(chosen.result.array.map(\.keys) == [["ID", "EMAIL"]])
            let again = try await door.call("user.add", ["EMAIL": "Ada@example.com", "UF_DEPARTMENT": 1])
            #expect(again.failure == "400 ERROR_ARGUMENT")
            #expect(again.json["error_description"] == "User with this email already exists")
            let hers = try await door.webhook(of: Person.ID(id))
            let denied = try await door.call(
                "user.add", ["EMAIL": "x@example.com", "UF_DEPARTMENT": [1]], webhook: hers)
            #expect(denied.failure == "400 ERROR_CORE")
            #expect(denied.json["error_description"] == "access_denied")
            #expect(try await door.call("profile", webhook: hers).result["ADMIN"] == false)
            let drives = try await door.call("disk.storage.getlist", ["filter": ["ENTITY_TYPE": "user"]], webhook: hers)
            #expect(drives.result.names == ["Ada Byron"])
        }
    }

    @Test("contacts are shown to scopes that include them")
    func scopes() async throws {
        try await Door.open { door in
            let brief = try await door.webhook(of: Person.ID(1), scopes: ["user_brief"])
            #expect(try await door.call("user.current", webhook: brief).result["EMAIL"] == nil)
            let basic = try await door.webhook(of: Person.ID(1), scopes: ["user_basic"])
            #expect(try await door.call("user.current", webhook: basic).result["EMAIL"] != nil)
            #expect(try await door.call("user.add", webhook: basic).failure == "403 insufficient_scope")
        }
    }

    @Test("methods, scopes and one method's state are told for the caller's own credential")
    func discovery() async throws {
        try await Door.open { door in
            let disk = try await door.webhook(of: Person.ID(1), scopes: ["disk"])
            #expect(try await door.call("scope", webhook: disk).result == ["disk"])
            let full = try await door.call("scope", ["full": true], webhook: disk).result.array
            #expect(full.contains("im") && full.contains("task") && full.contains("user"))
            let mine = try await door.call("methods", webhook: disk).result.array
            #expect(mine.contains("disk.file.get") && mine.contains("batch") && !mine.contains("user.get"))
            #expect(try await door.call("methods", ["full": "Y"], webhook: disk).result.array.contains("user.get"))
            let common = try await door.call("methods", ["scope": ""], webhook: disk).result.array
            #expect(common.contains("batch") && !common.contains("disk.file.get"))
            #expect(try await door.call("methods", ["scope": "nothing"], webhook: disk).result == [])
            func state(_ name: Value) async throws -> Value {
                try await door.call("method.get", ["name": name], webhook: disk).result
            }
            #expect(try await state("disk.file.GET") == ["isExisting": true, "isAvailable": true])
            #expect(try await state("user.get") == ["isExisting": true, "isAvailable": false])
            #expect(try await state("no.such") == ["isExisting": false, "isAvailable": false])
            #expect(try await state(nil) == ["isExisting": false, "isAvailable": false])
            #expect(try await door.call("server.time", webhook: disk).result == "2026-09-21T14:13:20+00:00")
        }
    }
}
