import Foundation
import HTTPEdge
import NIOCore

/// One call of every method, which succeeds in a fresh `SampleScene`: the line `sample:` in one of the method's
/// conversations. The tests that hold every method to the transport's rules fail without one.
extension SampleScene {
    /// - Parameter method: in lower case.
    func sample(of method: String) throws -> Value? {
        guard var text = try Self.samples.get()[method] else { return nil }
        for (name, value) in values { text = text.replacing("{\(name)}", with: value) }
        return try Value.json(ByteBuffer(string: text))
    }

    /// What samples and conversations call the things in the scene. `{fresh}` before a name makes it one that no earlier
    /// call of this scene has used.
    var values: [String: String] {
        let ids = [
            "storage": storage, "root": root, "folder": folder, "other": other, "file": file, "oldversion": oldVersion,
            "task": task, "attachment": attachment, "comment": comment, "pinnedcomment": pinnedComment,
            "checklist": checklist, "item": item, "gonefile": trashedFile, "gonefolder": trashedFolder, "ann": ann,
            "ben": ben, "chat": chat, "chatfolder": chatFolder, "chatfile": chatFile, "message": message,
            "applicationdrive": applicationStorage,
        ]
        return ids.mapValues(String.init)
            .merging(["salt": String(salt), "fresh": salt == 0 ? "" : "\(salt) "]) { $1 }
    }

    /// By method, in lower case. A method with samples in two conversations has none: which of them counts?
    private static let samples = Result {
        var samples: [String: String] = [:]
        for name in try Transcript.allNames() {
            guard let sample = try Transcript.sample(in: name) else { continue }
            let method = try Transcript.method(in: name)
            if samples.updateValue(sample, forKey: method) != nil { throw Transcript.Malformed(name: name) }
        }
        return samples
    }
}
