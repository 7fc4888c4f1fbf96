import SQLStore
import TestSupport
import Testing

@testable import DriveCore

@Suite("Uploads in parts")
struct UploadTests {
    private func open(_ size: Int, _ drive: Drive, _ people: TwoPeople, file: String? = nil) async throws -> Upload {
        var new = NewUpload(name: try FileName("big.bin"), sizeBytes: Int64(size))
        new.fileUUID = file
        return try await drive.openUpload(new, as: people.ann)
    }

    /// Sends `bytes` from the upload's offset on, in parts of `size`.
    private func send(_ bytes: [UInt8], in size: Int, to upload: Upload, _ drive: Drive) async throws -> Node? {
        var state = try await drive.upload(upload.id)
        while true {
            let start = Int(state.receivedBytes)
            let part = Chunks(bytes: Array(bytes[start..<min(start + size, bytes.count)]))
            switch try await drive.receivePart(state.nextPart, of: upload.id, body: part) {
            case .more(let next): state = next
            case .finished(let node, _): return node
            }
        }
    }

    @Test(
        "parts of any size make the file, exact multiples included", arguments: Engine.allCases,
        [(1, 1), (40_000, 40_000), (40_000, 10_000), (1_000_001, 262_144), (2_097_152, 524_288), (30, 7)])
    func whole(engine: Engine, sizes: (total: Int, part: Int)) async throws {
        try await withDrive(engine) { drive, _ in
            let people = try await TwoPeople(drive)
            let bytes = pattern(sizes.total)
            let upload = try await open(sizes.total, drive, people)
            let node = try #require(try await send(bytes, in: sizes.part, to: upload, drive))
            #expect(node.name == "big.bin")
            #expect(node.parent == drive.account.crmFolder)
            #expect(try await drive.bytes(of: node, as: people.ann) == bytes)
            #expect(try await drive.check(repair: false).unreferenced.isEmpty)
            #expect(try await drive.blobs.stagings().isEmpty)
        }
    }

