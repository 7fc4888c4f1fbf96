import DriveCore
import HTTPEdge

/// `disk.version.*`, `disk.attachedobject.*`, `disk.rights.*`.
enum DiskMethods {
    static let all: [Method] = [
        Method("disk.version.get", scope: "disk", words: .named) { params, call in
            Answer(VersionWire.value(try await call.drive.version(params.id("id"), as: call.caller), call.wire))
        },

        Method("disk.attachedobject.get", scope: "disk") { params, call in
            Answer(AttachmentWire.value(try await call.drive.attachment(params.id("id"), as: call.caller), call.wire))
        },

        Method("disk.rights.gettasks", scope: "disk") { _, _ in Answer(RightsWire.value) },
    ]
}
