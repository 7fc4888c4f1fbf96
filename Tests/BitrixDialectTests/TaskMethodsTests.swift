import DriveCore
import HTTPEdge
import Testing

/// A task of the administrator's for Ann with the administrator's file; Ben has nothing to do with it.
private struct TaskScene {
    let door: Door
    let ann: Person
    let ben: Person
    let annsWebhook: String
    let bensWebhook: String
    let task: Int64
    let file: Int64
    let bensFile: Int64

    init(_ door: Door) async throws {
        self.door = door
        ann = try await door.person("ann")
        ben = try await door.person("ben")
        annsWebhook = try await door.webhook(of: ann.id)
        bensWebhook = try await door.webhook(of: ben.id)
        task = try await door.addTask(["TITLE": "Review contract", "RESPONSIBLE_ID": .int(ann.id.rawValue)])
        file = try await door.uploadToOwnDrive("contract.txt")
        bensFile = try await door.uploadToOwnDrive("bens.txt", of: ben.id, webhook: bensWebhook)
    }

    func value(_ json: String) throws -> Value {
        var json = json
        for (name, id) in [
            ("task", task), ("file", file), ("bensFile", bensFile), ("ann", ann.id.rawValue), ("ben", ben.id.rawValue),
        ] {
            json = json.replacing("{\(name)}", with: String(id))
        }
        return try Value.json(.init(string: json))
    }

    func attach(_ file: Int64, webhook: String? = nil) async throws -> Reply {
        try await door.call(
            "tasks.task.files.attach", ["taskId": .int(task), "fileId": .int(file)], webhook: webhook)
    }

    func files() async throws -> Value {
        let reply = try await door.call(
            "tasks.task.get", ["taskId": .int(task), "select": ["UF_TASK_WEBDAV_FILES"]])
        return reply.result["task"]?["ufTaskWebdavFiles"] ?? .null
    }
}

private struct TaskRefusal: CustomTestStringConvertible, Sendable {
    let method: String
    let params: String
    let code: String
    let text: String
    var caller = ""

    init(_ method: String, _ params: String, _ code: String, _ text: String, as caller: String = "") {
        (self.method, self.params, self.code, self.text, self.caller) = (method, params, code, text, caller)
    }
    var testDescription: String { "\(method) \(params) \(caller)" }
}

@Suite("Task methods")
struct TaskMethodsTests {
    private static let noID = "CTaskItem All parameters in the constructor must have real class type"
    private static let noFields = "Could not find value for parameter {fields} (internal error)"

