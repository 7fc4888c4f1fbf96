import Foundation
import Synchronization

/// What happens to one request on its way.
enum Fault: Sendable, Equatable {
    case none
    /// The server gets so many bytes of the request, then both sides lose the connection.
    case requestCut(after: Int, withReset: Bool)
    /// The server gets the whole request; the client gets so many bytes of the answer.
    case answerCut(after: Int, withReset: Bool)
    /// The request stops for a while after so many bytes.
    case pause(after: Int)
    /// The server gets the request twice at once; the client gets the first answer to come.
    case twiceAtOnce
    /// The server gets the request again after it was answered; the client gets the second answer.
    case again
    /// Nobody takes the connection on.
    case refused
}

/// A TCP proxy between a client that opens a connection for each request and a server, which does to each request what
/// it is told.
final class FaultyProxy: Sendable {
    private let listener: Listener
    private let relay: Relay

    var port: Int { listener.port }

    /// - Parameter choose: asked once for each request, in any order.
    init(_ choose: @escaping @Sendable (Message) -> Fault) throws {
        let (listener, relay) = (try Listener(), Relay(choose))
        self.listener = listener
        self.relay = relay
        Thread.detachNewThread {
            while let client = listener.next() {
                Thread.detachNewThread { relay.serve(client) }
            }
        }
    }

    deinit { listener.stop() }

    /// - Parameter port: where the server listens; 0: nowhere.
    func lead(to port: Int) { relay.upstream.withLock { $0 = port } }
}

/// What the proxy's threads share.
private final class Relay: Sendable {
    let upstream = Mutex(0)
    private let choose: @Sendable (Message) -> Fault

    init(_ choose: @escaping @Sendable (Message) -> Fault) { self.choose = choose }

    func serve(_ client: Connection) {
        let request = client.receive { Message(bytes: $0).body != nil }
        guard Message(bytes: request).body != nil else { return }
        let fault = choose(Message(bytes: request))
        guard fault != .refused, let server = connected() else { return client.end(withReset: true) }
        switch fault {
        case .none, .refused:
            server.send(request)
            client.send(server.receive())
        case .requestCut(let count, let withReset):
            server.send(request.prefix(count))
            server.end(withReset: withReset)
            client.end(withReset: withReset)
        case .answerCut(let count, let withReset):
            server.send(request)
            client.send(server.receive().prefix(count))
            client.end(withReset: withReset)
        case .pause(let count):
            server.send(request.prefix(count))
            usleep(30_000)
            server.send(request.dropFirst(count))
            client.send(server.receive())
        case .twiceAtOnce:
            guard let second = connected() else { return }
            server.send(request)
            second.send(request)
            client.send(server.receive())
            _ = second.receive()
        case .again:
            server.send(request)
            _ = server.receive()
            guard let second = connected() else { return }
            second.send(request)
            client.send(second.receive())
        }
    }

    private func connected() -> Connection? {
        let port = upstream.withLock { $0 }
        return port == 0 ? nil : try? Connection(port: port)
    }
}
