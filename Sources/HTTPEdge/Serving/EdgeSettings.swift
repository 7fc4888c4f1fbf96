/// What `dossier serve` tells the edge.
package struct EdgeSettings: Sendable {
    package var host = "127.0.0.1"
    /// 0: any free port.
    package var port = 8080
    /// Every link is built on it when set; an origin without a trailing slash.
    package var publicURL: String?
    package var allowsPlainHTTP = false
    /// CIDR blocks whose `X-Forwarded-Proto`, `-Host` and `-For` are believed.
    package var trustedProxies: [String] = []
    /// PEM files; nil: plain HTTP.
    package var tls: (certificate: String, key: String)?
    /// How long a client may pause while sending a head or a body.
    package var bodyPauseSeconds = 60
    /// How long requests under way may take to finish once the server is told to stop.
    package var drainSeconds = 30

    package init() {}
}

/// Settings the edge cannot work with. The text is for the person who wrote them.
package struct EdgeSettingsError: Error, CustomStringConvertible {
    package let description: String
}
