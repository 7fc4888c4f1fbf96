import DriveCore
import HTTPEdge

/// Answers that `disk.folder.*` and `disk.file.*` give alike.
extension NodeWire {
    /// `moveTo`: the object, or `false` with status 200 when the target lies in another drive.
    static func moved(_ params: Parameters, kind: Node.Kind, _ call: CallContext) async throws -> Answer {
        let node = try await call.drive.move(
            params.id("id"), kind: kind, to: params.id("targetFolderId"), as: call.caller)
        return Answer(node.map { value($0, as: .moved, call.wire) } ?? false)
    }

    /// `restore`: what was alive already is answered as it is read.
    static func restored(_ params: Parameters, kind: Node.Kind, _ call: CallContext) async throws -> Answer {
        do {
            let (node, wasTrashed) = try await call.drive.restore(params.id("id"), kind: kind, as: call.caller)
            return Answer(value(node, as: wasTrashed ? .deletionChanged : .read, call.wire))
        } catch DriveError.trashed {
            throw Failure.method("DISK_OBJ_22000", "Could not restore: the parent folder is in the trash")
        }
    }
}
