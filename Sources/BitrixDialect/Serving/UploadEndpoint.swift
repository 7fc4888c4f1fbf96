import DriveCore
import HTTPEdge

/// The second step of a two-step upload: a multipart post whose credential is the address itself.
struct UploadEndpoint: Sendable {
    /// The name of the part that carries the file.
    static let field = "file"

    private let surface: BitrixSurface

    init(_ surface: BitrixSurface) { self.surface = surface }

    func answer(_ request: EdgeRequest) async throws -> Answer {
        let query = try Value.query(request.query)
        guard let auth = query["auth"]?.text, !auth.isEmpty, let token = query["token"]?.text else {
            throw Failure.system(.noAuthFound)
        }
        let (bearer, upload) = try surface.links.openUpload(token, auth: auth)
        let caller = try await surface.caller(bearer)
        // Before any byte is received; the drive asks again when the file is made.
        try await surface.drive.checkMayAddFile(to: upload.folder, as: caller)
        let intake = Intake(drive: surface.drive)
        do {
            let file = try await store(request, bearer, upload, caller, intake)
            await intake.discardAll()
            return Answer(NodeWire.value(file, as: .newFile, surface.wire(caller, request)))
        } catch {
            await intake.discardAll()
            throw error
        }
    }

    private func store(
        _ request: EdgeRequest, _ bearer: Links.Bearer, _ upload: SealedUpload, _ caller: Caller, _ intake: Intake
    ) async throws -> Node {
        let received = try await request.parameters(diversion: intake.parts)
        guard let part = received.uploads.first(where: { $0.field == Self.field }),
            let receiver = part.receiver as? StagedReceiver
        else { throw Failure.argument(Self.field, "there is no file in the request") }
        let name = try FileName(upload.name ?? part.fileName)
        try await surface.drive.checkMayAddFile(to: upload.folder, named: upload.uniqueName ? nil : name, as: caller)
        return try await surface.drive.addFile(
            named: name, in: upload.folder, content: receiver.stage.finish(), mediaType: part.mediaType,
            uniqueName: upload.uniqueName, rights: upload.rights,
            ticket: OneTimeTicket(nonce: bearer.nonce, expiresMs: bearer.expiresMs), as: caller)
    }
}

extension BitrixSurface {
    /// The person a link was given to, as they are now.
    /// - Throws: `Failure` 401 when that person may no longer sign in.
    func caller(_ bearer: Links.Bearer) async throws -> Caller {
        let person = try await drive.person(bearer.person)
        guard person.isActive else { throw Failure.system(.userNotAuthorized) }
        return Caller(
            person: person.id, isAdministrator: person.isAdministrator, application: bearer.application,
            departments: person.departments)
    }
}
