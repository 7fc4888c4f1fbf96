import DriveCore
import HTTPEdge
import SQLStore
import Testing

@Suite("user.get")
struct UserGetTests {
    /// Ada and Bob besides the administrator.
    private func people(_ body: (Door) async throws -> Void) async throws {
        for engine in Engine.allCases {
            try await Door.open(engine) { door in
                for (login, name, last, email) in [
                    ("ada", "Ada", "Byron", "ada@example.com"), ("bob", "Bob", "Baker", "bob@mail.test"),
                ] {
                    var new = NewPerson(login: login)
                    (new.name, new.lastName, new.email, new.gender) = (name, last, email, login == "ada" ? "F" : "")
                    _ = try await door.drive.addPerson(new, as: door.administrator)
                }
                try await body(door)
            }
        }
    }

    private func names(_ door: Door, _ params: Value, webhook: String? = nil) async throws -> [String] {
        try await door.call("user.get", params, webhook: webhook).result.names
    }

    @Test("each prefix of the page does what it says, the three for unlikeness too")
    func filters() async throws {
        try await people { (door) async throws in
            for (filter, found) in [
                (["!%NAME": "DA"], ["Administrator", "Bob"]), (["!=%LAST_NAME": "b%r%"], ["Administrator"]),
                (["!%=LAST_NAME": "%on"], ["Administrator", "Bob"]), (["%LAST_NAME": "yro"], ["Ada"]),
                (["@ID": [1, 2]], ["Administrator", "Ada"]), (["!@ID": ["1"]], ["Ada", "Bob"]),
                (["PERSONAL_GENDER": "F"], ["Ada"]), (["!PERSONAL_GENDER": "F"], ["Administrator", "Bob"]),
                (["NAME_SEARCH": "bob bak"], ["Bob"]), (["NAME_SEARCH": "example"], ["Ada"]),
                (["NAME_SEARCH": "bob byron"], []), (["IS_ONLINE": "Y"], ["Administrator"]),
                (["IS_ONLINE": "N"], ["Ada", "Bob"]), (["!IS_ONLINE": "Y"], ["Ada", "Bob"]),
                (["IS_ONLINE": ["Y", "N"]], ["Administrator", "Ada", "Bob"]),
                (["PERSONAL_CITY": ""], ["Administrator", "Ada", "Bob"]), (["PERSONAL_CITY": "Paris"], []),
                (["!PERSONAL_CITY": "Paris"], ["Administrator", "Ada", "Bob"]), (["%UF_PHONE_INNER": "1"], []),
                ([">DATE_REGISTER": "2020-01-01"], ["Administrator", "Ada", "Bob"]),
                ([">DATE_REGISTER": "no date"], []), (["!DATE_REGISTER": "no date"], []),
            ] as [(Value, [String])] {
                #expect(try await names(door, ["FILTER": filter]) == found, "\(filter)")
            }
            for filter in [["IS_ONLINE": "maybe"], [">IS_ONLINE": "Y"], [">NAME_SEARCH": "x"], ["SHOE": 1]] as [Value] {
                #expect(try await door.call("user.get", ["FILTER": filter]).failure == "400 ERROR_ARGUMENT")
            }
        }
    }

    @Test("order, pages and the fields shown")
    func pages() async throws {
        try await people { door in
            #expect(try await names(door, ["sort": "LAST_NAME", "order": "DESC"]) == ["Ada", "Bob", "Administrator"])
            #expect(try await names(door, ["sort": "PERSONAL_CITY"]) == ["Administrator", "Ada", "Bob"])
            #expect(try await door.call("user.get", ["sort": "SHOE"]).failure == "400 ERROR_ARGUMENT")
            #expect(try await door.call("user.get", ["sort": "ID", "order": "up"]).failure == "400 ERROR_ARGUMENT")
            let uncounted = try await door.call("user.get", ["start": -1, "FILTER": [">ID": 1], "ADMIN_MODE": "True"])
            #expect(uncounted.json["total"] == 0)
            #expect(uncounted.json["next"] == nil)
            #expect(uncounted.result.names == ["Ada", "Bob"])
            let past = try await door.call("user.get", ["start": 10, "IMAGE_RESIZE": "small"])
            #expect(past.result == [])
            #expect(past.json["total"] == 3)
            func shown(_ fields: Value) async throws -> [String] {
                try await door.call("user.get", ["ID": 1, "select": fields]).result.array.flatMap(\.keys)
            }
            #expect(try await shown(["NAME", "NO_SUCH", "ID"]) == ["ID", "NAME"])
            #expect(try await shown(["UF_*"]) == ["UF_EMPLOYMENT_DATE", "UF_DEPARTMENT"])
            #expect(try await shown(["*"]).contains("EMAIL"))
        }
    }

    @Test("what a credential may not see is neither shown nor a way to find people")
    func scopes() async throws {
        try await people { door in
            let brief = try await door.webhook(of: Person.ID(1), scopes: ["user_brief"])
            let basic = try await door.webhook(of: Person.ID(1), scopes: ["user_basic"])
            func keys(_ webhook: String?) async throws -> [String] {
                try await door.call("user.get", ["ID": 1], webhook: webhook).result.array.flatMap(\.keys)
            }
            #expect(try await keys(brief).filter { ["EMAIL", "LAST_LOGIN"].contains($0) } == [])
            #expect(try await keys(basic).filter { ["EMAIL", "LAST_LOGIN"].contains($0) } == ["EMAIL"])
            #expect(try await keys(nil).filter { ["EMAIL", "LAST_LOGIN"].contains($0) } == ["EMAIL", "LAST_LOGIN"])
            let byEmail: Value = ["FILTER": ["EMAIL": "ada@example.com"]]
            #expect(try await door.call("user.get", byEmail, webhook: brief).failure == "400 ERROR_ARGUMENT")
            #expect(try await names(door, ["EMAIL": "ada@example.com"], webhook: brief).count == 3)
            #expect(try await names(door, byEmail, webhook: basic) == ["Ada"])
            let byLogin: Value = ["FILTER": ["LOGIN": "ada"]]
            #expect(try await door.call("user.get", byLogin, webhook: basic).failure == "400 ERROR_ARGUMENT")
            #expect(try await names(door, ["FILTER": ["NAME_SEARCH": "example"]], webhook: brief) == [])
        }
    }
}
