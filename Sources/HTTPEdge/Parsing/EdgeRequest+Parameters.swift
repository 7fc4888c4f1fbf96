import NIOCore

extension EdgeRequest {
    /// Reads query and body (JSON, urlencoded, multipart; without a content type by the first byte) into one tree.
    /// Consumes the body. Nothing longer than a chunk is held of diverted content.
    /// - Throws: `ParsingError`; whatever the receiver throws.
    package func parameters(
        limits: ParsingLimits = .init(), diversion: ContentDiversion?
    ) async throws -> RequestParameters {
        fatalError("unbuilt")
    }
}
