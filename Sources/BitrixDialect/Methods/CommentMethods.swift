import DriveCore
import HTTPEdge

/// `task.commentitem.*`: comments on tasks, their arguments by order.
enum CommentMethods {
    static let all = [add, getList, get, update, delete, isActionAllowed]

    static let add = Method(
        "task.commentitem.add", scope: "task",
        gap: "the comment does not appear in the task's chat, nor a chat message among the comments"
    ) { params, call in
        let arguments = PositionalArguments(params, [.task, .fields], words("add"))
        let task = try arguments.id(0, of: TaskItem.self)
        let fields = try CommentFields(arguments, at: 1, noText: CommentFailure.noText, dates: call.dates)
        do {
            return Answer(.int(try await call.drive.addComment(fields, to: task, as: call.caller).rawValue))
        } catch DriveError.notFound(.task) {
            throw CommentFailure.noAccess
        } catch DriveError.notFound(.person) {
            throw CommentFailure.noAuthor
        } catch DriveError.task(.unreadableFile) {
            throw CommentFailure.noFile
        }
    }

    /// The newest first unless `ORDER` says otherwise; all of them: the page knows no pages.
    static let getList = Method("task.commentitem.getlist", scope: "task") { params, call in
        let words = words("getlist")
        let arguments = PositionalArguments(params, [.task, .order, .filter], words)
        let task = try arguments.id(0, of: TaskItem.self)
        let syntax = CommentWire.syntax
        let order = try arguments.optionalObject(1) { key in syntax.entries.contains { $0.name == key } }
        let filter = try arguments.optionalObject(2) { key in
            let name = key.drop { "!<>=".contains($0) }
            return prefixes.contains(String(key.dropLast(name.count)))
                && syntax.entries.contains { $0.name == name && $0.filters }
        }
        let comments: [TaskComment]
        do {
            let listing = Listing<CommentField>(
                conditions: try syntax.conditions(filter, dates: call.dates),
                order: order.isEmpty ? [.init(.id, descending: true)] : try syntax.order(order),
                limit: Method.wholeList, wantsTotal: false)
            comments = try await call.drive.comments(of: task, listing, as: call.caller)
        } catch is Failure {
            throw words.failed()
        } catch DriveError.notFound(.task), DriveError.invalidListing {
            throw words.failed()
        }
        return Answer(.array(comments.map { CommentWire.value($0, call.wire) }))
    }

    static let get = Method("task.commentitem.get", scope: "task") { params, call in
        let words = words("get")
        let arguments = PositionalArguments(params, [.task, .item], words)
        let (task, id) = (try arguments.id(0, of: TaskItem.self), try arguments.id(1, of: TaskComment.self))
        do {
            let comment = try await call.drive.comment(id, of: task, as: call.caller)
            return Answer(CommentWire.value(comment, call.wire))
        } catch DriveError.notFound(.comment) {
            throw words.notFound
        }
    }

    static let update = Method("task.commentitem.update", scope: "task") { params, call in
        let words = words("update")
        let arguments = PositionalArguments(params, [.task, .item, .fields], words)
        let (task, id) = (try arguments.id(0, of: TaskItem.self), try arguments.id(1, of: TaskComment.self))
        let fields = try CommentFields(
            arguments, at: 2, noText: CommentFailure.noTextInUpdate, dates: call.dates)
        do {
            try await call.drive.updateComment(id, of: task, with: fields, as: call.caller)
        } catch DriveError.denied(.comment) {
            throw words.refused()
        } catch DriveError.notFound(.person) {
            throw CommentFailure.noAuthor
        } catch DriveError.task(.unreadableFile) {
            throw CommentFailure.noFile
        }
        return Answer(true)
    }

    static let delete = Method("task.commentitem.delete", scope: "task") { params, call in
        let words = words("delete")
        let arguments = PositionalArguments(params, [.task, .item], words)
        let (task, id) = (try arguments.id(0, of: TaskItem.self), try arguments.id(1, of: TaskComment.self))
        do {
            try await call.drive.deleteComment(id, of: task, as: call.caller)
        } catch DriveError.denied(.comment) {
            throw words.refused()
        }
        return Answer(true)
    }

    /// 1 adding, 2 changing, 3 deleting. False for what is not there.
    static let isActionAllowed = Method("task.commentitem.isactionallowed", scope: "task") { params, call in
        let arguments = PositionalArguments(params, [.task, .item, .action], words("isactionallowed"))
        let (task, id) = (try arguments.id(0, of: TaskItem.self), try arguments.id(1, of: TaskComment.self))
        let action = try arguments.integer(2)
        do {
            _ = try await call.drive.comment(id, of: task, as: call.caller)
        } catch DriveError.notFound(.comment) {
            return Answer(false)
        }
        return Answer(.bool(action == 1 || (2...3).contains(action) && call.caller.isAdministrator))
    }

    /// Prefixes the page of `getlist` names, and none.
    private static let prefixes: Set<String> = ["", "!", "<", "<=", ">", ">="]

    private static func words(_ method: String) -> LegacyWords {
        LegacyWords(method: "ctaskcommentitem::\(method)()", tail: "")
    }
}

extension Method {
    /// Rows of a list whose page knows no pages: as good as all.
    static let wholeList: Int64 = 1_000_000
}
