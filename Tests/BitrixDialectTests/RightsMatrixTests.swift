import DriveCore
import HTTPEdge
import SQLStore
import Testing

@testable import BitrixDialect

/// Every method of `disk.*` by every access to every kind of drive. Denial is 400 `ACCESS_DENIED` (disk reference,
/// section 5), and an empty list where a list is asked for (section 9, trap 4).
@Suite("Rights: method by access", .serialized)
struct RightsMatrixTests {
    @Test("every disk method says what it needs")
    func complete() {
        let known = Set(Need.all.map(\.method))
        #expect(known.count == 38)
        for method in MethodTable.all.map({ $0.name.lowercased() }) where method.hasPrefix("disk.") {
            #expect(known.contains(method), "add \(method) to Support/NeededRights.swift")
        }
    }

    @Test("who may is let through, who may not is refused", arguments: Engine.allCases, Holder.all)
    func matrix(engine: Engine, holder: Holder) async throws {
        try await Door.open(engine) { door in
            let stage = try await RightsStage(door, holder)
            for (method, need) in Need.all where need != .application && MethodTable.method(named: method) != nil {
                let reply = try await stage.call(method)
                switch (need, holder.access) {
                case (.anyone, _):
                    #expect(reply.status == 200, "\(method): \(reply.text)")
                    let isReader = holder.access >= .read
                    if method.hasSuffix(".getchildren") {
                        #expect((reply.result != []) == isReader, "\(method)")
                    } else if method == "disk.storage.getlist" {
                        let ids = reply.result.array.map { $0["ID"]?.number }
                        #expect(ids.contains(stage.storage.id.rawValue) == isReader)
                    }
                case (_, let access) where need.isMet(by: access):
                    #expect(reply.status == 200 && reply.result != false, "\(method): \(reply.text)")
                default:
                    #expect(reply.failure == "400 ACCESS_DENIED", "\(method): \(reply.text)")
                    #expect(reply.json["error_description"] == "Access denied")
                }
            }
        }
    }

    @Test("copying needs read on the source, moving edit, and both add on the target", arguments: Engine.allCases)
    func targets(engine: Engine) async throws {
        try await Door.open(engine) { door in
            let (ann, ben) = (try await door.person("ann"), try await door.person("ben"))
            let (webhook, drive) = (try await door.webhook(of: ann.id), door.drive)
            let root = try await drive.personalStorage(of: ben.id).root
            func folder(_ name: String, _ level: Level) async throws -> Node.ID {
                let folder = try await drive.addFolder(named: FileName(name), in: root, as: .system).id
                if level > .none { try await drive.share(folder: folder, with: ann.id, level: level, as: .system) }
                return folder
            }
            for (onSource, onTarget) in Level.allCases.flatMap({ level in Level.allCases.map { (level, $0) } }) {
                let source = try await folder("source \(onSource) \(onTarget)", onSource)
                let target = try await folder("target \(onSource) \(onTarget)", onTarget)
                for method in ["disk.file.copyto", "disk.folder.copyto", "disk.file.moveto", "disk.folder.moveto"] {
                    let id =
                        method.hasPrefix("disk.file")
                        ? try await drive.systemFile(method, in: source).id
                        : try await drive.addFolder(named: FileName(method), in: source, as: .system).id
                    let reply = try await door.call(
                        method, ["id": .int(id.rawValue), "targetFolderId": .int(target.rawValue)], webhook: webhook)
                    let needed: Level = method.hasSuffix("copyto") ? .read : .edit
                    #expect(
                        onSource >= needed && onTarget >= .add
                            ? reply.status == 200 && reply.result != false : reply.failure == "400 ACCESS_DENIED",
                        "\(method) with \(onSource) on the source and \(onTarget) on the target: \(reply.text)")
                }
            }
        }
    }

    @Test("an application's drive asks for its context first and for an administrator then", arguments: Engine.allCases)
    func applications(engine: Engine) async throws {
        try await Door.open(engine) { door in
            let application = try #require(try await door.drive.applications().first)
            let ann = try await door.person("ann")
            _ = try await door.drive.registerToken(
                "annstoken", kind: .bitrix24, person: ann.id, application: application.id, title: "",
                scopes: Door.allScopes, expiresMs: nil)
            let own = try await door.send(.get, "/rest/disk.storage.getforapp?auth=\(door.token)").result
            let rename = "disk.storage.rename?id=\(own["ID"]?.text ?? "")&newName=Mine&auth="
            for call in ["disk.storage.getforapp?auth=", rename] {
                let webhook = try await door.send(.get, door.webhook + call)
                #expect(webhook.failure == "403 ACCESS_DENIED")
                #expect(webhook.json["error_description"] == "Access denied! Application context required")
                #expect(try await door.send(.get, "/rest/" + call + "annstoken").failure == "400 ACCESS_DENIED")
                #expect(try await door.send(.get, "/rest/" + call + door.token).result["ENTITY_TYPE"] == "restapp")
            }
        }
    }
}

