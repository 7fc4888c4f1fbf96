import Configuration
import Foundation
import Logging
import SQLStore

/// Option values, from the command line, the environment (`DOSSIER_...`) and a configuration file, in this order.
struct Settings: Sendable {
    private let reader: ConfigReader

    /// Absolute path of the data folder.
    let data: String
    let database: DatabaseLocation
    /// Absolute path of the folder that holds `blobs/` and `staging/`.
    let blobs: String
    let logLevel: Logger.Level

    init(_ options: DataOptions) async throws {
        let environment = EnvironmentVariablesProvider().prefixKeys(with: "dossier")
        let outer = ConfigReader(provider: environment)
        let folder = options.data ?? outer.string(forKey: "data")
        let named = options.config ?? outer.string(forKey: "config")
        let path = Self.absolute(named ?? (folder ?? Self.defaultData) + "/dossier.json")
        let file = ConfigReader(
            provider: InMemoryProvider(values: [
                "filePath": ConfigValue(stringLiteral: path), "allowMissing": ConfigValue(booleanLiteral: named == nil),
            ]))
        let reader: ConfigReader
        do {
            reader = ConfigReader(providers: [environment, try await FileProvider<JSONSnapshot>(config: file)])
        } catch { throw Complaint("the configuration file \(path) cannot be read: \(error)") }
        self.reader = reader
        data = Self.absolute(folder ?? reader.string(forKey: "data") ?? Self.defaultData)
        if let text = options.database ?? reader.string(forKey: "database", isSecret: true) {
            guard let location = DatabaseLocation(text) else {
                throw Complaint("--database must be sqlite:PATH or postgres://USER@HOST/NAME")
            }
            database = location
        } else {
            database = .sqlite(path: data + "/dossier.sqlite")
        }
        let blobs = options.blobs ?? reader.string(forKey: "blobs") ?? data
        guard !blobs.contains("://") else { throw Complaint("--blobs must be a folder; \(blobs) is none") }
        self.blobs = Self.absolute(blobs)
        let level = options.logLevel ?? reader.string(forKey: "log-level") ?? "info"
        guard let level = Logger.Level(rawValue: level.lowercased()) else {
            throw Complaint("--log-level must be trace, debug, info, notice, warning or error, not \(level)")
        }
        logLevel = level
    }

    private static let defaultData = "./dossier-data"

    /// The value of option `name` that was not given on the command line.
    func text(_ name: String) -> String? {
        let key = ConfigKey([name])
        return reader.string(forKey: key) ?? reader.int(forKey: key).map(String.init)
            ?? reader.bool(forKey: key).map(String.init)
    }

    /// A list: separated by commas in the environment, an array in the file.
    func list(_ name: String) -> [String] {
        let key = ConfigKey([name])
        return reader.stringArray(forKey: key) ?? text(name).map { [$0] } ?? []
    }

    func flag(_ name: String) throws -> Bool {
        guard let text = text(name) else { return false }
        switch text.lowercased() {
        case "true", "1", "yes", "on": return true
        case "false", "0", "no", "off", "": return false
        default: throw Complaint("\(name) must be true or false, not \(text)")
        }
    }

    func logger() -> Logger {
        var log = Logger(label: "dossier", factory: { StreamLogHandler.standardError(label: $0) })
        log.logLevel = logLevel
        return log
    }

    static func absolute(_ path: String) -> String {
        let here = FileManager.default.currentDirectoryPath
        let path = path.hasPrefix("/") ? path : here + "/" + path
        return URL(fileURLWithPath: path).standardized.path
    }
}

/// Something the person at the keyboard can mend. The text is the whole message.
struct Complaint: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
