import DriveCore
import HTTPEdge
import SQLStore
import TestSupport
import Testing

@testable import BitrixDialect

@Suite("Methods that give public links")
struct ExternalLinkTests {
    @Test("the same link each time and for everybody, through the trash and back", arguments: Engine.allCases)
    func standing(engine: Engine) async throws {
        try await Door.open(engine) { door in
            let folder = try await door.call("disk.storage.addfolder", ["id": 1, "data": ["NAME": "top"]]).result["ID"]!
            let file = try await door.upload("a.txt", to: folder.number)
            func link(_ method: String, _ id: Value) async throws -> Value {
                try await door.call(method, ["id": id]).result
            }
            let ofFile = try await link("disk.file.getExternalLink", .int(file))
            let ofFolder = try await link("disk.folder.getExternalLink", folder)
            #expect(ofFile.string?.wholeMatch(of: /https:\/\/files\.example\/~[A-Za-z0-9]{10}/) != nil)
            #expect(ofFolder != ofFile)
            #expect(try await link("disk.file.getexternallink", .string("\(file)")) == ofFile)
            let byToken = try await door.send(
                .get, "/rest/disk.file.getExternalLink?id=\(file)&auth=\(door.token)")
            #expect(byToken.result == ofFile)

            _ = try await door.call("disk.folder.markdeleted", ["id": folder])
            for (method, id) in [
                ("disk.file.getExternalLink", Value.int(file)), ("disk.folder.getExternalLink", folder),
            ] {
                let refused = try await door.call(method, ["id": id])
                #expect(refused.failure == "400 ERROR_NOT_FOUND")
                #expect(refused.json["error_description"] == .string("Could not find entity with id `\(id.number)`"))
            }
            _ = try await door.call("disk.folder.restore", ["id": folder])
            #expect(try await link("disk.file.getExternalLink", .int(file)) == ofFile)
            #expect(try await link("disk.folder.getExternalLink", folder) == ofFolder)
        }
    }

    @Test("reading is enough, and needed")
    func rights() async throws {
        try await Door.open { door in
            let top = try await door.call("disk.storage.addfolder", ["id": 1, "data": ["NAME": "top"]]).result["ID"]!
            let file = try await door.upload("a.txt", to: top.number)
            let ann = try await door.person("ann")
            let webhook = try await door.webhook(of: ann.id)
            for (method, id) in [("disk.file.getExternalLink", Value.int(file)), ("disk.folder.getExternalLink", top)] {
                let refused = try await door.call(method, ["id": id], webhook: webhook)
                #expect(refused.failure == "400 ACCESS_DENIED")
                #expect(refused.json["error_description"] == "Access denied")
            }
            _ = try await door.call(
                "disk.folder.sharetouser",
                ["id": top, "userId": .int(ann.id.rawValue), "taskName": "disk_access_read"])
            for (method, id) in [("disk.file.getExternalLink", Value.int(file)), ("disk.folder.getExternalLink", top)] {
                let hers = try await door.call(method, ["id": id], webhook: webhook).result
                #expect(hers.string != nil)
                #expect(try await door.call(method, ["id": id]).result == hers)
            }
            let narrow = try await door.webhook(of: ann.id, scopes: ["im"])
            #expect(
                try await door.call("disk.file.getExternalLink", ["id": .int(file)], webhook: narrow).failure
                    == "403 insufficient_scope")
        }
    }

    @Test("bad ids are refused in the page's words", arguments: [("file", 0), ("folder", 1)])
    func badInput(kind: String, number: Int) async throws {
        let values: [Value?] = ["x", nil, true, [1], .double(1.5), .double(1e30)]
        try await Door.open { door in
            for value in values {
                let params: Value = value.map { ["id": $0] } ?? [:]
                let reply = try await door.call("disk.\(kind).getExternalLink", params)
                #expect(reply.failure == "400 ERROR_ARGUMENT", "\(params)")
                #expect(
                    reply.json["error_description"]
                        == .string("Invalid value of parameter {Parameter #\(number)}"))
            }
            // The other kind, what cannot be, and a batch.
            let storage = try await door.drive.personalStorage(of: Person.ID(1))
            let file = try await door.upload("a.txt", to: storage.root.rawValue)
            let other = kind == "file" ? storage.root.rawValue : file
            for id in [other, 0, -1, Int64.max] {
                #expect(
                    try await door.call("disk.\(kind).getExternalLink", ["id": .int(id)]).failure
                        == "400 ERROR_NOT_FOUND")
            }
            let own = kind == "file" ? file : storage.root.rawValue
            let batch = try await door.call("batch", ["cmd": ["a": .string("disk.\(kind).getExternalLink?id=\(own)")]])
            #expect(batch.result["result"]?["a"]?.string?.hasPrefix("https://files.example/~") == true)
        }
    }
}
