import HummingbirdCore
import Logging
import NIOCore

/// Sets an accepted connection up for HTTP/1.1, with somebody to watch over it, and has its requests answered.
///
/// It takes the place of the framework's `Application`, which makes a logger and a context for every request and binds
/// the logger to its task: nothing here needs them.
struct EdgeChannel: ServerChildChannel {
    typealias Value = HTTP1Channel.Value

    private let responder: EdgeResponder
    private let configuration: HTTP1Channel.Configuration

    /// - Parameter pause: see `ConnectionWarden`.
    init(responder: EdgeResponder, pause: TimeAmount) {
        self.responder = responder
        configuration = .init(
            additionalChannelHandlers: [ConnectionWarden(pause: pause)],
            httpDecoderConfiguration: .init(maxHeaderFieldCount: 256))
    }

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        http { _, _, _ in }.setup(channel: channel, logger: logger)
    }

    func handle(value parts: Value, logger: Logger) async {
        let connection = Connection(parts.channel, responder.settings, trustedProxies: responder.trustedProxies)
        let http = http { [responder] request, writer, _ in
            try await responder.respond(to: request, of: connection, writer)
        }
        await http.handle(value: parts, logger: logger)
    }

    private func http(_ respond: @escaping HTTP1Channel.Responder) -> HTTP1Channel {
        HTTP1Channel(responder: respond, configuration: configuration)
    }
}
