import HTTPEdge
import Testing

private struct TalkRefusal: CustomTestStringConvertible, Sendable {
    let method: String
    let params: String
    let text: String
    var code = "ERROR_CORE"
    var caller = ""

    init(_ method: String, _ params: String, _ text: String, code: String = "ERROR_CORE", as caller: String = "") {
        (self.method, self.params, self.text, self.code, self.caller) = (method, params, text, code, caller)
    }

    var testDescription: String { "\(method) \(params) \(caller)" }
}

@Suite("What comments, results, checklists and old file methods refuse")
struct TalkRefusalTests {
    private static func missing(_ position: Int, _ name: String, _ method: String, _ tail: String = "") -> String {
        "TASKS_ERROR_EXCEPTION_#256; Param #\(position) (\(name)) expected by method \(method)(), but not given.; "
            + "256/TE/WRONG_ARGUMENTS\(tail)"
    }

    private static func mistyped(
        _ position: Int, _ name: String, _ method: String, _ type: String = "integer", _ tail: String = ""
    ) -> String {
        "TASKS_ERROR_EXCEPTION_#256; Param #\(position) (\(name)) for method \(method)() expected to be of type "
            + "\"\(type)\", but given something else.; 256/TE/WRONG_ARGUMENTS\(tail)"
    }

    private static func key(
        _ position: Int, _ name: String, _ method: String, _ key: String, _ tail: String = ""
    )
        -> String
    {
        "TASKS_ERROR_EXCEPTION_#256; Param #\(position) (\(name)) for method \(method)() must not contain key "
            + "\"\(key)\".; 256/TE/WRONG_ARGUMENTS\(tail)"
    }

    private static let notAllowed = "TASKS_ERROR_EXCEPTION_#4; Action is not allowed; 4/TE/ACTION_NOT_ALLOWED"
    private static let failed = "TASKS_ERROR_EXCEPTION_#8; Action failed; 8/TE/ACTION_FAILED_TO_BE_PROCESSED"
    private static let notFound =
        "TASKS_ERROR_EXCEPTION_#512; Check listitem not found or not accessible; "
        + "512/TE/ITEM_NOT_FOUND_OR_NOT_ACCESSIBLE"
    private static let noPermission = "Insufficient permissions.<br>"

