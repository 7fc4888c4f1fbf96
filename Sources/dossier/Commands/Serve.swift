import AmoDialect
import ArgumentParser
import BitrixDialect
import Console
import DriveCore
import Foundation
import HTTPEdge
import Logging
import Previews

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run the server.",
        discussion: """
            Without options it listens on http://127.0.0.1:8080 and keeps everything in ./dossier-data. The first start \
            makes the account and prints its secrets once. SIGTERM and SIGINT finish the requests under way and end \
            the server.
            """)

    @OptionGroup(title: "Data") var data: DataOptions
    @OptionGroup(title: "Server") var options: ServeOptions

    func run() async throws {
        // A file size limit (ulimit -f) is a full disk to us: the write fails, the server lives.
        signal(SIGXFSZ, SIG_IGN)
        do {
            let settings = try await Settings(data)
            var serving = try ServeSettings(options, settings)
            let house = try await House.open(settings, for: .serving(serving.drive, timeZone: serving.timeZone))
            do {
                var caFile: String?
                if serving.usesDevTLS {
                    let tls = try DevelopmentTLS(folder: settings.data + "/tls", now: Date())
                    serving.edge.tls = (tls.certificateFile, tls.keyFile)
                    caFile = tls.caFile
                }
                try await Self.serve(house, settings, serving, caFile: caFile)
                await house.close()
            } catch {
                await house.close()
                throw error
            }
        } catch { throw Complaint(explaining: error) }
    }

    private static func serve(
        _ house: House, _ settings: Settings, _ serving: ServeSettings, caFile: String?
    ) async throws {
        let (drive, log) = (house.drive, house.log)
        let health = HealthSurface(parts: [
            .init("database") { try await drive.probeDatabase() },
            .init("blobs") { try await drive.blobs.probe() },
        ])
        let console = ConsoleSurface(
            authorization: AuthorizationPages(drive: drive, doors: [.bitrix24(of: drive.account), .amocrm]))
        let server = try EdgeServer(
            settings: serving.edge,
            surfaces: [
                health, BitrixSurface(drive: drive, limits: serving.bitrix),
                AmoSurface(drive: drive, requestsPerSecond: serving.amocrmRate), PublicLinkSurface(drive: drive),
                console,
            ], executor: drive.database.executor, log: log)
        let previews = try await previewWorkers(serving.previewWorkers, house, settings)
        let (ports, listening) = AsyncStream.makeStream(of: Int.self)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run { port in listening.yield(port) } }
            group.addTask {
                for await port in ports {
                    try await announce(house, settings, origin: serving.origin(port: port), caFile: caFile)
                    break
                }
                await Upkeep(drive: drive, log: log).run()
            }
            for worker in previews { group.addTask { await worker.run() } }
            // The server ends when it is told to, or the announcement fails; either way the other goes too.
            defer { group.cancelAll() }
            try await group.next()
        }
        log.info("stopped")
    }

    /// Those who make previews. What cannot be made here is logged, once.
    private static func previewWorkers(
        _ count: Int, _ house: House, _ settings: Settings
    ) async throws -> [PreviewWorker] {
        guard count > 0 else { return [] }
        let folder = settings.data + "/previews"
        try DurableFile.makeFolder(folder)
        guard let confinement = try await Confinement.strictest(under: folder) else {
            house.log.notice("no previews: prlimit and setpriv (Debian: util-linux) are needed to run programs safely")
            return []
        }
        let tools = PreviewTools.installed()
        for kind in PreviewKind.allCases {
            guard let missing = tools.missing(for: kind) else { continue }
            house.log.notice(
                "no previews of one kind of file: a program is missing",
                metadata: [
                    "kind": "\(kind.rawValue)", "program": "\(missing.program)", "package": "\(missing.package)",
                ])
        }
        if !confinement.isSeparate {
            house.log.notice("programs for previews run without namespaces of their own: unshare does not work here")
        }
        let maker = ToolPreviewMaker(tools: tools, confinement: confinement, under: folder)
        return (0..<count).map { _ in PreviewWorker(drive: house.drive, maker: maker) }
    }

    /// Says where everything is; on the first start makes the secrets, shows them once and writes them down.
    private static func announce(_ house: House, _ settings: Settings, origin: String, caFile: String?) async throws {
        let drive = house.drive
        // Nobody else can be at work on an embedded database: a claim found there is a dead server's.
        let stale: Int64 = drive.database.engine == .sqlite ? 0 : 60_000
        if try await drive.claimFirstSecrets(staleAfterMs: stale) {
            let secrets = try await FirstSecrets(drive: drive, origin: origin, caFile: caFile)
            let file = settings.data + "/credentials.json"
            try secrets.credentials.write(to: file)
            try await drive.firstSecretsHandedOut()
            say(secrets.announcement(file: file))
        }
        say("Dossier \(Dossier.version) is listening on \(origin), data in \(settings.data)")
        house.log.info("listening", metadata: ["origin": "\(origin)", "database": "\(drive.database.engine.rawValue)"])
    }
}
