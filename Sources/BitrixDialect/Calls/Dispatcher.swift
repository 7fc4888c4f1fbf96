import DriveCore
import HTTPEdge

/// The way of a call whose caller is known: single calls and batch commands both go through here.
enum Dispatcher {
    /// The method that a name led to, if `grant` may call it now.
    /// - Throws: 404 when there was none, 403 without its scope, 429 when the caller has used up the method's time, 403
    ///   without an application where it needs one.
    static func admitted(
        _ method: Method?, for grant: Grant, _ limits: LimitKeeper, atMs now: Int64
    ) throws(Failure) -> Method {
        guard let method else { throw .system(.methodNotFound) }
        guard method.isOpen(to: grant.scopes) else {
            throw .system(grant.credential.kind == .webhook ? .insufficientWebhookScope : .insufficientTokenScope)
        }
        try limits.checkTime(of: grant.credential, in: method, atMs: now)
        if method.needsApplication, grant.credential.application == nil {
            throw .system(.applicationContextRequired)
        }
        return method
    }

    /// - Throws: `CancellationError` when nobody waits for the answer any more; otherwise `Failure`.
    static func run(_ method: Method, _ tree: Value, _ call: CallContext) async throws -> Answer {
        let begun = ContinuousClock.now
        do {
            var answer = try await method.run(Parameters(tree), call)
            answer.operating = charge(method, since: begun, call)
            return answer
        } catch let error as CancellationError {
            throw error
        } catch {
            _ = charge(method, since: begun, call)
            throw Failure(error, words: method.words, log: call.log)
        }
    }

    /// Adds the time a call took to what its caller has used of the method. The commands of a batch are charged each to
    /// its own method and the batch itself to none.
    private static func charge(
        _ method: Method, since begun: ContinuousClock.Instant, _ call: CallContext
    ) -> OperatingTime? {
        call.limits.charge(
            call.grant.credential, for: method,
            seconds: method.isBatch ? 0 : (ContinuousClock.now - begun) / .seconds(1), atMs: call.startedMs)
    }
}
