/// A well-formed UUID in lower case, of any version.
struct UUIDText: Hashable, Sendable {
    let text: String

    init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count == 36 else { return nil }
        for (index, byte) in bytes.enumerated() {
            let isDash = index == 8 || index == 13 || index == 18 || index == 23
            switch byte {
            case UInt8(ascii: "-"): if !isDash { return nil }
            case 48...57, 65...70, 97...102: if isDash { return nil }
            default: return nil
            }
        }
        self.text = text.lowercased()
    }
}
