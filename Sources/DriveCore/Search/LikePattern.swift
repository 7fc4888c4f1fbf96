import SQLStore

/// What `LIKE ... ESCAPE '\'` looks for in a folded column.
struct LikePattern: Sendable, Hashable {
    /// Folded; `%` stands for any run of characters, everything else for itself, escaped where it has to be.
    let text: String

    /// SQLite refuses longer patterns; no name comes near.
    private static let maxBytes = 10_000

    /// - Parameter pattern: `%` is its only wildcard.
    /// - Returns: nil for a pattern with a NUL, and for one that is too long.
    init?(wildcards pattern: String) { self.init(pattern.unicodeScalars.map { $0 == "%" ? "%" : Self.escaped($0) }) }

    /// Anything that holds `text`. Nil as above.
    init?(containing text: String) { self.init(["%"] + text.unicodeScalars.map(Self.escaped) + ["%"]) }

    private init?(_ pieces: [String]) {
        text = FileName.fold(pieces.joined())
        guard !text.utf8.contains(0), text.utf8.count <= Self.maxBytes else { return nil }
    }

    private static func escaped(_ character: Unicode.Scalar) -> String {
        character == "%" || character == "_" || character == "\\" ? "\\\(character)" : String(character)
    }

    /// - Parameter column: folded text.
    func holds(of column: SQL) -> SQL { "\(column) LIKE \(text) ESCAPE '\\'" }

    /// What stands between the wildcards: each of these runs is in every text that matches.
    var runs: [[Unicode.Scalar]] {
        var runs: [[Unicode.Scalar]] = [[]]
        var isEscaped = false
        for scalar in text.unicodeScalars {
            if isEscaped {
                runs[runs.count - 1].append(scalar)
                isEscaped = false
            } else if scalar == "\\" {
                isEscaped = true
            } else if scalar == "%" {
                runs.append([])
            } else {
                runs[runs.count - 1].append(scalar)
            }
        }
        return runs.filter { !$0.isEmpty }
    }

    /// Three characters in a row, one such text after the other until every character of a run is in one. None for a
    /// pattern whose runs are all shorter.
    var trigrams: [String] {
        runs.filter { $0.count >= 3 }.flatMap { run in
            (Array(stride(from: 0, to: run.count - 3, by: 3)) + [run.count - 3]).map { start in
                String(String.UnicodeScalarView(run[start..<start + 3]))
            }
        }
    }
}
