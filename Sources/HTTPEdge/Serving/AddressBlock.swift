import NIOCore

/// An address of a client or proxy: 4 or 16 bytes. An IPv4 address inside IPv6 counts as IPv4.
struct HostAddress: Hashable, CustomStringConvertible {
    let bytes: [UInt8]

    var description: String {
        (try? SocketAddress(packedIPAddress: ByteBuffer(bytes: bytes), port: 0))?.ipAddress ?? "unknown"
    }

    /// - Parameter text: an address without port, brackets or zone.
    init?(_ text: some StringProtocol) {
        guard let address = try? SocketAddress(ipAddress: String(text), port: 0) else { return nil }
        self.init(address)
    }

    init?(_ address: SocketAddress) {
        switch address {
        case .v4(let v4): bytes = withUnsafeBytes(of: v4.address.sin_addr, Array.init)
        case .v6(let v6):
            let all = withUnsafeBytes(of: v6.address.sin6_addr, Array.init)
            bytes = all.starts(with: Self.mappedPrefix) ? Array(all.dropFirst(12)) : all
        case .unixDomainSocket: return nil
        }
    }

    var isLoopback: Bool { bytes.count == 4 ? bytes[0] == 127 : bytes == [UInt8](repeating: 0, count: 15) + [1] }

    private static let mappedPrefix = [UInt8](repeating: 0, count: 10) + [0xff, 0xff]
}

/// Addresses that share their first bits: `10.0.0.0/8`, `::1`.
struct AddressBlock {
    private let start: HostAddress
    private let bits: Int

    /// Nil when `text` is no address with an optional length of its prefix.
    init?(_ text: String) {
        let pieces = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let start = pieces.first.flatMap({ HostAddress($0) }) else { return nil }
        let most = start.bytes.count * 8
        guard let bits = pieces.count == 1 ? most : Int(pieces[1]), 0...most ~= bits else { return nil }
        self.start = start
        self.bits = bits
    }

    func contains(_ address: HostAddress) -> Bool {
        guard address.bytes.count == start.bytes.count else { return false }
        let whole = bits / 8
        guard address.bytes.prefix(whole) == start.bytes.prefix(whole) else { return false }
        let rest = bits % 8
        return rest == 0 || (address.bytes[whole] ^ start.bytes[whole]) >> (8 - rest) == 0
    }
}

extension [AddressBlock] {
    /// True when any of them contains the address.
    func cover(_ address: HostAddress) -> Bool { contains { $0.contains(address) } }
}
