import DriveCore
import HTTPEdge

/// `previews` of the file and version models: null when there are none.
enum PreviewWire {
    static func value(_ previews: [Preview], of version: String, in file: String, _ links: Links) -> Value {
        guard !previews.isEmpty else { return .null }
        return .array(
            previews.map { preview in
                [
                    "download_link": .string(links.preview(preview, of: version, in: file)),
                    "width": .int(preview.width), "height": .int(preview.height),
                ]
            })
    }
}

extension Call {
    /// The models of files, in order, with the previews at hand; without `session_id`.
    func models(of files: [Node]) async throws -> [Value] {
        let previews = try await drive.previews(of: files.compactMap { $0.content?.version })
        let links = links
        return try files.map { file in
            try FileWire.value(file, links, previews: file.content.flatMap { previews[$0.version] } ?? [])
        }
    }

    /// The model of one file, with its `session_id` and the previews at hand.
    func model(of file: Node) async throws -> Value {
        let previews = try await drive.previews(of: (file.content?.version).map { [$0] } ?? [])
        return try FileWire.value(
            file, links, session: file.content?.session, previews: previews.values.first ?? [])
    }

    /// The models of versions, in order, with the previews at hand.
    func models(of versions: [Version]) async throws -> [Value] {
        let previews = try await drive.previews(of: versions.map(\.id))
        let links = links
        return versions.map { VersionWire.value($0, links, previews: previews[$0.id] ?? []) }
    }
}
