import DriveCore
import Foundation

/// The programs previews are made with, by absolute path.
package struct PreviewTools: Sendable {
    /// Tells a picture's size before anything is decoded.
    package var vipsheader: String?
    package var vipsthumbnail: String?
    package var pdftoppm: String?
    package var ffmpegthumbnailer: String?

    package init(
        vipsheader: String? = nil, vipsthumbnail: String? = nil, pdftoppm: String? = nil,
        ffmpegthumbnailer: String? = nil
    ) {
        self.vipsheader = vipsheader
        self.vipsthumbnail = vipsthumbnail
        self.pdftoppm = pdftoppm
        self.ffmpegthumbnailer = ffmpegthumbnailer
    }

    /// Those that are installed.
    package static func installed() -> PreviewTools {
        PreviewTools(
            vipsheader: path(of: "vipsheader"), vipsthumbnail: path(of: "vipsthumbnail"),
            pdftoppm: path(of: "pdftoppm"),
            ffmpegthumbnailer: path(of: "ffmpegthumbnailer"))
    }

    package var kinds: Set<PreviewKind> { Set(PreviewKind.allCases.filter { missing(for: $0) == nil }) }

    /// The program and the Debian package that `kind` lacks; nil when it can be made.
    package func missing(for kind: PreviewKind) -> (program: String, package: String)? {
        switch kind {
        case .picture:
            vipsheader == nil || vipsthumbnail == nil ? ("vipsthumbnail", "libvips-tools") : nil
        case .document: pdftoppm == nil ? ("pdftoppm", "poppler-utils") : nil
        case .video: ffmpegthumbnailer == nil ? ("ffmpegthumbnailer", "ffmpegthumbnailer") : nil
        }
    }

    /// Nil when it is not on the PATH.
    static func path(of program: String) -> String? {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin").split(
            separator: ":")
        return folders.lazy.filter { $0.hasPrefix("/") }.map { "\($0)/\(program)" }
            .first(where: FileManager.default.isExecutableFile)
    }
}
