import SQLStore

/// The numbered steps of the schema, embedded from `Schema/*.sql`.
package enum Schema {
    package static let migrator = Migrator([
        Migration(number: 1, name: "initial", text: text(PackageResources._001_initial_sql))
    ])

    private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
