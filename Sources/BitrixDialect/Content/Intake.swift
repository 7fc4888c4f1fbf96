import DriveCore
import HTTPEdge
import NIOCore
import Synchronization

/// Content that comes with a request while it is read, on its way into the drive.
final class StagedReceiver: ContentReceiver {
    let stage: ContentStage

    init(_ stage: ContentStage) { self.stage = stage }

    func write(_ bytes: ByteBuffer) async throws { try await stage.write(bytes) }
}

/// Everything one request has staged, so that what no method took is forgotten when the request ends.
final class Intake: Sendable {
    private let drive: Drive
    private let stages = Mutex<[ContentStage]>([])

    init(drive: Drive) { self.drive = drive }

    /// Sends base64 in `fileContent` and `fileContent[1]` into the drive as it comes.
    var base64: ContentDiversion {
        ContentDiversion(
            isBase64: { $0 == ["fileContent"] || $0 == ["fileContent", "1"] }, makeReceiver: { _ in self.receiver() })
    }

    /// Sends file parts of a multipart body into the drive as they come.
    var parts: ContentDiversion {
        ContentDiversion(isBase64: { _ in false }, makeReceiver: { _ in self.receiver() })
    }

    private func receiver() -> StagedReceiver {
        let stage = drive.stageContent()
        stages.withLock { $0.append(stage) }
        return StagedReceiver(stage)
    }

    func discardAll() async {
        for stage in stages.withLock({ $0 }) { await stage.discard() }
    }
}
