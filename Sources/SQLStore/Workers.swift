import Dispatch
import Glibc
import Synchronization

/// Threads with a connection each, taking jobs from one queue. Tasks may run on them too (a `TaskExecutor`): what such a
/// task asks of the database runs on the connection of the thread it is on, at once and without a switch of threads.
///
/// A job goes to the thread that fell idle last. One that comes from a thread of these, as when a task goes on elsewhere,
/// waits for that thread to end its job: waking another takes longer than most jobs. Before it turns to the database, and
/// when it ends with more to do than it can take, it calls for help. So nothing waits for a long read while a thread is
/// idle; what a thread leaves while it computes waits for it, and it must never block on that. A thread is started when a
/// job finds the others busy, up to the number allowed.
final class Workers<Connection>: Sendable {
    fileprivate enum Job {
        case transaction(run: (Connection) -> Void, reject: (SQLError) -> Void)
        case task(UnownedJob)
    }

    /// Jobs and closures pass from thread to thread, each to one only.
    private struct State: @unchecked Sendable {
        /// While a thread is idle, only what another left for itself, or what one that was woken will call for help with.
        var waiting: [Job] = []
        var idle: [Seat<Connection>] = []
        var isClosed = false
        var running = 0
        var threads: [pthread_t] = []
        var whenEnded: [() -> Void] = []
    }

    private let limit: Int
    private let hold: @Sendable (_ work: (Connection) -> Void) throws(SQLError) -> Void
    private let state = Mutex(State())

    /// - Parameter hold: called on each thread: makes what the thread works with, hands it to `work`, which returns once
    ///   the workers are closed, and ends it. When it throws and no other thread is left, what waits is refused with its
    ///   error.
    init(limit: Int, hold: @escaping @Sendable (_ work: (Connection) -> Void) throws(SQLError) -> Void) {
        self.limit = limit
        self.hold = hold
    }

    /// Runs `job` on the connection of the thread the caller is on, or else of the next free one.
    /// - Throws: what `job` throws; `.unavailable` when closed.
    func perform<Result: Sendable>(
        _ job: @escaping @Sendable (Connection) throws -> Result
    ) async throws -> Result {
        if let seat = ownSeat {
            if seat.leftJobs {
                seat.leftJobs = false
                callForHelp()
            }
            return try job(seat.connection)
        }
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
            let isOver = state.withLock { state in
                if state.running > 0 { state.whenEnded.append { continuation.resume() } }
                return state.running == 0
            }
            if isOver { continuation.resume() }
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
        let seat = ownSeat
        let (isTaken, woken) = state.withLock { state -> (Bool, Seat<Connection>?) in
            if state.isClosed { return (false, nil) }
            state.waiting.append(job)
            return (true, seat == nil ? help(&state) : nil)
        }
        if isTaken { seat?.leftJobs = true }
        woken?.wake()
        return isTaken
    }

    /// Has another thread do what waits, if anything does; that one calls for help in turn.
    private func callForHelp() { state.withLock { state in help(&state) }?.wake() }

    /// Gives the job that waits longest to the thread that fell idle last, which is to be woken then, or starts a thread.
    private func help(_ state: inout State) -> Seat<Connection>? {
        if state.waiting.isEmpty { return nil }
        if let seat = state.idle.popLast() {
            seat.given = state.waiting.removeFirst()
            return seat
        }
        if state.running < limit {
            state.running += 1
            state.threads.append(startThread { self.live() })
        }
        return nil
    }

    private func stop() {
        let (left, idle) = state.withLock { state in
            state.isClosed = true
            defer { (state.waiting, state.idle) = ([], []) }
            return (state.waiting, state.idle)
        }
        for seat in idle { seat.wake() }
        refuse(left, Self.closed)
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
        state.withLock { state in
            defer { state.threads = [] }
            return state.threads
        }
    }

    /// A thread's life.
    private func live() {
        var failure: SQLError?
        do throws(SQLError) { try hold { work($0) } } catch { failure = error }
        let (left, ended) = state.withLock { state -> ([Job], [() -> Void]) in
            state.running -= 1
            // Once closed, whoever closed it waits for this thread.
            if failure != nil, !state.isClosed {
                state.threads.removeAll { pthread_equal($0, pthread_self()) != 0 }
                pthread_detach(pthread_self())
            }
            guard state.running == 0 else { return ([], []) }
            defer { if failure != nil { state.waiting = [] } }
            return (failure == nil ? [] : state.waiting, state.whenEnded)
        }
        if let failure { refuse(left, failure) }
        for tell in ended { tell() }
    }

    private func work(_ connection: Connection) {
        let seat = Seat(owner: self, connection: connection)
        pthread_setspecific(seatKey, Unmanaged.passUnretained(seat).toOpaque())
        while let job = next(seat) {
            switch job {
            case .transaction(let run, _): run(connection)
            case .task(let task): task.runSynchronously(on: asUnownedTaskExecutor())
            }
        }
        pthread_setspecific(seatKey, nil)
    }

    /// Waits for a job; nil when closed.
    private func next(_ seat: Seat<Connection>) -> Job? {
        seat.leftJobs = false
        let (job, isOver, woken) = state.withLock { state -> (Job?, Bool, Seat<Connection>?) in
            if !state.waiting.isEmpty {
                let job = state.waiting.removeFirst()
                return (job, false, help(&state))
            }
            if !state.isClosed { state.idle.append(seat) }
            return (nil, state.isClosed, nil)
        }
        woken?.wake()
        if job != nil || isOver { return job }
        let given = seat.wait()
        callForHelp()
        return given
    }

    /// The seat of the thread this is called on; nil on any other thread than one of these.
    private var ownSeat: Seat<Connection>? {
        guard let pointer = pthread_getspecific(seatKey) else { return nil }
        let seat = Unmanaged<AnySeat>.fromOpaque(pointer).takeUnretainedValue()
        guard seat.owner === self else { return nil }
        return unsafeDowncast(seat, to: Seat<Connection>.self)
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

/// `@unchecked Sendable`: `given` is written by whoever took the seat from the idle ones, before the thread is woken;
/// everything else is touched on the thread itself only.
private final class Seat<Connection>: AnySeat, @unchecked Sendable {
    let connection: Connection
    /// Whether jobs came from this thread that no other was woken for.
    var leftJobs = false
    /// What the thread is woken for; nil: closed.
    var given: Workers<Connection>.Job?
    private let sleep = DispatchSemaphore(value: 0)

    init(owner: AnyObject, connection: Connection) {
        self.connection = connection
        super.init(owner: owner)
    }

    func wake() { sleep.signal() }

    /// Sleeps until woken.
    func wait() -> Workers<Connection>.Job? {
        sleep.wait()
        defer { given = nil }
        return given
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
