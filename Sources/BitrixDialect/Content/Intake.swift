import DriveCore
import HTTPEdge
import NIOCore
import Synchronization

/// Content that comes with a request while it is read, on its way into the drive.
final class StagedReceiver: ContentReceiver {
    let stage: ContentStage
    private let isStrict = Mutex(true)

    init(_ stage: ContentStage) { self.stage = stage }

    /// False when it was base64 with something foreign in it or badly padded.
    var wasStrictBase64: Bool { isStrict.withLock { $0 } }

    func write(_ bytes: ByteBuffer) async throws { try await stage.write(bytes) }

    func base64Ended(wasStrict: Bool) { isStrict.withLock { $0 = wasStrict } }
}

/// Everything one request has staged, so that what no method took is forgotten when the request ends.
final class Intake: Sendable {
    private let drive: Drive
    private let stages = Mutex<[ContentStage]>([])

    init(drive: Drive) { self.drive = drive }

    /// Sends base64 at the places `method` names into the drive as it comes; nil for a method that takes none.
    /// - Throws: `ParsingError.tooMany` past `contentLimit`, while the request is read.
    func base64(for method: Method?) -> ContentDiversion? {
        guard let method, let paths = method.content else { return nil }
        return ContentDiversion(
            isBase64: { paths.contains($0) },
            makeReceiver: { _ in
                guard self.stages.withLock({ $0.count < Self.contentLimit }) else { throw ParsingError.tooMany }
                return self.receiver(sizeLimit: method.contentLimit)
            })
    }

    /// Base64 contents of one request: one is taken, and each keeps up to `Drive.smallContentLimit` in memory.
    private static let contentLimit = 16

    /// Sends file parts of a multipart body into the drive as they come.
    var parts: ContentDiversion {
        ContentDiversion(isBase64: { _ in false }, makeReceiver: { _ in self.receiver(sizeLimit: nil) })
    }

    private func receiver(sizeLimit: Int64?) -> StagedReceiver {
        let stage = drive.stageContent(sizeLimit: sizeLimit)
        stages.withLock { $0.append(stage) }
        return StagedReceiver(stage)
    }

    func discardAll() async {
        for stage in stages.withLock({ $0 }) { await stage.discard() }
    }
}
