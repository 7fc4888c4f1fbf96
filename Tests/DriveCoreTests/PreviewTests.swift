import Foundation
import SQLStore
import TestSupport
import Testing

@testable import DriveCore

@Suite("Previews")
struct PreviewTests {
    @Test("who asks gets previews later, in their real sizes; who does not gets none", arguments: Engine.allCases)
    func made(engine: Engine) async throws {
        try await withDrive(engine, settings: { $0.storageLimit = 1000 }) { drive, _ in
            let worker = PreviewWorker(drive: drive, maker: DrawnPreviews())
            let asked = try await drive.uploaded(drawnPNG(width: 1600, height: 800))
            let silent = try await drive.uploaded(drawnPNG(width: 10, height: 10), wantsPreview: false)
            let used = try await drive.usedBytes()
            #expect(try await drive.previews(of: asked) == [])
            #expect(try await worker.makeNext())
            #expect(try await !worker.makeNext())

            let previews = try await drive.previews(of: asked)
            #expect(previews.map(\.edge) == [200, 800])
            #expect(previews.map(\.width) == [200, 800] && previews.map(\.height) == [100, 400])
            #expect(previews.map(\.format) == [.jpeg, .jpeg])
            #expect(try await drive.previews(of: silent) == [])
            #expect(try await drive.previewBytes(200, of: asked) == drawnJPEG(width: 200, height: 100))
            #expect(try await drive.usedBytes() == used)
            #expect(try await drive.check(repair: false).isClean)
        }
    }

