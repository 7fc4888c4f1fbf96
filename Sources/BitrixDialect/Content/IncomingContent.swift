import DriveCore
import HTTPEdge
import NIOCore

/// A file's bytes as base64 in a parameter: staged already or (inside `batch`) still text.
enum IncomingContent: Sendable {
    case staged(StagedReceiver)
    case base64(String)

    /// - Returns: nil for a value of any other form. An empty string is content: none.
    init?(_ value: Value) {
        switch value {
        case .content(let receiver as StagedReceiver): self = .staged(receiver)
        case .string(let text): self = .base64(text)
        default: return nil
        }
    }

    /// True when a strict reader takes it: for pages that refuse what others decode as far as it goes.
    var isStrictBase64: Bool {
        switch self {
        case .staged(let receiver): return receiver.wasStrictBase64
        case .base64(let text):
            var decoder = Base64StreamDecoder()
            _ = Self.decode(text, with: &decoder)
            return decoder.wasStrict
        }
    }

    /// Makes the bytes durable.
    /// - Parameter sizeLimit: the method's own; staged content was held to it while it came in.
    /// - Returns: nil when there are none: a file cannot be empty when it comes as base64.
    /// - Throws: `DriveError.tooLarge`, `.noSpace`.
    func finish(in drive: Drive, sizeLimit: Int64? = nil) async throws -> StagedContent? {
        switch self {
        case .staged(let receiver):
            if receiver.stage.sizeBytes == 0 { return nil }
            return try await receiver.stage.finish()
        case .base64(let text):
            let stage = drive.stageContent(sizeLimit: sizeLimit)
            do {
                var decoder = Base64StreamDecoder()
                try await stage.write(Self.decode(text, with: &decoder))
                if stage.sizeBytes > 0 { return try await stage.finish() }
            } catch {
                await stage.discard()
                throw error
            }
            await stage.discard()
            return nil
        }
    }

    private static func decode(_ text: String, with decoder: inout Base64StreamDecoder) -> ByteBuffer {
        let input = ByteBuffer(string: text)
        var output = ByteBuffer()
        decoder.decode(input.readableBytesView, into: &output)
        decoder.finish(into: &output)
        return output
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
        guard let content = IncomingContent(value) else { throw BadArgument("fileContent") }
        return content
    }
}
