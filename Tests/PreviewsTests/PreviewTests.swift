import DriveCore
import TestSupport
import Testing

@testable import Previews

@Suite("Previews made with real programs", .serialized)
struct RealPreviewTests {
    /// Sizes by arithmetic: the long side is the square's, the other one in proportion, a pixel more or less by rounding.
    private func expect(
        _ outcome: Workshop.Outcome, _ sizes: [(edge: Int64, width: Double, height: Double)], _ format: Preview.Format
    ) {
        #expect(outcome.previews.map(\.edge) == sizes.map { $0.edge }, "\(outcome.reason)")
        for (preview, size) in zip(outcome.previews, sizes) {
            #expect(preview.format == format)
            #expect(abs(Double(preview.width) - size.width) < 1 && abs(Double(preview.height) - size.height) < 1)
            #expect(preview.width <= preview.edge && preview.height <= preview.edge)
        }
    }

    @Test("a picture without transparency becomes a JPEG", .needs(.picture), arguments: ["photo.jpg", "picture.webp"])
    func opaque(name: String) async throws {
        try await Workshop.with { shop in
            let outcome = try await shop.make(Sample.bytes(name))
            expect(outcome, [(200, 200, 100), (800, 800, 400)], .jpeg)
            #expect(outcome.reason == "" && !outcome.isWaiting)
        }
    }

    @Test("a picture with transparency becomes a PNG", .needs(.picture))
    func transparent() async throws {
        try await Workshop.with { shop in
            expect(try await shop.make(Sample.bytes("clear.png")), [(200, 200, 160), (800, 800, 640)], .png)
        }
    }

    @Test("of a moving picture the first frame is shown", .needs(.picture))
    func moving() async throws {
        try await Workshop.with { shop in
            expect(
                try await shop.make(Sample.bytes("moving.gif")), [(200, 200, 200 * 200 / 300.0), (800, 300, 200)], .png)
        }
    }

    @Test("nothing is enlarged: a small picture has one preview of its own size", .needs(.picture))
    func small() async throws {
        try await Workshop.with { shop in
            expect(try await shop.make(Sample.bytes("small.png")), [(200, 100, 50)], .jpeg)
        }
    }

    @Test("of a PDF the first page is shown", .needs(.document))
    func document() async throws {
        try await Workshop.with { shop in
            let outcome = try await shop.make(Sample.pdf(box: "0 0 595 842"))
            expect(outcome, [(200, 200 * 595 / 842.0, 200), (800, 800 * 595 / 842.0, 800)], .jpeg)
        }
    }

    @Test("of a film a frame is shown, a small one in its own size", .needs(.video))
    func video() async throws {
        try await Workshop.with { shop in
            expect(
                try await shop.make(Sample.bytes("film.mp4")), [(200, 200, 200 * 720 / 1280.0), (800, 800, 450)], .jpeg)
            expect(try await shop.make(Sample.bytes("film.webm")), [(200, 160, 120)], .jpeg)
        }
    }

    @Test("a program that is missing takes its kind along and no other", .needs(.document))
    func missing() async throws {
        try await Workshop.with(tools: PreviewTools(pdftoppm: PreviewTools.path(of: "pdftoppm"))) { shop in
            #expect(shop.maker.kinds == [.document])
            let outcome = try await shop.make(Sample.bytes("photo.jpg"))
            #expect(outcome.previews == [] && outcome.reason == "the program for a picture is missing")
            #expect(try await shop.make(Sample.pdf(box: "0 0 100 100")).previews.count == 2)
        }
    }
}

@Suite("Hostile files and real programs", .serialized)
struct HostileFileTests {
    /// Sound files follow each hostile one: the worker lives.
    private func survives(_ shop: Workshop, _ bytes: [UInt8]) async throws -> Workshop.Outcome {
        let outcome = try await shop.make(bytes)
        if shop.maker.kinds.contains(.document) {
            #expect(try await shop.make(Sample.pdf(box: "0 0 10 10")).previews.count == 2)
        }
        return outcome
    }

    @Test(
        "a file cut short has a preview of what is there or none",
        arguments: ["photo.jpg", "picture.webp", "clear.png", "moving.gif", "film.mp4", "film.webm"])
    func cut(name: String) async throws {
        try await Workshop.with { shop in
            let whole = try Sample.bytes(name)
            for share in [2, 10, 40] { _ = try await survives(shop, Array(whole.prefix(whole.count / share + 12))) }
        }
    }

    @Test("a picture of too many pixels is refused by its header", .needs(.picture))
    func bomb() async throws {
        try await Workshop.with { shop in
            let bytes = try Sample.unpacked("bomb.png.gz")
            #expect(bytes.count < 524_288)
            let outcome = try await survives(shop, bytes)
            #expect(outcome.previews == [] && !outcome.isWaiting)
            #expect(outcome.reason == "the picture has more than 100000000 pixels")
        }
    }

    @Test(
        "pages of any size and pages that hold themselves end in time", .needs(.document),
        arguments: [
            Sample.pdf(box: "0 0 1000000000 1000000000"), Sample.pdf(box: "0 0 100000 1"), Sample.pdf(box: "0 0 0 0"),
            Sample.pdf(box: "0 0 -5 nonsense"),
            Sample.pdf(
                box: "0 0 595 842", content: "/F Do /F Do", resources: "/XObject << /F 5 0 R >>",
                extra: """
                    << /Type /XObject /Subtype /Form /BBox [0 0 100 100] /Length 17
                    /Resources << /XObject << /F 5 0 R >> >> >>
                    stream
                    /F Do /F Do /F Do
                    endstream
                    """),
            Array("%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 1 0 R /Kids [1 0 R] /Count 9 >>\nendobj\n".utf8),
        ])
    func pages(bytes: [UInt8]) async throws {
        try await Workshop.with { shop in
            let previews = try await survives(shop, bytes).previews
            #expect(previews.allSatisfy { $0.width <= 800 && $0.height <= 800 })
        }
    }

    @Test("SVG is never drawn, whatever it refers to and whatever stands before it")
    func svg() async throws {
        let svg = """
            <?xml version="1.0"?><!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>
            <svg xmlns="http://www.w3.org/2000/svg"><text>&x;</text><image href="file:///etc/passwd"/></svg>
            """
        try await Workshop.with { shop in
            let outcome = try await survives(shop, Array(svg.utf8))
            #expect(outcome.previews == [] && outcome.reason.hasPrefix("there are no previews of "))
            let disguised = try await survives(shop, drawnPNG(width: 10, height: 10) + Array(svg.utf8))
            #expect(disguised.previews.allSatisfy { $0.width == 10 && $0.height == 10 })
        }
    }

    @Test("a file that is two things is what its start says; one that only pretends has no preview")
    func polyglots() async throws {
        try await Workshop.with { shop in
            let both = try await survives(shop, Sample.bytes("small.png") + Sample.pdf(box: "0 0 595 842"))
            if shop.maker.kinds.contains(.picture) { #expect(both.previews.map(\.width) == [100]) }
            let film = Array("\u{0}\u{0}\u{0}\u{20}ftypisom\u{0}\u{0}\u{2}\u{0}".utf8)
            let playlist = Array("isomiso2avc1mp41\n#EXTM3U\n#EXTINF:1\nfile:///etc/passwd\n".utf8)
            #expect(try await survives(shop, film + playlist).previews == [])
            let noise = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* 7919 &+ $0 >> 5) }
            #expect(try await survives(shop, film + noise).previews == [])
        }
    }
}
