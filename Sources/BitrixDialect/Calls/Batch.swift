import DriveCore
import HTTPEdge

/// Several calls in one (vendor page `settings/how-to-call-rest-api/batch`).
struct Batch: Sendable {
    static let maxCommands = 50

    let commands: [Value.Member]
    let stopsAtFailure: Bool

    /// - Throws: `Failure` when `cmd` is missing or no list.
    init(_ params: Parameters) throws {
        guard let commands = params["cmd"]?.members else { throw Failure.argument("cmd", "it is no list of commands") }
        self.commands = commands
        stopsAtFailure = try params.flag("halt")
    }

    /// Runs the commands in order. A failed command is an entry of `result_error`, never a failure of the whole.
    func run(_ call: CallContext) async throws -> Value {
        var results: [Value.Member] = []
        var errors: [Value.Member] = []
        var totals: [Value.Member] = []
        var nexts: [Value.Member] = []
        var times: [Value.Member] = []
        for (index, command) in commands.enumerated() {
            do {
                guard index < Self.maxCommands else { throw Failure.system(.batchLengthExceeded) }
                var inner = call
                inner.startedMs = call.drive.now()
                let answer = try await run(command.value, earlier: results, inner)
                results.append(.init(command.key, answer.result))
                if let total = answer.total { totals.append(.init(command.key, .int(total))) }
                if let next = answer.next { nexts.append(.init(command.key, .int(next))) }
                let time = Envelope.time(
                    startedMs: inner.startedMs, finishedMs: call.drive.now(), operating: answer.operating,
                    dates: call.dates)
                times.append(.init(command.key, time))
            } catch let failure as Failure {
                errors.append(.init(command.key, Envelope.failure(failure)))
                if stopsAtFailure { break }
            }
        }
        return .object([
            .init("result", .phpArray(results)), .init("result_error", .phpArray(errors)),
            .init("result_total", .phpArray(totals)), .init("result_next", .phpArray(nexts)),
            .init("result_time", .phpArray(times)),
        ])
    }

    private func run(_ command: Value, earlier: [Value.Member], _ call: CallContext) async throws -> Answer {
        guard let text = command.text else { throw Failure.system(.methodNotFound) }
        let question = text.firstIndex(of: "?") ?? text.endIndex
        let name = CallAddress.split(String(text[..<question])).name
        if ["batch", "upload", "download"].contains(name.lowercased()) {
            throw Failure.system(.batchMethodNotAllowed)
        }
        let method = try Dispatcher.admitted(
            MethodTable.method(named: name), for: call.grant, call.limits, atMs: call.startedMs)
        if method.isBarredFromBatch { throw Failure.system(.batchMethodNotAllowed) }
        let tree: Value
        do {
            tree = try Value.query(String(text[question...].dropFirst()))
        } catch {
            throw Failure(error)
        }
        return try await Dispatcher.run(method, BatchReferences(earlier).resolve(tree), call)
    }
}

extension Value {
    /// A map as PHP writes it: `[]` when empty, a list when its keys are 0, 1, 2 ..., else an object.
    static func phpArray(_ members: [Member]) -> Value {
        let isList = members.enumerated().allSatisfy { String($0.offset) == $0.element.key }
        return isList ? .array(members.map(\.value)) : .object(members)
    }
}
