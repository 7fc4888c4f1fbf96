import BlobStorage
import SQLStore
import TestSupport
import Testing

@testable import DriveCore

@Suite("Comparing rows and bytes")
struct CheckTests {
    @Test(
        "lost, damaged and unreferenced bytes are told apart; repair removes the last kind only",
        arguments: Engine.allCases)
    func findings(engine: Engine) async throws {
        try await withDrive(engine) { drive, _ in
            let people = try await TwoPeople(drive)
            let root = try await drive.personalStorage(of: people.ann.person).root
            for (index, name) in ["kept", "lost"].enumerated() {
                _ = try await drive.addFile(
                    named: FileName(name), in: root, content: drive.staged(pattern(50_000 + index)), as: people.ann)
            }
            let small = try await drive.addFile(named: FileName("s"), in: root, content: .text("small"), as: people.ann)
            #expect(try await drive.check(repair: false).isClean)
            _ = try await drive.staged(pattern(60_000))

            let lost = try await drive.database.read { tx in
                BlobKey(rawValue: try tx.row("SELECT key FROM blob WHERE size_bytes = 50001")!.text(0))
            }
            try await drive.blobs.remove(lost)
            try await drive.database.write { tx in
                try tx.run("UPDATE blob SET bytes = \(Array("sMall".utf8)) WHERE size_bytes = 5")
                try tx.run("UPDATE node SET version_count = 7 WHERE id = \(small.id)")
            }
            let report = try await drive.check(repair: true)
            #expect(report.blobsChecked == 3)
            #expect(report.missing.count == 1)
            #expect(report.damaged.count == 1)
            #expect(report.unreferenced.count == 1)
            #expect(report.removed == 1)
            #expect(report.inconsistent == ["node \(small.id) counts its versions wrongly"])
            #expect(!report.isClean)
            #expect(try await drive.check(repair: false).unreferenced.isEmpty)
        }
    }
}
