/// What `dossier check` found.
package struct CheckReport: Sendable {
    package var blobsChecked: Int64 = 0
    package var bytesChecked: Int64 = 0
    /// Rows whose bytes are gone.
    package var missing: [String] = []
    /// Bytes whose hash or size is not what the row says.
    package var damaged: [String] = []
    /// Bytes in blob storage that no row points at.
    package var unreferenced: [String] = []
    /// Rows that contradict each other (an active version of another file, a parent that is no folder, ...).
    package var inconsistent: [String] = []
    package var removed: Int64 = 0
    package var isClean: Bool {
        missing.isEmpty && damaged.isEmpty && inconsistent.isEmpty && unreferenced.count == removed
    }
    package init() {}
}

extension Drive {
    /// Compares rows and bytes in both directions and re-hashes every byte.
    /// - Parameter repair: remove unreferenced bytes (nothing else can be mended without a backup).
    /// - Parameter progress: blobs done, blobs altogether.
    package func check(repair: Bool, progress: @Sendable (Int64, Int64) -> Void) async throws -> CheckReport {
        throw Unbuilt()
    }
}
