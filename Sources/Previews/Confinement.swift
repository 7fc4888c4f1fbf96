import Foundation

/// How a program that reads hostile bytes is kept from doing harm: the words put before its own.
///
/// In the strictest form it runs as nobody, sees no network and no other process, and what it leaves running dies with it
/// (it is the first process of a namespace). Limits and the lowest priority are always there.
package struct Confinement: Sendable, Equatable {
    /// Words before the limits, and between them and the program.
    let outer: [String]
    let inner: [String]
    /// It has namespaces of its own.
    package let isSeparate: Bool
    /// Who the program runs as, and must own what it writes to; nil: whoever we are.
    let owner: UInt32?

    /// The user and group `nobody` of Debian.
    private static let nobody: UInt32 = 65534

    /// What to try, the strictest first.
    ///
    /// - Parameter isRoot: we are root: the program becomes nobody.
    /// - Parameter path: finds a program of util-linux or coreutils.
    static func candidates(isRoot: Bool, path: (String) -> String?) -> [Confinement] {
        guard let prlimit = path("prlimit") else { return [] }
        let nice = path("nice").map { [$0, "-n", "19"] } ?? []
        var weaker: [String] = ["--no-new-privs"]
        if isRoot { weaker += ["--reuid=\(nobody)", "--regid=\(nobody)", "--clear-groups", "--inh-caps=-all"] }
        let setpriv = path("setpriv").map { [$0] + weaker }
        let owner = isRoot ? nobody : nil
        // Root never runs a program as root.
        guard let becoming = setpriv ?? (isRoot ? nil : []) else { return [] }
        var found: [Confinement] = []
        if let unshare = path("unshare") {
            let apart = ["--net", "--ipc", "--pid", "--fork", "--kill-child"]
            // Nobody makes the namespaces: who changes user afterwards is no longer killed along with its parent.
            found.append(
                Confinement(
                    outer: becoming + [unshare, "--user", "--map-current-user"] + apart + [prlimit], inner: nice,
                    isSeparate: true, owner: owner))
            if isRoot {
                found.append(
                    Confinement(
                        outer: [unshare] + apart + [prlimit], inner: becoming + nice, isSeparate: true, owner: owner))
            }
        }
        found.append(Confinement(outer: becoming + [prlimit], inner: nice, isSeparate: false, owner: owner))
        return found
    }

    /// The whole command.
    func command(_ program: String, _ arguments: [String], _ limits: ToolLimits) -> [String] {
        outer + limits.words(countsOthers: !isSeparate) + inner + [program] + arguments
    }

    /// The strictest form that works on this machine.
    ///
    /// - Parameter folder: where a folder to try it in may be made.
    /// - Returns: nil when none does: nothing may be run then.
    package static func strictest(under folder: String) async throws -> Confinement? {
        guard let nothing = PreviewTools.path(of: "true") else { return nil }
        for candidate in candidates(isRoot: geteuid() == 0, path: PreviewTools.path) {
            let work = try WorkFolder(under: folder, owner: candidate.owner)
            defer { work.remove() }
            let runner = ToolRunner(confinement: candidate, limits: ToolLimits())
            do {
                _ = try await runner.run(nothing, [], in: work)
                return candidate
            } catch let error as CancellationError {
                throw error
            } catch { continue }
        }
        return nil
    }
}
