import ArgumentParser
import BitrixDialect
import DriveCore
import Foundation
import HTTPEdge

/// What only the server needs to be told.
struct ServeOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Where to listen; port 0 takes any free one. (default: 127.0.0.1:8080)", valueName: "host:port"))
    var listen: String?

    @Option(
        help: ArgumentHelp(
            "What every link is built on, such as https://files.example.com. (default: the address the client used)",
            valueName: "url"))
    var publicUrl: String?

    @Option(help: ArgumentHelp("A PEM file with the certificate and its chain; needs --tls-key.", valueName: "pem"))
    var tlsCertificate: String?

    @Option(help: ArgumentHelp("A PEM file with the certificate's private key.", valueName: "pem"))
    var tlsKey: String?

    @Flag(
        help: """
            Serve https with a certificate for localhost signed by a CA made for this data folder (DATA/tls/ca.pem); \
            for development.
            """)
    var devTls = false

    @Flag(help: "Answer Bitrix24 calls over plain http from other machines too.")
    var allowPlainHttp = false

    @Option(
        name: .customLong("trusted-proxy"), parsing: .singleValue,
        help: ArgumentHelp(
            "Believe X-Forwarded-Proto, -Host and -For from this address block, such as 10.0.0.0/8. May be repeated.",
            valueName: "cidr"))
    var trustedProxies: [String] = []

    @Option(
        help: ArgumentHelp(
            "The largest file an upload in parts may declare, bytes or 300M, 2G. (default: 314572800)",
            valueName: "size"))
    var maxFileSize: ByteCount?

    @Option(help: ArgumentHelp("The largest part of such an upload. (default: 524288)", valueName: "size"))
    var maxPartSize: ByteCount?

    @Option(help: ArgumentHelp("Refuse uploads once all contents together are this large.", valueName: "size"))
    var storageLimit: ByteCount?

    @Option(
        help: ArgumentHelp(
            "How long a download or upload link works, such as 3600 or 12h. (default: 1h)",
            valueName: "time"))
    var linkLifetime: TimeSpan?

    @Option(
        name: .customLong("bitrix24-rate"),
        help: ArgumentHelp(
            """
            Limit Bitrix24 calls of one address as the vendor does: so many more each second / so many at once. 2/50 is \
            what ordinary plans have, 5/250 the largest. (default: off)
            """, valueName: "rate"))
    var bitrixRate: RequestRate?

    @Option(
        name: .customLong("bitrix24-operating-limit"),
        help: ArgumentHelp(
            """
            Limit the seconds that one application or webhook may spend in one Bitrix24 method within ten minutes; the \
            vendor's cloud has 480. (default: off)
            """, valueName: "seconds"))
    var bitrixOperatingLimit: SecondCount?

    @Option(
        name: .customLong("bitrix24-max-body"),
        help: ArgumentHelp(
            "The largest body of a Bitrix24 call, in which files come as base64. (default: 2G)", valueName: "size"))
    var bitrixMaxBody: ByteCount?

    @Option(
        help: ArgumentHelp(
            "How long the trash keeps what was thrown away, such as 30d, or never: it is emptied by hand. (default: 30d)",
            valueName: "time"))
    var trashLifetime: Lifetime?

    @Option(
        help: ArgumentHelp(
            """
            Whether previews are made where they are asked for (with_preview): on or off. Asked for while off, they are \
            made once it is on. (default: on)
            """, valueName: "on|off"))
    var previews: String?

    @Option(
        help: ArgumentHelp(
            "How much previews may take, beside the storage limit; the oldest go first. (default: 1G)",
            valueName: "size"))
    var previewBudget: ByteCount?

    @Option(help: ArgumentHelp("Files larger than this get no preview. (default: 300M)", valueName: "size"))
    var previewMaxFile: ByteCount?

    @Option(help: ArgumentHelp("How many previews are made at a time. (default: 1)", valueName: "number"))
    var previewWorkers: Int?

    @Option(
        help: ArgumentHelp(
            """
            How many requests a second one amoCRM integration may send to each host, parts of uploads and downloads not \
            counted; the vendor allows 7. (default: no limit)
            """, valueName: "number"))
    var amocrmRate: PositiveNumber?

    @Option(
        help: ArgumentHelp(
            "IANA time zone of the account; counts on the first start only. (default: UTC)", valueName: "zone"))
    var timeZone: String?
}

/// Everything the server was told, whichever way.
struct ServeSettings: Sendable {
    var edge = EdgeSettings()
    var drive = Drive.Settings()
    var bitrix = BitrixLimits()
    var timeZone = "UTC"
    var usesDevTLS = false
    /// How many previews are made at a time; 0: none ever.
    var previewWorkers = 1
    /// Requests a second of one amoCRM integration; nil: no limit.
    var amocrmRate: Int64?

