/// `WorkerThreads` that hold connections of one type.
struct Workers<Connection: AnyObject>: Sendable {
    private let threads: WorkerThreads

    /// - Parameter hold: called on each thread: makes its connection, hands it to `work`, which returns once the workers
    ///   are closed, and ends it. When it throws and no other thread is left, what waits is refused with its error.
    /// - Parameter afterJob: called on the thread whenever it has ended what it did.
    init(
        limit: Int, hold: @escaping @Sendable (_ work: (Connection) -> Void) throws(SQLError) -> Void,
        afterJob: @escaping @Sendable (Connection) -> Void = { _ in }
    ) {
        threads = WorkerThreads(
            limit: limit, hold: { work throws(SQLError) in try hold { work($0) } },
            afterJob: { afterJob(Self.connection($0)) })
    }

    /// Where tasks run on these threads.
    var executor: any TaskExecutor { threads }

    /// Runs `job` on the connection of the thread the caller is on, or else of the next free one.
    /// - Throws: what `job` throws; `.unavailable` when closed.
    func perform<Result: Sendable>(
        _ job: @escaping @Sendable (Connection) throws -> Result
    ) async throws -> Result {
        if let held = threads.heldHere() { return try job(Self.connection(held)) }
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
        threads.submit({ job(Self.connection($0)) }, reject: reject)
    }

    /// Refuses what waits, lets what runs finish, and ends the threads. Safe to repeat.
    func close() async { await threads.close() }

    /// As `close`, for when nobody can wait: the threads end by themselves.
    func abandon() { threads.abandon() }

    /// What a thread holds came out of `hold`.
    private static func connection(_ held: AnyObject) -> Connection { unsafeDowncast(held, to: Connection.self) }
}
