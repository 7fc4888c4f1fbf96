import Hummingbird
import NIOCore

/// What all requests of one connection share.
final class Connection: Sendable {
    let peer: Peer
    /// Where it was accepted.
    let local: SocketAddress?
    /// Hands files to the kernel; nil where the bytes must pass through this program (TLS).
    let transfer: FileTransfer?
    private let channel: any Channel

    init(_ channel: any Channel, _ settings: EdgeSettings, trustedProxies: [AddressBlock]) {
        self.channel = channel
        peer = Peer(channel.remoteAddress, trustedProxies: trustedProxies)
        local = channel.localAddress
        transfer = settings.tls == nil ? FileTransfer(channel: channel) : nil
    }

    /// Tells a client that waits for `100 Continue` to go on.
    func wantBody() { channel.triggerUserOutboundEvent(BodyWanted(), promise: nil) }

    /// Returns once what was written so far has reached the connection's own queue.
    func settle() async throws { try await channel.eventLoop.submit {}.get() }
}

/// Whoever is at the other end of a connection, as the connection itself tells.
struct Peer {
    /// Nil: a socket without one.
    let address: HostAddress?
    /// Whether it is believed what it says of those it speaks for.
    let isTrustedProxy: Bool
    let isLoopback: Bool

    init(_ socket: SocketAddress?, trustedProxies: [AddressBlock]) {
        let address = socket.flatMap { HostAddress($0) }
        self.address = address
        isTrustedProxy = address.map(trustedProxies.cover) ?? false
        isLoopback = address?.isLoopback ?? false
    }
}
