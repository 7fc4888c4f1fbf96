import DriveCore

extension ToolPreviewMaker {
    /// A raster picture: PNG when it has transparency, else JPEG. The header is looked at first; the original is decoded
    /// once, and the small preview is made of the large one.
    func picture(in work: WorkFolder) async throws -> [MadePreview] {
        let (header, thumbnail) = (try program(tools.vipsheader), try program(tools.vipsthumbnail))
        guard let facts = PictureFacts(try await runner.run(header, ["-a", WorkFolder.original], in: work)) else {
            throw PreviewFailure.unusable("the picture has no size")
        }
        let limit = runner.limits.pixels
        guard facts.pixels <= limit else { throw PreviewFailure.unusable("the picture has more than \(limit) pixels") }
        let edges = Self.edges(forLongSide: max(facts.width, facts.height))
        let (ending, options) = facts.isTransparent ? ("png", "[strip]") : ("jpg", "[Q=82,strip]")
        var source = WorkFolder.original
        for edge in edges.reversed() {
            let target = "\(edge).\(ending)"
            _ = try await runner.run(
                thumbnail,
                [
                    source, "--size", "\(edge)x\(edge)>", "--export-profile", "srgb", "--vips-concurrency", "1",
                    "--output", target + options,
                ], in: work)
            source = target
        }
        return try edges.map { try work.preview(edge: $0, in: "\($0).\(ending)") }
    }

    /// The first page of a PDF. A page has no pixels of its own, so it always fills both squares.
    func firstPage(in work: WorkFolder) async throws -> [MadePreview] {
        let pages = try program(tools.pdftoppm)
        var made: [MadePreview] = []
        for edge in Preview.edges {
            _ = try await runner.run(
                pages,
                [
                    "-q", "-f", "1", "-l", "1", "-singlefile", "-scale-to", "\(edge)", "-jpeg", "-jpegopt",
                    "quality=82", WorkFolder.original, "\(edge)",
                ], in: work)
            made.append(try work.preview(edge: edge, in: "\(edge).jpg"))
        }
        return made
    }

    /// A frame from a tenth into the film. The program would enlarge a small one, so its own size is looked at first.
    func frame(in work: WorkFolder) async throws -> [MadePreview] {
        let frames = try program(tools.ffmpegthumbnailer)
        func take(_ size: Int64, _ target: String) async throws {
            _ = try await runner.run(
                frames,
                [
                    "-i", WorkFolder.original, "-s", "\(size)", "-t", "10%", "-q", "8", "-c", "jpeg", "-o", target,
                ], in: work)
        }
        try await take(0, "frame.jpg")
        guard let header = work.bytes(of: "frame.jpg", upTo: Int(ImageSize.headerLimit)),
            let size = ImageSize(header: header)
        else { throw PreviewFailure.unusable("no frame came out") }
        let longSide = max(size.width, size.height)
        var made: [MadePreview] = []
        for edge in Self.edges(forLongSide: longSide) {
            let target = longSide <= edge ? "frame.jpg" : "\(edge).jpg"
            if longSide > edge { try await take(edge, target) }
            made.append(try work.preview(edge: edge, in: target))
        }
        return made
    }
}

/// What `vipsheader -a` says of a picture.
struct PictureFacts: Equatable {
    let width: Int64
    let height: Int64
    let isTransparent: Bool

    var pixels: Int64 {
        let (product, overflow) = width.multipliedReportingOverflow(by: height)
        return overflow ? .max : product
    }

    /// Nil unless the text names a width and a height.
    init?(_ text: String) {
        var fields: [Substring: Substring] = [:]
        // The picture's own comments come after the facts and may look like them: the first of a name counts.
        for line in text.split(separator: "\n") {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let value = line[line.index(after: colon)...].drop { $0 == " " }
            fields[line[..<colon]] = fields[line[..<colon]] ?? value
        }
        guard let width = fields["width"].flatMap({ Int64($0) }), let height = fields["height"].flatMap({ Int64($0) }),
            width > 0, height > 0
        else { return nil }
        self.width = width
        self.height = height
        let bands = fields["bands"].flatMap { Int($0) } ?? 3
        isTransparent = (bands == 2 || bands == 4) && fields["interpretation"] != "cmyk" || bands == 5
    }
}
