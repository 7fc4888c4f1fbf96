import Hummingbird
import NIOCore
import NIOHTTP1
import NIOHTTPTypes

/// Sent down the channel when a request's body is first asked for.
struct BodyWanted: Sendable {}

/// Watches one HTTP/1.1 connection: closes it when the client pauses too long or stops reading, sees to it that a body
/// that was cut short ends in an error, answers `Expect: 100-continue` when the body is wanted, and bounds what is
/// still read of a body nobody wanted.
final class ConnectionWarden: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private enum Closing {
        case no
        /// Once all answers under way are written.
        case afterAnswer
        /// Answered; the rest of the body is read and dropped for a while, so that the client sees the answer and no reset.
        case lingering(droppedBytes: Int)
    }

    /// The rest of an unwanted body that is worth reading to keep the connection, bytes.
    private static let smallRemainder: Int64 = 256 * 1024
    /// Bytes read from the socket at once, at most. About a dozen may wait in memory for each connection whose
    /// bytes are taken slower than they come.
    private static let receivedPiece = 128 * 1024
    private static let lingering = TimeAmount.seconds(2)
    private static let lingeringBytes = 64 * 1024 * 1024
    /// How long a client may take nothing of an answer.
    private static let stalledDownload = TimeAmount.minutes(10)

    private let pause: TimeAmount
    private var readsBody = false
    private var unansweredRequests = 0
    private var remainingBytes: Int64?
    private var expectsContinue = false
    /// True while the server has asked the socket for bytes: only then a pause is the client's.
    private var waitsForBytes = false
    private var quietSince = NIODeadline.now()
    private var unwritableSince: NIODeadline?
    private var gaveUp: NIODeadline?
    /// True after a framing error: nothing more can be read.
    private var isBroken = false
    private var closing = Closing.no
    private var tick: RepeatedTask?

    /// - Parameter pause: how long a client may send nothing of a head or body that is expected.
    init(pause: TimeAmount) { self.pause = pause }

    func handlerAdded(context: ChannelHandlerContext) {
        // A client that sends fast is read in larger pieces than NIO's 64 KiB: fewer turns for each part of an upload.
        try? context.channel.syncOptions?.setOption(
            .recvAllocator,
            value: AdaptiveRecvByteBufferAllocator(minimum: 64, initial: 2048, maximum: Self.receivedPiece))
        quietSince = .now()
        let interval = max(.milliseconds(50), TimeAmount.nanoseconds(pause.nanoseconds / 4))
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        tick = context.eventLoop.scheduleRepeatedTask(initialDelay: interval, delay: interval) { _ in
            let (warden, context) = bound.value
            warden.check(context)
        }
    }

    func handlerRemoved(context: ChannelHandlerContext) { tick?.cancel() }

    private func check(_ context: ChannelHandlerContext) {
        let now = NIODeadline.now()
        if let gaveUp {
            if now - gaveUp > pause { context.close(promise: nil) }
        } else if let unwritableSince, now - unwritableSince > Self.stalledDownload {
            context.close(promise: nil)
        } else if now - quietSince > pause {
            if readsBody && waitsForBytes {
                gaveUp = now
                closing = .afterAnswer
                context.fireErrorCaught(ParsingError.cutShort)
            } else if !readsBody && unansweredRequests == 0 {
                context.close(promise: nil)
            }
        }
    }

    // MARK: What the client sends

    func read(context: ChannelHandlerContext) {
        if !waitsForBytes {
            waitsForBytes = true
            if readsBody { quietSince = .now() }
        }
        context.read()
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        waitsForBytes = false
        context.fireChannelReadComplete()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        quietSince = .now()
        let part = unwrapInboundIn(data)
        if case .lingering(let dropped) = closing {
            drop(part, dropped, context)
            return
        }
        switch part {
        case .head(let head):
            readsBody = true
            unansweredRequests += 1
            remainingBytes = head.headerFields[.contentLength].flatMap { Int64($0) }
            expectsContinue = head.headerFields[.expect]?.lowercased() == "100-continue"
        case .body(let bytes):
            expectsContinue = false
            remainingBytes? -= Int64(bytes.readableBytes)
        case .end:
            readsBody = false
        }
        context.fireChannelRead(data)
    }

    private func drop(_ part: HTTPRequestPart, _ dropped: Int, _ context: ChannelHandlerContext) {
        if case .body(let bytes) = part, dropped + bytes.readableBytes <= Self.lingeringBytes {
            closing = .lingering(droppedBytes: dropped + bytes.readableBytes)
        } else {
            context.close(promise: nil)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if error is HTTPParserError, case .no = closing {
            isBroken = true
            closing = .afterAnswer
        }
        context.fireErrorCaught(error)
    }

    func channelInactive(context: ChannelHandlerContext) {
        if readsBody { context.fireErrorCaught(ParsingError.cutShort) }
        context.fireChannelInactive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case ChannelEvent.inputClosed? = event as? ChannelEvent, readsBody {
            closing = .afterAnswer
            context.fireErrorCaught(ParsingError.cutShort)
        }
        context.fireUserInboundEventTriggered(event)
    }

    // MARK: What the server sends

    func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
        guard event is BodyWanted else {
            context.triggerUserOutboundEvent(event, promise: promise)
            return
        }
        if expectsContinue, readsBody, unansweredRequests == 1 {
            expectsContinue = false
            context.writeAndFlush(wrapOutboundOut(.head(HTTPResponse(status: .continue))), promise: nil)
        }
        promise?.succeed()
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(var head) where head.status.kind != .informational:
            if answersTooEarly { closing = .afterAnswer }
            if case .afterAnswer = closing, unansweredRequests <= 1 { head.headerFields[.connection] = "close" }
            context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .end:
            unansweredRequests = max(0, unansweredRequests - 1)
            quietSince = .now()
            if case .afterAnswer = closing, unansweredRequests == 0 {
                context.writeAndFlush(data, promise: promise)
                linger(context)
            } else {
                context.write(data, promise: promise)
            }
        default:
            context.write(data, promise: promise)
        }
    }

    /// True when the request being answered has more of a body to come than is worth waiting for.
    private var answersTooEarly: Bool {
        guard readsBody, unansweredRequests == 1 else { return false }
        guard !expectsContinue, let remainingBytes else { return true }
        return remainingBytes > Self.smallRemainder
    }

    private func linger(_ context: ChannelHandlerContext) {
        guard readsBody || isBroken, gaveUp == nil else {
            context.close(promise: nil)
            return
        }
        closing = .lingering(droppedBytes: 0)
        context.close(mode: .output, promise: nil)
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        context.eventLoop.scheduleTask(in: Self.lingering) { bound.value.close(promise: nil) }
        context.read()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        unwritableSince = context.channel.isWritable ? nil : .now()
        context.fireChannelWritabilityChanged()
    }
}