    private static let comments: [TalkRefusal] = [
        TalkRefusal("task.commentitem.add", "{}", missing(0, "taskId", "ctaskcommentitem::add")),
        TalkRefusal("task.commentitem.add", "[{task}]", missing(1, "arFields", "ctaskcommentitem::add")),
        TalkRefusal("task.commentitem.add", "[{task},{}]", missing(1, "arFields", "ctaskcommentitem::add")),
        TalkRefusal(
            "task.commentitem.add", #"[{task},"text"]"#, mistyped(1, "arFields", "ctaskcommentitem::add", "array")),
        TalkRefusal(
            "task.commentitem.add", #"[{"POST_MESSAGE":"x"},{task}]"#, mistyped(0, "taskId", "ctaskcommentitem::add")),
        TalkRefusal(
            "task.commentitem.add", #"{"FIELDS":{"POST_MESSAGE":"x"}}"#,
            mistyped(0, "taskId", "ctaskcommentitem::add")),
        TalkRefusal(
            "task.commentitem.add", #"[1.5,{"POST_MESSAGE":"x"}]"#, mistyped(0, "taskId", "ctaskcommentitem::add")),
        TalkRefusal(
            "task.commentitem.add", #"[{task},{"POST_MESSAGE":"x","TITLE":"y"}]"#,
            key(1, "arFields", "ctaskcommentitem::add", "TITLE")),
        TalkRefusal("task.commentitem.add", #"[{task},{"POST_MESSAGE":""}]"#, "Comment text is not specified"),
        TalkRefusal("task.commentitem.add", #"[{task},{"POST_MESSAGE":["x"]}]"#, "Comment text is not specified"),
        TalkRefusal("task.commentitem.add", #"[{task},{"AUTHOR_ID":1}]"#, "Comment text is not specified"),
        TalkRefusal(
            "task.commentitem.add", #"[{task},{"POST_MESSAGE":"x"}]"#,
            "Insufficient permissions to add a comment.<br>", as: "ben"),
        TalkRefusal(
            "task.commentitem.add", #"[999999,{"POST_MESSAGE":"x"}]"#,
            "Insufficient permissions to add a comment.<br>"),
        TalkRefusal(
            "task.commentitem.add", #"[99999999999999999999,{"POST_MESSAGE":"x"}]"#,
            "Insufficient permissions to add a comment.<br>"),
        TalkRefusal(
            "task.commentitem.add", #"[-1,{"POST_MESSAGE":"x"}]"#, "Insufficient permissions to add a comment.<br>"),
        TalkRefusal(
            "task.commentitem.add", #"[{task},{"POST_MESSAGE":"x","UF_FORUM_MESSAGE_DOC":["n999999"]}]"#,
            "File not found"),
        TalkRefusal(
            "task.commentitem.add", #"[{task},{"POST_MESSAGE":"x","UF_FORUM_MESSAGE_DOC":"x"}]"#, "File not found"),
        TalkRefusal(
            "task.commentitem.add", #"[{task},{"POST_MESSAGE":"x","UF_FORUM_MESSAGE_DOC":[{attachment}]}]"#,
            "File not found"),
        // Neither a file of somebody else nor one that the author named cannot read.
        TalkRefusal(
            "task.commentitem.add", #"[{task},{"POST_MESSAGE":"x","UF_FORUM_MESSAGE_DOC":["n{own}"]}]"#,
            "File not found", as: "ann"),
        TalkRefusal(
            "task.commentitem.add", #"[{task},{"POST_MESSAGE":"x","AUTHOR_ID":1,"UF_FORUM_MESSAGE_DOC":["n{own}"]}]"#,
            "File not found", as: "ann"),
        TalkRefusal(
            "task.commentitem.add",
            #"[{task},{"POST_MESSAGE":"x","AUTHOR_ID":{ann},"UF_FORUM_MESSAGE_DOC":["n{own}"]}]"#, "File not found"),
        TalkRefusal(
            "task.commentitem.add", #"[{task},{"POST_MESSAGE":"x","AUTHOR_ID":999999}]"#, "Author not found<br>"),
        TalkRefusal(
            "task.commentitem.add", #"[{task},{"POST_MESSAGE":"x","POST_DATE":"soon"}]"#,
            "Incorrect date in the \"POST_DATE\" field<br>"),

        TalkRefusal("task.commentitem.get", "[{task}]", missing(1, "itemId", "ctaskcommentitem::get")),
        TalkRefusal("task.commentitem.get", #"["x",1]"#, mistyped(0, "taskId", "ctaskcommentitem::get")),
        TalkRefusal("task.commentitem.get", "[{task},999999]", notFound),
        TalkRefusal("task.commentitem.get", "[{plain},{task}]", notFound),
        TalkRefusal("task.commentitem.get", "[{task},{comment}]", notFound, as: "ben"),
        TalkRefusal("task.commentitem.getlist", #"["x"]"#, mistyped(0, "taskId", "ctaskcommentitem::getlist")),
        TalkRefusal("task.commentitem.getlist", "[{task}]", failed, as: "ben"),
        TalkRefusal("task.commentitem.getlist", "[999999]", failed),
        TalkRefusal(
            "task.commentitem.getlist", #"[{task},{},{"%POST_DATE":"2025"}]"#,
            key(2, "arFilter", "ctaskcommentitem::getlist", "%POST_DATE")),
        TalkRefusal(
            "task.commentitem.getlist", #"[{task},{},{"AUTHOR_EMAIL":"a"}]"#,
            key(2, "arFilter", "ctaskcommentitem::getlist", "AUTHOR_EMAIL")),
        TalkRefusal(
            "task.commentitem.getlist", #"[{task},"ID"]"#,
            mistyped(1, "arOrder", "ctaskcommentitem::getlist", "array")),
        TalkRefusal("task.commentitem.getlist", #"[{task},{"ID":"up"}]"#, failed),
        TalkRefusal("task.commentitem.getlist", #"[{task},{},{"ID":"x"}]"#, failed),
        TalkRefusal("task.commentitem.getlist", #"[{task},{},{">POST_DATE":"soon"}]"#, failed),

        TalkRefusal(
            "task.commentitem.update", #"[{task},{comment},{"POST_MESSAGE":""}]"#, "Comment text not specified.<br>"),
        TalkRefusal(
            "task.commentitem.update", #"[{task},{comment},{"POST_MESSAGE":"x"}]"#, notAllowed, as: "ann"),
        TalkRefusal("task.commentitem.update", #"[{task},999999,{"POST_MESSAGE":"x"}]"#, notAllowed),
        TalkRefusal("task.commentitem.update", #"[999999,{comment},{"POST_MESSAGE":"x"}]"#, notAllowed),
        TalkRefusal(
            "task.commentitem.update", #"[{task},{comment},{"POST_MESSAGE":"x","UF_FORUM_MESSAGE_DOC":["n999999"]}]"#,
            "File not found"),
        TalkRefusal("task.commentitem.delete", "[{task},{comment}]", notAllowed, as: "ann"),
        TalkRefusal("task.commentitem.delete", "[999999,{comment}]", notAllowed),
        TalkRefusal("task.commentitem.delete", "[{task}]", missing(1, "itemId", "ctaskcommentitem::delete")),
    ]

    private static let br = "<br>"
    private static let checklists: [TalkRefusal] = [
        TalkRefusal(
            "task.checklistitem.add", #"{"FIELDS":{"TITLE":"x"}}"#,
            mistyped(0, "taskId", "ctaskchecklistitem::add", "integer", br)),
        TalkRefusal("task.checklistitem.add", "[{task}]", missing(1, "arFields", "ctaskchecklistitem::add", br)),
        TalkRefusal(
            "task.checklistitem.add", #"[{task},{"IS_COMPLETE":"Y"}]"#,
            "TASKS_ERROR_EXCEPTION_#8; Item name not specified; 8/TE/ACTION_FAILED_TO_BE_PROCESSED<br>"),
        TalkRefusal(
            "task.checklistitem.add", #"[{task},{"TITLE":"x"}]"#,
            "TASKS_ERROR_EXCEPTION_#8; Adding item: action not allowed; 8/TE/ACTION_FAILED_TO_BE_PROCESSED<br>",
            as: "ben"),
        TalkRefusal(
            "task.checklistitem.add", #"[{task},{"TITLE":"x","NAME":"y"}]"#,
            key(1, "arFields", "ctaskchecklistitem::add", "NAME", br)),
        TalkRefusal(
            "task.checklistitem.add", #"[{task},{"TITLE":"x","UF_CHECKLIST_FILES":["n999999"]}]"#, noPermission),
        TalkRefusal(
            "task.checklistitem.add", #"[{task},{"TITLE":"x","UF_CHECKLIST_FILES":["n{own}"]}]"#, noPermission,
            as: "ann"),
        TalkRefusal(
            "task.checklistitem.add", #"[{task},{"TITLE":"x","MEMBERS":{"999999":{"TYPE":"A"}}}]"#,
            "TASKS_ERROR_EXCEPTION_#8; Incorrect value specified for field [MEMBERS]; "
                + "8/TE/ACTION_FAILED_TO_BE_PROCESSED<br>"),
        TalkRefusal(
            "task.checklistitem.add", #"[{task},{"TITLE":"x","MEMBERS":{"1":{"TYPE":"B"}}}]"#,
            "TASKS_ERROR_EXCEPTION_#8; Incorrect value specified for field [MEMBERS]; "
                + "8/TE/ACTION_FAILED_TO_BE_PROCESSED<br>"),
        TalkRefusal(
            "task.checklistitem.add", #"[{task},{"TITLE":"x","SORT_INDEX":"first"}]"#,
            "TASKS_ERROR_EXCEPTION_#8; Incorrect value specified for field [SORT_INDEX]; "
                + "8/TE/ACTION_FAILED_TO_BE_PROCESSED<br>"),
        TalkRefusal("task.checklistitem.get", "[{task},999999]", notFound + br),
        TalkRefusal("task.checklistitem.get", "[999999,{item}]", notFound + br),
        TalkRefusal("task.checklistitem.get", "[{task},{item}]", notFound + br, as: "ben"),
        TalkRefusal(
            "task.checklistitem.get", #"[{task},"x"]"#,
            mistyped(1, "itemId", "ctaskchecklistitem::get", "integer", br)),
        TalkRefusal("task.checklistitem.getlist", "[{task}]", failed + br, as: "ben"),
        TalkRefusal(
            "task.checklistitem.getlist", #"[{task},{"IS_COMPLETED":"asc"}]"#,
            key(1, "arOrder", "ctaskchecklistitem::getlist", "IS_COMPLETED", br)),
        TalkRefusal(
            "task.checklistitem.update", #"[{task},{item},{"TITLE":"x"}]"#,
            "TASKS_ERROR_EXCEPTION_#4; No access to edit the task; 4/TE/ACTION_NOT_ALLOWED<br>", as: "ben"),
        TalkRefusal(
            "task.checklistitem.update", #"[{task},999999,{"TITLE":"Prepare report"}]"#,
            "TASKS_ERROR_EXCEPTION_#8; Incorrect value [] specified for field [ENTITY_ID] in item [, Prepare report]; "
                + "8/TE/ACTION_FAILED_TO_BE_PROCESSED<br>"),
        TalkRefusal(
            "task.checklistitem.update", "[{task},{item}]", missing(2, "arFields", "ctaskchecklistitem::update", br)),
        TalkRefusal(
            "task.checklistitem.update", #"[{task},{list},{"PARENT_ID":{item}}]"#,
            "TASKS_ERROR_EXCEPTION_#8; Incorrect value specified for field [PARENT_ID]; "
                + "8/TE/ACTION_FAILED_TO_BE_PROCESSED<br>"),
        TalkRefusal(
            "task.checklistitem.update", #"[{task},{item},{"TITLE":""}]"#,
            "TASKS_ERROR_EXCEPTION_#8; Item name not specified; 8/TE/ACTION_FAILED_TO_BE_PROCESSED<br>"),
        TalkRefusal(
            "task.checklistitem.delete", "[{task},{item}]",
            "TASKS_ERROR_EXCEPTION_#8; Deleting item: action not allowed; 8/TE/ACTION_FAILED_TO_BE_PROCESSED<br>",
            as: "ben"),
        TalkRefusal(
            "task.checklistitem.complete", "[{task}]", missing(1, "itemId", "ctaskchecklistitem::complete", br)),
        TalkRefusal(
            "task.checklistitem.complete", #"{"ITEMID":{item}}"#,
            missing(0, "taskId", "ctaskchecklistitem::complete", br)),
        TalkRefusal("task.checklistitem.complete", "[0,{item}]", "TASKS_ERROR_ASSERT_EXCEPTION<br>"),
        TalkRefusal("task.checklistitem.renew", "[{task},-1]", "TASKS_ERROR_ASSERT_EXCEPTION<br>"),
        TalkRefusal(
            "task.checklistitem.moveafteritem", "[{task},{list},{item}]",
            "TASKS_ERROR_EXCEPTION_#8; Moving item: action not allowed; 8/TE/ACTION_FAILED_TO_BE_PROCESSED<br>"),
        TalkRefusal(
            "task.checklistitem.moveafteritem", "[{task},{item},{list}]",
            "TASKS_ERROR_EXCEPTION_#8; Moving item: action not allowed; 8/TE/ACTION_FAILED_TO_BE_PROCESSED<br>",
            as: "ben"),
        TalkRefusal(
            "task.checklistitem.isactionallowed", "[{task},{item}]",
            missing(2, "actionId", "ctaskchecklistitem::isactionallowed")),
    ]

    private static let others: [TalkRefusal] = [
        TalkRefusal("tasks.task.result.list", #"{"taskId":{task}}"#, "Access denied.", code: "0", as: "ben"),
        TalkRefusal("tasks.task.result.list", #"{"taskId":999999}"#, "Access denied.", code: "0"),
        TalkRefusal(
            "tasks.task.result.addFromComment", #"{"commentId":{plain}}"#, "Access denied.", code: "0", as: "ann"),
        TalkRefusal(
            "tasks.task.result.addFromComment", #"{"commentId":{plain}}"#, "Access denied.", code: "0", as: "ben"),
        TalkRefusal(
            "tasks.task.result.addFromComment", #"{"commentId":"x"}"#,
            "Invalid value {x} to match with parameter {commentId}. Should be value of type int.", code: "100"),
        TalkRefusal(
            "tasks.task.result.deleteFromComment", #"{"commentId":{comment}}"#, "Access denied.", code: "0", as: "ann"),
        TalkRefusal(
            "tasks.task.result.deleteFromComment", #"{"commentId":-5}"#, "Comment not found.", code: "0"),

        TalkRefusal("task.item.addfile", "{}", missing(0, "taskId", "ctaskitem::addfile", br)),
        TalkRefusal(
            "task.item.addfile", #"{"TASK_ID":{task}}"#, missing(1, "fileParameters", "ctaskitem::addfile", br)),
        TalkRefusal(
            "task.item.addfile", #"{"TASK_ID":{task},"FILE":"x"}"#,
            mistyped(1, "fileParameters", "ctaskitem::addfile", "array", br)),
        TalkRefusal(
            "task.item.addfile", #"{"TASK_ID":{task},"FILE":{"CONTENT":"aGk="}}"#, "File name is not specified<br>"),
        TalkRefusal(
            "task.item.addfile", #"{"TASK_ID":{task},"FILE":{"NAME":"a.txt"}}"#, "File content is not specified<br>"),
        TalkRefusal(
            "task.item.addfile", #"{"TASK_ID":{task},"FILE":{"NAME":"a.txt","CONTENT":""}}"#,
            "File content is not specified<br>"),
        TalkRefusal(
            "task.item.addfile", #"{"TASK_ID":{task},"FILE":{"NAME":"a.txt","CONTENT":["aGk="]}}"#,
            "File content is not specified<br>"),
        TalkRefusal(
            "task.item.addfile", #"{"TASK_ID":{task},"FILE":{"NAME":"a.txt","CONTENT":"aGk="}}"#, notAllowed + br,
            as: "ben"),
        TalkRefusal(
            "task.item.addfile", #"{"TASK_ID":{task},"FILE":{"NAME":"a.txt","CONTENT":"aGk="}}"#, notAllowed + br,
            as: "ann"),
        TalkRefusal(
            "task.item.addfile", #"{"TASK_ID":{task},"FILE":{"NAME":"a/b","CONTENT":"aGk="}}"#,
            "Invalid name: it has one of / \\ : * ? \" < > | or a control character", code: "ERROR_ARGUMENT"),
        TalkRefusal("task.item.getfiles", "{}", missing(0, "taskId", "ctaskitem::getfiles", br)),
        TalkRefusal("task.item.getfiles", #"{"TASKID":{task}}"#, failed + br, as: "ben"),
        TalkRefusal("task.item.deletefile", "[{task},{taskattachment}]", notAllowed + br, as: "ann"),
        TalkRefusal("task.item.deletefile", "[{task},{attachment}]", failed + br),
        TalkRefusal("task.item.deletefile", "[{task},999999]", failed + br),
        TalkRefusal("task.item.deletefile", "[{task}]", missing(1, "attachmentId", "ctaskitem::deletefile", br)),
        TalkRefusal(
            "tasks.task.getaccess", "{}",
            "CTaskItem All parameters in the constructor must have real class type (internal error)", code: "100"),
        TalkRefusal("tasks.task.getaccess", #"{"taskId":"x"}"#, "wrong task id", code: "0"),
    ]

    @Test(
        "each refusal is 400 with its page's code and text, and changes nothing",
        arguments: comments + checklists + others)
    private func refused(_ refusal: TalkRefusal) async throws {
        try await Door.open { door in
            let scene = try await TalkScene(door)
            let before = try await scene.state()
            let webhooks = ["ann": scene.annsWebhook, "ben": scene.bensWebhook]
            let reply = try await door.call(
                refusal.method, scene.value(refusal.params), webhook: webhooks[refusal.caller])
            #expect(reply.status == 400)
            #expect(reply.json["error"] == .string(refusal.code))
            #expect(reply.json["error_description"] == .string(refusal.text))
            #expect(try await scene.state() == before)
            for caller in [scene.ann.id, scene.ben.id] {
                let root = try await door.drive.personalStorage(of: caller).root
                let children = try await door.call("disk.folder.getchildren", ["id": .int(root.rawValue)])
                #expect(children.result == [])
            }
        }
    }
}