    init(_ options: ServeOptions, _ settings: Settings) throws {
        (edge.host, edge.port) = try Self.address(options.listen ?? settings.text("listen") ?? "127.0.0.1:8080")
        edge.publicURL = (options.publicUrl ?? settings.text("public-url")).map { url in
            String(url.reversed().drop { $0 == "/" }.reversed())
        }
        edge.allowsPlainHTTP = try options.allowPlainHttp || settings.flag("allow-plain-http")
        edge.trustedProxies = options.trustedProxies.isEmpty ? settings.list("trusted-proxy") : options.trustedProxies
        usesDevTLS = try options.devTls || settings.flag("dev-tls")
        let certificate = options.tlsCertificate ?? settings.text("tls-certificate")
        let key = options.tlsKey ?? settings.text("tls-key")
        switch (certificate, key) {
        case (let certificate?, let key?): edge.tls = (Settings.absolute(certificate), Settings.absolute(key))
        case (nil, nil): break
        default: throw Complaint("--tls-certificate and --tls-key go together")
        }
        if usesDevTLS, edge.tls != nil { throw Complaint("--dev-tls and --tls-certificate exclude each other") }
        func size(_ option: ByteCount?, _ name: String) throws -> Int64? {
            try (option ?? settings.text(name).map { try ByteCount.parse($0, for: name) })?.bytes
        }
        if let size = try size(options.maxFileSize, "max-file-size") { drive.maxFileSize = size }
        if let size = try size(options.maxPartSize, "max-part-size") { drive.maxPartSize = size }
        drive.storageLimit = try size(options.storageLimit, "storage-limit")
        let lifetime =
            try options.linkLifetime ?? settings.text("link-lifetime").map { try .parse($0, for: "link-lifetime") }
        if let lifetime { drive.linkLifetimeMs = lifetime.seconds * 1000 }
        bitrix.rate =
            try
            (options.bitrixRate
            ?? settings.text("bitrix24-rate").map { try .parse($0, for: "bitrix24-rate") })?.rate
        bitrix.operatingSeconds =
            try
            (options.bitrixOperatingLimit
            ?? settings.text("bitrix24-operating-limit").map { try .parse($0, for: "bitrix24-operating-limit") })?
            .seconds
        if let size = try size(options.bitrixMaxBody, "bitrix24-max-body") { bitrix.bodyBytes = size }
        let trash =
            try options.trashLifetime ?? settings.text("trash-lifetime").map { try .parse($0, for: "trash-lifetime") }
        if let trash { drive.trashLifetimeMs = trash.milliseconds }
        if let size = try size(options.previewBudget, "preview-budget") { drive.previewBudget = size }
        if let size = try size(options.previewMaxFile, "preview-max-file") { drive.previewSourceLimit = size }
        previewWorkers = try Self.previewWorkers(options, settings)
        let rate =
            try options.amocrmRate ?? settings.text("amocrm-rate").map { try .parse($0, for: "amocrm-rate") }
        amocrmRate = rate?.number
        timeZone = options.timeZone ?? settings.text("time-zone") ?? timeZone
    }

    private static func previewWorkers(_ options: ServeOptions, _ settings: Settings) throws -> Int {
        let number =
            try options.previewWorkers
            ?? settings.text("preview-workers").map { text -> Int in
                guard let number = Int(text) else { throw Complaint("--preview-workers must be a number, not \(text)") }
                return number
            }
        if let number, !(1...16).contains(number) { throw Complaint("--preview-workers must be from 1 to 16") }
        let isOn = options.previews ?? settings.text("previews") ?? "on"
        switch isOn.lowercased() {
        case "on", "true": return number ?? 1
        case "off", "false": return 0
        default: throw Complaint("--previews must be on or off, not \(isOn)")
        }
    }

    /// What links for the person who starts the server are built on.
    /// - Parameter port: the one it really listens on.
    func origin(port: Int) -> String {
        if let url = edge.publicURL { return url }
        let scheme = usesDevTLS || edge.tls != nil ? "https" : "http"
        let host =
            switch edge.host {
            case "0.0.0.0", "::", "": "127.0.0.1"
            case let host where host.contains(":"): "[\(host)]"
            case let host: host
            }
        return "\(scheme)://\(host):\(port)"
    }

    /// Where a server with these settings answers; for commands that print a link.
    static func origin(publicURL: String?, _ settings: Settings) throws -> String {
        let options = try ServeOptions.parse(publicURL.map { ["--public-url", $0] } ?? [])
        let serving = try ServeSettings(options, settings)
        return serving.origin(port: serving.edge.port)
    }

    private static func address(_ text: String) throws -> (String, Int) {
        guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
            (0...65535).contains(port)
        else { throw Complaint("--listen must be HOST:PORT, such as 127.0.0.1:8080, not \(text)") }
        var host = String(text[..<colon])
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        return (host.isEmpty ? "0.0.0.0" : host, port)
    }
}
