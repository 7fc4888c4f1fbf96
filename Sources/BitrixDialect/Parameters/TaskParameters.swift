import DriveCore
import HTTPEdge

/// Errors of the pages of `tasks.task.*`. The same trouble is worded differently on different pages, so each method
/// names its own.
struct TaskWords: Sendable {
    var wrongID = "wrong task id"
    var noID = "CTaskItem All parameters in the constructor must have real class type (internal error)"
    var unknownResponsible = "The user specified in the \"Responsible\" field was not found<br>"
    var badStatus = "Invalid status<br>"
    var unknownParent = "The task specified in the \"Parent Task\" field was not found<br>"
    var endsBeforeStart = "The end date specified in the scheduling is earlier than the start date<br>"
    var tooLong = "The duration of the task specified in the scheduling is too long<br>"

    /// `get` and `update`.
    static let usual = TaskWords()
    static let add = TaskWords(
        unknownResponsible: "User specified in the \"Responsible\" field not found",
        badStatus: "Incorrect status",
        unknownParent: "Task specified in the \"Parent Task\" field not found",
        endsBeforeStart: "The end date in scheduling is earlier than the start date",
        tooLong: "The specified task duration is too long")
    static let delete = TaskWords(
        noID: "CTaskItem All parameters in the constructor must have real class type")
    /// `files.attach`.
    static let attach = TaskWords(wrongID: "wrong task id (internal error)")

    func failure(_ problem: DriveError.TaskProblem) -> Failure {
        switch problem {
        case .noTitle: .core("Task title is not specified<br>")
        case .noResponsible: .core("Responsible person not specified")
        case .unknownResponsible: .core(unknownResponsible)
        case .unknownPerson: .core("The user specified in the task was not found<br>")
        case .unknownParent: .core(unknownParent)
        case .parentIsItself: .core("Cannot bind the node to itself<br>")
        case .parentIsBelow: .core("Creating cyclic links in tasks is prohibited<br>")
        case .endsBeforeStart: .core(endsBeforeStart)
        case .tooLong: .core(tooLong)
        case .unreadableFile: .core("Insufficient permissions.<br>")
        case .noText: .core("Comment text is not specified")
        case .resultExists: .method("0", "Result already exists.")
        }
    }
}

extension Failure {
    static func core(_ text: String) -> Failure { .method("ERROR_CORE", text) }

    /// What most pages of `tasks.task.*` print behind a text.
    static let internalRemark = " (internal error)"

    static func missing(_ name: String, remark: String = internalRemark) -> Failure {
        .method("100", "Could not find value for parameter {\(name)}\(remark)")
    }

    static func mismatched(
        _ name: String, _ value: Value, type: String, remark: String = internalRemark
    ) -> Failure {
        .method(
            "100",
            "Invalid value {\(value.phpText)} to match with parameter {\(name)}. Should be value of type \(type)."
                + remark)
    }
}

extension Value {
    /// As PHP writes a value into a text.
    fileprivate var phpText: String {
        switch self {
        case .array, .object: isBlank ? "" : "Array"
        case .bool(let flag): flag ? "1" : ""
        default: text ?? ""
        }
    }
}

extension Parameters {
    func taskID(_ words: TaskWords) throws -> TaskItem.ID {
        guard let value = self["taskId"], value != .null else { throw Failure.method("100", words.noID) }
        guard case .id(let id) = value.naming else { throw Failure.method("0", words.wrongID) }
        return TaskItem.ID(id)
    }

    /// An integer argument, bound as the service's controllers do it.
    /// - Parameter remark: what its page prints behind the text of an error.
    func argument(_ name: String, remark: String = Failure.internalRemark) throws -> Int64 {
        guard let value = self[name], value != .null else { throw Failure.missing(name, remark: remark) }
        if let number = value.integer { return number }
        guard case .id(let id) = value.naming else {
            throw Failure.mismatched(name, value, type: "int", remark: remark)
        }
        return id
    }

    /// The members of `fields`, which must have some.
    func taskFields(_ words: TaskWords, dates: WireDates) throws -> TaskFields {
        guard let value = self["fields"], !value.isEmptyContainer else { throw Failure.missing("fields") }
        guard let members = value.members else { throw Failure.mismatched("fields", value, type: "array") }
        var fields = TaskFields()
        for member in members { try fields.read(member.key, member.value, words, dates) }
        return fields
    }
}

