import DriveCore
import Foundation
import NIOCore
import SQLStore
import TestSupport
import Testing

@testable import Previews

/// A fresh drive, a maker with real or fake programs, and the folder it works in.
struct Workshop {
    let drive: Drive
    let maker: ToolPreviewMaker
    let folder: String

    static func with(
        tools: PreviewTools = .installed(), limits: ToolLimits = ToolLimits(),
        _ body: (Workshop) async throws -> Void
    ) async throws {
        try await withDrive { drive, _ in
            try await withTemporaryFolder { folder in
                let confinement = try #require(try await Confinement.strictest(under: folder))
                let maker = ToolPreviewMaker(tools: tools, confinement: confinement, limits: limits, under: folder)
                try await body(Workshop(drive: drive, maker: maker, folder: folder))
            }
        }
    }

    /// The same with the usual limits.
    func unhurried() -> Workshop {
        let maker = ToolPreviewMaker(tools: self.maker.tools, confinement: self.maker.confinement, under: folder)
        return Workshop(drive: drive, maker: maker, folder: folder)
    }

    /// What came of one content.
    struct Outcome {
        let previews: [Preview]
        /// Why there are none.
        let reason: String
        /// It will be tried again.
        let isWaiting: Bool
    }

    /// Uploads the bytes, has their previews made, and looks at what must hold whatever they were: the file is whole and
    /// nothing is left in the folder.
    func make(_ bytes: [UInt8]) async throws -> Outcome {
        var new = NewUpload(name: try FileName("file"), sizeBytes: Int64(bytes.count))
        new.wantsPreview = true
        let administrator = Caller(person: Person.ID(1), isAdministrator: true, departments: [1])
        let upload = try await drive.openUpload(new, as: administrator)
        let (body, sending) = AsyncStream.makeStream(of: ByteBuffer.self)
        sending.yield(ByteBuffer(bytes: bytes))
        sending.finish()
        guard case .finished(let file, _) = try await drive.receivePart(1, of: upload.id, body: body) else {
            throw PreviewFailure.troubled("the upload did not end")
        }
        #expect(try await PreviewWorker(drive: drive, maker: maker).makeNext())

        let content = try await drive.content(of: file.id, allowTrashed: false, as: administrator)
        var all: [UInt8] = []
        try await content.read(0..<content.sizeBytes) { all += $0.readableBytesView }
        #expect(all == bytes)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == [])

        let version = try #require(file.content?.version)
        let previews = try await drive.previews(of: [version])[version] ?? []
        for preview in previews {
            let served = try await drive.preview(
                edge: preview.edge, ofVersion: content.version.uuid, ofFile: file.uuid
            ).content
            var bytes: [UInt8] = []
            try await served.read(0..<served.sizeBytes) { bytes += $0.readableBytesView }
            #expect(ImageSize(header: bytes) == ImageSize(width: preview.width, height: preview.height))
        }
        let job = try await drive.database.read { tx in
            try tx.row("SELECT reason, due_ms FROM preview_job WHERE version_id = \(version)")
        }
        return Outcome(
            previews: previews, reason: try #require(job).text(0), isWaiting: try !#require(job).isNull(1))
    }
}

/// Files of every kind. `film.*`, `moving.gif` and the pictures are of one colour, made with ffmpeg; `bomb.png.gz` is a
/// PNG of 60000 by 60000 black pixels.
enum Sample {
    static func bytes(_ name: String) throws -> [UInt8] {
        let folder = try #require(Bundle.module.resourceURL).appending(path: "Samples")
        return [UInt8](try Data(contentsOf: folder.appending(path: name)))
    }

    /// Unpacked with gzip.
    static func unpacked(_ name: String) throws -> [UInt8] {
        let folder = try #require(Bundle.module.resourceURL).appending(path: "Samples")
        let (gzip, pipe) = (Process(), Pipe())
        gzip.executableURL = URL(filePath: "/bin/gzip")
        gzip.arguments = ["-dc", folder.appending(path: name).path]
        gzip.standardOutput = pipe
        try gzip.run()
        let data = try #require(try pipe.fileHandleForReading.readToEnd())
        gzip.waitUntilExit()
        return [UInt8](data)
    }

    /// A PDF of one page (ISO 32000-1, 7.5).
    ///
    /// - Parameter box: the page's, in points.
    /// - Parameter resources: of the page.
    /// - Parameter extra: an object number 5.
    static func pdf(
        box: String, content: String = "0 0 1 rg 10 10 100 100 re f", resources: String = "", extra: String? = nil
    ) -> [UInt8] {
        var objects = [
            "<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            "<< /Type /Page /Parent 2 0 R /MediaBox [\(box)] /Contents 4 0 R /Resources << \(resources) >> >>",
            "<< /Length \(content.utf8.count) >>\nstream\n\(content)\nendstream",
        ]
        if let extra { objects.append(extra) }
        var text = "%PDF-1.4\n"
        var offsets: [Int] = []
        for (index, object) in objects.enumerated() {
            offsets.append(text.utf8.count)
            text += "\(index + 1) 0 obj\n\(object)\nendobj\n"
        }
        let start = text.utf8.count
        text += "xref\n0 \(objects.count + 1)\n0000000000 65535 f \n"
        for offset in offsets {
            let digits = String(offset)
            text += String(repeating: "0", count: 10 - digits.count) + digits + " 00000 n \n"
        }
        text += "trailer\n<< /Size \(objects.count + 1) /Root 1 0 R >>\nstartxref\n\(start)\n%%EOF\n"
        return Array(text.utf8)
    }
}

extension Trait where Self == ConditionTrait {
    /// Skips a test, and says why, where a program is not installed; `./check` installs them all.
    static func needs(_ kind: PreviewKind) -> Self {
        let program = PreviewTools.installed().missing(for: kind)?.program
        let (isThere, words) = (program == nil, "\(program ?? "") is not installed")
        return .enabled(if: isThere, Comment(rawValue: words))
    }
}
