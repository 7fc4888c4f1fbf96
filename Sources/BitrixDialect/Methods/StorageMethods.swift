import DriveCore
import HTTPEdge

/// `disk.storage.*`.
enum StorageMethods {
    static let all: [Method] = [
        Method("disk.storage.getfields", scope: "disk") { _, _ in Answer(FieldsWire.value(FieldsWire.storage)) },

        Method("disk.storage.gettypes", scope: "disk") { _, _ in Answer(["user", "common", "group"]) },

        Method("disk.storage.get", scope: "disk") { params, call in
            // The page: `null` when the id is not a number, an error only when there is none.
            if let id = params["id"], !id.isBlank, !id.looksNumeric { return Answer(.null) }
            return Answer(StorageWire.value(try await call.drive.storage(params.id("id"), as: call.caller)))
        },

        Method("disk.storage.getlist", scope: "disk") { params, call in
            let listing = try StorageWire.syntax.listing(params, dates: call.dates)
            return Answer(try await call.drive.storages(listing, as: call.caller), of: listing, row: StorageWire.value)
        },

        Method("disk.storage.getchildren", scope: "disk") { params, call in
            let id: Storage.ID = try params.id("id")
            let listing = try NodeWire.syntax.listing(params, dates: call.dates)
            let page = try await call.drive.children(ofStorage: id, listing, as: call.caller)
            return Answer(page, of: listing) { NodeWire.value($0, call.wire) }
        },

        Method("disk.storage.addfolder", scope: "disk", words: .parameter1) { params, call in
            let id: Storage.ID = try params.id("id")
            let name = try FileName(params.dataName())
            let rights = try RightsWire.rights(params)
            let storage = try await call.drive.storage(id, as: call.caller)
            let folder = try await call.drive.addFolder(
                named: name, in: storage.root, rights: rights, as: call.caller)
            return Answer(NodeWire.value(folder, as: .newFolder, call.wire))
        },

        Method("disk.storage.uploadfile", scope: "disk", content: .fileContent) { params, call in
            let id: Storage.ID = try params.id("id")
            guard let content = try params.fileContent() else { throw BadArgument("fileContent") }
            let upload = try UploadRequest(params)
            _ = try upload.fileName()
            let storage = try await call.drive.storage(id, as: call.caller)
            return Answer(try await upload.store(content, in: storage.root, call))
        },

        Method("disk.storage.getforapp", scope: "disk", needsApplication: true) { _, call in
            guard call.caller.isAdministrator else { throw Failure.method("ACCESS_DENIED", "Access denied") }
            return Answer(StorageWire.value(try await call.drive.applicationStorage(as: call.caller)))
        },

        Method("disk.storage.rename", scope: "disk", needsApplication: true) { params, call in
            let id: Storage.ID = try params.id("id")
            let name = try FileName(params.text("newName"))
            guard call.caller.isAdministrator else { throw Failure.method("ACCESS_DENIED", "Access denied") }
            do {
                return Answer(StorageWire.value(try await call.drive.rename(storage: id, to: name, as: call.caller)))
            } catch DriveError.denied {
                throw Failure.method("", "Access denied (invalid type of storage)")
            }
        },
    ]
}

extension Value {
    /// A number of any size and sign, as JSON or as text.
    fileprivate var looksNumeric: Bool {
        switch self {
        case .int, .double: true
        case .string(let text): Double(text) != nil
        default: false
        }
    }
}
