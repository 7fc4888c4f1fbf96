import DriveCore
import Foundation
import HTTPEdge
import SQLStore
import TestSupport
import Testing

@testable import AmoDialect

/// A disk of 36 MiB that cannot hold what many upload at once.
@Suite(
    "A disk that is nearly full", .enabled(if: SmallDisk.isPossible, "mounting needs root"))
struct NearlyFullDiskTests {
    private static let uploads = 8
    private static let fileSize = 3 * 1024 * 1024
    private static let partSize = 262_144

    /// An upload on its way: where it goes on after a refusal.
    private struct Progress: Sendable {
        let session: Upload.ID
        let whole: [UInt8]
        var url: String
        var offset = 0
        var file: Value?
    }

    private func bytes(_ seed: Int) -> [UInt8] {
        var random = SeededGenerator(state: UInt64(seed))
        return (0..<Self.fileSize / 8).flatMap { _ in withUnsafeBytes(of: random.next()) { Array($0) } }
    }

    /// Sends parts until the file is there, or a part is refused for want of room.
    private func send(_ upload: Progress, _ door: Door) async throws -> Progress {
        var upload = upload
        while upload.file == nil {
            let end = min(upload.offset + Self.partSize, upload.whole.count)
            let reply = try await door.send(.post, upload.url, Array(upload.whole[upload.offset..<end]), token: "")
            if reply.status == 400 {
                #expect(reply.json?["detail"] == "Storage limit exceeded" && reply.type == "application/json")
                return upload
            }
            #expect(reply.status == 200, "\(String(decoding: reply.bytes, as: UTF8.self))")
            guard reply.status == 200 else { return upload }
            upload.offset = end
            if let next = reply.json?["next_url"]?.text { upload.url = next } else { upload.file = reply.json }
        }
        return upload
    }

    private func sendAll(_ uploads: [Progress], _ door: Door) async throws -> [Progress] {
        try await withThrowingTaskGroup(of: Progress.self) { group in
            for upload in uploads { group.addTask { try await send(upload, door) } }
            return try await group.reduce(into: [Progress]()) { $0.append($1) }
        }
    }

    @Test(
        "each upload ends whole or is refused in words, reading goes on, and with room again each goes on to its end",
        arguments: Engine.allCases)
    func full(engine: Engine) async throws {
        try await SmallDisk.with(megabytes: 36) { disk in
            var settings = Drive.Settings.maxPartSize(Int64(Self.partSize))
            settings.maxFileSize = 1 << 30
            try await Door.with(engine, settings: settings, dataFolder: disk) { door async throws in
                let before = try await door.upload("before.bin", Array(bytes(99).prefix(200_000)))
                let uploads = try await makeUploads(door)
                // 36 MiB less 18 MiB are less than the 24 MiB to come.
                let ballast = disk + "/ballast"
                try Data(count: 18 * 1024 * 1024).write(to: URL(filePath: ballast))

                let stuck = try await sendAll(uploads, door)
                let waiting = stuck.filter { $0.file == nil }
                #expect(!waiting.isEmpty)
                try await expectNothingHalf(waiting, door)
                try await door.expectContent(of: before, is: Array(bytes(99).prefix(200_000)))
                #expect(try await door.get("/v1.0/files").embedded.count == 1 + Self.uploads - waiting.count)
                #expect(try await door.drive.check(repair: false).isClean)

                try FileManager.default.removeItem(atPath: ballast)
                let done = try await sendAll(stuck, door)
                for upload in done {
                    try await door.expectContent(of: try #require(upload.file), is: upload.whole)
                }
                #expect(try await door.drive.blobs.stagings().isEmpty)
                let report = try await door.drive.check(repair: false)
                #expect(report.isClean && report.unreferenced.isEmpty)
            }
        }
    }

    private func makeUploads(_ door: Door) async throws -> [Progress] {
        var uploads: [Progress] = []
        for number in 0..<Self.uploads {
            let opened = try await door.session("\(number).bin", size: Self.fileSize)
            let session = Upload.ID(try #require(opened.json?["session_id"]?.integer))
            uploads.append(Progress(session: session, whole: bytes(number), url: try opened.text("upload_url")))
        }
        return uploads
    }

    /// What is staged is what was acknowledged, to the byte: a part that found no room has given back what it took.
    private func expectNothingHalf(_ waiting: [Progress], _ door: Door) async throws {
        var acknowledged: [Int64] = []
        for upload in waiting {
            let state = try await door.drive.upload(upload.session)
            // All of it may be there, and only the file not made yet.
            #expect(state.receivedBytes == Int64(upload.offset) || state.receivedBytes == Int64(Self.fileSize))
            acknowledged.append(state.receivedBytes)
        }
        let staged = try await door.drive.blobs.stagings().map(\.sizeBytes)
        #expect(staged.reduce(0, +) <= acknowledged.reduce(0, +))
    }
}
