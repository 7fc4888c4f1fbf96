import NIOCore

extension Value {
    /// This tree as JSON: members in order, exact nulls, `/` and non-ASCII as they are. A double without a fraction is
    /// written without one, a double that is no number as `null`, diverted content as `null`.
    package func writeJSON(into buffer: inout ByteBuffer) {
        var text = JSONText()
        text.write(self)
        text.withBytes { _ = buffer.writeBytes($0) }
    }
}
