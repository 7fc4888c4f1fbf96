import HTTPEdge

/// What an application asks for by sending a browser here. Whatever else stands in the query, an address to be sent
/// back to above all, counts for nothing: the application's card has it.
struct AuthorizationRequest: Sendable {
    let clientID: String
    let state: String?
    /// Where the page's forms are sent: the page itself.
    let address: String

    /// - Throws: `ParsingError`; `Unreadable`.
    init(_ request: EdgeRequest, at door: AuthorizationDoor) throws {
        let query = try Value.query(request.query)
        clientID = try Self.text("client_id", in: query) ?? ""
        state = try Self.text("state", in: query)
        address = "\(door.path)/?\(request.query)"
    }

    struct Unreadable: Error {}

    private static func text(_ name: String, in query: Value) throws -> String? {
        switch query[name] {
        case nil, .null: nil
        case .string(let text): text
        default: throw Unreadable()
        }
    }
}

/// A form that was sent in.
struct SubmittedForm: Sendable {
    enum Action: String, Sendable {
        case signIn = "sign-in"
        case signOut = "sign-out"
        case allow, refuse
    }

    /// Nil for a button no page has.
    let action: Action?
    let token: String
    let login: String
    let password: String

    /// Reads the body.
    /// - Throws: `ParsingError`.
    init(_ request: EdgeRequest) async throws {
        let tree = try await request.parameters(limits: .form, diversion: nil).tree
        func text(_ name: String) -> String { if case .string(let text) = tree[name] { text } else { "" } }
        action = Action(rawValue: text("do"))
        token = text("form")
        login = text("login")
        password = text("password")
    }
}
