import ArgumentParser
import DriveCore

struct CollectGarbage: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gc", abstract: "Remove the bytes of files that are gone, and bytes no file ever had.",
        discussion: """
            A running server removes the bytes of files that are gone by itself, a day after. This looks through the whole \
            blob storage besides, for what a crash left behind. A server may go on running beside it.
            """)

    @Option(
        help: ArgumentHelp(
            """
            How long nothing must have pointed at bytes; beside a server it must be longer than any upload may take.
            """, valueName: "time"))
    var grace = TimeSpan(seconds: 86400)
    @Flag(help: "Remove at once, however young; the server must not run.") var now = false
    @Flag(help: "Only say what would be removed.") var dryRun = false
    @OptionGroup(title: "Data") var data: DataOptions

    func run() async throws {
        let graceMs = now ? 0 : grace.seconds * 1000
        let report = try await House.with(try await Settings(data), for: now ? .alone : .visiting) { [dryRun] drive in
            var report = try await drive.collectGarbage(graceMs: graceMs, dryRun: dryRun)
            try await drive.removeStrays(graceMs: graceMs, dryRun: dryRun, into: &report)
            return report
        }
        say("contents of files that are gone  \(report.contents) (\(report.contentBytes) bytes)")
        say("bytes no file ever had           \(report.strays) (\(report.strayBytes) bytes)")
        say(dryRun ? "nothing was removed" : "removed")
    }
}
