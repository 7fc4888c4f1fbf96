import Foundation

#if canImport(Glibc)
    import Glibc
#endif

/// One side of a blocking TCP connection on this machine.
final class Connection: Sendable {
    private let descriptor: Int32

    init(_ descriptor: Int32) { self.descriptor = descriptor }

    /// - Throws: when nobody listens there.
    convenience init(port: Int) throws {
        self.init(socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0))
        // Far beyond what a busy machine takes to answer: a test fails then instead of hanging.
        var timeout = timeval(tv_sec: 120, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in.loopback(port: port)
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else { throw POSIXError(.init(rawValue: errno) ?? .EIO) }
    }

    deinit { close(descriptor) }

    /// False when the other side takes no more.
    @discardableResult
    func send(_ bytes: some Collection<UInt8>) -> Bool {
        let bytes = Array(bytes)
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

    /// What comes until the other side closes, or until `isWhole` is content.
    func receive(until isWhole: ([UInt8]) -> Bool = { _ in false }) -> [UInt8] {
        var received: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while !isWhole(received) {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            if count <= 0 { break }
            received += buffer[..<count]
        }
        return received
    }

    /// Ends the connection: in order, or with a reset, which throws away what the other side has not read yet.
    func end(withReset: Bool) {
        if withReset {
            var linger = linger(l_onoff: 1, l_linger: 0)
            setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<Glibc.linger>.size))
        }
        shutdown(descriptor, Int32(SHUT_RDWR))
    }
}

/// A listening socket on a free port of this machine.
final class Listener: Sendable {
    let port: Int
    private let descriptor: Int32

    init() throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in.loopback(port: 0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = descriptor
        let result = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer -> Int32 in
                guard bind(descriptor, pointer, length) == 0, listen(descriptor, 128) == 0 else { return -1 }
                return getsockname(descriptor, pointer, &length)
            }
        }
        guard result == 0 else { throw POSIXError(.init(rawValue: errno) ?? .EIO) }
        port = Int(in_port_t(bigEndian: address.sin_port))
    }

    deinit { close(descriptor) }

    /// The next connection; nil once `stop` was called.
    func next() -> Connection? {
        let accepted = accept(descriptor, nil, nil)
        return accepted < 0 ? nil : Connection(accepted)
    }

    func stop() { shutdown(descriptor, Int32(SHUT_RDWR)) }
}

extension sockaddr_in {
    fileprivate static func loopback(port: Int) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        return address
    }
}

/// An HTTP/1.1 message as bytes.
struct Message {
    let bytes: [UInt8]

    /// First line and headers, without the empty line.
    var head: String { String(decoding: bytes[..<(bodyStart.map { $0 - 4 } ?? bytes.count)], as: UTF8.self) }

    /// Nil while the head is not complete.
    private var bodyStart: Int? { bytes.firstRange(of: Array("\r\n\r\n".utf8))?.upperBound }

    private func header(_ name: String) -> String? {
        head.split(separator: "\r\n").dropFirst().first { $0.lowercased().hasPrefix(name + ":") }
            .map { $0.dropFirst(name.count + 1).trimmingCharacters(in: .whitespaces) }
    }

    /// The body; nil until all of it is there.
    var body: [UInt8]? {
        guard let bodyStart else { return nil }
        let rest = bytes[bodyStart...]
        if header("transfer-encoding")?.lowercased() == "chunked" {
            return rest.starts(with: Array("0\r\n\r\n".utf8)) || rest.ends(with: "\r\n0\r\n\r\n") ? Array(rest) : nil
        }
        let length = header("content-length").flatMap(Int.init) ?? 0
        return rest.count >= length ? Array(rest.prefix(length)) : nil
    }

    /// Of an answer.
    var status: Int { Int(head.split(separator: " ").dropFirst().first ?? "") ?? 0 }
    /// Of a request.
    var target: String { String(head.split(separator: " ").dropFirst().first ?? "") }
}

extension ArraySlice<UInt8> {
    fileprivate func ends(with text: String) -> Bool { suffix(text.utf8.count).elementsEqual(text.utf8) }
}
