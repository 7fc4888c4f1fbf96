import Crypto
import DriveCore
import Foundation
import NIOCore
import Testing

@testable import DriveCore

/// The administrator of a fresh account and two people without special rights.
struct TwoPeople {
    let admin = Caller(person: Person.ID(1), isAdministrator: true, departments: [1])
    let ann: Caller
    let ben: Caller

    init(_ drive: Drive) async throws {
        func add(_ login: String) async throws -> Caller {
            let person = try await drive.addPerson(NewPerson(login: login), as: .system)
            return Caller(person: person.id, isAdministrator: false, departments: [1])
        }
        ann = try await add("ann")
        ben = try await add("ben")
    }
}

extension StagedContent {
    /// Small content, as staging would make it.
    static func text(_ text: String) -> StagedContent {
        let bytes = [UInt8](text.utf8)
        return StagedContent(
            sha256: SHA256.hash(data: bytes).map { String(format: "%02x", $0) }.joined(), sizeBytes: Int64(bytes.count),
            place: .row(bytes))
    }
}

extension Drive {
    /// Content taken in the way a request does it.
    func staged(_ bytes: [UInt8], chunk: Int = 100_000) async throws -> StagedContent {
        let stage = stageContent()
        for start in stride(from: 0, to: bytes.count, by: chunk) {
            try await stage.write(ByteBuffer(bytes: bytes[start..<min(start + chunk, bytes.count)]))
        }
        return try await stage.finish()
    }

    /// Every byte a link to this file would serve.
    func bytes(of file: Node, as caller: Caller) async throws -> [UInt8] {
        let content = try await content(of: file.id, allowTrashed: true, as: caller)
        var all: [UInt8] = []
        try await content.read(0..<content.sizeBytes) { all += $0.readableBytesView }
        return all
    }
}

/// Bytes that no two offsets repeat in step, from a seed.
func pattern(_ count: Int, seed: UInt8 = 0) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) ^ seed }
}

/// A body as the network delivers it.
struct Chunks: AsyncSequence, Sendable {
    let bytes: [UInt8]
    var size = 10_000
    /// Throw after this many chunks, as a cut connection does.
    var cutAfter = Int.max

    struct Cut: Error {}

    struct AsyncIterator: AsyncIteratorProtocol {
        var chunks: Chunks
        var index = 0
        mutating func next() async throws -> ByteBuffer? {
            if index >= chunks.cutAfter { throw Cut() }
            let start = index * chunks.size
            guard start < chunks.bytes.count else { return nil }
            index += 1
            return ByteBuffer(bytes: chunks.bytes[start..<Swift.min(start + chunks.size, chunks.bytes.count)])
        }
    }

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(chunks: self) }
}
