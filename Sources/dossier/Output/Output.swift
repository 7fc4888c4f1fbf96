import Foundation

/// Writes to standard output at once, whatever is on the other end.
func say(_ text: String) { FileHandle.standardOutput.write(Data((text + "\n").utf8)) }

/// Rows of text under headings, columns as wide as they must be.
struct TextTable {
    let headings: [String]
    var rows: [[String]] = []

    init(_ headings: String...) { self.headings = headings }

    var text: String {
        let all = [headings] + rows
        let widths = headings.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
        return all.map { row in
            let cells = zip(row, widths).map { $0.padding(toLength: max($1, $0.count), withPad: " ", startingAt: 0) }
            return cells.joined(separator: "  ").trimmingTrailingSpaces
        }.joined(separator: "\n")
    }
}

extension String {
    fileprivate var trimmingTrailingSpaces: String { String(reversed().drop { $0 == " " }.reversed()) }
}

/// `2026-11-21T04:05:06Z`.
func instant(_ milliseconds: Int64) -> String {
    Date(timeIntervalSince1970: Double(milliseconds) / 1000).formatted(.iso8601)
}

/// One line on a terminal that says how far a long work is; silent elsewhere.
final class ProgressLine: Sendable {
    private let isShown = isatty(2) == 1

    /// - Parameter done: of `total` blobs.
    func show(_ done: Int64, of total: Int64) {
        guard isShown, total > 0, done % 50 == 0 || done == total else { return }
        let share = Int(done * 30 / total)
        let bar = String(repeating: "#", count: share) + String(repeating: ".", count: 30 - share)
        FileHandle.standardError.write(Data("\r[\(bar)] \(done) of \(total)\(done == total ? "\n" : "")".utf8))
    }
}