/// A drive with Ann in front of it, who holds what `holder` says. Everything in it is the system's work: a maker's own
/// right to edit gives nobody anything.
private struct RightsStage {
    let door: Door
    let storage: Storage
    private let webhook: String?
    private let token: String?
    private let task: Int64

    init(_ door: Door, _ holder: Holder) async throws {
        self.door = door
        let drive = door.drive
        let (ann, ben) = (try await door.person("ann"), try await door.person("ben"))
        let owner = holder.source == .ownership ? ann.id : ben.id
        switch holder.drive {
        case .user: storage = try await drive.personalStorage(of: owner)
        case .group:
            let members = holder.source == .membership ? [ann.id] : []
            let group = try await drive.addGroup(named: "Sales", owner: owner, members: members, as: .system)
            storage = try await drive.storage(group.storage, as: .system)
        case .restapp:
            let application = try #require(try await drive.applications().first?.id)
            storage = try await drive.applicationStorage(
                as: Caller(person: Person.ID(1), isAdministrator: true, application: application))
            if holder.source == .application {
                _ = try await drive.registerToken(
                    "annstoken", kind: .bitrix24, person: ann.id, application: application, title: "",
                    scopes: Door.allScopes, expiresMs: nil)
            }
        default: storage = try await drive.storage(drive.account.commonStorage, as: .system)
        }
        let level = Level(rawValue: Int64(min(holder.access.rawValue, Access.full.rawValue))) ?? .none
        if holder.source == .grant {
            try await drive.share(folder: storage.root, with: ann.id, level: level, as: .system)
        }
        token = holder.source == .application ? "annstoken" : nil
        webhook = holder.source == .administration ? door.webhook : try await door.webhook(of: ann.id)
        task = try await door.addTask(["TITLE": "Somebody's", "RESPONSIBLE_ID": 1])
        // Something to list from the beginning.
        _ = try await drive.addFolder(named: FileName("There"), in: storage.root, as: .system)
    }

    /// Calls `method` on things made for this call alone.
    func call(_ method: String) async throws -> Reply {
        var params = try await params(method)
        guard let token else { return try await door.call(method, params, webhook: webhook) }
        if case .object(let members) = params { params = .object(members + [.init("auth", .string(token))]) }
        return try await door.call(method, params, webhook: "/rest/")
    }

    private func params(_ method: String) async throws -> Value {
        let drive = door.drive
        if method == "disk.file.search" { return ["QUERY": "There"] }
        if method.hasPrefix("disk.storage.") {
            return ["id": .int(storage.id.rawValue), "data": ["NAME": .string("new " + method)], "fileContent": "aGk="]
        }
        let folder = try await drive.addFolder(named: FileName("of " + method), in: storage.root, as: .system)
        let target = try await drive.addFolder(named: FileName("target of " + method), in: storage.root, as: .system)
        let file = try await drive.systemFile("file.txt", in: folder.id)
        let version = file.content?.version.rawValue ?? 0
        _ = try await drive.addVersion(to: file.id, content: drive.staged("second"), as: .system)
        var id = method.hasPrefix("disk.folder.") ? folder.id.rawValue : file.id.rawValue
        switch method {
        case "disk.file.restore": _ = try await drive.trash(file.id, kind: .file, as: .system)
        case "disk.folder.restore": _ = try await drive.trash(folder.id, kind: .folder, as: .system)
        case "disk.version.get": id = version
        case "disk.attachedobject.get":
            id = try await drive.attach(file.id, to: TaskItem.ID(task), as: door.administrator).rawValue
        default: break
        }
        return [
            "id": .int(id), "targetFolderId": .int(target.id.rawValue), "newName": .string("renamed by " + method),
            "data": ["NAME": "new"], "fileContent": "aGk=", "versionId": .int(version), "userId": 1,
            "taskName": "disk_access_read",
        ]
    }
}
