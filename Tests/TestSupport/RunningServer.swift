import Foundation
import HTTPEdge
import Logging

/// Runs a server on a free port around `body`, which gets the port, and waits until it has stopped.
package func withServer(
    _ settings: EdgeSettings = .init(), surfaces: [any Surface], _ body: (Int) async throws -> Void
) async throws {
    var settings = settings
    settings.port = 0
    var log = Logger(label: "test")
    log.logLevel = .critical
    let server = try EdgeServer(settings: settings, surfaces: surfaces, log: log)
    let (ports, continuation) = AsyncStream<Int>.makeStream()
    let running = Task { try await server.run { continuation.yield($0) } }
    var iterator = ports.makeAsyncIterator()
    let port = await iterator.next() ?? 0
    do {
        try await body(port)
    } catch {
        running.cancel()
        _ = await running.result
        throw error
    }
    running.cancel()
    try await running.value
}

/// Runs blocking code, such as that of a raw socket, off the cooperative threads.
package func blocking<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
    try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread { continuation.resume(with: Swift.Result { try body() }) }
    }
}
