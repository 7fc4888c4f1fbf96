import DriveCore
import HTTPEdge
import SQLStore
import TestSupport
import Testing

@testable import BitrixDialect

/// Expected types are those of the table "string or number" and texts those of the error table of the method pages.
@Suite("Methods that move, copy, trash and remove")
struct TreeMethodsTests {
    /// A folder `top` with a file `a.txt` in drive 1 (the administrator's), and a folder `other` beside it.
    private struct Scene {
        let top, other, file: Int64

        init(_ door: Door) async throws {
            top = try await door.call("disk.storage.addfolder", ["id": 1, "data": ["NAME": "top"]]).result["ID"]!.number
            other = try await door.call("disk.storage.addfolder", ["id": 1, "data": ["NAME": "other"]])
                .result["ID"]!.number
            file = try await door.upload("a.txt", to: top)
        }
    }

    @Test("a rename answers the object as it is read; a taken or empty name is refused in the page's words")
    func rename() async throws {
        try await Door.open { door in
            let scene = try await Scene(door)
            let folder = try await door.call("disk.folder.rename", ["id": .int(scene.top), "newName": "Договоры"])
                .result
            #expect(folder["ID"] == .string("\(scene.top)"))
            #expect(folder["NAME"] == "Договоры")
            let file = try await door.call("disk.file.rename", ["id": .int(scene.file), "newName": "b.pdf"]).result
            #expect(file["NAME"] == "b.pdf")
            #expect(file["DELETED_TYPE"] == "0")

            _ = try await door.upload("taken.txt", to: scene.top)
            let refusals: [(String, Value, String, String)] = [
                (
                    "disk.file.rename", ["id": .int(scene.file), "newName": "TAKEN.txt"], "DISK_OBJ_22000",
                    "A file with that name already exists"
                ),
                ("disk.file.rename", ["id": .int(scene.file), "newName": ""], "0", "Empty name"),
                (
                    "disk.file.rename", ["id": .int(scene.file)], "ERROR_ARGUMENT",
                    "Invalid value of parameter {Parameter #0}"
                ),
                (
                    "disk.folder.rename", ["id": .int(scene.other), "newName": "договоры"], "DISK_OBJ_22000",
                    "A folder with this name already exists"
                ),
                ("disk.folder.rename", ["newName": "x"], "ERROR_ARGUMENT", "Invalid value of parameter {Parameter #1}"),
                (
                    "disk.folder.rename", ["id": .int(scene.file), "newName": "x"], "ERROR_NOT_FOUND",
                    "Could not find entity with id `\(scene.file)`"
                ),
            ]
            try await expect(refusals, door)
        }
    }

    @Test(
        "a move keeps the id, tells the new parent as a number, and is false across drives", arguments: Engine.allCases)
    func move(engine: Engine) async throws {
        try await Door.open(engine) { door in
            let scene = try await Scene(door)
            let moved = try await door.call(
                "disk.file.moveto", ["id": .int(scene.file), "targetFolderId": .int(scene.other)]
            ).result
            #expect(moved["ID"] == .string("\(scene.file)"))
            #expect(moved["PARENT_ID"] == .int(scene.other))
            let folder = try await door.call(
                "disk.folder.moveto", ["id": .int(scene.other), "targetFolderId": .int(scene.top)]
            ).result
            #expect(folder["PARENT_ID"] == .int(scene.top))
            let common = try await door.drive.storage(door.drive.account.commonStorage, as: door.administrator).root
            let across: Value = ["id": .int(scene.file), "targetFolderId": .int(common.rawValue)]
            #expect(try await door.call("disk.file.moveto", across).result == false)

            let root = try await door.drive.personalStorage(of: door.administrator.person).root.rawValue
            try await expect(
                [
                    (
                        "disk.folder.moveto", ["id": .int(root), "targetFolderId": .int(scene.top)], "",
                        "Could not move root folder"
                    ),
                    (
                        "disk.folder.moveto", ["id": .int(scene.top), "targetFolderId": .int(scene.other)],
                        "DISK_OBJ_22000", "A folder cannot be moved or copied into itself"
                    ),
                    (
                        "disk.file.moveto", ["id": .int(scene.file), "targetFolderId": 999_999], "ERROR_NOT_FOUND",
                        "Could not find entity with id `999999`"
                    ),
                ], door)
        }
    }

