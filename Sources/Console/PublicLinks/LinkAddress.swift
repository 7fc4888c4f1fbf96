/// The path of a public link, taken apart: `/~CODE`, `/~CODE/UUID` for something below a shared folder, and either with
/// `/download` behind it for the bytes.
struct LinkAddress {
    /// As sent; any text.
    let code: String
    /// What follows the code; nil when that is no path a page has.
    let place: Place?

    struct Place: Equatable {
        /// Nil: the shared thing itself.
        let uuid: String?
        let isDownload: Bool
    }

    /// - Returns: nil for a path that does not begin with `/~`.
    init?(_ path: String) {
        guard path.hasPrefix("/~") else { return nil }
        var steps = path.dropFirst(2).split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        code = steps.removeFirst()
        if steps.last?.isEmpty == true { steps.removeLast() }
        let isDownload = steps.last == "download"
        if isDownload { steps.removeLast() }
        switch steps.count {
        case 0: place = Place(uuid: nil, isDownload: isDownload)
        case 1 where Self.isUUID(steps[0]): place = Place(uuid: steps[0], isDownload: isDownload)
        default: place = nil
        }
    }

    /// Where everything of a link is below.
    static func path(of code: String) -> String { "/~" + code }

    static func path(of code: String, _ uuid: String?) -> String {
        path(of: code) + (uuid.map { "/" + $0 } ?? "")
    }

    static func download(_ code: String, _ uuid: String?) -> String { path(of: code, uuid) + "/download" }

    /// `/%7E...`, as some mail programs write `/~...`, in the spelling that cookies are bound to; nil for anything else.
    static func respelled(_ path: String) -> String? {
        path.hasPrefix("/%7E") || path.hasPrefix("/%7e") ? "/~" + path.dropFirst(4) : nil
    }

    /// Lower case, as this server writes them.
    private static func isUUID(_ text: String) -> Bool {
        text.utf8.count == 36
            && text.utf8.enumerated().allSatisfy { index, byte in
                [8, 13, 18, 23].contains(index)
                    ? byte == UInt8(ascii: "-") : (48...57).contains(byte) || (97...102).contains(byte)
            }
    }
}
