import DriveCore
import Foundation
import TestSupport
import Testing

@testable import Previews

@Suite("Programs that misbehave", .serialized)
struct MisbehavingToolTests {
    /// Runs a shell script in the place of `vipsthumbnail` on a picture; afterwards nothing of it runs any more, and the
    /// next file has its previews.
    ///
    /// - Parameter script: `$M` is a number of seconds nobody else sleeps.
    private func run(
        _ script: String, header: String = "echo width: 1000; echo height: 500; echo bands: 3; echo $0 >&2",
        limits: ToolLimits = ToolLimits(), then check: (Workshop.Outcome) throws -> Void
    ) async throws {
        try await withTemporaryFolder { folder in
            let marker = "1000.\(Int.random(in: 100_000...999_999))"
            func program(_ name: String, _ text: String) throws -> String {
                let path = "\(folder)/\(name)"
                try "#!/bin/sh\nM=\(marker)\n\(text)\n".write(toFile: path, atomically: false, encoding: .utf8)
                try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
                return path
            }
            var tools = PreviewTools(pdftoppm: PreviewTools.path(of: "pdftoppm"))
            tools.vipsheader = try program("vipsheader", header)
            tools.vipsthumbnail = try program("vipsthumbnail", script)
            try await Workshop.with(tools: tools, limits: limits) { shop in
                try check(try await shop.make(drawnPNG(width: 1000, height: 500, padding: 40_000)))
                #expect(try await Self.processes(with: marker) == [])
                let next = shop.unhurried()
                if tools.pdftoppm != nil {
                    #expect(try await next.make(Sample.pdf(box: "0 0 10 10")).previews.count == 2)
                }
            }
        }
    }

    /// Those that are still there after a while: a process that was killed takes a moment to go.
    private static func processes(with marker: String) async throws -> [String] {
        for _ in 0..<100 where !living(with: marker).isEmpty { try await Task.sleep(for: .milliseconds(50)) }
        return living(with: marker)
    }

    private static func living(with marker: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.filter { Int32($0) != nil }.filter { process in
            let line = FileManager.default.contents(atPath: "/proc/\(process)/cmdline") ?? Data()
            return String(decoding: line, as: UTF8.self).contains(marker)
        }
    }

    private static func limits(wallSeconds: Int) -> ToolLimits {
        var limits = ToolLimits()
        limits.wallSeconds = wallSeconds
        return limits
    }

    @Test("one that hangs is killed, with what it started, and tried again later")
    func hangs() async throws {
        try await run("sleep $M & sleep $M", limits: Self.limits(wallSeconds: 10)) { outcome in
            #expect(outcome.previews == [] && outcome.isWaiting)
            #expect(outcome.reason == "vipsthumbnail took more than 10 seconds")
        }
    }

    @Test("one that burns the processor is killed")
    func burns() async throws {
        var limits = ToolLimits()
        limits.cpuSeconds = 1
        try await run("while :; do :; done", limits: limits) { outcome in
            #expect(outcome.previews == [])
        }
    }

    @Test("one that eats memory gets none")
    func eats() async throws {
        var limits = ToolLimits()
        limits.memoryBytes = 256 << 20
        try await run("head -c 3000000000 /dev/zero | tail >800.jpg", limits: limits) { outcome in
            #expect(outcome.previews == [])
        }
    }

