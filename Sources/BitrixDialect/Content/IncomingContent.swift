import DriveCore
import HTTPEdge
import NIOCore

/// The parameter `fileContent`: base64, staged already or (inside `batch`) still text.
enum IncomingContent: Sendable {
    case staged(StagedReceiver)
    case base64(String)

    /// Makes the bytes durable.
    /// - Returns: nil when there are none: a file cannot be empty when it comes as base64.
    func finish(in drive: Drive) async throws -> StagedContent? {
        switch self {
        case .staged(let receiver):
            if receiver.stage.sizeBytes == 0 { return nil }
            return try await receiver.stage.finish()
        case .base64(let text):
            let stage = drive.stageContent()
            do {
                try await Self.decode(text, into: stage)
                if stage.sizeBytes > 0 { return try await stage.finish() }
            } catch {
                await stage.discard()
                throw error
            }
            await stage.discard()
            return nil
        }
    }

    private static func decode(_ text: String, into stage: ContentStage) async throws {
        var decoder = Base64StreamDecoder()
        let input = ByteBuffer(string: text)
        var output = ByteBuffer()
        decoder.decode(input.readableBytesView, into: &output)
        decoder.finish(into: &output)
        try await stage.write(output)
    }
}

extension Parameters {
    /// `[name, base64]`, `fileContent[1]=base64` or bare base64. The name in it decides nothing (`data.NAME` does).
    /// - Returns: nil when it is absent, null or an empty list. An empty string is content: none.
    /// - Throws: `BadArgument` for any other form.
    func fileContent() throws -> IncomingContent? {
        guard let value = self["fileContent"], value != .null else { return nil }
        guard let members = value.members else { return try Self.content(value) }
        if members.isEmpty { return nil }
        guard let second = members.last(where: { $0.key == "1" })?.value else { throw BadArgument("fileContent") }
        return try Self.content(second)
    }

    private static func content(_ value: Value) throws -> IncomingContent {
        switch value {
        case .content(let receiver as StagedReceiver): return .staged(receiver)
        case .string(let text): return .base64(text)
        default: throw BadArgument("fileContent")
        }
    }
}
