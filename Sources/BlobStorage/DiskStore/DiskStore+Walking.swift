import Glibc

extension DiskStore {
    package func forEach(_ body: @Sendable (StoredBlob) async throws -> Void) async throws {
        for first in 0..<256 {
            let folders = try await onOwnThread { () throws(BlobError) in try self.layout.leafFolders(under: first) }
            for folder in folders {
                let blobs = try await onOwnThread { () throws(BlobError) in
                    try Self.files(in: folder, nameLength: 64).map {
                        StoredBlob(key: BlobKey(rawValue: $0.name), sizeBytes: $0.sizeBytes, modifiedMs: $0.modifiedMs)
                    }
                }
                for blob in blobs { try await body(blob) }
            }
        }
    }

    package func stagings() async throws(BlobError) -> [(key: StagingKey, sizeBytes: Int64, modifiedMs: Int64)] {
        let files = try await onOwnThread { () throws(BlobError) in
            try Self.files(in: self.layout.staging, nameLength: 32)
        }
        return files.map { (StagingKey(rawValue: $0.name), $0.sizeBytes, $0.modifiedMs) }
    }

    private struct Entry: Sendable {
        let name: String
        let sizeBytes: Int64
        let modifiedMs: Int64
    }

    /// The files of a folder whose names have the shape of a key; what vanishes meanwhile is left out.
    private static func files(in folder: String, nameLength: Int) throws(BlobError) -> [Entry] {
        var entries: [Entry] = []
        for name in try DiskLayout.names(in: folder) where DiskLayout.isHex(name, count: nameLength) {
            var status = stat()
            if lstat(folder + "/" + name, &status) != 0 {
                if errno == ENOENT { continue }
                throw BlobError(errno: errno, "stat \(folder)/\(name)")
            }
            entries.append(
                Entry(name: name, sizeBytes: Int64(status.st_size), modifiedMs: status.modifiedMs))
        }
        return entries
    }
}