    @Test("a copy is new: its id is a number, its content the first", arguments: Engine.allCases)
    func copy(engine: Engine) async throws {
        try await Door.open(engine) { door in
            let scene = try await Scene(door)
            let file = try await door.call(
                "disk.file.copyto", ["id": .int(scene.file), "targetFolderId": .int(scene.other)]
            ).result
            #expect(file["ID"]!.number != scene.file)
            #expect(file["GLOBAL_CONTENT_VERSION"] == 1)
            #expect(file["PARENT_ID"] == .string("\(scene.other)"))
            #expect(file["DELETED_TYPE"] == 0)
            #expect(file["DELETED_BY"] == .null)
            let common = try await door.drive.storage(door.drive.account.commonStorage, as: door.administrator).root
            let folder = try await door.call(
                "disk.folder.copyto", ["id": .int(scene.top), "targetFolderId": .int(common.rawValue)]
            ).result
            #expect(folder["ID"]!.number != scene.top)
            #expect(folder["REAL_OBJECT_ID"] == folder["ID"])
            let inside = try await door.call("disk.folder.getchildren", ["id": folder["ID"]!])
            #expect(inside.result.elements.compactMap { $0["NAME"]?.text } == ["a.txt"])
            try await expect(
                [
                    (
                        "disk.file.copyto", ["id": .int(scene.file), "targetFolderId": .int(scene.other)],
                        "DISK_OBJ_22000", "A file with this name already exists"
                    ),
                    (
                        "disk.folder.copyto", ["id": .int(scene.top), "targetFolderId": .int(common.rawValue)],
                        "DISK_OBJ_22000", "A folder with this name already exists"
                    ),
                ], door)
        }
    }

    @Test(
        "the trash: 3 is a number for a folder and text for a file; a restore keeps when and by whom",
        arguments: Engine.allCases)
    func trash(engine: Engine) async throws {
        try await Door.open(engine) { door in
            let scene = try await Scene(door)
            let trashed = try await door.call("disk.folder.markdeleted", ["id": .int(scene.top)]).result
            #expect(trashed["DELETED_TYPE"] == 3)
            #expect(trashed["DELETED_BY"] == "1")
            #expect(try await door.call("disk.file.get", ["id": .int(scene.file)]).result["DELETED_TYPE"] == "4")
            let restored = try await door.call("disk.folder.restore", ["id": .int(scene.top)]).result
            #expect(restored["DELETED_TYPE"] == 0)
            #expect(restored["DELETE_TIME"] == trashed["DELETE_TIME"])
            #expect(restored["DELETED_BY"] == "1")
            let again = try await door.call("disk.folder.restore", ["id": .int(scene.top)]).result
            #expect(again["DELETED_TYPE"] == "0")

            let file = try await door.call("disk.file.markdeleted", ["id": .int(scene.file)]).result
            #expect(file["DELETED_TYPE"] == "3")
            _ = try await door.call("disk.folder.markdeleted", ["id": .int(scene.top)])
            try await expect(
                [
                    (
                        "disk.file.restore", ["id": .int(scene.file)], "DISK_OBJ_22000",
                        "Could not restore: the parent folder is in the trash"
                    ),
                    (
                        "disk.file.rename", ["id": .int(scene.file), "newName": "x"], "ERROR_NOT_FOUND",
                        "Could not find entity with id `\(scene.file)`"
                    ),
                    (
                        "disk.folder.markdeleted", ["id": 1], "DISK_OBJ_22000", "Could not delete root folder"
                    ),
                    ("disk.folder.deletetree", ["id": 1], "DISK_OBJ_22000", "Could not delete root folder"),
                ], door)
            _ = try await door.call("disk.folder.restore", ["id": .int(scene.top)])
            #expect(try await door.call("disk.file.restore", ["id": .int(scene.file)]).result["DELETED_TYPE"] == 0)
            #expect(try await door.call("disk.file.delete", ["id": .int(scene.file)]).result == true)
            #expect(try await door.call("disk.folder.deletetree", ["id": .int(scene.top)]).result == true)
            let gone = try await door.call("disk.file.get", ["id": .int(scene.file)])
            #expect(gone.status == 400)
        }
    }

