import ArgumentParser
import DriveCore
import SQLStore

struct Check: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Prove that every row has its bytes and every byte is right.",
        discussion: """
            Reads and hashes all contents, compares them with the database in both directions and looks for rows that \
            contradict each other. Ends with status 1 when anything is missing, damaged or contradictory. Unreferenced \
            bytes are left behind by a crash between bytes and row; they cost space and nothing else.

            A server may go on running beside it, but not with --repair.
            """)

    @Flag(help: "Remove unreferenced bytes. Nothing else can be mended without a backup.") var repair = false
    @OptionGroup(title: "Data") var data: DataOptions

    func run() async throws {
        let settings = try await Settings(data)
        let line = ProgressLine()
        let report = try await House.with(settings, for: repair ? .alone : .visiting) { [repair] drive in
            // Beside a server unreferenced bytes may belong to a request under way; other machines may be receiving into
            // a shared database's store, an embedded one is ours alone.
            let isAlone = repair || House.isIdle(settings)
            let sparingMs: Int64 = isAlone && drive.database.engine == .sqlite ? 0 : 3_600_000
            return try await drive.check(repair: repair, sparingMs: sparingMs) { line.show($0, of: $1) }
        }
        show("missing", report.missing)
        show("damaged", report.damaged)
        show("inconsistent", report.inconsistent)
        show("unreferenced", report.unreferenced)
        say("contents checked  \(report.blobsChecked) (\(report.bytesChecked) bytes)")
        say("missing           \(report.missing.count)")
        say("damaged           \(report.damaged.count)")
        say("inconsistent      \(report.inconsistent.count)")
        say("unreferenced      \(report.unreferenced.count)\(repair ? ", removed \(report.removed)" : "")")
        say(report.isClean ? "clean" : "NOT CLEAN")
        if !report.isClean { throw ExitCode(1) }
    }

    private func show(_ what: String, _ findings: [String]) {
        for finding in findings { say("\(what): \(finding)") }
    }
}