    @Test("one that writes without end is stopped, in one file or in many")
    func writes() async throws {
        try await run("head -c 10000000000 /dev/zero >800.jpg") { #expect($0.previews == []) }
        try await run("mkdir d; while :; do i=$((i+1)); head -c 20000000 /dev/zero >d/$i; done") { outcome in
            #expect(outcome.previews == [])
            #expect(outcome.reason == "vipsthumbnail wrote more than 134217728 bytes")
        }
    }

    @Test("one that multiplies has few processes, and none survives it")
    func forks() async throws {
        try await run("while :; do sleep $M & done", limits: Self.limits(wallSeconds: 5)) { #expect($0.previews == []) }
        try await run("sleep $M & exit 0") { #expect($0.previews == []) }
    }

    @Test("one that steps out of its group dies all the same where namespaces work")
    func escapes() async throws {
        try await withTemporaryFolder { folder in
            guard try await Confinement.strictest(under: folder)?.isSeparate == true else { return }
            try await run("setsid sleep $M & sleep 0.2; exit 1") { #expect($0.previews == []) }
        }
    }

    @Test(
        "what comes out is looked at",
        arguments: [
            "echo '<html>' >200.jpg", "ln -s /etc/passwd 200.jpg", "mkfifo 200.jpg", "mkdir 200.jpg", ":",
            "printf '\\377\\330\\377\\300\\000\\021\\010\\001\\364\\003\\350\\003' >200.jpg",
            "kill -SEGV $$; exit 1", "exit 7",
        ])
    func output(script: String) async throws {
        try await run(script, header: "echo width: 100; echo height: 50; echo bands: 3") { #expect($0.previews == []) }
    }

    @Test("and kept when it is what it should be")
    func good() async throws {
        let jpeg = "\\377\\330\\377\\300\\000\\021\\010\\000\\062\\000\\144\\003"
        try await run("printf '\(jpeg)' >200.jpg", header: "echo width: 100; echo height: 50; echo bands: 3") {
            #expect($0.previews.map(\.width) == [100] && $0.previews.map(\.height) == [50])
        }
    }

    @Test("a header that lies or says nothing is believed nothing")
    func headers() async throws {
        for header in [
            "echo nothing", "echo width: -1; echo height: 5", "echo width: 9223372036854775807; echo height: 3", "yes",
        ] {
            try await run(":", header: header, limits: Self.limits(wallSeconds: 2)) { #expect($0.previews == []) }
        }
    }

    @Test("none has our environment, our user's powers or the network")
    func surroundings() async throws {
        try await run("env | cut -d= -f1 | sort | xargs >&2; exit 3") { outcome in
            let names = outcome.reason.split(separator: " ").dropFirst(4)
            let known: Set<Substring> = [
                "HOME", "LC_ALL", "MALLOC_ARENA_MAX", "PATH", "PWD", "TMPDIR", "VIPS_BLOCK_UNTRUSTED",
                "VIPS_CONCURRENCY",
            ]
            #expect(outcome.reason.hasPrefix("vipsthumbnail ended with 3: ") && known.isSuperset(of: names))
        }
        let isRoot = geteuid() == 0
        try await run("echo $(id -u) $(id -g) $(id -G) >&2; exit 3") { outcome in
            let nobody = "vipsthumbnail ended with 3: 65534 65534 65534"
            #expect(!isRoot || outcome.reason.hasPrefix(nobody), "\(outcome.reason)")
        }
        try await withTemporaryFolder { folder in
            guard try await Confinement.strictest(under: folder)?.isSeparate == true else { return }
            try await run("tail -n +3 /proc/net/dev | grep -v lo: >&2; exit 3") { outcome in
                #expect(outcome.reason.trimmingCharacters(in: .whitespaces) == "vipsthumbnail ended with 3:")
            }
        }
    }
}

@Suite("How programs are confined")
struct ConfinementTests {
    @Test("the strictest form comes first, limits are always there, and root runs nothing as root")
    func candidates() {
        let found = Confinement.candidates(isRoot: true) { "/bin/" + $0 }
        #expect(found.map(\.isSeparate) == [true, true, false])
        for candidate in found {
            let words = candidate.command("/bin/tool", ["a"], ToolLimits())
            #expect(words.contains("/bin/prlimit") && words.contains("--core=0") && words.contains("--reuid=65534"))
            #expect(words.suffix(2) == ["/bin/tool", "a"] && candidate.owner == 65534)
        }
        #expect(Confinement.candidates(isRoot: true) { $0 == "setpriv" ? nil : "/bin/" + $0 } == [])
        #expect(Confinement.candidates(isRoot: true) { $0 == "prlimit" ? nil : "/bin/" + $0 } == [])
        let user = Confinement.candidates(isRoot: false) { "/bin/" + $0 }
        #expect(user.map(\.isSeparate) == [true, false] && user.allSatisfy { $0.owner == nil })
        #expect(Confinement.candidates(isRoot: false) { $0 == "prlimit" ? "/bin/prlimit" : nil }.count == 1)
    }

    @Test("of a header the first word on a matter counts")
    func facts() {
        let facts = PictureFacts("x: 3x4 uchar\nwidth: 3\nheight: 4\nbands: 4\ninterpretation: srgb\nwidth: 1\n")
        #expect(facts?.width == 3 && facts?.height == 4 && facts?.isTransparent == true && facts?.pixels == 12)
        #expect(PictureFacts("width: 3\nheight: 4\nbands: 4\ninterpretation: cmyk\n")?.isTransparent == false)
        #expect(PictureFacts("width: 9223372036854775807\nheight: 9\n")?.pixels == .max)
        #expect(PictureFacts("width: 3\n") == nil && PictureFacts("width: 0\nheight: 0\n") == nil)
    }

    @Test("what a dead server left behind is removed, what is younger than an hour stays")
    func sweep() async throws {
        try await withTemporaryFolder { folder in
            let files = FileManager.default
            for name in ["preview-old", "preview-new", "other"] {
                try files.createDirectory(atPath: "\(folder)/\(name)", withIntermediateDirectories: false)
            }
            for name in ["preview-old", "other"] {
                try files.setAttributes(
                    [.modificationDate: Date(timeIntervalSinceNow: -4000)], ofItemAtPath: "\(folder)/\(name)")
            }
            WorkFolder.sweep(folder)
            #expect(try files.contentsOfDirectory(atPath: folder).sorted() == ["other", "preview-new"])
        }
    }
}