    @Test(
        "levels are asymmetric: a file may be trashed with edit, a folder only with full, restored by an administrator")
    func levels() async throws {
        try await Door.open { door in
            let scene = try await Scene(door)
            let ann = try await door.person("ann")
            let webhook = try await door.webhook(of: ann.id)
            let share: Value = [
                "id": .int(scene.top), "userId": .int(ann.id.rawValue), "taskName": "disk_access_edit",
            ]
            #expect(try await door.call("disk.folder.sharetouser", share).result == true)
            func status(_ method: String, _ params: Value) async throws -> Int {
                try await door.call(method, params, webhook: webhook).status
            }
            let (top, file): (Value, Value) = (["id": .int(scene.top)], ["id": .int(scene.file)])
            #expect(try await status("disk.folder.get", top) == 200)
            #expect(try await status("disk.folder.markdeleted", top) == 400)
            #expect(try await status("disk.folder.deletetree", top) == 400)
            #expect(try await status("disk.folder.sharetouser", share) == 400)
            #expect(try await status("disk.file.delete", file) == 400)
            #expect(try await status("disk.file.markdeleted", file) == 200)
            #expect(try await status("disk.file.restore", file) == 200)
            _ = try await door.call("disk.folder.markdeleted", top)
            #expect(try await status("disk.folder.restore", top) == 400)
            try await expect(
                [
                    (
                        "disk.folder.sharetouser", ["id": .int(scene.other), "userId": 1, "taskName": "own"],
                        "ACCESS_DENIED", "Access denied"
                    ),
                    (
                        "disk.folder.sharetouser",
                        ["id": .int(scene.other), "userId": 777, "taskName": "disk_access_read"], "ERROR_NOT_FOUND",
                        "Could not find entity with id `777`"
                    ),
                ], door)
        }
    }

    @Test("an older version comes back as a new one and only to its own file")
    func restoreVersion() async throws {
        try await Door.open { door in
            let scene = try await Scene(door)
            let first = try await door.call("disk.file.get", ["id": .int(scene.file)]).result["FILE_ID"]!
            _ = try await door.call("disk.file.uploadversion", ["id": .int(scene.file), "fileContent": "bmV3"])
            let back = try await door.call(
                "disk.file.restorefromversion", ["id": .int(scene.file), "versionId": first]
            ).result
            #expect(back["GLOBAL_CONTENT_VERSION"] == 3)
            #expect(back["NAME"] == "a.txt")
            let other = try await door.upload("b.txt", to: scene.other)
            try await expect(
                [
                    (
                        "disk.file.restorefromversion", ["id": .int(other), "versionId": first], "DISK_FILE_22004",
                        "Cannot restore version from another file"
                    )
                ], door)
        }
    }

    @Test("an application has a drive of its own, which it alone may rename")
    func application() async throws {
        try await Door.open { door in
            try await expect(
                [("disk.storage.getforapp", [:], "ACCESS_DENIED", "Access denied! Application context required")], door,
                status: 403)
            func call(_ method: String, _ query: String) async throws -> Reply {
                try await door.send(.get, "/rest/\(method)?auth=\(door.token)&\(query)")
            }
            let own = try await call("disk.storage.getforapp", "").result
            #expect(own["ENTITY_TYPE"] == "restapp")
            let id = try #require(own["ID"]?.text)
            #expect(try await call("disk.storage.rename", "id=\(id)&newName=Mine").result["NAME"] == "Mine")
            let refused = try await call("disk.storage.rename", "id=1&newName=Mine")
            #expect(refused.status == 400)
            #expect(refused.error == "")
            #expect(refused.json["error_description"] == "Access denied (invalid type of storage)")
        }
    }

    private func expect(
        _ refusals: [(method: String, params: Value, code: String, text: String)], _ door: Door, status: Int = 400
    ) async throws {
        for refusal in refusals {
            let reply = try await door.call(refusal.method, refusal.params)
            #expect(reply.status == status, "\(refusal.method) \(refusal.params)")
            #expect(reply.error == refusal.code, "\(refusal.method) \(refusal.params)")
            #expect(
                reply.json["error_description"] == .string(refusal.text), "\(refusal.method) \(refusal.params)")
        }
    }
}
