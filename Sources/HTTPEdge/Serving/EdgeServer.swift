import Hummingbird
import HummingbirdCore
import HummingbirdTLS
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle

/// The listening server: hands every request to the first surface that claims its path.
package struct EdgeServer: Sendable {
    private let settings: EdgeSettings
    private let responder: EdgeResponder
    private let tls: TLSConfiguration?
    private let executor: (any TaskExecutor)?
    private let log: Logger

    /// - Parameter executor: where requests are answered; nil: on the threads every task shares.
    /// - Throws: `EdgeSettingsError` for an address block, URL or certificate that cannot be used.
    package init(
        settings: EdgeSettings, surfaces: [any Surface], executor: (any TaskExecutor)? = nil, log: Logger
    ) throws {
        var settings = settings
        settings.publicURL = try settings.publicURL.map(Self.origin)
        let trustedProxies = try settings.trustedProxies.map { text in
            guard let block = AddressBlock(text) else {
                throw EdgeSettingsError(description: "\"\(text)\" is no address or CIDR block, such as 10.0.0.0/8")
            }
            return block
        }
        self.settings = settings
        self.executor = executor
        self.log = log
        responder = EdgeResponder(settings: settings, trustedProxies: trustedProxies, surfaces: surfaces, log: log)
        tls = try settings.tls.map(Self.tlsConfiguration)
    }

    /// Listens until the task is cancelled or the process is told to stop (SIGTERM, SIGINT); requests under way are
    /// finished first, as long as `drainSeconds` allows. Then it returns.
    /// - Parameter onListening: told the port once the socket listens.
    /// - Throws: when the address cannot be listened on.
    package func run(onListening: @escaping @Sendable (Int) async -> Void) async throws {
        var quiet = log
        quiet.logLevel = max(log.logLevel, .warning)
        let channel = EdgeChannel(responder: responder, pause: .seconds(Int64(settings.bodyPauseSeconds)))
        let server = try Self.server(
            of: channel, tls,
            .init(address: .hostname(settings.host, port: settings.port), backlog: 1024), quiet
        ) { [port = settings.port] channel in await onListening(channel.localAddress?.port ?? port) }
        var configuration = ServiceGroupConfiguration(
            services: [.init(service: server)], gracefulShutdownSignals: [.sigterm, .sigint], logger: quiet)
        configuration.maximumGracefulShutdownDuration = .seconds(settings.drainSeconds)
        let group = ServiceGroup(configuration: configuration)
        try await withTaskCancellationHandler {
            // Not a child task: a cancelled caller must still wait for the requests under way.
            try await Task(executorPreference: executor) { try await group.run() }.value
        } onCancel: {
            Task { await group.triggerGracefulShutdown() }
        }
    }

    private static func server(
        of channel: EdgeChannel, _ tls: TLSConfiguration?, _ configuration: ServerConfiguration, _ log: Logger,
        onListening: @escaping @Sendable (any Channel) async -> Void
    ) throws -> any Service {
        let loops = MultiThreadedEventLoopGroup.singleton
        guard let tls else {
            return channel.server(
                configuration: configuration, onServerRunning: onListening, eventLoopGroup: loops, logger: log)
        }
        return try TLSChannel(channel, tlsConfiguration: tls).server(
            configuration: configuration, onServerRunning: onListening, eventLoopGroup: loops, logger: log)
    }

    private static func origin(_ text: String) throws -> String {
        var origin = text[...]
        while origin.last == "/" { origin = origin.dropLast() }
        let pieces = origin.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false)
        guard pieces.count == 3, ["http:", "https:"].contains(pieces[0].lowercased()), pieces[1].isEmpty,
            Vantage.isHost(String(pieces[2]))
        else {
            throw EdgeSettingsError(
                description: "\"\(text)\" is no public URL: it must look like https://files.example.com")
        }
        return String(origin)
    }

    private static func tlsConfiguration(certificate: String, key: String) throws -> TLSConfiguration {
        do {
            let chain = try NIOSSLCertificate.fromPEMFile(certificate)
            let privateKey = try NIOSSLPrivateKey(file: key, format: .pem)
            var configuration = TLSConfiguration.makeServerConfiguration(
                certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(privateKey))
            configuration.applicationProtocols = ["http/1.1"]
            return configuration
        } catch {
            throw EdgeSettingsError(
                description: "the certificate \(certificate) with the key \(key) cannot be used: \(error)")
        }
    }
}
