import ArgumentParser
import DriveCore

struct TrashCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trash", abstract: "Empty the trash.", subcommands: [Purge.self])

    struct Purge: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Remove for good what has been in the trash for long.",
            discussion: """
                A running server does the same by itself after --trash-lifetime. What is attached to a task or a comment \
                stays. The space on the disk comes back with the next `dossier gc`, or by itself within a day.
                """)

        @Option(help: ArgumentHelp("Only what was thrown away longer ago than this.", valueName: "time"))
        var olderThan = TimeSpan(seconds: 30 * 86400)
        @Flag(help: "Everything in the trash, whenever it was thrown away.") var all = false
        @Flag(help: "Only say what would be removed.") var dryRun = false
        @OptionGroup(title: "Data") var data: DataOptions

        func run() async throws {
            let report = try await House.with(try await Settings(data)) { drive in
                try await drive.purgeTrash(olderThanMs: all ? 0 : olderThan.seconds * 1000, dryRun: dryRun)
            }
            say("files    \(report.files) (\(report.bytes) bytes in all versions)")
            say("folders  \(report.folders)")
            say("kept     \(report.kept)\(report.kept > 0 ? ", attached to a task or a comment" : "")")
            say(dryRun ? "nothing was removed" : "removed")
        }
    }
}