    private static let refusals: [TaskRefusal] = [
        TaskRefusal("tasks.task.files.attach", #"{"fileId":{file}}"#, "100", noID + " (internal error)"),
        TaskRefusal(
            "tasks.task.files.attach", #"{"taskId":"abc","fileId":{file}}"#, "0", "wrong task id (internal error)"),
        TaskRefusal(
            "tasks.task.files.attach", #"{"taskId":[{task}],"fileId":1}"#, "0", "wrong task id (internal error)"),
        TaskRefusal(
            "tasks.task.files.attach", #"{"taskId":{task}}"#, "100",
            "Could not find value for parameter {fileId} (internal error)"),
        TaskRefusal(
            "tasks.task.files.attach", #"{"taskId":{task},"fileId":"n{file}"}"#, "100",
            "Invalid value {n{file}} to match with parameter {fileId}. Should be value of type int. (internal error)"),
        TaskRefusal(
            "tasks.task.files.attach", #"{"taskId":{task},"fileId":1.5}"#, "100",
            "Invalid value {1.5} to match with parameter {fileId}. Should be value of type int. (internal error)"),
        TaskRefusal("tasks.task.files.attach", #"{"taskId":{task},"fileId":999999}"#, "ERROR_CORE", denied),
        TaskRefusal("tasks.task.files.attach", #"{"taskId":{task},"fileId":-1}"#, "ERROR_CORE", denied),
        TaskRefusal(
            "tasks.task.files.attach", #"{"taskId":{task},"fileId":99999999999999999999}"#, "ERROR_CORE", denied),
        TaskRefusal("tasks.task.files.attach", #"{"taskId":{task},"fileId":{file}}"#, "ERROR_CORE", denied, as: "ann"),
        TaskRefusal(
            "tasks.task.files.attach", #"{"taskId":{task},"fileId":{bensFile}}"#, "0",
            "Access denied (internal error)", as: "ben"),
        TaskRefusal(
            "tasks.task.files.attach", #"{"taskId":999999,"fileId":{file}}"#, "0", "Access denied (internal error)"),
        TaskRefusal(
            "tasks.task.files.attach", #"{"taskId":99999999999999999999,"fileId":{file}}"#, "0",
            "Access denied (internal error)"),

        TaskRefusal("tasks.task.add", "{}", "100", noFields),
        TaskRefusal("tasks.task.add", #"{"fields":[]}"#, "100", noFields),
        TaskRefusal(
            "tasks.task.add", #"{"fields":{"RESPONSIBLE_ID":1}}"#, "ERROR_CORE", "Task title is not specified<br>"),
        TaskRefusal(
            "tasks.task.add", #"{"fields":{"TITLE":"","RESPONSIBLE_ID":1}}"#, "ERROR_CORE",
            "Task title is not specified<br>"),
        TaskRefusal("tasks.task.add", #"{"fields":{"TITLE":"x"}}"#, "ERROR_CORE", "Responsible person not specified"),
        TaskRefusal(
            "tasks.task.add", #"{"fields":{"TITLE":"x","RESPONSIBLE_ID":9999}}"#, "ERROR_CORE",
            "User specified in the \"Responsible\" field not found"),
        TaskRefusal(
            "tasks.task.add", #"{"fields":{"TITLE":"x","RESPONSIBLE_ID":"boss"}}"#, "ERROR_CORE",
            "User specified in the \"Responsible\" field not found"),
        TaskRefusal(
            "tasks.task.add", #"{"fields":{"TITLE":"x","RESPONSIBLE_ID":1,"STATUS":77}}"#, "ERROR_CORE",
            "Incorrect status"),
        TaskRefusal(
            "tasks.task.add", #"{"fields":{"TITLE":"x","RESPONSIBLE_ID":1,"PARENT_ID":9999}}"#, "ERROR_CORE",
            "Task specified in the \"Parent Task\" field not found"),
        TaskRefusal(
            "tasks.task.add",
            #"{"fields":{"TITLE":"x","RESPONSIBLE_ID":1,"START_DATE_PLAN":"2026-02-02","END_DATE_PLAN":"2026-02-01"}}"#,
            "ERROR_CORE", "The end date in scheduling is earlier than the start date"),
        TaskRefusal(
            "tasks.task.add",
            #"{"fields":{"TITLE":"x","RESPONSIBLE_ID":1,"START_DATE_PLAN":"2026-02-02","END_DATE_PLAN":"2526-02-01"}}"#,
            "ERROR_CORE", "The specified task duration is too long"),
        TaskRefusal(
            "tasks.task.add", #"{"fields":{"TITLE":"x","RESPONSIBLE_ID":1,"UF_TASK_WEBDAV_FILES":["n999999"]}}"#,
            "ERROR_CORE", denied),
        TaskRefusal(
            "tasks.task.add", #"{"fields":{"TITLE":"x","RESPONSIBLE_ID":1,"UF_TASK_WEBDAV_FILES":[{file}]}}"#,
            "ERROR_CORE", denied),
        TaskRefusal(
            "tasks.task.add",
            #"{"fields":{"TITLE":"x","RESPONSIBLE_ID":1,"UF_TASK_WEBDAV_FILES":["n{file}"]}}"#, "ERROR_CORE", denied,
            as: "ben"),

        TaskRefusal("tasks.task.get", "{}", "100", noID + " (internal error)"),
        TaskRefusal("tasks.task.get", #"{"taskId":"x"}"#, "0", "wrong task id"),
        TaskRefusal(
            "tasks.task.get", #"{"taskId":{task},"select":""}"#, "100",
            "Invalid value {} to match with parameter {select}. Should be value of type array. (internal error)"),
        TaskRefusal("tasks.task.update", #"{"fields":{"TITLE":"x"}}"#, "100", noID + " (internal error)"),
        TaskRefusal("tasks.task.update", #"{"taskId":"x","fields":{"TITLE":"x"}}"#, "0", "wrong task id"),
        TaskRefusal("tasks.task.update", #"{"taskId":{task}}"#, "100", noFields),
        TaskRefusal("tasks.task.update", #"{"taskId":{task},"fields":{}}"#, "100", noFields),
        TaskRefusal(
            "tasks.task.update", #"{"taskId":{task},"fields":{"TITLE":"x"}}"#, "0",
            "Action on the task is not allowed (internal error)", as: "ben"),
        TaskRefusal(
            "tasks.task.update", #"{"taskId":999999,"fields":{"TITLE":"x"}}"#, "0",
            "Action on the task is not allowed (internal error)"),
        TaskRefusal(
            "tasks.task.update", #"{"taskId":{task},"fields":{"RESPONSIBLE_ID":9999}}"#, "ERROR_CORE",
            "The user specified in the \"Responsible\" field was not found<br>"),
        TaskRefusal(
            "tasks.task.update", #"{"taskId":{task},"fields":{"STATUS":1}}"#, "ERROR_CORE", "Invalid status<br>"),
        TaskRefusal(
            "tasks.task.update", #"{"taskId":{task},"fields":{"PARENT_ID":9999}}"#, "ERROR_CORE",
            "The task specified in the \"Parent Task\" field was not found<br>"),
        TaskRefusal(
            "tasks.task.update", #"{"taskId":{task},"fields":{"PARENT_ID":{task}}}"#, "ERROR_CORE",
            "Cannot bind the node to itself<br>"),
        TaskRefusal(
            "tasks.task.update", #"{"taskId":{task},"fields":{"UF_TASK_WEBDAV_FILES":[77]}}"#, "ERROR_CORE", denied),
        TaskRefusal("tasks.task.delete", "{}", "100", noID),
        TaskRefusal("tasks.task.delete", #"{"taskId":"x"}"#, "0", "wrong task id"),
        TaskRefusal("tasks.task.delete", #"{"taskId":{task}}"#, "1048582", "No access to delete the task", as: "ben"),
        TaskRefusal("tasks.task.delete", #"{"taskId":{task}}"#, "1048582", "No access to delete the task", as: "ann"),
        TaskRefusal("tasks.task.delete", #"{"taskId":999999}"#, "1048582", "No access to delete the task"),
        TaskRefusal(
            "tasks.task.list", #"{"order":{"NOTHING":"asc"}}"#, "0", "Invalid sorting key (internal error)"),
    ]
    private static let denied = "Insufficient permissions.<br>"

    @Test("each refusal is 400 with its page's code and text, and changes nothing", arguments: refusals)
    private func refused(_ refusal: TaskRefusal) async throws {
        try await Door.open { door in
            let scene = try await TaskScene(door)
            let webhooks = ["ann": scene.annsWebhook, "ben": scene.bensWebhook]
            let reply = try await door.call(
                refusal.method, scene.value(refusal.params), webhook: webhooks[refusal.caller])
            #expect(reply.status == 400)
            #expect(reply.json["error"] == .string(refusal.code))
            let text = refusal.text.replacing("{file}", with: String(scene.file))
            #expect(reply.json["error_description"] == .string(text))
            let all = try await door.call("tasks.task.list", ["select": ["TITLE"]])
            #expect(all.json["total"] == 1)
            #expect(all.result["tasks"]?.array.first?["title"] == "Review contract")
            #expect(try await scene.files() == false)
        }
    }

    @Test("a file attached twice has one attachment, read through disk.attachedObject.get by whoever sees the task")
    func attaching() async throws {
        try await Door.open { door in
            let scene = try await TaskScene(door)
            let first = try await scene.attach(scene.file)
            let id = try #require(first.result["attachmentId"])
            #expect(try await scene.attach(scene.file).result == first.result)
            #expect(try await scene.files() == [id])
            let seen = try await door.call("disk.attachedObject.get", ["id": id], webhook: scene.annsWebhook)
            #expect(seen.result["OBJECT_ID"]?.number == scene.file)
            #expect(seen.result["NAME"] == "contract.txt")
            let bytes = try await door.fetch(seen.result["DOWNLOAD_URL"]?.string ?? "")
            #expect(bytes.text == "contract.txt")
            let closed = try await door.call("disk.attachedObject.get", ["id": id], webhook: scene.bensWebhook)
            #expect(closed.failure == "400 ACCESS_DENIED")
        }
    }

    @Test("UF_TASK_WEBDAV_FILES adds by n-number, keeps by attachment, and replaces the whole set")
    func webdavFiles() async throws {
        try await Door.open { door in
            let scene = try await TaskScene(door)
            let second = try await door.uploadToOwnDrive("b.txt")
            let task = try await door.addTask([
                "TITLE": "With files", "RESPONSIBLE_ID": "1",
                "UF_TASK_WEBDAV_FILES": [.string("n\(scene.file)"), .string("n\(second)")],
            ])
            func files() async throws -> [Value] {
                let reply = try await door.call(
                    "tasks.task.get", ["taskId": .int(task), "select": ["*", "UF_TASK_WEBDAV_FILES"]])
                return reply.result["task"]?["ufTaskWebdavFiles"]?.array ?? []
            }
            let both = try await files()
            #expect(both.count == 2)
            #expect(both.allSatisfy { if case .int = $0 { true } else { false } })
            func update(_ files: Value) async throws -> Reply {
                try await door.call(
                    "tasks.task.update", ["taskId": .int(task), "fields": ["UF_TASK_WEBDAV_FILES": files]])
            }
            #expect(try await update([both[0]]).status == 200)
            #expect(try await files() == [both[0]])
            #expect(try await update([.string(String(both[0].number)), .string("n\(second)")]).status == 200)
            #expect(try await files().count == 2)
            _ = try await door.call("tasks.task.update", ["taskId": .int(task), "fields": ["TITLE": "Renamed"]])
            #expect(try await files().count == 2)
            // A form cannot send an empty list.
            let emptied = try await door.form("tasks.task.update", "taskId=\(task)&fields[UF_TASK_WEBDAV_FILES]=")
            #expect(emptied.status == 200)
            #expect(try await files() == [])
            #expect(try await door.call("disk.file.get", ["id": .int(second)]).status == 200)
        }
    }

    @Test("one UF_ field asked for brings all three, and none comes unasked")
    func customFields() async throws {
        try await Door.open { door in
            let scene = try await TaskScene(door)
            func keys(_ select: Value?) async throws -> [String] {
                let params: Value =
                    select.map { ["taskId": .int(scene.task), "select": $0] } ?? ["taskId": .int(scene.task)]
                return try await door.call("tasks.task.get", params).result["task"]?.keys ?? []
            }
            let custom = ["ufCrmTask", "ufTaskWebdavFiles", "ufMailMessage"]
            for select: Value in [["UF_CRM_TASK"], ["UF_TASK_WEBDAV_FILES"], ["ID", "UF_MAIL_MESSAGE"]] {
                #expect(try await keys(select).filter(custom.contains) == custom)
            }
            for select: Value? in [nil, ["*"], ["TITLE"]] {
                #expect(try await keys(select).allSatisfy { !custom.contains($0) })
            }
            let few = try await keys(["TITLE", "RESPONSIBLE_ID"])
            #expect(few == ["id", "title", "responsibleId", "group", "responsible", "action"])
        }
    }

    @Test("the page's example is kept as sent: files, CRM bindings, deadline, creator")
    func pageExample() async throws {
        try await Door.open(timeZone: "Europe/Helsinki") { door in
            let scene = try await TaskScene(door)
            let reply = try await door.call(
                "tasks.task.add",
                [
                    "fields": [
                        "TITLE": "Task Title", "DEADLINE": "2025-12-31T23:59:59",
                        "CREATED_BY": .int(scene.ben.id.rawValue), "RESPONSIBLE_ID": .int(scene.ann.id.rawValue),
                        "UF_CRM_TASK": ["L_4", "C_7", "CO_5", "D_10"],
                        "UF_TASK_WEBDAV_FILES": [.string("n\(scene.file)")],
                        "AUDITORS": [.string("1")],
                        "ACCOMPLICES": [],
                    ]
                ])
            let task = try #require(reply.result["task"])
            #expect(task["deadline"] == "2025-12-31T23:59:59+02:00")
            #expect(task["createdBy"] == .string(scene.ben.id.description))
            #expect(task["auditors"] == ["1"])
            #expect(task["auditorsData"]?["1"]?["name"] == "Administrator")
            #expect(task["accomplicesData"] == [])
            let read = try await door.call(
                "tasks.task.get", ["taskId": task["id"] ?? .null, "select": ["UF_CRM_TASK"]])
            #expect(read.result["task"]?["ufCrmTask"] == ["L_4", "C_7", "CO_5", "D_10"])
            #expect(read.result["task"]?["ufMailMessage"] == .null)
        }
    }

    @Test("params of a list bring the page's further members")
    func listExtras() async throws {
        try await Door.open { door in
            let scene = try await TaskScene(door)
            let reply = try await door.call(
                "tasks.task.list",
                [
                    "select": ["ID", "TITLE"], "filter": ["ID": .int(scene.task)],
                    "params": [
                        "WITH_RESULT_INFO": true, "WITH_TIMER_INFO": "Y", "WITH_PARSED_DESCRIPTION": "1",
                        "WITH_NOTHING": true,
                    ],
                ])
            #expect(
                reply.result["tasks"]?.array.first == [
                    "id": .string(String(scene.task)), "title": "Review contract", "group": [],
                    "taskRequireResult": "N", "taskHasOpenResult": "N", "taskHasResult": "N", "timeElapsed": nil,
                    "timerIsRunningForCurrentUser": "N", "parsedDescription": "", "subStatus": "2",
                ])
        }
    }

    @Test("a task closed to the caller is an empty list, to get and in lists")
    func closed() async throws {
        try await Door.open { door in
            let scene = try await TaskScene(door)
            let get = try await door.call("tasks.task.get", ["taskId": .int(scene.task)], webhook: scene.bensWebhook)
            #expect(get.status == 200)
            #expect(get.result == [])
            let list = try await door.call("tasks.task.list", webhook: scene.bensWebhook)
            #expect(list.result == ["tasks": []])
            #expect(list.json["total"] == 0)
            let anns = try await door.call("tasks.task.list", webhook: scene.annsWebhook)
            #expect(anns.json["total"] == 1)
        }
    }

    @Test("lists are paged by fifty, newest first, with total and next")
    func paging() async throws {
        try await Door.open { door in
            for number in 1...60 {
                _ = try await door.addTask(["TITLE": .string("Task \(number)"), "RESPONSIBLE_ID": 1])
            }
            let first = try await door.call("tasks.task.list")
            let tasks = first.result["tasks"]?.array ?? []
            #expect(tasks.count == 50)
            #expect(tasks.first?["title"] == "Task 60")
            #expect(first.json["total"] == 60)
            #expect(first.json["next"] == 50)
            let second = try await door.call("tasks.task.list", ["start": "50"])
            #expect(second.result["tasks"]?.array.count == 10)
            #expect(second.json["next"] == nil)
            let uncounted = try await door.call("tasks.task.list", ["start": -1, "order": ["ID": "asc"]])
            #expect(uncounted.json["total"] == 0)
            #expect(uncounted.result["tasks"]?.array.first?["title"] == "Task 1")
        }
    }

    @Test(
        "filters of the page find what they say",
        arguments: [
            (#"{"TITLE":"Review contract"}"#, ["Review contract"]),
            (#"{"TITLE":"%review%"}"#, ["Review contract"]),
            (#"{"!TITLE":"Review contract"}"#, ["Done", "Late"]),
            (#"{"REAL_STATUS":5}"#, ["Done"]),
            (#"{"REAL_STATUS":["2","5"]}"#, ["Done", "Late", "Review contract"]),
            (#"{"STATUS":-1}"#, ["Late"]),
            (#"{"<DEADLINE":"2026-01-01"}"#, ["Late"]),
            (#"{">=DEADLINE":"2026-01-01"}"#, []),
            (#"{"RESPONSIBLE_ID":"1"}"#, ["Done", "Late"]),
            (#"{"AUDITOR":1}"#, ["Done"]),
            (#"{"PARENT_ID":{task}}"#, ["Late"]),
            (#"{"ONLY_ROOT_TASKS":"Y"}"#, ["Done", "Review contract"]),
            (#"{"MARK":"P"}"#, []),
            (#"{"::SUBFILTER-PARAMS":{"FAVORITE":"Y"}}"#, []),
            (#"{"SITE_ID":"s1","PRIORITY":2}"#, ["Late"]),
            (#"{">ID":0,"<=PRIORITY":1}"#, ["Done", "Review contract"]),
        ])
    func filters(filter: String, titles: [String]) async throws {
        try await Door.open { door in
            let scene = try await TaskScene(door)
            _ = try await door.addTask(["TITLE": "Done", "RESPONSIBLE_ID": 1, "STATUS": "5", "AUDITORS": [1]])
            _ = try await door.addTask([
                "TITLE": "Late", "RESPONSIBLE_ID": 1, "PRIORITY": 2, "DEADLINE": "2025-05-05T10:00:00+00:00",
                "PARENT_ID": .int(scene.task),
            ])
            let reply = try await door.call(
                "tasks.task.list", ["filter": scene.value(filter), "order": ["TITLE": "ASC"], "select": ["TITLE"]])
            #expect(reply.result["tasks"]?.array.compactMap { $0["title"]?.string } == titles)
        }
    }

    @Test(
        "every documented sorting field is taken",
        arguments: [
            "ID", "TITLE", "TIME_SPENT_IN_LOGS", "DATE_START", "CREATED_DATE", "CHANGED_DATE", "CLOSED_DATE",
            "ACTIVITY_DATE", "START_DATE_PLAN", "END_DATE_PLAN", "DEADLINE", "REAL_STATUS", "STATUS_COMPLETE",
            "PRIORITY",
            "MARK", "CREATED_BY_LAST_NAME", "RESPONSIBLE_LAST_NAME", "GROUP_ID", "TIME_ESTIMATE",
            "ALLOW_CHANGE_DEADLINE",
            "ALLOW_TIME_TRACKING", "MATCH_WORK_TIME", "FAVORITE", "SORTING", "IS_PINNED", "IS_PINNED_IN_GROUP",
        ])
    func sorting(field: String) async throws {
        try await Door.open { door in
            _ = try await TaskScene(door)
            let reply = try await door.call("tasks.task.list", ["order": .object([.init(field, "desc")])])
            #expect(reply.json["total"] == 1)
        }
    }
}
