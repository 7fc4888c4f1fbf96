import DriveCore
import HTTPEdge
import Logging

/// One REST method: a name, who may call it, and a translation of parameters into a drive operation and back.
///
/// It never sees an HTTP request, so `batch` is a loop over the same table.
final class Method: Sendable {
    /// As the vendor's page prints it; matched without regard to letter case.
    let name: String
    /// The scope it needs; empty: `basic`, open to every credential.
    let scope: String
    /// What its page has beyond files and this method has not; nil: nothing. Stands in `docs/compat/bitrix24.md`.
    let gap: String?
    /// Refused to webhooks.
    let needsApplication: Bool
    /// True when the page says it cannot stand inside `batch`.
    let isBarredFromBatch: Bool
    /// Where base64 may stand among its parameters, to be decoded while the request is still coming in; nil: nowhere.
    let content: ContentPaths?
    /// The largest content of a call, bytes once decoded; nil: the page names none.
    let contentLimit: Int64?
    /// Its page's texts where pages differ.
    let words: Words
    let run: @Sendable (Parameters, CallContext) async throws -> Answer

    init(
        _ name: String, scope: String, gap: String? = nil, needsApplication: Bool = false,
        isBarredFromBatch: Bool = false,
        content: ContentPaths? = nil, contentLimit: Int64? = nil, words: Words = Words(),
        run: @escaping @Sendable (Parameters, CallContext) async throws -> Answer
    ) {
        self.name = name
        self.scope = scope
        self.gap = gap
        self.needsApplication = needsApplication
        self.isBarredFromBatch = isBarredFromBatch
        self.content = content
        self.contentLimit = contentLimit
        self.words = words
        self.run = run
    }

    /// The one method that is other methods' calls.
    var isBatch: Bool { name == "batch" }

    /// True when a credential with `scopes` may call it. A person's data come in three depths, each a scope of its own.
    func isOpen(to scopes: Set<String>) -> Bool {
        scope.isEmpty || scopes.contains(scope)
            || scope == Self.anyUserScope && !scopes.isDisjoint(with: ["user", "user_basic", "user_brief"])
    }

    /// Methods about people that any of `user`, `user_basic` and `user_brief` opens.
    static let anyUserScope = "user_brief"
}

/// What a method answers: `result`, and for lists `total` and `next` beside it.
struct Answer: Sendable {
    var result: Value
    var total: Int64?
    var next: Int64?
    /// What the call's `time` says of operating time; nil: nothing is counted.
    var operating: OperatingTime?

    init(_ result: Value, total: Int64? = nil, next: Int64? = nil) {
        self.result = result
        self.total = total
        self.next = next
    }
}

/// What a method knows of the call it serves.
struct CallContext: Sendable {
    let drive: Drive
    let grant: Grant
    /// When the call began, milliseconds since 1970.
    var startedMs: Int64
    let wire: WireContext
    let limits: LimitKeeper
    private let request: EdgeRequest

    init(
        drive: Drive, grant: Grant, request: EdgeRequest, startedMs: Int64, wire: WireContext, limits: LimitKeeper
    ) {
        self.drive = drive
        self.grant = grant
        self.request = request
        self.startedMs = startedMs
        self.wire = wire
        self.limits = limits
    }

    var requestID: String { request.id }
    var log: Logger { request.log }
    var caller: Caller { grant.caller }
    var dates: WireDates { wire.dates }
}

/// What turning a drive's things into wire values needs.
struct WireContext: Sendable {
    /// Whom links act for.
    let caller: Caller
    /// `scheme://host[:port]` that links are built on.
    let origin: String
    /// The account's way of writing dates.
    let dates: WireDates
    let links: Links
}