extension TaskFields {
    /// Takes over one member of `fields`. Those that a file service has no use for are passed over.
    fileprivate mutating func read(_ name: String, _ value: Value, _ words: TaskWords, _ dates: WireDates) throws {
        switch name {
        case "TITLE": title = try value.plainText(name)
        case "DESCRIPTION": description = try value.plainText(name)
        case "STATUS":
            guard let found = value.integer.flatMap(TaskItem.Status.init) else { throw Failure.core(words.badStatus) }
            status = found
        case "PRIORITY":
            guard let found = value.integer.flatMap(TaskItem.Priority.init) else {
                throw Failure.core("Incorrect priority<br>")
            }
            priority = found
        case "PARENT_ID": try readParent(value, words)
        case "GROUP_ID":
            guard let found = value.isBlank ? 0 : value.integer, found >= 0 else {
                throw Failure.core("Incorrect group<br>")
            }
            group = found
        case "CREATED_BY": creator = try person(value, .unknownPerson, words)
        case "RESPONSIBLE_ID":
            if value.isBlank { throw words.failure(.noResponsible) }
            responsible = try person(value, .unknownResponsible, words)
        case "ACCOMPLICES": accomplices = try people(value, words)
        case "AUDITORS": auditors = try people(value, words)
        case "DEADLINE": deadlineMs = .some(try date(name, value, dates))
        case "START_DATE_PLAN": startPlanMs = .some(try date(name, value, dates))
        case "END_DATE_PLAN": endPlanMs = .some(try date(name, value, dates))
        case "UF_CRM_TASK": crmLinks = try Self.crmLinks(value)
        case "UF_TASK_WEBDAV_FILES": files = try value.files(or: words.failure(.unreadableFile))
        default: break
        }
    }

    private mutating func readParent(_ value: Value, _ words: TaskWords) throws {
        if value.isBlank || value.integer == 0 || value.boolean == false {
            parent = .some(nil)
        } else if case .id(let id) = value.naming {
            parent = .some(TaskItem.ID(id))
        } else {
            throw words.failure(.unknownParent)
        }
    }

    private func person(_ value: Value, _ problem: DriveError.TaskProblem, _ words: TaskWords) throws -> Person.ID {
        guard case .id(let id) = value.naming else { throw words.failure(problem) }
        return Person.ID(id)
    }

    private func people(_ value: Value, _ words: TaskWords) throws -> [Person.ID] {
        if value.isEmptyContainer { return [] }
        return try value.elements.map { try person($0, .unknownPerson, words) }
    }

    private func date(_ name: String, _ value: Value, _ dates: WireDates) throws -> Int64? {
        if value.isBlank || value == .bool(false) { return nil }
        guard let ms = value.text.flatMap(dates.milliseconds) else {
            throw Failure.core("Incorrect date in the \"\(name)\" field<br>")
        }
        return ms
    }

    /// `C_627`, `CO_591`, `T88_3` ... (task fields page).
    private static func crmLinks(_ value: Value) throws -> [String] {
        if value.isEmptyContainer || value == .bool(false) { return [] }
        return try value.elements.map { element in
            guard let text = element.text, let match = text.wholeMatch(of: /([A-Z]{1,3}[0-9a-f]{0,8})_[0-9]{1,18}/)
            else { throw Failure.core("Incorrect value in the \"UF_CRM_TASK\" field<br>") }
            return String(match.0)
        }
    }
}

extension Value {
    /// The files that a `disk_file` field names: `n123` a file of a drive, a bare number what is attached already (task
    /// reference, 7.2). An empty list may come as empty text.
    /// - Throws: `failure` for anything else.
    func files(or failure: Failure) throws -> [TaskFields.File] {
        if isEmptyContainer || self == .bool(false) { return [] }
        return try elements.compactMap { element in
            if element.isBlank { return nil }
            if case .id(let id) = element.naming { return .attachment(Attachment.ID(id)) }
            guard let text = element.text, text.first == "n",
                case .id(let id) = Value.string(String(text.dropFirst())).naming
            else { throw failure }
            return .node(Node.ID(id))
        }
    }
}

extension Value {
    /// Text of a field; empty for null.
    fileprivate func plainText(_ name: String) throws -> String {
        if self == .null { return "" }
        guard let text else { throw Failure.core("Incorrect value in the \"\(name)\" field<br>") }
        return text
    }
}
