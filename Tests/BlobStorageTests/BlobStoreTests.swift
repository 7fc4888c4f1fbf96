import BlobStorage
import Crypto
import Foundation
import Logging
import NIOCore
import Synchronization
import Testing

/// Every implementation of `BlobStore` a test can be run on.
enum StoreKind: String, CaseIterable {
    case disk
}

/// Hands `body` an empty store and throws it away afterwards.
func withStore(_ kind: StoreKind, _ body: (any BlobStore) async throws -> Void) async throws {
    switch kind {
    case .disk: try await withFolder { try await body(try DiskStore(root: $0, log: Logger(label: "test"))) }
    }
}

func withFolder(_ body: (String) async throws -> Void) async throws {
    let folder = FileManager.default.temporaryDirectory.path + "/dossier-blobs-" + UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try await body(folder)
}

func sha256(_ bytes: [UInt8]) -> String {
    SHA256.hash(data: bytes).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
}

/// Bytes that differ with `seed`, `count` of them.
func sample(_ count: Int, seed: UInt8 = 1) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8 &+ Int(seed)) }
}

extension BlobStore {
    func append(_ bytes: [UInt8], to staging: StagingKey, at offset: Int64) async throws {
        let writer = try await append(to: staging, at: offset)
        try await writer.write(ByteBuffer(bytes: bytes))
        try await writer.sync()
        await writer.close()
    }

    func staged(_ staging: StagingKey, count: Int64) async throws -> [UInt8] {
        let collected = Mutex<[UInt8]>([])
        try await readStaged(staging, count: count) { chunk in
            collected.withLock { $0 += Array(chunk.readableBytesView) }
        }
        return collected.withLock { $0 }
    }

    func bytes(of key: BlobKey, _ range: Range<Int64>) async throws -> [UInt8] {
        var collected: [UInt8] = []
        try await read(key, range: range) { collected += Array($0.readableBytesView) }
        return collected
    }

    func store(_ bytes: [UInt8]) async throws -> BlobKey {
        let staging = try await stage()
        try await append(bytes, to: staging, at: 0)
        return try await commit(staging, sha256: sha256(bytes))
    }

    func blobs() async throws -> [StoredBlob] {
        let met = Mutex<[StoredBlob]>([])
        // swift-format-ignore: ReplaceForEachWithForLoop
        try await forEach { blob in met.withLock { $0.append(blob) } }
        return met.withLock { $0 }
    }

    func keys() async throws -> Set<BlobKey> {
        Set(try await blobs().map(\.key))
    }
}

@Suite("What every blob store promises")
struct BlobStoreTests {
    @Test("bytes come back as they were committed", arguments: StoreKind.allCases, [0, 1, 4096, 524_288, 1_500_001])
    func roundTrip(kind: StoreKind, count: Int) async throws {
        try await withStore(kind) { store in
            let bytes = sample(count)
            let key = try await store.store(bytes)
            #expect(try await store.size(of: key) == Int64(count))
            #expect(try await store.bytes(of: key, 0..<Int64(count)) == bytes)
        }
    }

    @Test("any range of a blob can be read", arguments: StoreKind.allCases)
    func ranges(kind: StoreKind) async throws {
        try await withStore(kind) { store in
            let bytes = sample(1_200_000)
            let key = try await store.store(bytes)
            let ranges: [Range<Int64>] = [
                0..<1, 1_199_999..<1_200_000, 524_287..<524_289, 100..<100, 3..<1_100_000, 0..<1_200_000,
            ]
            for range in ranges {
                let part = try await store.bytes(of: key, range)
                #expect(part == Array(bytes[Int(range.lowerBound)..<Int(range.upperBound)]), "\(range)")
            }
        }
    }

    @Test("a chunk the reader keeps is not overwritten by the next", arguments: StoreKind.allCases)
    func keptChunks(kind: StoreKind) async throws {
        try await withStore(kind) { store in
            let bytes = sample(1_300_000)
            let key = try await store.store(bytes)
            var chunks: [ByteBuffer] = []
            try await store.read(key, range: 0..<1_300_000) { chunks.append($0) }
            #expect(chunks.flatMap { Array($0.readableBytesView) } == bytes)
        }
    }

