import DequeModule
import Dispatch
import Glibc
import Synchronization

/// Threads that hold a thing each, a connection, and take jobs from one queue. Tasks may run on them too (a
/// `TaskExecutor`): what such a task asks of the database runs on the connection of the thread it is on, at once and
/// without a switch of threads.
///
/// One thread is woken at a time. Once awake it takes a job and has the next one woken if there is more, so that many jobs
/// that come at once wake as many threads as can get at them, which is one while the processor is busy. A thread is
/// started when a job finds the others busy, up to the number allowed.
///
/// A job that comes from a thread of these, as when a task goes on elsewhere, waits for that thread to end its job: waking
/// another takes longer than most jobs. Before it turns to the database, and when it ends with more to do than it can take,
/// it calls for help. So nothing waits for a long read while a thread is idle; what a thread leaves while it computes waits
/// for it, and it must never block on that.
///
/// No generic type: the runtime calls `enqueue`, and of a generic type it would look up everything anew each time.
final class WorkerThreads: Sendable {
    private enum Job {
        case transaction(run: (AnyObject) -> Void, reject: (SQLError) -> Void)
        case task(UnownedJob)
    }

    /// Jobs and closures pass from thread to thread, each to one only.
    private struct State: @unchecked Sendable {
        var waiting: Deque<Job> = []
        var idle: [Seat] = []
        /// Whether a thread was woken that has not come for its job yet.
        var isOneComing = false
        /// Whether a thread was started that has not come yet: it may take long to make what it holds, or fail. So it holds
        /// back other starts, and no wake.
        var isOneStarting = false
        var isClosed = false
        var running = 0
        var threads: [pthread_t] = []
        var whenEnded: [() -> Void] = []
    }

    private let limit: Int
    private let hold: @Sendable (_ work: (AnyObject) -> Void) throws(SQLError) -> Void
    private let afterJob: @Sendable (AnyObject) -> Void
    private let state = Mutex(State())

    /// - Parameter hold: called on each thread: makes what the thread holds, hands it to `work`, which returns once the
    ///   threads are to end, and ends it. When it throws and no other thread is left, what waits is refused with its error.
    /// - Parameter afterJob: called on the thread with what it holds whenever a job has ended.
    init(
        limit: Int, hold: @escaping @Sendable (_ work: (AnyObject) -> Void) throws(SQLError) -> Void,
        afterJob: @escaping @Sendable (AnyObject) -> Void
    ) {
        self.limit = limit
        self.hold = hold
        self.afterJob = afterJob
    }

    /// What the thread this is called on holds, for use until the job it is in ends; nil on any other thread than one of
    /// these.
    func heldHere() -> AnyObject? {
        guard let seat = ownSeat else { return nil }
        if seat.leftJobs {
            seat.leftJobs = false
            callForHelp()
        }
        return seat.held
    }

    /// Has one of the threads run `job` on what it holds, and does not wait.
    /// - Parameter reject: called instead when closed.
    func submit(_ job: @escaping (AnyObject) -> Void, reject: @escaping (SQLError) -> Void) {
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
        let (isTaken, woken) = state.withLock { state -> (Bool, Seat?) in
            if state.isClosed { return (false, nil) }
            state.waiting.append(job)
            return (true, seat == nil ? help(&state) : nil)
        }
        if isTaken { seat?.leftJobs = true }
        woken?.wake()
        return isTaken
    }

    /// Has another thread come if anything waits.
    private func callForHelp() { state.withLock { state in help(&state) }?.wake() }

    /// Starts a thread if anything waits and none is idle, coming or starting.
    /// - Returns: the thread that fell idle last, which is to be woken then.
    private func help(_ state: inout State) -> Seat? {
        if state.waiting.isEmpty || state.isOneComing { return nil }
        if let seat = state.idle.popLast() {
            state.isOneComing = true
            return seat
        }
        if state.running < limit, !state.isOneStarting {
            state.isOneStarting = true
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

    private func refuse(_ jobs: Deque<Job>, _ error: SQLError) {
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
        do throws(SQLError) { try hold { work(holding: $0) } } catch { failure = error }
        let (left, ended) = state.withLock { state -> (Deque<Job>, [() -> Void]) in
            state.running -= 1
            if failure != nil {
                state.isOneStarting = false
                // Once closed, whoever closed it waits for this thread.
                if !state.isClosed {
                    state.threads.removeAll { pthread_equal($0, pthread_self()) != 0 }
                    pthread_detach(pthread_self())
                }
            }
            guard state.running == 0 else { return ([], []) }
            defer { if failure != nil { state.waiting = [] } }
            return (failure == nil ? [] : state.waiting, state.whenEnded)
        }
        if let failure { refuse(left, failure) }
        for tell in ended { tell() }
    }

    private func work(holding held: AnyObject) {
        let seat = Seat(owner: self, held: held)
        pthread_setspecific(seatKey, Unmanaged.passUnretained(seat).toOpaque())
        let executor = asUnownedTaskExecutor()
        var arrival = Arrival.started
        while let job = next(seat, &arrival) {
            switch job {
            case .transaction(let run, _): run(held)
            case .task(let task): task.runSynchronously(on: executor)
            }
            afterJob(held)
        }
        pthread_setspecific(seatKey, nil)
    }

    /// What brought a thread to the queue.
    private enum Arrival { case started, woken, endOfJob }

    /// Waits for a job; nil when closed.
    private func next(_ seat: Seat, _ arrival: inout Arrival) -> Job? {
        while true {
            seat.leftJobs = false
            let (job, isOver, woken) = state.withLock { state -> (Job?, Bool, Seat?) in
                switch arrival {
                case .started: state.isOneStarting = false
                case .woken: state.isOneComing = false
                case .endOfJob: break
                }
                if let job = state.waiting.popFirst() { return (job, false, help(&state)) }
                if !state.isClosed { state.idle.append(seat) }
                return (nil, state.isClosed, nil)
            }
            arrival = .endOfJob
            woken?.wake()
            if job != nil || isOver { return job }
            seat.wait()
            arrival = .woken
        }
    }

    /// The seat of the thread this is called on; nil on any other thread than one of these.
    private var ownSeat: Seat? {
        guard let pointer = pthread_getspecific(seatKey) else { return nil }
        let seat = Unmanaged<Seat>.fromOpaque(pointer).takeUnretainedValue()
        return seat.owner === self ? seat : nil
    }
}

extension WorkerThreads: TaskExecutor {
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

/// What a thread knows of itself.
///
/// `@unchecked Sendable`: other threads only wake it; everything else is touched on the thread itself.
private final class Seat: @unchecked Sendable {
    unowned let owner: WorkerThreads
    /// The thread's own; whoever wakes it may be the last to refer to this seat.
    unowned let held: AnyObject
    /// Whether jobs came from this thread that no other was woken for.
    var leftJobs = false
    private let sleep = DispatchSemaphore(value: 0)

    init(owner: WorkerThreads, held: AnyObject) {
        self.owner = owner
        self.held = held
    }

    func wake() { sleep.signal() }

    /// Sleeps until woken.
    func wait() { sleep.wait() }
}

/// Where each thread keeps its seat.
private let seatKey = {
    var key = pthread_key_t()
    let code = pthread_key_create(&key, nil)
    precondition(code == 0, "no key for the threads' own data: \(String(cString: strerror(code)))")
    return key
}()

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
