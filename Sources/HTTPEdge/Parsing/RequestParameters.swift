import NIOCore

/// How much one request may make the server keep and do. Sizes in bytes.
package struct ParsingLimits: Sendable {
    /// All text a request keeps in memory, diverted content not counted.
    package var memory = 8 * 1024 * 1024
    /// The whole body as it arrives.
    package var body: Int64 = 2 * 1024 * 1024 * 1024
    /// How deep arrays and objects may nest.
    package var depth = 32
    /// Scalars and containers altogether.
    package var values = 50_000

    package init() {}

    /// A form of a few short fields.
    package static let form = {
        var limits = ParsingLimits()
        limits.memory = 64 * 1024
        limits.body = 64 * 1024
        limits.values = 200
        return limits
    }()
}

/// Why a request's parameters cannot be read. The dialects put it in their own words.
package enum ParsingError: Error, Equatable {
    /// Not JSON, a bad percent escape, bad UTF-8, a NUL, a broken multipart body. The text is safe to show.
    case malformed(String)
    case tooLarge
    case tooDeep
    case tooMany
    /// The client stopped sending before the declared end.
    case cutShort
}

/// Where a value stands in the parameter tree: `["fileContent", "1"]`.
package typealias ParameterPath = [String]

/// What to do with long content while a request is read. An empty string is never diverted: it stays a string.
package struct ContentDiversion: Sendable {
    /// True for paths whose string is base64 to be decoded into a receiver instead of kept.
    package let isBase64: @Sendable (ParameterPath) -> Bool
    /// Makes the receiver of one diverted content (base64, or a multipart part that carries a file name).
    package let makeReceiver: @Sendable (ParameterPath) async throws -> any ContentReceiver

    package init(
        isBase64: @escaping @Sendable (ParameterPath) -> Bool,
        makeReceiver: @escaping @Sendable (ParameterPath) async throws -> any ContentReceiver
    ) {
        self.isBase64 = isBase64
        self.makeReceiver = makeReceiver
    }
}

/// A file part of a multipart body: its bytes went to `receiver` as they came.
package struct UploadedPart: Sendable {
    package let field: String
    package let fileName: String
    /// As declared; empty when not.
    package let mediaType: String
    package let receiver: any ContentReceiver
}

/// A request's parameters: one tree from query and body, the body winning.
package struct RequestParameters: Sendable {
    /// An object; a JSON array body becomes an object with keys `0`, `1`, ...
    package var tree: Value
    /// File parts of a multipart body, in order.
    package var uploads: [UploadedPart]
    package init(tree: Value, uploads: [UploadedPart] = []) {
        self.tree = tree
        self.uploads = uploads
    }
}
