extension EdgeRequest {
    /// Whom a limit per address counts this request for: an IPv4 address, or the /64 network of an IPv6 address, because
    /// a single client there has 2^64 addresses to choose from.
    package var limitKey: String {
        guard let address = HostAddress(remoteAddress), address.bytes.count == 16 else { return remoteAddress }
        return address.bytes.prefix(8).map { String($0, radix: 16) }.joined(separator: ":") + "/64"
    }
}
