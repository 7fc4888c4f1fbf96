import Foundation
import HTTPEdge
import Hummingbird

#if canImport(Glibc)
    import Glibc
#endif

/// A blocking TCP connection to a port of this machine, for clients that misbehave.
final class RawSocket: Sendable {
    private let descriptor: Int32

    init(port: Int, receiveTimeoutSeconds: Int = 120) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var timeout = timeval(tv_sec: receiveTimeoutSeconds, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else { throw POSIXError(.init(rawValue: errno) ?? .EIO) }
    }

    deinit { Glibc.close(descriptor) }

    /// False when the other side no longer takes bytes.
    @discardableResult
    func send(_ text: String) -> Bool { send(Array(text.utf8)) }

    @discardableResult
    func send(_ bytes: [UInt8]) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count <= 0 { return false }
            sent += count
        }
        return true
    }

    /// Everything that comes until the other side closes, or until `marker` was seen.
    func receive(until marker: String? = nil) -> String {
        var received: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            if count <= 0 { break }
            received += buffer[..<count]
            if let marker, String(decoding: received, as: UTF8.self).contains(marker) { break }
        }
        return String(decoding: received, as: UTF8.self)
    }

    /// True once the other side has closed; false when it sent something or stayed silent until the timeout.
    func isClosedByPeer() -> Bool {
        var byte: UInt8 = 0
        return recv(descriptor, &byte, 1, 0) == 0 || errno == ECONNRESET
    }

    func finishSending() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// Closes with a reset instead of an orderly end.
    func reset() {
        var linger = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<Glibc.linger>.size))
        shutdown(descriptor, Int32(SHUT_RDWR))
    }
}

/// A surface made of a closure.
struct ClosureSurface: Surface {
    let prefix: String
    let answer: @Sendable (EdgeRequest) async throws -> Response
    func claims(_ path: String) -> Bool { path.hasPrefix(prefix) }
    func respond(to request: EdgeRequest) async throws -> Response { try await answer(request) }
}

/// How each request to the reading surface ended.
final actor Outcomes {
    private(set) var all: [String] = []
    func add(_ outcome: String) { all.append(outcome) }

    func first() async throws -> String? {
        for _ in 0..<200 where all.isEmpty { try await Task.sleep(for: .milliseconds(25)) }
        return all.first
    }
}
