import DriveCore
import HTTPEdge
import Logging

/// One REST method: a name, who may call it, and a translation of parameters into a drive operation and back.
///
/// It never sees an HTTP request, so `batch` is a loop over the same table.
struct Method: Sendable {
    /// As the vendor's page prints it; matched without regard to letter case.
    let name: String
    /// The scope it needs; empty: `basic`, open to every credential.
    let scope: String
    /// Refused to webhooks.
    let needsApplication: Bool
    /// True when the page says it cannot stand inside `batch`.
    let isBarredFromBatch: Bool
    let run: @Sendable (Parameters, CallContext) async throws -> Answer

    init(
        _ name: String, scope: String, needsApplication: Bool = false, isBarredFromBatch: Bool = false,
        run: @escaping @Sendable (Parameters, CallContext) async throws -> Answer
    ) {
        self.name = name
        self.scope = scope
        self.needsApplication = needsApplication
        self.isBarredFromBatch = isBarredFromBatch
        self.run = run
    }
}

/// What a method answers: `result`, and for lists `total` and `next` beside it.
struct Answer: Sendable {
    var result: Value
    var total: Int64?
    var next: Int64?

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
    /// `scheme://host[:port]` that links are built on.
    let origin: String
    let requestID: String
    let log: Logger
    /// When the call began, milliseconds since 1970.
    let startedMs: Int64

    var caller: Caller { grant.caller }
}
