import Logging

/// Writes the lines of the server framework, without what it adds to its logger: that is a number for each request, spelled
/// out whether a line is written or not. The edge has a number of its own.
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
