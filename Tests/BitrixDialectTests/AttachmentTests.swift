import DriveCore
import HTTPEdge
import Testing

@Suite("Files attached to tasks, as disk methods show them")
struct AttachmentTests {
    @Test("an attached object names its file and task, and its link serves whoever may see the task")
    func attached() async throws {
        try await Door.open { door in
            let root = try await door.drive.personalStorage(of: Person.ID(1)).root
            let file = try await door.call(
                "disk.folder.uploadfile",
                ["id": .int(root.rawValue), "data": ["NAME": "plan.txt"], "fileContent": "aGk="]
            ).result
            let ada = try await door.person("ada")
            let hers = try await door.webhook(of: ada.id)
            let task = try await door.call(
                "tasks.task.add", ["fields": ["TITLE": "Read it", "RESPONSIBLE_ID": .int(ada.id.rawValue)]]
            ).result["task"]?["id"]
            let attached = try await door.call(
                "tasks.task.files.attach", ["taskId": task ?? .null, "fileId": file["ID"] ?? .null])
            let id = attached.result["attachmentId"] ?? .null
            let object = try await door.call("disk.attachedObject.get", ["id": id], webhook: hers).result
            #expect(
                object.keys == [
                    "ID", "OBJECT_ID", "MODULE_ID", "ENTITY_TYPE", "ENTITY_ID", "CREATE_TIME", "CREATED_BY",
                    "DOWNLOAD_URL", "NAME", "SIZE",
                ])
            #expect(object["ID"] == .string(String(id.number)))
            #expect(object["OBJECT_ID"] == .string(String(file["ID"]?.number ?? 0)))
            #expect(object["MODULE_ID"] == "tasks" && object["ENTITY_TYPE"] == "tasks_task")
            #expect(object["ENTITY_ID"] == task)
            #expect(object["SIZE"] == "2" && object["NAME"] == "plan.txt" && object["CREATED_BY"] == "1")
            let url = object["DOWNLOAD_URL"]?.string ?? ""
            #expect(url.hasPrefix("https://files.example/bitrix/tools/disk/uf.php?attachedId=\(id.number)&auth"))
            #expect(try await door.fetch(url).text == "hi")
            let other = url.replacing("attachedId=\(id.number)", with: "attachedId=\(id.number + 1)")
            #expect(try await door.fetch(other).failure == "401 invalid_token")
            #expect(
                try await door.fetch("https://files.example/bitrix/tools/disk/uf.php?attachedId=\(id.number)").failure
                    == "401 NO_AUTH_FOUND")
            let stranger = try await door.webhook(of: door.person("eve").id)
            let denied = try await door.call("disk.attachedobject.get", ["id": id], webhook: stranger)
            #expect(denied.failure == "400 ACCESS_DENIED")
            #expect(try await door.call("disk.attachedobject.get", ["id": 99999]).failure == "400 ERROR_NOT_FOUND")
        }
    }
}
