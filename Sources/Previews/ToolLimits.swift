/// What one run of a program may use. Past any of it the program dies and there is no preview.
package struct ToolLimits: Sendable {
    package var wallSeconds = 30
    package var cpuSeconds = 20
    /// Address space.
    package var memoryBytes: Int64 = 1 << 30
    /// Of one file.
    package var fileBytes: Int64 = 64 << 20
    /// Of all it writes into its folder.
    package var folderBytes: Int64 = 128 << 20
    package var processes = 64
    package var openFiles = 64
    /// Width times height of a picture, seen before it is decoded.
    package var pixels: Int64 = 100_000_000

    package init() {}

    /// For `prlimit`. No core is ever dumped.
    ///
    /// - Parameter countsOthers: the kernel counts every process of the user, not only those of the program.
    func words(countsOthers: Bool) -> [String] {
        [
            "--cpu=\(cpuSeconds)", "--as=\(memoryBytes)", "--fsize=\(fileBytes)", "--nofile=\(openFiles)",
            "--nproc=\(countsOthers ? processes + 4096 : processes)", "--core=0",
        ]
    }
}