    @Test("a large preview is kept as bytes of the store and found by the check", arguments: Engine.allCases)
    func large(engine: Engine) async throws {
        try await withDrive(engine) { drive, _ in
            let maker = DrawnPreviews { _, _ in [.drawn(edge: 800, width: 800, height: 1, padding: 100_000)] }
            let file = try await drive.uploaded(drawnPNG(width: 1600, height: 2))
            #expect(try await PreviewWorker(drive: drive, maker: maker).makeNext())
            #expect(
                try await drive.previewBytes(800, of: file) == drawnJPEG(width: 800, height: 1, padding: 100_000))
            let report = try await drive.check(repair: true)
            #expect(report.isClean && report.unreferenced.isEmpty && report.blobsChecked == 2)
            _ = try await drive.database.write { tx in try tx.run("UPDATE preview SET size_bytes = 7") }
            #expect(
                try await drive.check(repair: false).inconsistent
                    == ["node \(file.id) has a preview of another size than its bytes"])
        }
    }

    @Test("the bytes decide what is made, not the declared type", arguments: Engine.allCases)
    func sniffed(engine: Engine) async throws {
        try await withDrive(engine, settings: { $0.previewSourceLimit = 1000 }) { drive, _ in
            var maker = DrawnPreviews { _, kind in
                [.drawn(edge: 200, width: kind == .document ? 2 : 1, height: 1)]
            }
            maker.kinds = [.picture, .document]
            let worker = PreviewWorker(drive: drive, maker: maker)
            let svg = #"<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>"#
            let video = Array("\u{0}\u{0}\u{0}\u{20}ftypisom\u{0}\u{0}\u{2}\u{0}isomiso2avc1mp41".utf8)
            let cases: [([UInt8], String, widths: [Int64], reason: String)] = [
                (drawnPNG(width: 9, height: 9), "text/plain", [1], ""),
                (Array("%PDF-1.4\n".utf8), "image/png", [2], ""),
                (Array("hello".utf8), "image/png", [], "there are no previews of text/plain"),
                (Array(svg.utf8), "image/svg+xml", [], "there are no previews of image/svg+xml"),
                (video, "video/mp4", [], "the program for a video is missing"),
                (drawnPNG(width: 9, height: 9, padding: 1000), "image/png", [], "larger than 1000 bytes"),
            ]
            for (bytes, type, widths, reason) in cases {
                let file = try await drive.uploaded(bytes, type: type)
                #expect(try await worker.makeNext())
                #expect(try await drive.previews(of: file).map(\.width) == widths, "\(type)")
                #expect(try await drive.job(of: file) == Job(attempts: 1, due: nil, reason: reason), "\(type)")
            }
            #expect(try await !worker.makeNext())
        }
    }

    @Test(
        "what cannot work is given up at once, with the reason, and costs the file nothing", arguments: Engine.allCases)
    func unusable(engine: Engine) async throws {
        try await withDrive(engine) { drive, clock in
            let bytes = drawnPNG(width: 5, height: 5, padding: 50_000)
            let file = try await drive.uploaded(bytes)
            let maker = DrawnPreviews { _, _ in
                throw PreviewFailure.unusable("bad\u{0}\n\u{1F4A3} \(String(repeating: "x", count: 999))")
            }
            #expect(try await PreviewWorker(drive: drive, maker: maker).makeNext())
            let job = try await drive.job(of: file)
            #expect(job.due == nil && job.reason.hasPrefix("bad    xxx") && job.reason.count == 300)
            clock.advance(ms: 86_400_000)
            #expect(try await !PreviewWorker(drive: drive, maker: DrawnPreviews()).makeNext())
            #expect(try await drive.bytes(of: file, as: .administrator) == bytes)
        }
    }

    @Test("what makes trouble is tried again later, three times in all", arguments: Engine.allCases)
    func troubled(engine: Engine) async throws {
        try await withDrive(engine) { drive, clock in
            let file = try await drive.uploaded(drawnPNG(width: 5, height: 5))
            let maker = DrawnPreviews { _, _ in throw PreviewFailure.troubled("busy") }
            let worker = PreviewWorker(drive: drive, maker: maker)
            for attempt in 1...3 as ClosedRange<Int64> {
                #expect(try await worker.makeNext())
                let due = attempt < 3 ? clock.now + attempt * 60_000 : nil
                #expect(try await drive.job(of: file) == Job(attempts: attempt, due: due, reason: "busy"))
                #expect(try await !worker.makeNext())
                clock.advance(ms: attempt * 60_000)
            }
            clock.advance(ms: 86_400_000)
            #expect(try await !worker.makeNext())
        }
    }

    @Test("nothing, two of one square and a foreign square are not kept", arguments: Engine.allCases)
    func nonsense(engine: Engine) async throws {
        try await withDrive(engine) { drive, _ in
            let one = MadePreview.drawn(edge: 200, width: 3, height: 3)
            let foreign = MadePreview.drawn(edge: 100, width: 3, height: 3)
            for made in [[], [one, one], [foreign]] {
                let file = try await drive.uploaded(drawnPNG(width: 5, height: 5))
                #expect(try await PreviewWorker(drive: drive, maker: DrawnPreviews { _, _ in made }).makeNext())
                #expect(try await drive.previews(of: file) == [])
                #expect(try await drive.job(of: file).reason == "nothing was made")
            }
        }
    }

    static let refusals: [[UInt8]] = [
        [], Array("<html>".utf8), [0xFF, 0xD8], Array("GIF89a\u{1}\u{0}\u{1}\u{0}".utf8),
        drawnJPEG(width: 201, height: 1), drawnPNG(width: 1, height: 201), drawnPNG(width: 0, height: 1),
        drawnPNG(width: 1, height: 1, padding: MadePreview.byteLimit),
    ]

    @Test("only a JPEG or PNG that fits its square is a preview", arguments: refusals)
    func refused(bytes: [UInt8]) { #expect(MadePreview(edge: 200, bytes: bytes) == nil) }

    @Test("many workers make each version once", arguments: Engine.allCases)
    func workers(engine: Engine) async throws {
        try await withDrive(engine) { drive, _ in
            for _ in 0..<6 { _ = try await drive.uploaded(drawnPNG(width: 5, height: 5)) }
            let claims = try await withThrowingTaskGroup(of: PreviewClaim?.self) { group in
                for _ in 0..<10 { group.addTask { try await drive.claimPreviews() } }
                return try await group.reduce(into: [PreviewClaim]()) { if let claim = $1 { $0.append(claim) } }
            }
            #expect(claims.count == 6 && Set(claims.map(\.version)).count == 6 && Set(claims.map(\.lease)).count == 6)
            #expect(claims.allSatisfy { $0.attempt == 1 })
        }
    }

    @Test("a dead server's work is done by the next, and what it may still do is not kept", arguments: Engine.allCases)
    func lease(engine: Engine) async throws {
        try await withDrive(engine) { drive, clock in
            let file = try await drive.uploaded(drawnPNG(width: 5, height: 5))
            let first = try #require(try await drive.claimPreviews())
            #expect(try await drive.claimPreviews() == nil)
            clock.advance(ms: Drive.previewLeaseMs)
            let second = try #require(try await drive.claimPreviews())
            #expect(second.version == first.version && second.attempt == 2)

            let made = [MadePreview.drawn(edge: 200, width: 3, height: 3)]
            #expect(try await !drive.keep(made, for: first))
            try await drive.giveUp(first, reason: "late")
            try await drive.postpone(first, reason: "late")
            try await drive.release(first)
            #expect(try await drive.previews(of: file) == [])
            #expect(try await drive.keep(made, for: second))
            #expect(try await drive.previews(of: file).count == 1)
            #expect(try await drive.job(of: file) == Job(attempts: 2, due: nil, reason: ""))
        }
    }

    @Test("work that was queued is found after a restart", arguments: Engine.allCases)
    func restart(engine: Engine) async throws {
        try await withDrive(engine) { drive, _ in
            let file = try await drive.uploaded(drawnPNG(width: 5, height: 5))
            let restarted = Drive(
                database: drive.database, blobs: drive.blobs, settings: drive.settings, account: drive.account,
                log: drive.log, now: drive.now)
            #expect(try await PreviewWorker(drive: restarted, maker: DrawnPreviews()).makeNext())
            #expect(try await restarted.previews(of: file).count == 2)
        }
    }

    @Test("a version that outlives three servers is given up", arguments: Engine.allCases)
    func deadly(engine: Engine) async throws {
        try await withDrive(engine) { drive, clock in
            let file = try await drive.uploaded(drawnPNG(width: 5, height: 5))
            for _ in 0..<3 {
                #expect(try await drive.claimPreviews() != nil)
                clock.advance(ms: Drive.previewLeaseMs)
            }
            #expect(try await drive.claimPreviews() == nil)
            #expect(try await drive.job(of: file) == Job(attempts: 3, due: nil, reason: "the server ended each time"))
        }
    }

    @Test("a server that stops lets go of its work", arguments: Engine.allCases)
    func stopped(engine: Engine) async throws {
        try await withDrive(engine) { drive, _ in
            let file = try await drive.uploaded(drawnPNG(width: 5, height: 5))
            let slow = DrawnPreviews { _, _ in
                try await Task.sleep(for: .seconds(600))
                return []
            }
            let running = Task { await PreviewWorker(drive: drive, maker: slow).run() }
            while try await drive.job(of: file).attempts == 0 { try await Task.sleep(for: .milliseconds(20)) }
            running.cancel()
            await running.value
            #expect(try await drive.job(of: file).attempts == 0)
            #expect(try await PreviewWorker(drive: drive, maker: DrawnPreviews()).makeNext())
            #expect(try await drive.previews(of: file).count == 2)
        }
    }

    @Test("past the budget the oldest go, and only they", arguments: Engine.allCases)
    func budget(engine: Engine) async throws {
        try await withDrive(engine, settings: { $0.previewBudget = 2500 }) { drive, clock in
            let maker = DrawnPreviews { _, _ in [.drawn(edge: 200, width: 1, height: 1, padding: 1000)] }
            var files: [Node] = []
            for _ in 0..<3 {
                files.append(try await drive.uploaded(drawnPNG(width: 5, height: 5)))
                #expect(try await PreviewWorker(drive: drive, maker: maker).makeNext())
                clock.advance(ms: 1000)
            }
            var counts: [Int] = []
            for file in files { counts.append(try await drive.previews(of: file).count) }
            #expect(counts == [0, 1, 1])
            #expect(try await drive.job(of: files[0]).reason == "dropped: the budget was used up")
            #expect(try await drive.bytes(of: files[0], as: .administrator) == drawnPNG(width: 5, height: 5))
            // The bytes of what was dropped are the others' too.
            #expect(try await drive.collectGarbage(graceMs: 0) == GarbageReport())
            #expect(try await drive.previewBytes(200, of: files[2]).count > 0)
        }
    }

    @Test("previews follow their version: made active again, restored as a new one, copied", arguments: Engine.allCases)
    func follow(engine: Engine) async throws {
        try await withDrive(engine) { drive, _ in
            let worker = PreviewWorker(drive: drive, maker: DrawnPreviews())
            let file = try await drive.uploaded(drawnPNG(width: 1600, height: 800))
            #expect(try await worker.makeNext())
            let first = try #require(file.content)
            var second = try await drive.uploaded(Array("text".utf8), wantsPreview: false, file: file.uuid)
            #expect(try await drive.previews(of: second) == [])
            second = try await drive.activate(
                versionUUID: first.versionUUID, ofFile: file.uuid, as: .administrator)
            #expect(try await drive.previews(of: second).count == 2)

            let restored = try await drive.restore(version: first.version, of: file.id, as: .administrator)
            #expect(restored.content?.version != first.version)
            #expect(try await drive.previews(of: restored).map(\.width) == [200, 800])
            let root = try await drive.personalStorage(of: Person.ID(1)).root
            let copy = try await drive.copy(file: file.id, to: root, as: .administrator)
            #expect(try await drive.previewBytes(200, of: copy) == drawnJPEG(width: 200, height: 100))

            let waiting = try await drive.uploaded(drawnPNG(width: 7, height: 7))
            let early = try await drive.copy(file: waiting.id, to: root, uniqueName: true, as: .administrator)
            while try await worker.makeNext() {}
            #expect(try await drive.previews(of: early).count == 2)
            #expect(try await drive.check(repair: false).isClean)
        }
    }

    @Test("a trashed file shows no preview, a restored one does, a purged one has none", arguments: Engine.allCases)
    func trash(engine: Engine) async throws {
        try await withDrive(engine) { drive, clock in
            let worker = PreviewWorker(drive: drive, maker: DrawnPreviews())
            let file = try await drive.uploaded(drawnPNG(width: 1600, height: 800))
            #expect(try await worker.makeNext())
            try await drive.trash(files: [file.uuid], as: .administrator)
            await #expect(throws: DriveError.notFound(.file(uuid: file.uuid))) {
                try await drive.previewBytes(200, of: file)
            }
            _ = try await drive.restore(files: [file.uuid], as: .administrator)
            #expect(try await drive.previewBytes(200, of: file).count > 0)

            let unfinished = try await drive.uploaded(drawnPNG(width: 8, height: 8))
            let claim = try #require(try await drive.claimPreviews())
            try await drive.purge(file.id, kind: .file, as: .administrator)
            try await drive.purge(unfinished.id, kind: .file, as: .administrator)
            #expect(try await !drive.keep([.drawn(edge: 200, width: 1, height: 1)], for: claim))
            let rows = try await drive.database.read { tx in
                try tx.int("SELECT (SELECT count(*) FROM preview) + (SELECT count(*) FROM preview_job)")
            }
            #expect(rows == 0)
            clock.advance(ms: Drive.previewLeaseMs)
            #expect(try await !worker.makeNext())
            _ = try await drive.collectGarbage(graceMs: 0)
            #expect(try await drive.database.read { tx in try tx.int("SELECT count(*) FROM blob") } == 0)
        }
    }
}

