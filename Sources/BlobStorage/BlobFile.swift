/// A blob as a file that is open for reading until the last reference to this goes.
package protocol BlobFile: AnyObject, Sendable {
    /// The operating system's number of the open file.
    var descriptor: Int32 { get }
    /// Returns once `range` is in memory, as far as can be told, so that sending it waits for no disk.
    /// - Throws: `.failed` when the file ends before.
    func prepare(_ range: Range<Int64>) async throws(BlobError)
}
