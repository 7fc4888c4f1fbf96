import Logging

/// Writes the lines of the server framework. The number it gives each request is dropped before it is spelled out: the edge
/// has a number of its own, and most requests write no line.
struct FrameworkLog: LogHandler {
    private var lines: any LogHandler

    init(_ lines: any LogHandler) { self.lines = lines }

    func log(event: LogEvent) { lines.log(event: event) }

    var logLevel: Logger.Level {
        get { lines.logLevel }
        set { lines.logLevel = newValue }
    }

    var metadata: Logger.Metadata {
        get { lines.metadata }
        set {}
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { lines[metadataKey: key] }
        set {}
    }
}