private struct Job: Equatable {
    let attempts: Int64
    let due: Int64?
    let reason: String
}

extension Caller {
    fileprivate static let administrator = Caller(person: Person.ID(1), isAdministrator: true, departments: [1])
}

extension Drive {
    /// A file as an upload in one part makes it, or a new version of one.
    fileprivate func uploaded(
        _ bytes: [UInt8], type: String = "", wantsPreview: Bool = true, file: String? = nil
    ) async throws -> Node {
        var new = NewUpload(name: try FileName("a.bin"), sizeBytes: Int64(bytes.count))
        new.mediaType = type
        new.wantsPreview = wantsPreview
        new.fileUUID = file
        let upload = try await openUpload(new, as: .administrator)
        guard case .finished(let node, _) = try await receivePart(1, of: upload.id, body: Chunks(bytes: bytes)) else {
            throw DriveError.upload(.outOfOrder)
        }
        return node
    }

    /// Of the active version.
    fileprivate func previews(of file: Node) async throws -> [Preview] {
        guard let version = file.content?.version else { return [] }
        return try await previews(of: [version])[version] ?? []
    }

    fileprivate func previewBytes(_ edge: Int64, of file: Node) async throws -> [UInt8] {
        let content = try await preview(
            edge: edge, ofVersion: file.content?.versionUUID ?? "", ofFile: file.uuid
        ).content
        var all: [UInt8] = []
        try await content.read(0..<content.sizeBytes) { all += $0.readableBytesView }
        return all
    }

    fileprivate func job(of file: Node) async throws -> Job {
        let version = file.content?.version ?? Version.ID(0)
        return try await database.read { tx in
            guard
                let row = try tx.row("SELECT attempts, due_ms, reason FROM preview_job WHERE version_id = \(version)")
            else { return Job(attempts: 0, due: nil, reason: "no row") }
            return Job(attempts: try row.int(0), due: try row.intOrNull(1), reason: try row.text(2))
        }
    }
}
