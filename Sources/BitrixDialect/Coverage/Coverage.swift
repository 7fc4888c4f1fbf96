/// Which of the vendor's methods this server has, for `docs/compat/bitrix24.md`.
package enum Coverage {
    /// The vendor's methods around files that clients call, by the part of the documentation that describes them.
    private static let inventory: [(group: String, names: [String])] = [
        (
            "Service",
            [
                "batch", "method.get", "methods", "scope", "server.time", "profile", "user.admin", "user.access",
                "access.name", "app.info", "feature.get", "events", "event.bind", "event.get", "event.unbind",
                "event.test", "event.offline.get", "event.offline.list", "event.offline.clear", "event.offline.error",
            ]
        ),
        ("People", ["user.current", "user.get", "user.add"]),
        (
            "Drives",
            [
                "disk.storage.getfields", "disk.storage.get", "disk.storage.rename", "disk.storage.getlist",
                "disk.storage.gettypes", "disk.storage.addfolder", "disk.storage.getchildren",
                "disk.storage.uploadfile", "disk.storage.getforapp",
            ]
        ),
        (
            "Folders",
            [
                "disk.folder.getfields", "disk.folder.get", "disk.folder.getchildren", "disk.folder.addsubfolder",
                "disk.folder.sharetouser", "disk.folder.copyto", "disk.folder.moveto", "disk.folder.rename",
                "disk.folder.deletetree", "disk.folder.markdeleted", "disk.folder.restore", "disk.folder.uploadfile",
                "disk.folder.getexternallink",
            ]
        ),
        (
            "Files",
            [
                "disk.file.getfields", "disk.file.get", "disk.file.search", "disk.file.rename", "disk.file.copyto",
                "disk.file.moveto", "disk.file.delete", "disk.file.markdeleted", "disk.file.restore",
                "disk.file.uploadversion", "disk.file.getversions", "disk.file.restorefromversion",
                "disk.file.getexternallink", "disk.version.get", "disk.attachedobject.get", "disk.rights.gettasks",
            ]
        ),
        (
            "Chats",
            [
                "im.disk.folder.get", "im.disk.file.commit", "im.disk.file.save", "im.disk.file.delete",
                "im.disk.record.share", "im.chat.add", "im.chat.get", "im.chat.updatetitle", "im.chat.setowner",
                "im.chat.leave", "im.chat.user.add", "im.chat.user.delete", "im.chat.user.list", "im.dialog.get",
                "im.dialog.users.list", "im.dialog.messages.get", "im.message.add", "im.message.update",
                "im.message.delete", "im.v2.file.upload", "im.v2.file.download", "im.v2.event.subscribe",
                "im.v2.event.get", "im.v2.event.unsubscribe", "imbot.v2.file.upload", "imbot.v2.file.download",
            ]
        ),
        (
            "Tasks",
            [
                "tasks.task.add", "tasks.task.get", "tasks.task.update", "tasks.task.list", "tasks.task.delete",
                "tasks.task.getfields", "tasks.task.getaccess", "tasks.task.files.attach", "tasks.task.file.attach",
                "tasks.task.file.field.list", "tasks.task.file.field.get", "tasks.task.chat.message.send",
                "tasks.task.result.list", "tasks.task.result.addfromcomment",
                "tasks.task.result.deletefromcomment", "task.item.addfile", "task.item.getfiles",
                "task.item.deletefile", "task.commentitem.add", "task.commentitem.getlist", "task.commentitem.get",
                "task.commentitem.update", "task.commentitem.delete", "task.commentitem.isactionallowed",
                "task.checklistitem.add", "task.checklistitem.get", "task.checklistitem.getlist",
                "task.checklistitem.update", "task.checklistitem.delete", "task.checklistitem.complete",
                "task.checklistitem.renew", "task.checklistitem.moveafteritem",
                "task.checklistitem.isactionallowed",
            ]
        ),
    ]

    /// Markdown: every method of the inventory and every method there is besides, with its scope and state.
    package static func table() -> String {
        var text = """
            # Bitrix24 methods

            Generated from the method table. *Complete*: all parameters, rights and errors of its page as far as files
            go; what else of the page has no effect is said beside it. *Absent*: the call is answered 404
            `ERROR_METHOD_NOT_FOUND`. Method names are matched in any letter case.

            """
        let listed = Set(inventory.flatMap(\.names))
        let others = MethodTable.all.map(\.name).filter { !listed.contains($0.lowercased()) }
        let groups = inventory + (others.isEmpty ? [] : [("Others", others)])
        let names = groups.flatMap(\.1)
        let built = names.count { MethodTable.method(named: $0) != nil }
        text += "\n\(built) of \(names.count) methods are complete.\n"
        for (group, names) in groups {
            text += "\n## \(group)\n\n| method | scope | state |\n| --- | --- | --- |\n"
            for name in names {
                let method = MethodTable.method(named: name)
                let scope = method.map { $0.scope.isEmpty ? "basic" : $0.scope } ?? ""
                let state = method == nil ? "absent" : "complete" + (method?.gap.map { "; \($0)" } ?? "")
                text += "| `\(name)` | \(scope) | \(state) |\n"
            }
        }
        return text
    }
}
