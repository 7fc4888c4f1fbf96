import HTTPEdge

/// One call of every method, which must succeed in a fresh `SampleScene`. A new method needs a case here: the tests that
/// hold every method to the transport's rules fail without one.
extension SampleScene {
    /// - Parameter method: in lower case.
    func sample(of method: String) -> Value? {
        let family = method.split(separator: ".").first ?? ""
        return switch family {
        case "disk": diskSample(method)
        case "im": chatSample(method)
        case "task", "tasks": taskSample(method)
        default: serviceSample(method)
        }
    }

    private func serviceSample(_ method: String) -> Value? {
        switch method {
        case "server.time", "profile", "user.admin", "user.current", "app.info", "events", "event.test": [:]
        case "batch":
            ["cmd": ["file": .string("disk.file.get?id=\(file)"), "drives": "disk.storage.getlist"], "halt": true]
        case "scope": ["full": true]
        case "methods": ["full": false, "scope": "disk"]
        case "method.get": ["name": "disk.file.get"]
        case "user.get": ["FILTER": [">ID": 0, "ACTIVE": true], "sort": "ID", "order": "DESC", "start": 0]
        case "user.add":
            [
                "EMAIL": .string("grace\(salt)@example.test"), "NAME": "Грейс", "PERSONAL_GENDER": "F",
                "UF_DEPARTMENT": [1], "EXTRANET": false,
            ]
        case "user.access": ["ACCESS": ["U1", "AU"]]
        case "access.name": ["ACCESS": ["U1"]]
        case "feature.get": ["CODE": "rest_offline_extended"]
        default: nil
        }
    }

    private func diskSample(_ method: String) -> Value? {
        let rights: Value = [["TASK_ID": 71, "ACCESS_CODE": .string("U\(ann)")]]
        let order: Value = ["NAME": "DESC"]
        return switch method {
        case "disk.storage.getfields", "disk.storage.gettypes", "disk.storage.getforapp": [:]
        case "disk.folder.getfields", "disk.file.getfields", "disk.rights.gettasks": [:]
        case "disk.storage.get": ["id": .int(storage)]
        case "disk.storage.rename": ["id": .int(applicationStorage), "newName": "Наши файлы"]
        case "disk.storage.getlist":
            ["filter": ["ENTITY_TYPE": "user", "ENTITY_ID": 1], "order": ["ID": "ASC"], "start": 0]
        case "disk.storage.getchildren":
            [
                "id": .int(storage), "filter": ["!NAME": "x", ">=ID": 1, "@TYPE": ["file", "folder"]],
                "order": order, "start": -1,
            ]
        case "disk.storage.addfolder":
            ["id": .int(storage), "data": ["NAME": fresh("Новая + папка & 1")], "rights": rights]
        case "disk.storage.uploadfile":
            [
                "id": .int(storage), "data": ["NAME": fresh("отчёт.txt")], "fileContent": ["x", "+/8rZg=="],
                "rights": [], "generateUniqueName": true,
            ]
        case "disk.folder.get": ["id": .int(folder)]
        case "disk.folder.getchildren":
            ["id": .int(folder), "filter": [">CREATE_TIME": "2026-01-12", "%NAME": "plan"], "order": order]
        case "disk.folder.addsubfolder": ["id": .int(folder), "data": ["NAME": fresh("Sub")]]
        case "disk.folder.sharetouser":
            ["id": .int(folder), "userId": .int(ann), "taskName": "disk_access_edit"]
        case "disk.folder.copyto", "disk.folder.moveto": ["id": .int(folder), "targetFolderId": .int(other)]
        case "disk.folder.rename": ["id": .int(folder), "newName": fresh("Планы")]
        case "disk.folder.deletetree", "disk.folder.markdeleted": ["id": .int(folder)]
        case "disk.folder.getexternallink": ["id": .int(folder)]
        case "disk.folder.restore": ["id": .int(trashedFolder)]
        case "disk.folder.uploadfile":
            [
                "id": .int(folder), "data": ["NAME": fresh("b.txt")], "fileContent": "+/8rZg==", "rights": rights,
                "generateUniqueName": false,
            ]
        case "disk.file.get", "disk.file.delete", "disk.file.markdeleted": ["id": .int(file)]
        case "disk.file.getexternallink": ["id": .int(file)]
        case "disk.file.search":
            ["QUERY": "plan", "TYPE": "all", "FILTER": ["STORAGE_ID": .int(storage)], "start": 0]
        case "disk.file.rename": ["id": .int(file), "newName": fresh("план.txt")]
        case "disk.file.copyto", "disk.file.moveto": ["id": .int(file), "targetFolderId": .int(other)]
        case "disk.file.restore": ["id": .int(trashedFile)]
        case "disk.file.uploadversion": ["id": .int(file), "fileContent": ["y", "+/8rZg=="]]
        case "disk.file.getversions": ["id": .int(file), "filter": [">SIZE": 0, "CREATED_BY": 1], "start": 0]
        case "disk.file.restorefromversion": ["id": .int(file), "versionId": .int(oldVersion)]
        case "disk.version.get": ["id": .int(oldVersion)]
        case "disk.attachedobject.get": ["id": .int(attachment)]
        default: nil
        }
    }

