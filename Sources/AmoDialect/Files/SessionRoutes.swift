import DriveCore
import HTTPEdge
import Hummingbird

/// Uploads in parts: open a session, then send one part after another to the URL each answer names.
enum SessionRoutes {
    static let all: [Route] =
        [.files(.post, "/v1.0/sessions", open)]
        + ["/v1.0/sessions/upload/{session_token}", "/upload/{session_token}"].flatMap { pattern in
            [Route.open(.post, pattern, receive), .open(.get, pattern, progress)]
        }

    @Sendable private static func open(_ call: Call) async throws -> Answer {
        let body = try await call.visit.json()
        guard case .object = body else { throw Failure([.wrongType("", "object")]) }
        let new = try Self.newUpload(body, maxSize: call.drive.settings.maxFileSize)
        let upload = try await call.drive.openUpload(new, as: try await author(body, call))
        return .value([
            "max_file_size": .int(call.drive.settings.maxFileSize),
            "max_part_size": .int(call.drive.settings.maxPartSize),
            "session_id": .int(upload.id.rawValue),
            "upload_url": .string(
                try UploadToken.url(part: 1, of: upload, in: call.drive, origin: call.request.origin)),
        ])
    }

    /// - Throws: 400 with everything that is wrong.
    private static func newUpload(_ body: Value, maxSize: Int64) throws -> NewUpload {
        var fields = FieldReader(body)
        let typed = fields.text("file_name", required: true, limit: 255)
        let size = fields.integer("file_size", required: true)
        let file = fields.text("file_uuid")
        let uuid = file.flatMap(UUIDText.init)?.text
        let wantsPreview = fields.boolean("with_preview") ?? false
        var name: FileName?
        if let typed {
            // Some clients send a path; the last segment is the name.
            let last = typed.split(omittingEmptySubsequences: false) { $0 == "/" || $0 == "\\" }.last ?? ""
            if let problem = FileName.problem(in: String(last)) {
                fields.report(.name(problem, at: "file_name"))
            } else {
                name = try FileName.read(String(last), at: "file_name")
            }
        }
        if let size, size <= 0 {
            fields.report(.invalid("file_size", "file_size must be greater than 0"))
        } else if let size, size > maxSize {
            fields.report(.invalid("file_size", "file_size must not be greater than \(maxSize)"))
        }
        if let file, !file.isEmpty, uuid == nil {
            fields.report(.invalid("file_uuid", "This is not a valid UUID."))
        }
        try fields.finish()
        guard let name, let size else { throw Failure([.missing("file_name")]) }
        var new = NewUpload(name: name, sizeBytes: size)
        new.mediaType = MediaType.declared(body["content_type"]?.text)
        new.fileUUID = uuid
        new.wantsPreview = wantsPreview
        return new
    }

    /// Whose upload it is: an administrator may name another user of the account in `created_by`.
    private static func author(_ body: Value, _ call: Call) async throws -> Caller {
        guard call.caller.isAdministrator, let id = body["created_by"]?.present("id")?.integer,
            let person = try await call.drive.personIfAny(Person.ID(id)), person.isActive
        else { return call.caller }
        return Caller(person: person.id, isAdministrator: true, application: call.caller.application)
    }

    /// The body is the part's raw bytes under any content type; the URL is the only credential.
    @Sendable private static func receive(_ visit: Visit) async throws -> Answer {
        let token = try await UploadToken.read(visit.captures["session_token"] ?? "", in: visit.drive)
        let limit = visit.drive.settings.maxPartSize
        if let declared = visit.request.headers[.contentLength].flatMap(Int64.init), declared > limit {
            throw DriveError.upload(.partTooLong(limit: limit))
        }
        let outcome = try await visit.drive.receivePart(
            token.partNumber, of: Upload.ID(token.sessionID), body: visit.request.checkedBody())
        switch outcome {
        case .more(let upload):
            let next = try UploadToken.url(
                part: token.partNumber + 1, of: upload, in: visit.drive, origin: visit.request.origin)
            return .value(["next_url": .string(next), "session_id": .int(upload.id.rawValue)])
        case .finished(let file, let upload):
            let links = Links(origin: visit.request.origin, account: visit.drive.account)
            return .value(try FileWire.value(file, links, session: upload.id))
        }
    }

    /// Where an upload stands (not the vendor's): `next_url` is null when everything has come.
    @Sendable private static func progress(_ visit: Visit) async throws -> Answer {
        let token = try await UploadToken.read(visit.captures["session_token"] ?? "", in: visit.drive)
        let upload = try await visit.drive.upload(Upload.ID(token.sessionID))
        let isComplete = upload.receivedBytes >= upload.sizeBytes
        let next =
            isComplete
            ? nil
            : try UploadToken.url(
                part: upload.nextPart, of: upload, in: visit.drive, origin: visit.request.origin)
        return .value([
            "session_id": .int(upload.id.rawValue), "next_url": next.map(Value.string) ?? .null,
            "uploaded": .int(upload.receivedBytes), "file_size": .int(upload.sizeBytes),
        ])
    }
}
