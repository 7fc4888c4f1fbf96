import DriveCore
import NIOCore

extension ImageSize {
    /// Nil when the file is no picture, or none whose size can be read.
    static func of(_ file: Node, _ call: CallContext) async -> ImageSize? {
        guard let content = file.content, FileKind(extension: content.fileExtension) == .image else { return nil }
        var header: [UInt8] = []
        do {
            let readable = try await call.drive.content(of: file.id, allowTrashed: false, as: call.caller)
            try await readable.read(0..<min(readable.sizeBytes, headerLimit)) {
                header.append(contentsOf: $0.readableBytesView)
            }
        } catch {
            // The picture's size is a courtesy; the file was sent all the same.
            call.log.warning("cannot read a picture's header", metadata: ["node": "\(file.id)", "error": "\(error)"])
            return nil
        }
        return ImageSize(header: header)
    }
}
