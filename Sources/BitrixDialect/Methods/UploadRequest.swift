import DriveCore
import HTTPEdge

/// What the two `uploadFile` methods have in common.
struct UploadRequest: Sendable {
    /// `data.NAME`; nil when it is missing.
    let name: String?
    let uniqueName: Bool
    let rights: [Right]

    /// - Throws: `Failure` for a flag or rights that cannot be read.
    init(_ params: Parameters) throws {
        name = params["data"]?["NAME"]?.text.flatMap { $0.isEmpty ? nil : $0 }
        uniqueName = try params.flag("generateUniqueName")
        rights = try RightsWire.rights(params)
    }

    /// The name of a file whose content came with the call.
    func fileName() throws -> FileName {
        guard let name else {
            throw Failure.method(
                "DISK_BASE_SERVICE_22001", "Error: required parameter NAME (DISK_BASE_SERVICE_22001)")
        }
        return try FileName(name)
    }

    /// A new file from content that came with the call.
    func store(_ incoming: IncomingContent, in folder: Node.ID, _ call: CallContext) async throws -> Value {
        let fileName = try fileName()
        try await call.drive.checkMayAddFile(to: folder, named: uniqueName ? nil : fileName, as: call.caller)
        guard let content = try await incoming.finish(in: call.drive) else { throw Words().notSaved }
        let file = try await call.drive.addFile(
            named: fileName, in: folder, content: content, uniqueName: uniqueName, rights: rights, as: call.caller)
        return NodeWire.value(file, as: .newFile, call.wire)
    }

    /// The first step of a two-step upload: where to post the file, and under which part name.
    func address(in folder: Node.ID, _ call: CallContext) async throws -> Value {
        if let name { _ = try FileName(name) }
        try await call.drive.checkMayAddFile(to: folder, as: call.caller)
        let sealed = SealedUpload(folder: folder, name: name, uniqueName: uniqueName, rights: rights)
        return .object([
            .init("field", .string(UploadEndpoint.field)),
            .init("uploadUrl", .string(call.wire.links.upload(sealed, as: call.wire))),
        ])
    }
}

extension Parameters {
    /// `data.NAME` of a new folder.
    /// - Throws: `BadArgument` when it is missing, empty or no text.
    func dataName() throws -> String {
        guard let name = self["data"]?["NAME"]?.text, !name.isEmpty else { throw BadArgument("data") }
        return name
    }
}
