import Foundation
import Logging
import Synchronization
import TestSupport
import Testing

@testable import SQLStore

@Suite("Tasks on a database's own threads")
struct ExecutorTests {
    private func thread() -> UInt { UInt(pthread_self()) }

    @Test("what a task there reads is read on the thread it is on", arguments: Engine.allCases)
    func sameThread(engine: Engine) async throws {
        try await withTables(engine) { database async throws in
            try await withTaskExecutorPreference(database.executor) {
                for _ in 0..<20 {
                    let mine = thread()
                    let reading = try await database.read { _ in thread() }
                    #expect(reading == mine)
                }
            }
            let elsewhere = try await database.read { _ in thread() }
            #expect(elsewhere != thread())
        }
    }

    @Test("many tasks there read and write beside each other", arguments: Engine.allCases)
    func many(engine: Engine) async throws {
        try await withTables(engine) { database async throws in
            try await withTaskExecutorPreference(database.executor) {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for number in 0..<100 {
                        group.addTask {
                            let name = "\(number)"
                            try await database.write { tx in _ = try tx.run("INSERT INTO name (name) VALUES (\(name))")
                            }
                            #expect(try await database.names().contains(name))
                        }
                    }
                    try await group.waitForAll()
                }
            }
            #expect(try await database.names().count == 100)
        }
    }

    @Test("what a task began goes on elsewhere while the task itself reads for long", arguments: Engine.allCases)
    func help(engine: Engine) async throws {
        try await withTables(engine) { database async throws in
            try await withTaskExecutorPreference(database.executor) {
                let others = DispatchSemaphore(value: 0)
                async let first: Void = { _ = others.signal() }()
                async let second: Void = {
                    _ = try await database.names()
                    others.signal()
                }()
                let outcomes = try await database.read { _ in
                    (0..<2).map { _ in others.wait(timeout: .now() + .seconds(30)) }
                }
                #expect(outcomes == [.success, .success])
                _ = try await (first, second)
            }
        }
    }

    @Test("tasks that one began read beside each other, on new threads and on idle ones", arguments: Engine.allCases)
    func together(engine: Engine) async throws {
        try await withTables(engine) { database async throws in
            try await withTaskExecutorPreference(database.executor) {
                for _ in 0..<2 {
                    let meeting = Meeting(of: 4)
                    let outcomes = try await withThrowingTaskGroup(of: DispatchTimeoutResult.self) { group in
                        for _ in 0..<4 {
                            group.addTask { try await database.read { _ in meeting.come() } }
                        }
                        return try await group.reduce(into: []) { $0.append($1) }
                    }
                    #expect(outcomes == [.success, .success, .success, .success])
                    // Until all four threads are idle.
                    try await Task.sleep(for: .milliseconds(200))
                }
            }
        }
    }

    @Test("a task there outlives the database; its reads are refused", arguments: Engine.allCases)
    func closed(engine: Engine) async throws {
        try await withTables(engine) { database async throws in
            await withTaskExecutorPreference(database.executor) {
                await database.close()
                await #expect(throws: SQLError.self) { try await database.names() }
            }
        }
    }

    @Test("a thread that is long in opening its connection, and then fails, holds nothing up", .timeLimit(.minutes(2)))
    func failingStart() async throws {
        final class Connection {}
        let (starts, second, opening) = (Counter(), DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        let workers = Workers<Connection>(limit: 2) { work throws(SQLError) in
            guard starts.next() > 1 else { return work(Connection()) }
            second.signal()
            _ = opening.wait(timeout: .now() + 60)
            throw .unavailable("no connection")
        }
        let (begun, busy) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        async let long: DispatchTimeoutResult = workers.perform { _ in
            begun.signal()
            return busy.wait(timeout: .now() + 60)
        }
        #expect(try await blocking { begun.wait(timeout: .now() + 60) } == .success)
        async let waiting = workers.perform { _ in 1 }
        #expect(try await blocking { second.wait(timeout: .now() + 60) } == .success)
        // The first thread ends what it does, takes what waits, and falls idle while the second still opens.
        busy.signal()
        #expect(try await long == .success)
        #expect(try await waiting == 1)
        #expect(try await workers.perform { _ in 2 } == 2)
        opening.signal()
        #expect(try await workers.perform { _ in 3 } == 3)
        await workers.close()
        await #expect(throws: SQLError.self) { try await workers.perform { _ in 4 } }
    }

    @Test("a connection that cannot be opened refuses the read, and the next one tries again")
    func unopenable() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/x.sqlite"
            let database = try await DatabaseLocation.sqlite(path: path).open(log: Logger(label: "test"))
            // Nothing was read yet, so only the writer has the file open.
            try FileManager.default.moveItem(atPath: path, toPath: path + "-away")
            for _ in 0..<2 {
                await #expect {
                    try await database.read { tx in try tx.int("SELECT 1") }
                } throws: { error in
                    if case .unavailable = error as? SQLError { true } else { false }
                }
            }
            try FileManager.default.moveItem(atPath: path + "-away", toPath: path)
            #expect(try await database.read { tx in try tx.int("SELECT 1") } == 1)
            await database.close()
        }
    }
}

/// Where threads wait until all of them have come.
private final class Meeting: Sendable {
    private let number: Int
    private let arrived = Mutex(0)
    private let allAreIn = DispatchSemaphore(value: 0)

    init(of number: Int) { self.number = number }

    /// Blocks the thread, half a minute at most.
    func come() -> DispatchTimeoutResult {
        let count = arrived.withLock { count in
            count += 1
            return count
        }
        if count == number { for _ in 0..<number { allAreIn.signal() } }
        return allAreIn.wait(timeout: .now() + .seconds(30))
    }
}

private final class Counter: Sendable {
    private let count = Mutex(0)

    /// 1, then 2, ...
    func next() -> Int {
        count.withLock { count in
            count += 1
            return count
        }
    }
}
