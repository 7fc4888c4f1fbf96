import Foundation
import Logging

/// PostgreSQL through libpq: a few connections, each with a thread of its own on which whole transactions run.
///
/// Transactions are serializable, as on SQLite; a conflict is tried again, so that callers never see one.
package final class PostgresDatabase: Database {
    package let engine = Engine.postgres
    private let workers: PostgresWorkers

    /// Connections kept open.
    private static let connectionCount = 8

    /// - Throws: `.unavailable` with a text that says what to do when the server cannot be reached.
    package init(uri: String, log: Logger) async throws {
        workers = PostgresWorkers(uri: uri, count: Self.connectionCount, log: log)
        do {
            try await workers.run { connection in try connection.prove() }
        } catch {
            await workers.close()
            throw error
        }
    }

    package func read<Result: Sendable>(
        _ body: @escaping @Sendable (any Transaction) throws -> Result
    ) async throws -> Result {
        try await workers.run { connection in
            try connection.transaction("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", body)
        }
    }

    package func write<Result: Sendable>(
        _ body: @escaping @Sendable (any Transaction) throws -> Result
    ) async throws -> Result {
        try await workers.run { connection in
            try connection.transaction("BEGIN ISOLATION LEVEL SERIALIZABLE", body)
        }
    }

    package func runScript(_ text: String) async throws {
        try await workers.run { connection in try connection.script(text) }
    }

    package func close() async { await workers.close() }
}

/// Threads that take transactions from one queue, each with its own connection.
private final class PostgresWorkers: Sendable {
    private let queue = JobQueue<PostgresConnection>()
    private let count: Int

    init(uri: String, count: Int, log: Logger) {
        self.count = count
        for number in 1...count {
            let queue = queue
            let thread = Thread {
                let connection = PostgresConnection(uri: uri, log: log)
                while let job = queue.next() { job(connection) }
                connection.disconnect()
                queue.workerEnded()
            }
            thread.name = "postgres-\(number)"
            thread.start()
        }
    }

    func run<Result: Sendable>(
        _ work: @escaping @Sendable (PostgresConnection) throws -> Result
    ) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            let isTaken = queue.add { connection in
                continuation.resume(with: Swift.Result { try work(connection) })
            }
            if !isTaken { continuation.resume(throwing: SQLError.unavailable("the database is closed")) }
        }
    }

    /// Returns once every connection is closed; what was queued runs first.
    func close() async {
        await withCheckedContinuation { continuation in
            queue.close(workers: count) { continuation.resume() }
        }
    }
}

/// A queue threads wait at.
///
/// `@unchecked Sendable`: every access to its state holds `condition`.
private final class JobQueue<Resource>: @unchecked Sendable {
    typealias Job = (Resource) -> Void

    private let condition = NSCondition()
    private var jobs: [Job] = []
    private var head = 0
    private var isClosed = false
    private var endedWorkers = 0
    private var onEnd: (workers: Int, tell: () -> Void)?

    /// - Returns: false when the queue takes no more.
    func add(_ job: @escaping Job) -> Bool {
        condition.lock()
        defer { condition.unlock() }
        if isClosed { return false }
        jobs.append(job)
        condition.signal()
        return true
    }

    /// Waits for a job; nil once the queue is closed and empty.
    func next() -> Job? {
        condition.lock()
        defer { condition.unlock() }
        while head == jobs.count && !isClosed { condition.wait() }
        guard head < jobs.count else { return nil }
        let job = jobs[head]
        head += 1
        if head == jobs.count || head > 1024 {
            jobs.removeFirst(head)
            head = 0
        }
        return job
    }

    func close(workers: Int, _ tell: @escaping () -> Void) {
        condition.lock()
        isClosed = true
        let hasEnded = endedWorkers == workers
        if !hasEnded { onEnd = (workers, tell) }
        condition.broadcast()
        condition.unlock()
        if hasEnded { tell() }
    }

    func workerEnded() {
        condition.lock()
        endedWorkers += 1
        let tell = onEnd.flatMap { endedWorkers == $0.workers ? $0.tell : nil }
        condition.unlock()
        tell?()
    }
}