    private func chatSample(_ method: String) -> Value? {
        let dialog = Value.string("chat\(chat)")
        return switch method {
        case "im.chat.add":
            ["USERS": [.int(ann)], "TYPE": "OPEN", "TITLE": "Сделка", "MESSAGE": "Hello", "ENTITY_ID": "7"]
        case "im.chat.get": ["ENTITY_TYPE": "LEAD", "ENTITY_ID": 5]
        case "im.chat.user.add": ["CHAT_ID": .int(chat), "USERS": [.int(ben)], "HIDE_HISTORY": false]
        case "im.chat.user.delete", "im.chat.setowner": ["CHAT_ID": .int(chat), "USER_ID": .int(ann)]
        case "im.chat.user.list", "im.chat.leave": ["CHAT_ID": .int(chat)]
        case "im.chat.updatetitle": ["DIALOG_ID": dialog, "TITLE": "План & факт"]
        case "im.dialog.get", "im.dialog.users.list": ["DIALOG_ID": dialog]
        case "im.dialog.messages.get": ["DIALOG_ID": dialog, "FIRST_ID": 0, "LIMIT": 10]
        case "im.disk.folder.get": ["CHAT_ID": .int(chat)]
        case "im.disk.file.commit":
            ["CHAT_ID": .int(chat), "UPLOAD_ID": [.int(chatFile)], "MESSAGE": "Скан", "SILENT_MODE": false]
        case "im.disk.file.save": ["FILE_ID": .int(chatFile)]
        case "im.disk.file.delete": ["CHAT_ID": .int(chat), "FILE_ID": .int(chatFile)]
        case "im.disk.record.share": ["DIALOG_ID": dialog, "DISK_ID": .int(chatFile)]
        case "im.message.add":
            ["DIALOG_ID": dialog, "MESSAGE": "a+b & c", "SYSTEM": false, "URL_PREVIEW": true]
        case "im.message.update": ["MESSAGE_ID": .int(message), "MESSAGE": "другой текст", "IS_EDITED": true]
        case "im.message.delete": ["MESSAGE_ID": .int(message)]
        case "im.v2.file.upload":
            ["dialogId": dialog, "fields": ["name": fresh("v2.txt"), "content": "+/8rZg==", "message": "вот"]]
        case "im.v2.file.download": ["dialogId": dialog, "fileId": .int(chatFile)]
        case "im.v2.event.subscribe", "im.v2.event.unsubscribe": [:]
        case "im.v2.event.get": ["offset": 0, "limit": 10]
        default: nil
        }
    }

