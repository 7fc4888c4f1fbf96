import DriveCore
import HTTPEdge

/// The way of a call whose caller is known: single calls and batch commands both go through here.
enum Dispatcher {
    /// The method of that name, if `grant` may call it.
    /// - Throws: 404 when there is none, 403 without its scope or without an application where it needs one.
    static func method(named name: String, for grant: Grant) throws(Failure) -> Method {
        guard let method = MethodTable.method(named: name) else { throw .system(.methodNotFound) }
        guard method.isOpen(to: grant.scopes) else {
            throw .system(grant.credential.kind == .webhook ? .insufficientWebhookScope : .insufficientTokenScope)
        }
        if method.needsApplication, grant.credential.application == nil {
            throw .system(.applicationContextRequired)
        }
        return method
    }

    /// - Throws: `CancellationError` when nobody waits for the answer any more; otherwise `Failure`.
    static func run(_ method: Method, _ tree: Value, _ call: CallContext) async throws -> Answer {
        do {
            return try await method.run(Parameters(tree), call)
        } catch let error as CancellationError {
            throw error
        } catch {
            throw Failure(error, words: method.words, log: call.log)
        }
    }
}