    @Test("parts appended in order become one blob", arguments: StoreKind.allCases)
    func parts(kind: StoreKind) async throws {
        try await withStore(kind) { store in
            let staging = try await store.stage()
            let bytes = sample(300_000)
            for start in stride(from: 0, to: 300_000, by: 100_000) {
                try await store.append(Array(bytes[start..<start + 100_000]), to: staging, at: Int64(start))
            }
            #expect(try await store.staged(staging, count: 300_000) == bytes)
            #expect(try await store.staged(staging, count: 100_001) == Array(bytes[..<100_001]))
            let key = try await store.commit(staging, sha256: sha256(bytes))
            #expect(try await store.bytes(of: key, 0..<300_000) == bytes)
        }
    }

    @Test("appending at an offset cuts off what a broken part left beyond it", arguments: StoreKind.allCases)
    func cutOff(kind: StoreKind) async throws {
        try await withStore(kind) { store in
            let staging = try await store.stage()
            try await store.append(Array("kept".utf8), to: staging, at: 0)
            let dying = try await store.append(to: staging, at: 4)
            try await dying.write(ByteBuffer(string: "half a part"))
            await dying.close()
            try await store.append(Array("!".utf8), to: staging, at: 4)
            let key = try await store.commit(staging, sha256: sha256(Array("kept!".utf8)))
            #expect(try await store.size(of: key) == 5)
            #expect(try await store.bytes(of: key, 0..<5) == Array("kept!".utf8))
        }
    }

    @Test("appending beyond the end, before the start or to an unknown area is refused", arguments: StoreKind.allCases)
    func appendRefusals(kind: StoreKind) async throws {
        try await withStore(kind) { store in
            let staging = try await store.stage()
            try await store.append([1, 2, 3], to: staging, at: 0)
            await #expect(throws: BlobError.absent) { _ = try await store.append(to: staging, at: 4) }
            await #expect(throws: BlobError.absent) { _ = try await store.append(to: staging, at: -1) }
            #expect(try await store.staged(staging, count: 3) == [1, 2, 3])
            try await store.discard(staging)
            await #expect(throws: BlobError.absent) { _ = try await store.append(to: staging, at: 0) }
        }
    }

    @Test("committing again after the answer was lost gives the same key", arguments: StoreKind.allCases)
    func repeatedCommit(kind: StoreKind) async throws {
        try await withStore(kind) { store in
            let staging = try await store.stage()
            try await store.append([7, 8, 9], to: staging, at: 0)
            let key = try await store.commit(staging, sha256: sha256([7, 8, 9]))
            #expect(try await store.commit(staging, sha256: sha256([7, 8, 9])) == key)
            #expect(try await store.bytes(of: key, 0..<3) == [7, 8, 9])
            #expect(try await store.stagings().isEmpty)
        }
    }

    @Test("committing an unknown area of unknown bytes is refused", arguments: StoreKind.allCases)
    func commitOfNothing(kind: StoreKind) async throws {
        try await withStore(kind) { store in
            let staging = try await store.stage()
            try await store.discard(staging)
            await #expect(throws: BlobError.absent) { _ = try await store.commit(staging, sha256: sha256([1])) }
        }
    }

    @Test("equal bytes are stored once, and reading goes on while they come again", arguments: StoreKind.allCases)
    func equalBytes(kind: StoreKind) async throws {
        try await withStore(kind) { store in
            let bytes = sample(1_200_000)
            let key = try await store.store(bytes)
            var read: [UInt8] = []
            try await store.read(key, range: 0..<1_200_000) { chunk in
                if read.isEmpty {
                    let again = try await store.store(bytes)
                    #expect(again == key)
                }
                read += Array(chunk.readableBytesView)
            }
            #expect(read == bytes)
            #expect(try await store.keys() == [key])
        }
    }

