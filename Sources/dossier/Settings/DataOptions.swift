import ArgumentParser
import Logging

/// Where the data is: options every command shares.
struct DataOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The data folder. (default: ./dossier-data)", valueName: "dir"))
    var data: String?

    @Option(
        help: ArgumentHelp(
            "The database: sqlite:PATH or postgres://USER@HOST/NAME. (default: sqlite:DATA/dossier.sqlite)",
            valueName: "url"))
    var database: String?

    @Option(
        help: ArgumentHelp(
            "The folder whose blobs/ and staging/ hold large contents. (default: DATA)", valueName: "dir"))
    var blobs: String?

    @Option(
        help: ArgumentHelp(
            "A JSON file of option names and values. (default: DATA/dossier.json, if there is one)", valueName: "file"))
    var config: String?

    @Option(
        help: ArgumentHelp(
            "How much is logged to standard error: trace, debug, info, notice, warning, error. (default: info)",
            valueName: "level"))
    var logLevel: String?
}
