import DriveCore
import HTTPEdge
import Logging

extension Failure {
    /// Single calls, batch commands and links all come through here. What is unexpected is logged, never shown.
    init(_ error: any Error, words: Words = Words(), log: Logger) {
        switch error {
        case let failure as Failure: self = failure
        case let bad as BadArgument:
            self = .method("ERROR_ARGUMENT", words.argument ?? "Invalid value of parameter `\(bad.name)`")
        case let error as DriveError: self.init(error, words)
        case let error as ParsingError: self.init(error)
        default:
            log.error("unexpected failure", metadata: ["error": "\(String(reflecting: error))"])
            self = .system(.internalServerError)
        }
    }

    private init(_ error: DriveError, _ words: Words) {
        switch error {
        case .notFound(let subject), .trashed(let subject): self.init(notFound: subject)
        case .denied: self = .method("ACCESS_DENIED", "Access denied")
        case .nameTaken(.folder): self = words.folderTaken
        case .nameTaken(.file): self = words.fileTaken
        case .invalidName(let problem): self = .method("ERROR_ARGUMENT", "Invalid name: \(problem.text)")
        case .isRootFolder: self = words.isRootFolder
        case .intoItself: self = .method("DISK_OBJ_22000", "A folder cannot be moved or copied into itself")
        case .noSpace: self = words.noSpace
        case .tooLarge: self = words.tooLarge ?? words.noSpace
        case .invalidRights: self = .method("", "Invalid rights format")
        case .invalidListing(let field):
            self = .argument("filter", "`\(field)` cannot be compared or ordered so")
        case .versionOfAnotherFile:
            self = .method("DISK_FILE_22004", "Cannot restore version from another file")
        case .upload: self = .argument("file", "the upload was refused")
        case .ticketUsed: self = .argument("token", "the link was used already")
        case .taken(let name): self = .method("ERROR_CORE", "User with login \(name) already exists.<br>")
        case .invalidValue(let name): self = .argument(name, "such a value is not accepted")
        case .credential(let problem): self.init(problem)
        case .token(let problem): self.init(problem)
        // Methods of chats and tasks have words of their own for these; what they leave comes as this.
        case .chat: self = .method("ACCESS_ERROR", "You don't have access to this chat")
        case .task: self = .method("ERROR_CORE", "The task cannot be so<br>")
        case .item: self = .method("ERROR_ARGUMENT", "Invalid value of an item")
        }
    }

    private init(notFound subject: DriveError.Subject) {
        switch subject {
        case .storage(let id): self.init(noEntity: id.description)
        case .node(let id): self.init(noEntity: id.description)
        case .version(let id): self.init(noEntity: id.description)
        case .attachment(let id): self.init(noEntity: id.description)
        case .person(let id): self.init(noEntity: id.description)
        case .task(let id): self.init(noEntity: id.description)
        case .comment(let id): self.init(noEntity: id.description)
        case .checklistItem(let id): self.init(noEntity: id.description)
        case .file(let uuid), .versionUUID(let uuid): self.init(noEntity: uuid)
        case .application: self = .method("ERROR_NOT_FOUND", "Could not find application by app_id")
        case .chat: self = .method("ERROR_NOT_FOUND", "Could not find chat")
        case .entity: self = .method("ERROR_NOT_FOUND", "Could not find entity")
        case .upload: self = .method("ERROR_NOT_FOUND", "Could not find upload")
        }
    }

    private init(noEntity id: String) {
        self = .method("ERROR_NOT_FOUND", "Could not find entity with id `\(id)`")
    }

    /// Pages: "Statuses and System Error Codes"; a wrong and a revoked secret are told apart from an expired one only.
    private init(_ problem: DriveError.CredentialProblem) {
        switch problem {
        case .unknown, .revoked: self = .system(.noAuthFound)
        case .expired: self = .system(.expiredToken)
        case .personInactive: self = .system(.userNotAuthorized)
        case .noAccess: self = .system(.userAccessError)
        }
    }

    /// What the authorization server says (vendor pages `settings/oauth`); an unknown client is answered 200.
    private init(_ problem: DriveError.TokenProblem) {
        switch problem {
        case .unknownClient: self.init(200, "wrong_client", "There is no application with this client_id")
        case .wrongSecret: self.init(400, "invalid_client", "The client_secret is wrong")
        case .clientRevoked: self.init(401, "NOT_INSTALLED", "Application not installed")
        case .redirectDiffers: self.init(400, "invalid_request", "The redirect_uri is not the registered one")
        case .unknown, .used: self.init(400, "invalid_grant", "The code or refresh token is not valid")
        case .expired: self.init(400, "invalid_grant", "The code or refresh token has expired")
        case .ended: self.init(400, "invalid_grant", "The access was withdrawn")
        case .noAccess: self.init(400, "invalid_grant", "The user does not have access to the application")
        case .scopesExceedCard:
            self.init(403, "insufficient_scope", "The access given exceeds what the application may use now")
        }
    }

    init(_ error: ParsingError) {
        let trouble =
            switch error {
            case .malformed(let text): text
            case .tooLarge: "The request is too large"
            case .tooDeep: "The parameters are nested too deeply"
            case .tooMany: "There are too many parameters"
            case .cutShort: "The request ended before its declared length"
            }
        self.init(400, "INVALID_REQUEST", trouble)
    }
}

extension FileName.Problem {
    fileprivate var text: String {
        switch self {
        case .empty: "it is empty"
        case .tooLong: "it is longer than \(FileName.maxBytes) bytes"
        case .forbiddenCharacter: "it has one of / \\ : * ? \" < > | or a control character"
        case .reserved: "it is reserved"
        case .bidirectionalControl: "it has a character that reorders text"
        }
    }
}