    @Test("many writers of the same and of different bytes do not disturb each other", arguments: StoreKind.allCases)
    func crowd(kind: StoreKind) async throws {
        try await withStore(kind) { store in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<40 {
                    group.addTask {
                        let bytes = sample(50_000 + number % 10, seed: UInt8(number % 10))
                        let key = try await store.store(bytes)
                        #expect(try await store.bytes(of: key, 0..<Int64(bytes.count)) == bytes)
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await store.keys().count == 10)
            #expect(try await store.stagings().isEmpty)
        }
    }

    @Test("a removed blob is absent, and removing it again succeeds", arguments: StoreKind.allCases)
    func removal(kind: StoreKind) async throws {
        try await withStore(kind) { store in
            let key = try await store.store([1, 2, 3])
            let other = try await store.store([4])
            try await store.remove(key)
            try await store.remove(key)
            #expect(try await store.size(of: key) == nil)
            await #expect(throws: BlobError.absent) { try await store.read(key, range: 0..<3) { _ in } }
            #expect(try await store.keys() == [other])
        }
    }

    @Test("a blob committed since is not removed, an older and an absent one are gone", arguments: StoreKind.allCases)
    func removingOld(kind: StoreKind) async throws {
        try await withStore(kind) { store in
            let begun = Int64(Date().timeIntervalSince1970 * 1000)
            let key = try await store.store(sample(1000))
            let ended = Int64(Date().timeIntervalSince1970 * 1000)
            #expect(try await !store.remove(key, committedBefore: begun - 5000))
            #expect(try await store.size(of: key) == 1000)
            #expect(try await store.remove(key, committedBefore: ended + 5000))
            #expect(try await store.size(of: key) == nil)
            #expect(try await store.remove(key, committedBefore: ended))
        }
    }

    @Test("forgetting an area twice succeeds and leaves the others", arguments: StoreKind.allCases)
    func discarding(kind: StoreKind) async throws {
        try await withStore(kind) { store in
            let begun = Date().timeIntervalSince1970 * 1000
            let first = try await store.stage()
            let second = try await store.stage()
            try await store.append([1, 2], to: second, at: 0)
            try await store.discard(first)
            try await store.discard(first)
            let left = try await store.stagings()
            #expect(left.map(\.key) == [second])
            #expect(left.map(\.sizeBytes) == [2])
            #expect(Double(left[0].modifiedMs) > begun - 5000)
        }
    }

    @Test("a walk meets every blob with its size and the time of its last commit", arguments: StoreKind.allCases)
    func walking(kind: StoreKind) async throws {
        try await withStore(kind) { store in
            let begun = Date().timeIntervalSince1970 * 1000
            var expected: [BlobKey: Int64] = [:]
            for count in 1...20 { expected[try await store.store(sample(count))] = Int64(count) }
            let met = try await store.blobs()
            let ended = Date().timeIntervalSince1970 * 1000
            #expect(met.count == expected.count)
            for blob in met {
                #expect(expected[blob.key] == blob.sizeBytes)
                #expect((begun - 5000...ended + 5000).contains(Double(blob.modifiedMs)))
            }
        }
    }

    @Test("what the reader throws ends the reading and reaches the caller", arguments: StoreKind.allCases)
    func throwingReader(kind: StoreKind) async throws {
        struct Enough: Error {}
        try await withStore(kind) { store in
            let key = try await store.store(sample(2_000_000))
            var chunks = 0
            await #expect(throws: Enough.self) {
                try await store.read(key, range: 0..<2_000_000) { _ in
                    chunks += 1
                    throw Enough()
                }
            }
            #expect(chunks == 1)
        }
    }

    @Test("a closed writer takes nothing more, and closing twice is fine", arguments: StoreKind.allCases)
    func closedWriter(kind: StoreKind) async throws {
        try await withStore(kind) { store in
            let staging = try await store.stage()
            let writer = try await store.append(to: staging, at: 0)
            await writer.close()
            await writer.close()
            await #expect(throws: BlobError.self) { try await writer.write(ByteBuffer(string: "late")) }
            #expect(try await store.stagings().map(\.sizeBytes) == [0])
        }
    }

    @Test("a store that works proves it and leaves nothing behind", arguments: StoreKind.allCases)
    func probing(kind: StoreKind) async throws {
        try await withStore(kind) { store in
            try await store.probe()
            #expect(try await store.stagings().isEmpty)
            #expect(try await store.keys().isEmpty)
        }
    }
}
