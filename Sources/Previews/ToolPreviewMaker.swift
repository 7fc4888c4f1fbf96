import DriveCore
import Foundation

/// Makes previews with installed programs, each run in a folder of its own, within limits and apart from this process.
package struct ToolPreviewMaker: PreviewMaker {
    package let kinds: Set<PreviewKind>
    package let confinement: Confinement
    let tools: PreviewTools
    let runner: ToolRunner
    private let folder: String

    /// - Parameter folder: where working folders are made, one for each content; private, and there already.
    package init(
        tools: PreviewTools, confinement: Confinement, limits: ToolLimits = ToolLimits(), under folder: String
    ) {
        self.tools = tools
        self.confinement = confinement
        self.folder = folder
        kinds = tools.kinds
        runner = ToolRunner(confinement: confinement, limits: limits)
        WorkFolder.sweep(folder)
    }

    package func previews(of content: ReadableContent, kind: PreviewKind) async throws -> [MadePreview] {
        let work = try WorkFolder(under: folder, owner: confinement.owner)
        defer { work.remove() }
        try await work.fill(with: content)
        return switch kind {
        case .picture: try await picture(in: work)
        case .document: try await firstPage(in: work)
        case .video: try await frame(in: work)
        }
    }

    /// The squares worth filling for something that long.
    static func edges(forLongSide pixels: Int64) -> [Int64] {
        guard let enough = Preview.edges.first(where: { pixels <= $0 }) else { return Preview.edges }
        return Preview.edges.filter { $0 <= enough }
    }

    func program(_ path: String?) throws -> String {
        guard let path else { throw PreviewFailure.unusable("the program is missing") }
        return path
    }
}
