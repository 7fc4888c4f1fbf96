import Hummingbird
import NIOCore
import NIOHTTP1
import NIOHTTPTypesHTTP1

/// An open file whose bytes can go to a socket without passing through this program.
package struct TransferableFile: Sendable {
    /// Open for reading as long as `keeper` lives.
    let descriptor: Int32
    let keeper: any Sendable
    /// Returns once `range` is in memory, as far as can be told: sending it then waits for no disk. Throws when the file
    /// ends before.
    let prepare: @Sendable (Range<Int64>) async throws -> Void

    package init(
        descriptor: Int32, keeper: any Sendable, prepare: @escaping @Sendable (Range<Int64>) async throws -> Void
    ) {
        self.descriptor = descriptor
        self.keeper = keeper
        self.prepare = prepare
    }
}

/// Hands ranges of files to the kernel (sendfile), which a connection over plain HTTP/1.1 can take.
///
/// Hummingbird's bodies are buffers only, so a range goes around them: into the pipeline below the codec that knows
/// buffers only, right to the HTTP encoder. What was written to the body's writer before is in the pipeline by then, as
/// both take the same way onto the event loop.
struct FileTransfer: Sendable {
    /// Bytes given to the kernel at a time. Long enough that the hops between threads do not count, short enough that a
    /// client that stopped reading is noticed.
    static let pieceBytes: Int64 = 4 * 1024 * 1024

    let channel: any Channel

    /// Sends `range`; the head must have been written and announced as many bytes. Returns when the socket took them.
    /// - Throws: when the connection broke or the file ends before; how much was sent is then unknown.
    func send(_ file: TransferableFile, _ range: Range<Int64>) async throws {
        // The handle never closes the descriptor: the file's keeper does.
        let handle = NIOFileHandle(_deprecatedTakingOwnershipOfDescriptor: file.descriptor)
        do {
            var start = range.lowerBound
            while start < range.upperBound {
                try Task.checkCancellation()
                let end = min(start + Self.pieceBytes, range.upperBound)
                try await file.prepare(start..<end)
                try await write(FileRegion(fileHandle: handle, readerIndex: Int(start), endIndex: Int(end)))
                start = end
            }
        } catch {
            _ = try handle.takeDescriptorOwnership()
            throw error
        }
        _ = try handle.takeDescriptorOwnership()
        withExtendedLifetime(file) {}
    }

    private func write(_ region: FileRegion) async throws {
        let channel = channel
        try await channel.eventLoop.flatSubmit {
            do {
                let codec = try channel.pipeline.syncOperations.context(handlerType: HTTP1ToHTTPServerCodec.self)
                let written = channel.eventLoop.makePromise(of: Void.self)
                codec.writeAndFlush(NIOAny(HTTPServerResponsePart.body(.fileRegion(region))), promise: written)
                return written.futureResult
            } catch {
                return channel.eventLoop.makeFailedFuture(error)
            }
        }.get()
    }
}
