import Hummingbird
import Logging
import NIOCore

/// What `dossier serve` tells the edge.
package struct EdgeSettings: Sendable {
    package var host = "127.0.0.1"
    package var port = 8080
    /// Every link is built on it when set; an origin without a trailing slash.
    package var publicURL: String?
    package var allowsPlainHTTP = false
    /// CIDR blocks whose `X-Forwarded-Proto`, `-Host` and `-For` are believed.
    package var trustedProxies: [String] = []
    /// PEM files; nil: plain HTTP.
    package var tls: (certificate: String, key: String)?
    /// How long a client may pause while sending a body.
    package var bodyPauseSeconds = 60

    package init() {}
}

/// The listening server: hands every request to the first surface that claims its path.
package struct EdgeServer: Sendable {
    package init(settings: EdgeSettings, surfaces: [any Surface], log: Logger) throws { fatalError("unbuilt") }
    /// Listens until the task is cancelled or the process is told to stop; requests under way are finished first.
    /// - Parameter onListening: told the port once the socket listens.
    package func run(onListening: @escaping @Sendable (Int) async -> Void) async throws { fatalError("unbuilt") }
}
