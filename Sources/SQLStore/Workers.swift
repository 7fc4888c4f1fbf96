import Foundation
import Glibc

/// Threads with a connection each, taking jobs from one queue.
///
/// `@unchecked Sendable`: what changes is touched under `condition` only.
final class Workers<Connection>: @unchecked Sendable {
    private struct Job {
        let run: (Connection) -> Void
        let reject: (SQLError) -> Void
    }

    private let condition = NSCondition()
    private var waiting: [Job] = []
    private var isClosed = false
    private var running: Int
    private var threads: [pthread_t] = []
    private var whenEnded: [() -> Void] = []
    private let end: @Sendable (Connection) -> Void

    /// - Parameter connection: makes what a thread works with; called on the thread that will own it.
    /// - Parameter end: called on that thread when it ends.
    init(
        count: Int, connection: @escaping @Sendable () -> Connection,
        end: @escaping @Sendable (Connection) -> Void = { _ in }
    ) {
        running = count
        self.end = end
        for _ in 0..<count { threads.append(startThread { self.work(connection()) }) }
    }

    /// Runs `job` on the next free connection's thread.
    /// - Throws: what `job` throws; `.unavailable` when closed.
    func perform<Result: Sendable>(
        _ job: @escaping @Sendable (Connection) throws -> Result
    ) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            let job = Job(
                run: { connection in continuation.resume(with: Swift.Result { try job(connection) }) },
                reject: { continuation.resume(throwing: $0) })
            condition.lock()
            if isClosed {
                condition.unlock()
                return job.reject(Self.closed)
            }
            waiting.append(job)
            condition.signal()
            condition.unlock()
        }
    }

    /// Refuses what waits, lets what runs finish, and ends the threads. Safe to repeat.
    func close() async {
        stop()
        await withCheckedContinuation { continuation in
            condition.lock()
            if running == 0 {
                condition.unlock()
                return continuation.resume()
            }
            whenEnded.append { continuation.resume() }
            condition.unlock()
        }
        for thread in takeThreads() { pthread_join(thread, nil) }
    }

    /// As `close`, for when nobody can wait: the threads end by themselves.
    func abandon() {
        stop()
        for thread in takeThreads() { pthread_detach(thread) }
    }

    private func stop() {
        condition.lock()
        isClosed = true
        let refused = waiting
        waiting = []
        condition.broadcast()
        condition.unlock()
        for job in refused { job.reject(Self.closed) }
    }

    private static var closed: SQLError { .unavailable("the database was closed") }

    private func takeThreads() -> [pthread_t] {
        condition.withLock {
            defer { threads = [] }
            return threads
        }
    }

    private func work(_ connection: Connection) {
        while let job = next() { job.run(connection) }
        end(connection)
        condition.lock()
        running -= 1
        let ended = running == 0 ? whenEnded : []
        condition.unlock()
        for tell in ended { tell() }
    }

    /// Waits for a job; nil when closed.
    private func next() -> Job? {
        condition.lock()
        defer { condition.unlock() }
        while waiting.isEmpty && !isClosed { condition.wait() }
        return waiting.isEmpty ? nil : waiting.removeFirst()
    }
}

/// Outside the generic type: a C function pointer knows no type parameters.
private func startThread(_ body: @escaping () -> Void) -> pthread_t {
    final class Box {
        let body: () -> Void
        init(_ body: @escaping () -> Void) { self.body = body }
    }
    var thread = pthread_t()
    let code = pthread_create(
        &thread, nil,
        { pointer in
            guard let pointer else { return nil }
            Unmanaged<Box>.fromOpaque(pointer).takeRetainedValue().body()
            return nil
        }, Unmanaged.passRetained(Box(body)).toOpaque())
    precondition(code == 0, "cannot start a thread: \(String(cString: strerror(code)))")
    return thread
}