    private func taskSample(_ method: String) -> Value? {
        switch method {
        case "tasks.task.add":
            [
                "fields": [
                    "TITLE": "Договор & план", "RESPONSIBLE_ID": .int(ann), "ACCOMPLICES": [.int(ben)],
                    "DEADLINE": "2026-12-31T19:00:00+02:00", "UF_TASK_WEBDAV_FILES": [.string("n\(file)")],
                ]
            ]
        case "tasks.task.get":
            ["taskId": .int(task), "select": ["ID", "TITLE", "UF_TASK_WEBDAV_FILES"]]
        case "tasks.task.update":
            ["taskId": .int(task), "fields": ["TITLE": "Другая", "PRIORITY": 2, "UF_TASK_WEBDAV_FILES": []]]
        case "tasks.task.list":
            ["order": ["ID": "asc"], "filter": [">=ID": 1, "!TITLE": "x"], "select": ["ID", "TITLE"], "start": 0]
        case "tasks.task.delete": ["taskId": .int(task)]
        case "tasks.task.getfields": [:]
        case "tasks.task.getaccess": ["taskId": .int(task), "users": [.int(ann)]]
        case "tasks.task.files.attach": ["taskId": .int(task), "fileId": .int(file)]
        case "task.item.addfile":
            ["TASK_ID": .int(task), "FILE": ["NAME": fresh("c.txt"), "CONTENT": "+/8rZg=="]]
        case "task.item.getfiles": ["TASKID": .int(task)]
        case "task.item.deletefile": ["TASK_ID": .int(task), "ATTACHMENT_ID": .int(attachment)]
        default: talkSample(method)
        }
    }

    private func talkSample(_ method: String) -> Value? {
        switch method {
        case "task.commentitem.add": ["TASKID": .int(task), "FIELDS": ["POST_MESSAGE": "Готово"]]
        case "task.commentitem.getlist":
            ["TASKID": .int(task), "ORDER": ["ID": "asc"], "FILTER": ["AUTHOR_ID": 1, ">POST_DATE": "2020-01-01"]]
        case "task.commentitem.get", "task.commentitem.delete": ["TASKID": .int(task), "ITEMID": .int(comment)]
        case "task.commentitem.update":
            ["TASKID": .int(task), "ITEMID": .int(comment), "FIELDS": ["POST_MESSAGE": "Иначе"]]
        case "task.commentitem.isactionallowed":
            ["TASKID": .int(task), "ITEMID": .int(comment), "ACTIONID": 2]
        case "tasks.task.result.list": ["taskId": .int(task)]
        case "tasks.task.result.addfromcomment": ["commentId": .int(comment)]
        case "tasks.task.result.deletefromcomment": ["commentId": .int(pinnedComment)]
        case "task.checklistitem.add":
            [
                "TASKID": .int(task),
                "FIELDS": [
                    "TITLE": "Скан & договор", "PARENT_ID": .int(checklist), "SORT_INDEX": 10, "IS_COMPLETE": "N",
                    "IS_IMPORTANT": "Y", "UF_CHECKLIST_FILES": [.string("n\(file)")],
                ],
            ]
        case "task.checklistitem.getlist": ["TASKID": .int(task), "ORDER": ["SORT_INDEX": "asc"]]
        case "task.checklistitem.update":
            ["TASKID": .int(task), "ITEMID": .int(item), "FIELDS": ["TITLE": "Отчёт", "IS_IMPORTANT": "N"]]
        case "task.checklistitem.get", "task.checklistitem.delete", "task.checklistitem.complete",
            "task.checklistitem.renew":
            ["TASKID": .int(task), "ITEMID": .int(item)]
        case "task.checklistitem.moveafteritem":
            ["TASKID": .int(task), "ITEMID": .int(item), "AFTERITEMID": .int(checklist)]
        case "task.checklistitem.isactionallowed":
            ["TASKID": .int(task), "ITEMID": .int(item), "ACTIONID": 2]
        default: nil
        }
    }
}
