import DriveCore
import HTTPEdge
import Logging

extension Failure {
    /// Every error of every route comes through here.
    init(_ error: any Error, log: Logger) {
        switch error {
        case let failure as Failure: self = failure
        case let error as DriveError: self.init(error)
        case let error as ParsingError: self.init(error)
        case is CancellationError: self.init(.badRequest, "The request was cut short")
        default:
            log.error("unexpected failure", metadata: ["error": "\(error)"])
            self.init(.internalError, "Internal server error")
        }
    }

    private init(_ error: DriveError) {
        switch error {
        case .notFound(let subject): self.init(.notFound, Self.absence(of: subject))
        case .trashed: self.init(.notFound, "File not found")
        case .denied: self.init(.forbidden, "You do not have enough rights")
        case .nameTaken: self.init([.invalid("name", "This name is already taken.")])
        case .invalidName(let problem): self.init([.name(problem, at: "name")])
        case .intoItself: self.init(.badRequest, "A folder cannot be moved into itself")
        case .isRootFolder: self.init(.badRequest, "A root folder cannot be changed")
        case .noSpace: self.init(.badRequest, "Storage limit exceeded")
        case .tooLarge(let limit):
            self.init([.invalid("file_size", "file_size must not be greater than \(limit)")])
        case .invalidRights: self.init(.badRequest, "Invalid rights")
        case .invalidListing(let field): self.init([.invalid(field, "This value cannot be used in a filter.")])
        case .versionOfAnotherFile: self.init([.noChoice("version_uuid")])
        case .upload(let problem): self.init(problem)
        case .ticketUsed: self.init(.conflict, "This link was used already")
        case .taken(let value): self.init(.conflict, "\(value) is taken")
        case .invalidValue(let field): self.init([.invalid(field, "This value is not valid.")])
        case .credential(.noAccess): self.init(.forbidden, "The application is not available to this user")
        case .credential: self = .unauthorized
        // Where tokens are given these have words of their own.
        case .token: self = .unauthorized
        case .chat: self.init(.forbidden, "You do not have enough rights")
        case .task: self.init(.badRequest, "Request validation failed")
        case .item(let index, let problem): self.init(problem, item: "\(index)")
        }
    }

    private static func absence(of subject: DriveError.Subject) -> String {
        switch subject {
        case .node, .file, .attachment: "File not found"
        case .version, .versionUUID: "File version not found"
        case .entity: "Entity not found"
        case .upload: "Upload session not found"
        case .person: "User not found"
        case .storage, .application, .chat, .task, .comment, .checklistItem: "Not found"
        }
    }

    private init(_ problem: DriveError.UploadProblem) {
        switch problem {
        case .gone: self.init(.notFound, "Upload session not found")
        case .emptyPart: self.init(.badRequest, "The part is empty")
        case .partTooLong(let limit): self.init(.tooLarge, "The part is longer than \(limit) bytes")
        case .exceedsDeclaredSize: self.init(.badRequest, "The part exceeds the declared file_size")
        case .differs: self.init(.conflict, "This part was already received with other content")
        case .outOfOrder: self.init(.conflict, "Parts must be sent in order")
        }
    }

    /// - Parameter item: position in the list, or the client's own id of the item.
    init(_ problem: DriveError.ItemProblem, item: String) {
        let path =
            switch problem {
            case .noSuchFile: "\(item).file_uuid"
            case .noSuchEntity: "id"
            case .noSuchPerson(.createdBy): "created_by"
            case .noSuchPerson(.updatedBy): "updated_by"
            case .noSuchPerson: "responsible_user_id"
            case .noSuchTag(.replacement, let position): "_embedded.tags.\(position).id"
            case .noSuchTag(.addition, let position): "tags_to_add.\(position).id"
            case .noSuchRelated(let kind, let position): "_embedded.\(kind.rawValue).\(position).id"
            case .noSuchField(let position, let byCode):
                "custom_fields_values.\(position).\(byCode ? "field_code" : "field_id")"
            case .fieldFile(let position): "custom_fields_values.\(position).values.0.value.file_uuid"
            case .fieldVersion(let position): "custom_fields_values.\(position).values.0.value.version_uuid"
            case .codeTaken: "code"
            case .note(.unknown): "id"
            case .note(.noSuchEntity): "entity_id"
            case .note(.noSuchFile): "params.file_uuid"
            case .note(.noSuchVersion): "params.version_uuid"
            }
        let violation: Violation =
            problem == .codeTaken
            ? .invalid(path, "This code is already taken.", item: item) : .noChoice(path, item: item)
        self.init([violation], detail: "Request validation failed")
    }

    private init(_ error: ParsingError) {
        switch error {
        case .malformed(let text): self.init(.badRequest, text)
        case .tooLarge: self.init(.tooLarge, "The request is too large")
        case .tooDeep: self.init(.badRequest, "The request is nested too deeply")
        case .tooMany: self.init(.badRequest, "The request has too many values")
        case .cutShort: self.init(.badRequest, "The request was cut short")
        }
    }
}
