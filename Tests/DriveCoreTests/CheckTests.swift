import BlobStorage
import Crypto
import Foundation
import NIOCore
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

    /// The crash between the commit of an upload's bytes and the row of its file.
    @Test(
        "the bytes of an upload whose last part was not answered stay, and the part sent again ends it",
        arguments: Engine.allCases)
    func unansweredLastPart(engine: Engine) async throws {
        try await withDrive(engine) { drive, _ in
            let people = try await TwoPeople(drive)
            let bytes = pattern(60_000)
            let upload = try await drive.openUpload(
                NewUpload(name: FileName("big.bin"), sizeBytes: 60_000), as: people.ann)
            _ = try await drive.receivePart(1, of: upload.id, body: Chunks(bytes: Array(bytes[..<40_000])))
            try await drive.receiveUnanswered(Array(bytes[40_000...]), of: upload)

            let report = try await drive.check(repair: true)
            #expect(report.isClean)
            #expect(report.removed == 0)

            let again = try await drive.receivePart(2, of: upload.id, body: Chunks(bytes: Array(bytes[40_000...])))
            guard case .finished(let file, _) = again else {
                Issue.record("the upload is not finished: \(again)")
                return
            }
            #expect(try await drive.bytes(of: file, as: people.ann) == bytes)
            #expect(try await drive.check(repair: false).isClean)
        }
    }
}

extension Drive {
    /// Part 2 as far as a server comes that dies before it makes the file: bytes durable and committed, no version.
    fileprivate func receiveUnanswered(_ part: [UInt8], of opened: Upload) async throws {
        let upload = try await upload(opened.id)
        let writer = try await blobs.append(to: upload.staging, at: upload.receivedBytes)
        try await writer.write(ByteBuffer(bytes: part))
        try await writer.sync()
        await writer.close()
        let sha256 = SHA256.hash(data: pattern(60_000)).map { String(format: "%02x", $0) }.joined()
        try await database.write { tx in
            try tx.run(
                """
                UPDATE upload SET received_bytes = \(upload.sizeBytes), next_part = 3, sha256 = \(sha256)
                WHERE id = \(upload.id)
                """)
            try tx.run(
                """
                INSERT INTO upload_part (upload_id, number, offset_bytes, size_bytes)
                VALUES (\(upload.id), 2, \(upload.receivedBytes), \(part.count))
                """)
        }
        _ = try await blobs.commit(upload.staging, sha256: sha256)
    }
}
