import Foundation
import Glibc

/// Threads with a connection each, taking jobs from one queue. Tasks may run on them too (a `TaskExecutor`): what such a
/// task asks of the database runs on the connection of the thread it is on, at once and without a switch of threads.
///
/// A thread is started when a job finds all others busy, up to the number allowed.
///
/// `@unchecked Sendable`: what changes is touched under `condition` only.
final class Workers<Connection>: @unchecked Sendable {
    private enum Job {
        case transaction(run: (Connection) -> Void, reject: (SQLError) -> Void)
        case task(UnownedJob)
    }

    private let limit: Int
    private let hold: @Sendable (_ work: (Connection) -> Void) throws(SQLError) -> Void
    private let condition = NSCondition()
    private var waiting: [Job] = []
    private var isClosed = false
    private var running = 0
    private var idle = 0
    private var threads: [pthread_t] = []
    private var whenEnded: [() -> Void] = []

    /// - Parameter hold: called on each thread: makes what the thread works with, hands it to `work`, which returns once
    ///   the workers are closed, and ends it. When it throws, what waits for a thread is refused with its error.
    init(limit: Int, hold: @escaping @Sendable (_ work: (Connection) -> Void) throws(SQLError) -> Void) {
        self.limit = limit
        self.hold = hold
    }

    /// Runs `job` on the connection of the thread the caller is on, or else of the next free one.
    /// - Throws: what `job` throws; `.unavailable` when closed.
    func perform<Result: Sendable>(
        _ job: @escaping @Sendable (Connection) throws -> Result
    ) async throws -> Result {
        if let connection = ownConnection { return try job(connection) }
        return try await withCheckedThrowingContinuation { continuation in
            submit { connection in
                continuation.resume(with: Swift.Result { try job(connection) })
            } reject: { error in
                continuation.resume(throwing: error)
            }
        }
    }

    /// Has one of the threads run `job`, and does not wait.
    /// - Parameter reject: called instead when closed.
    func submit(_ job: @escaping (Connection) -> Void, reject: @escaping (SQLError) -> Void) {
        if !add(.transaction(run: job, reject: reject)) { reject(Self.closed) }
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

    /// - Returns: false when closed: nobody will do the job.
    private func add(_ job: Job) -> Bool {
        let isTaken = condition.withLock {
            if isClosed { return false }
            waiting.append(job)
            if waiting.count > idle, running < limit {
                running += 1
                threads.append(startThread { self.live() })
            }
            return true
        }
        // With the lock given back: whoever wakes up takes it at once.
        if isTaken { condition.signal() }
        return isTaken
    }

    private func stop() {
        let left = condition.withLock {
            isClosed = true
            condition.broadcast()
            return takeWaiting()
        }
        refuse(left, Self.closed)
    }

    private func takeWaiting() -> [Job] {
        defer { waiting = [] }
        return waiting
    }

    private func refuse(_ jobs: [Job], _ error: SQLError) {
        for job in jobs {
            switch job {
            case .transaction(_, let reject): reject(error)
            case .task(let task): runElsewhere(task)
            }
        }
    }

    private static var closed: SQLError { .unavailable("the database was closed") }

    private func takeThreads() -> [pthread_t] {
        condition.withLock {
            defer { threads = [] }
            return threads
        }
    }

    /// A thread's life.
    private func live() {
        var failure: SQLError?
        do throws(SQLError) { try hold { work($0) } } catch { failure = error }
        condition.lock()
        running -= 1
        // Once closed, whoever closed it waits for this thread.
        if failure != nil, !isClosed {
            threads.removeAll { pthread_equal($0, pthread_self()) != 0 }
            pthread_detach(pthread_self())
        }
        let left = failure == nil || running > 0 ? [] : takeWaiting()
        let ended = running == 0 ? whenEnded : []
        condition.unlock()
        if let failure { refuse(left, failure) }
        for tell in ended { tell() }
    }

    private func work(_ connection: Connection) {
        let seat = Seat(owner: self, connection: connection)
        pthread_setspecific(seatKey, Unmanaged.passUnretained(seat).toOpaque())
        while let job = next() {
            switch job {
            case .transaction(let run, _): run(connection)
            case .task(let task): task.runSynchronously(on: asUnownedTaskExecutor())
            }
        }
        pthread_setspecific(seatKey, nil)
    }

    /// Waits for a job; nil when closed.
    private func next() -> Job? {
        condition.lock()
        defer { condition.unlock() }
        idle += 1
        while waiting.isEmpty && !isClosed { condition.wait() }
        idle -= 1
        return waiting.isEmpty ? nil : waiting.removeFirst()
    }

    /// The connection of the thread this is called on; nil on any other thread than one of these.
    private var ownConnection: Connection? {
        guard let pointer = pthread_getspecific(seatKey) else { return nil }
        let seat = Unmanaged<AnySeat>.fromOpaque(pointer).takeUnretainedValue()
        guard seat.owner === self else { return nil }
        return unsafeDowncast(seat, to: Seat<Connection>.self).connection
    }
}

extension Workers: TaskExecutor {
    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        if !add(.task(job)) { runElsewhere(job) }
    }

    /// A task outlives the database it ran on: it goes on, and what it asks of the database is refused.
    private func runElsewhere(_ job: UnownedJob) {
        let executor = asUnownedTaskExecutor()
        DispatchQueue.global().async { job.runSynchronously(on: executor) }
    }
}

/// What a thread of some workers knows of itself.
private class AnySeat {
    unowned let owner: AnyObject
    init(owner: AnyObject) { self.owner = owner }
}

private final class Seat<Connection>: AnySeat {
    let connection: Connection
    init(owner: AnyObject, connection: Connection) {
        self.connection = connection
        super.init(owner: owner)
    }
}

/// Outside the generic type, which can have no stored statics: where each thread keeps its seat.
private let seatKey = {
    var key = pthread_key_t()
    let code = pthread_key_create(&key, nil)
    precondition(code == 0, "no key for the threads' own data: \(String(cString: strerror(code)))")
    return key
}()

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
