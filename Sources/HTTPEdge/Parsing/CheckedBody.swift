import Hummingbird
import NIOCore
import NIOHTTP1

/// A request's body that never passes for complete when it is not.
package struct CheckedBody: AsyncSequence, Sendable {
    package typealias Element = ByteBuffer

    fileprivate let body: RequestBody
    fileprivate let declaredBytes: Int64?
    fileprivate let limit: Int64
    fileprivate let whenWanted: @Sendable () -> Void

    package struct AsyncIterator: AsyncIteratorProtocol {
        private let checked: CheckedBody
        /// Unsafe in name only: the framework's `next` leaves its caller's isolation, and it is asked by one at a time.
        private nonisolated(unsafe) var iterator: RequestBody.AsyncIterator
        private var received: Int64 = 0
        private var hasBegun = false

        fileprivate init(_ checked: CheckedBody) {
            self.checked = checked
            iterator = checked.body.makeAsyncIterator()
        }

        /// - Throws: `ParsingError.tooLarge` as soon as the limit is passed (at once when the declared length does),
        ///   `.cutShort` when the client stopped early, `.malformed` when the framing is broken.
        package mutating func next() async throws -> ByteBuffer? {
            if !hasBegun {
                hasBegun = true
                if let declared = checked.declaredBytes, declared > checked.limit { throw ParsingError.tooLarge }
                checked.whenWanted()
            }
            guard let chunk = try await nextChunk() else {
                // The stream below ends in the same way for a complete body and for a dead client.
                if let declared = checked.declaredBytes, declared != received { throw ParsingError.cutShort }
                return nil
            }
            received += Int64(chunk.readableBytes)
            guard received <= checked.limit else { throw ParsingError.tooLarge }
            return chunk
        }

        private mutating func nextChunk() async throws -> ByteBuffer? {
            do {
                return try await iterator.next()
            } catch let error as ParsingError {
                throw error
            } catch let error as HTTPParserError where error != .invalidEOFState {
                throw ParsingError.malformed("a body that is not framed as HTTP demands")
            } catch is CancellationError {
                throw CancellationError()
            } catch {
                throw ParsingError.cutShort
            }
        }
    }

    package func makeAsyncIterator() -> AsyncIterator { AsyncIterator(self) }
}

extension EdgeRequest {
    /// The raw body, whatever its content type says. Can be read once.
    /// - Parameter limit: bytes; a longer body throws `ParsingError.tooLarge`.
    package func checkedBody(limit: Int64 = .max) -> CheckedBody {
        CheckedBody(
            body: body, declaredBytes: headers[.contentLength].flatMap { Int64($0) }, limit: limit,
            whenWanted: wantBody)
    }
}
