/// What a connection found in its snapshots since the last commit that any of them saw.
struct SnapshotMemory {
    /// Values kept at once; past that all are forgotten.
    private static let capacity = 1000
    private var version: Int64?
    private var values: [String: any Sendable] = [:]

    /// - Parameter version: of the snapshot that is open; another one than before forgets everything.
    mutating func value(for key: String, at version: Int64) -> (any Sendable)? {
        if version != self.version {
            self.version = version
            values = [:]
        }
        return values[key]
    }

    /// Keeps what was found in the snapshot asked about last.
    mutating func keep(_ value: some Sendable, for key: String) {
        if values.count >= Self.capacity { values = [:] }
        values[key] = value
    }
}
