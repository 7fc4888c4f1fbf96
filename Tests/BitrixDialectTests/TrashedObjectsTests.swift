import DriveCore
import HTTPEdge
import SQLStore
import TestSupport
import Testing

/// Disk reference, section 8.3: what works on objects in the trash.
@Suite("Methods on what is in the trash")
struct TrashedObjectsTests {
    private static let refused = [
        "folder.rename", "folder.copyto", "folder.moveto", "folder.markdeleted", "folder.sharetouser",
        "folder.getchildren", "folder.addsubfolder", "folder.uploadfile", "file.rename", "file.copyto", "file.moveto",
        "file.markdeleted", "file.uploadversion", "file.getversions", "file.restorefromversion",
    ]

    @Test("get, restore and removal know them, every other method does not", arguments: Engine.allCases)
    func known(engine: Engine) async throws {
        try await Door.open(engine) { door in
            let scene = try await SampleScene(door)
            func params(_ method: String) -> Value {
                [
                    "id": .int(method.hasPrefix("folder") ? scene.trashedFolder : scene.trashedFile), "newName": "n",
                    "targetFolderId": .int(scene.other), "fileContent": "aGk=", "data": ["NAME": "n"], "userId": 1,
                    "taskName": "disk_access_read", "versionId": .int(scene.oldVersion),
                ]
            }
            for method in Self.refused {
                let reply = try await door.call("disk." + method, params(method))
                #expect(reply.failure == "400 ERROR_NOT_FOUND", "\(method): \(reply.text)")
            }
            for method in ["folder.get", "file.get"] {
                #expect(try await door.call("disk." + method, params(method)).result["DELETED_TYPE"] == "3")
            }
            let copy: Value = ["id": .int(scene.file), "targetFolderId": .int(scene.trashedFolder)]
            for method in ["disk.file.copyto", "disk.file.moveto"] {
                #expect(try await door.call(method, copy).failure == "400 ERROR_NOT_FOUND", "\(method)")
            }
            for (method, answer) in [
                ("file.restore", nil), ("file.markdeleted", nil), ("file.delete", true), ("folder.restore", nil),
                ("folder.markdeleted", nil), ("folder.deletetree", true),
            ] as [(String, Value?)] {
                let reply = try await door.call("disk." + method, params(method))
                #expect(reply.status == 200, "\(method): \(reply.text)")
                if let answer { #expect(reply.result == answer) }
            }
        }
    }

    @Test("a list leaves them out unless it asks for them by DELETED_TYPE")
    func lists() async throws {
        try await Door.open { door in
            let scene = try await SampleScene(door)
            let list = try await door.call("disk.storage.getchildren", ["id": .int(scene.storage)])
            #expect(list.result.names == ["Plans", "Other"])
            let trash = try await door.call(
                "disk.storage.getchildren", ["id": .int(scene.storage), "filter": ["!DELETED_TYPE": 0]])
            #expect(trash.result.names == ["Gone"])
        }
    }
}