    @Test(
        "a part sent again with the same bytes gets the same answer, with others it is refused",
        arguments: Engine.allCases)
    func again(engine: Engine) async throws {
        try await withDrive(engine) { drive, _ in
            let people = try await TwoPeople(drive)
            let bytes = pattern(100_000)
            let (a, b) = (Chunks(bytes: Array(bytes[..<60_000])), Chunks(bytes: Array(bytes[60_000...])))
            let upload = try await open(100_000, drive, people)
            for _ in 0..<2 {
                guard case .more(let next) = try await drive.receivePart(1, of: upload.id, body: a) else {
                    Issue.record("the first part is not the last")
                    return
                }
                #expect(next.nextPart == 2)
            }
            await #expect(throws: DriveError.upload(.differs)) {
                try await drive.receivePart(1, of: upload.id, body: Chunks(bytes: pattern(60_000, seed: 1)))
            }
            await #expect(throws: DriveError.upload(.differs)) {
                try await drive.receivePart(1, of: upload.id, body: Chunks(bytes: Array(bytes[..<50_000])))
            }
            var versions: Set<Version.ID> = []
            for _ in 0..<3 {
                guard case .finished(let node, _) = try await drive.receivePart(2, of: upload.id, body: b) else {
                    Issue.record("the second part is the last")
                    return
                }
                versions.insert(node.content!.version)
                #expect(try await drive.bytes(of: node, as: people.ann) == bytes)
            }
            #expect(versions.count == 1)
            guard case .more = try await drive.receivePart(1, of: upload.id, body: a) else {
                Issue.record("the first part is still not the last")
                return
            }
            await #expect(throws: DriveError.upload(.differs)) {
                try await drive.receivePart(2, of: upload.id, body: Chunks(bytes: pattern(40_000, seed: 9)))
            }
        }
    }

    @Test(
        "an empty, too long, overrunning or early part and a cut connection are refused and change nothing",
        arguments: Engine.allCases)
    func refusals(engine: Engine) async throws {
        try await withDrive(engine, settings: { $0.maxPartSize = 50_000 }) { drive, _ in
            let people = try await TwoPeople(drive)
            let bytes = pattern(80_000)
            let upload = try await open(80_000, drive, people)
            await #expect(throws: DriveError.upload(.emptyPart)) {
                try await drive.receivePart(1, of: upload.id, body: Chunks(bytes: []))
            }
            await #expect(throws: DriveError.upload(.partTooLong(limit: 50_000))) {
                try await drive.receivePart(1, of: upload.id, body: Chunks(bytes: Array(bytes[..<50_001])))
            }
            await #expect(throws: DriveError.upload(.outOfOrder)) {
                try await drive.receivePart(2, of: upload.id, body: Chunks(bytes: [1]))
            }
            await #expect(throws: Chunks.Cut.self) {
                try await drive.receivePart(1, of: upload.id, body: Chunks(bytes: bytes, cutAfter: 3))
            }
            _ = try await drive.receivePart(1, of: upload.id, body: Chunks(bytes: Array(bytes[..<50_000])))
            await #expect(throws: DriveError.upload(.exceedsDeclaredSize)) {
                try await drive.receivePart(2, of: upload.id, body: Chunks(bytes: pattern(30_001)))
            }
            let state = try await drive.upload(upload.id)
            #expect(state.receivedBytes == 50_000)
            #expect(state.nextPart == 2)
            let node = try #require(try await send(bytes, in: 50_000, to: upload, drive))
            #expect(try await drive.bytes(of: node, as: people.ann) == bytes)
        }
    }

    @Test("another process goes on where the last part was answered", arguments: Engine.allCases)
    func restart(engine: Engine) async throws {
        try await withDrive(engine) { drive, _ in
            let people = try await TwoPeople(drive)
            let bytes = pattern(300_000)
            let upload = try await open(300_000, drive, people)
            _ = try await drive.receivePart(1, of: upload.id, body: Chunks(bytes: Array(bytes[..<100_000])))
            let reborn = Drive(
                database: drive.database, blobs: drive.blobs, settings: drive.settings, account: drive.account,
                log: drive.log, now: drive.now)
            let node = try #require(try await send(bytes, in: 100_000, to: upload, reborn))
            #expect(try await reborn.bytes(of: node, as: people.ann) == bytes)
            #expect(try await reborn.check(repair: false).isClean)
        }
    }

    @Test("two requests for one part at once: one file, one answer", arguments: Engine.allCases)
    func twice(engine: Engine) async throws {
        try await withDrive(engine) { drive, _ in
            let people = try await TwoPeople(drive)
            let bytes = pattern(200_000)
            let upload = try await open(200_000, drive, people)
            let versions = try await withThrowingTaskGroup(of: Version.ID?.self) { group in
                for _ in 0..<6 {
                    group.addTask {
                        guard
                            case .finished(let node, _) = try await drive.receivePart(
                                1, of: upload.id, body: Chunks(bytes: bytes))
                        else { return nil }
                        return node.content?.version
                    }
                }
                return try await group.reduce(into: Set()) { $0.insert($1) }
            }
            #expect(versions.count == 1 && !versions.contains(nil))
            #expect(try await drive.accountFiles(Listing(), as: people.ann).total == 1)
        }
    }

    @Test(
        "an upload for a file gives it a new version; trashed meanwhile, the last part finds nothing",
        arguments: Engine.allCases)
    func newVersion(engine: Engine) async throws {
        try await withDrive(engine) { drive, _ in
            let people = try await TwoPeople(drive)
            let file = try await drive.addFile(
                named: FileName("old.txt"), in: drive.account.crmFolder, content: .text("old"), as: people.ann)
            let upload = try await open(5, drive, people, file: file.uuid)
            let node = try #require(try await send(Array("fresh".utf8), in: 5, to: upload, drive))
            #expect(node.uuid == file.uuid)
            #expect(node.name == "big.bin")
            #expect(node.content?.versionCount == 2)

            let late = try await open(5, drive, people, file: file.uuid)
            try await drive.trash(files: [file.uuid], as: people.ann)
            await #expect(throws: DriveError.upload(.gone)) {
                try await drive.receivePart(1, of: late.id, body: Chunks(bytes: Array("later".utf8)))
            }
            await #expect(throws: DriveError.notFound(.file(uuid: file.uuid))) {
                try await open(5, drive, people, file: file.uuid)
            }
        }
    }

    @Test(
        "an upload whose file was trashed meanwhile is over: restoring the file does not bring it back, and its bytes go",
        arguments: Engine.allCases, [5, 100_000])
    func closedByTrash(engine: Engine, size: Int) async throws {
        try await withDrive(engine) { drive, clock in
            let people = try await TwoPeople(drive)
            let file = try await drive.addFile(
                named: FileName("old.txt"), in: drive.account.crmFolder, content: .text("old"), as: people.ann)
            let late = try await open(size, drive, people, file: file.uuid)
            let used = try await drive.usedBytes()
            try await drive.trash(files: [file.uuid], as: people.ann)
            for _ in 1...2 {
                await #expect(throws: DriveError.upload(.gone)) {
                    try await drive.receivePart(1, of: late.id, body: Chunks(bytes: pattern(size)))
                }
                _ = try await drive.restore(files: [file.uuid], as: people.ann)
            }
            await #expect(throws: DriveError.upload(.gone)) { try await drive.upload(late.id) }
            #expect(try await drive.usedBytes() == used - Int64(size))
            #expect(try await drive.blobs.stagings().isEmpty)
            clock.advance(ms: 1000)
            #expect(try await drive.collectGarbage(graceMs: 0).contents == 1)
            let report = try await drive.check(repair: false)
            #expect(report.isClean && report.blobsChecked == 1)
        }
    }

    @Test("after its lifetime an upload is gone, and its bytes are swept", arguments: Engine.allCases)
    func expiry(engine: Engine) async throws {
        try await withDrive(engine) { drive, clock in
            let people = try await TwoPeople(drive)
            let upload = try await open(10, drive, people)
            _ = try await drive.receivePart(1, of: upload.id, body: Chunks(bytes: [1, 2, 3]))
            clock.advance(ms: drive.settings.uploadLifetimeMs)
            await #expect(throws: DriveError.upload(.gone)) {
                try await drive.receivePart(2, of: upload.id, body: Chunks(bytes: [4]))
            }
            #expect(try await drive.sweepUploads() == 1)
            #expect(try await drive.blobs.stagings().isEmpty)
        }
    }

    @Test("a declared size above the limit, below one or beyond the space is refused", arguments: Engine.allCases)
    func declared(engine: Engine) async throws {
        try await withDrive(
            engine,
            settings: {
                $0.storageLimit = 1000
                $0.maxFileSize = 2000
            }
        ) { drive, _ in
            let people = try await TwoPeople(drive)
            await #expect(throws: DriveError.tooLarge(limit: 2000)) { try await open(2001, drive, people) }
            await #expect(throws: DriveError.noSpace) { try await open(1001, drive, people) }
            await #expect(throws: DriveError.invalidValue("size")) { try await open(0, drive, people) }
            _ = try await open(600, drive, people)
            await #expect(throws: DriveError.noSpace) { try await open(600, drive, people) }
            #expect(try await drive.blobs.stagings().count == 1)
        }
    }
}
